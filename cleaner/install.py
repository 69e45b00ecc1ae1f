"""How to install an optional part: from where the package itself came, which pip writes down (PEP 610)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

_NAME = "pagecleaner"
_HERE = Path(__file__).parents[1]


def command(extra: str) -> str:
    """The command that installs an extra, as a shell takes it: ``pip install '.[formats]'`` in a checkout."""
    # It costs a tenth of what a start may take, and hints are rare.
    from importlib import metadata

    found = next(iter(metadata.distributions(name=_NAME)), None)
    if said := found and found.read_text("direct_url.json"):
        return _from(json.loads(said), extra)
    # Imported from a checkout that is not installed.
    return _local(_HERE, extra) if (_HERE / "pyproject.toml").is_file() else f"pip install '{_NAME}[{extra}]'"


def _from(origin: dict[str, Any], extra: str) -> str:
    address = origin["url"]
    if address.startswith("file:"):
        return _local(Path(url2pathname(urlsplit(address).path)), extra, origin.get("dir_info", {}).get("editable"))
    if version := origin.get("vcs_info"):
        address = f"{version['vcs']}+{address}@{version['commit_id']}"
    return f"pip install '{_NAME}[{extra}] @ {address}'"


def _local(place: Path, extra: str, editable: bool = False) -> str:
    try:
        is_here = place.samefile(".")
    except OSError:
        # It is gone since: whoever has it elsewhere runs the command there.
        is_here = True
    return f"pip install {'-e ' if editable else ''}'{'.' if is_here else place}[{extra}]'"
