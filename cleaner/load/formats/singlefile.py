"""Pages that SingleFile saved as an archive, alone or within the page that opens it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from cleaner.load.dates import from_iso
from cleaner.load.formats.zips import Archive, members
from cleaner.load.page import Page
from cleaner.load.part import Options, Part
from cleaner.load.stream import Broken

_MANIFEST = "manifest.json"
_INDEX = "index.html"


def read(archive: Archive, options: Options) -> Iterator[Page | Part]:
    """The page; its frames and files are no pages of their own."""
    roots = sorted(name.removesuffix(_MANIFEST) for name in archive.names if name.endswith(_MANIFEST))
    roots = [root for root in roots if root + _INDEX in archive.names]
    outer = [root for root in roots if not any(root != other and root.startswith(other) for other in roots)]
    saved = {root: said for root in outer if (said := _said(archive, root + _MANIFEST, options)) is not None}
    if not saved:
        # Other programs, too, call a file manifest.json.
        archive.part.kinds[-1:] = ["zip"]
        yield from members(archive, options)
        return
    for root, said in saved.items():
        page = archive.member(root + _INDEX)
        if len(saved) == 1:
            page.name, page.is_member = archive.part.name, archive.part.is_member
        page.url, page.format = archive.part.url or said.get("originalUrl"), "singlefile"
        page.saved = from_iso(said.get("archiveTime") or "")
        yield page


def _said(archive: Archive, name: str, options: Options) -> dict[str, str] | None:
    """What the manifest says; None where it is not SingleFile's."""
    try:
        said = json.loads(archive.content(name, options))
    except (Broken, ValueError):
        return None
    if not isinstance(said, dict) or not isinstance(said.get("originalUrl"), str):
        return None
    return {key: value for key, value in said.items() if isinstance(value, str)}
