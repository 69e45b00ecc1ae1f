"""Sets of pages with what a right extraction holds, as folders or as archives of them."""

from __future__ import annotations

import json
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

_PAGES = "pages.jsonl"
_PACKED = ".tar.xz"
DEFAULT_SETS = ("wcxb-dev", "traf-dev", "news-dev", "cruft-dev")


class MissingSet(Exception):
    """A set is neither unpacked nor packed in the folder that was named."""


@dataclass(frozen=True, slots=True)
class Row:
    """One page of a set and what is known of it."""

    id: str
    url: str = ""
    type: str = ""
    """The page type: article, forum, product …; ``mixed`` where nobody said."""
    gold: str | None = None
    """The article's plain text; None where the set has none."""
    present: tuple[str, ...] = ()
    """Snippets that a right extraction contains (``with`` in the file)."""
    absent: tuple[str, ...] = ()
    """Snippets that it does not contain (``without`` in the file)."""
    blocks: tuple[tuple[str, str], ...] = ()
    """Label and text of every labelled block, in page order."""
    first: int | None = None
    last: int | None = None
    """Where the labelled blocks begin and end in the cut of :mod:`benchmarks.blocks`."""
    places: tuple[int, ...] = ()
    """The index of each labelled block among the blocks that cleaning makes; empty where they are of another cut."""
    whole: bool = True
    """Whether somebody labelled all that the labelled blocks span, rather than some of it."""


def parse_row(line: str) -> Row:
    """Read one line of ``pages.jsonl``."""
    fields = json.loads(line)
    return Row(
        id=fields["id"],
        url=fields.get("url") or "",
        type=fields.get("type") or "",
        gold=None if fields.get("gold") is None else unhyphenated(fields["gold"]),
        present=tuple(map(unhyphenated, fields.get("with") or ())),
        absent=tuple(map(unhyphenated, fields.get("without") or ())),
        blocks=tuple((label, unhyphenated(text)) for label, text in fields.get("blocks") or ()),
        first=fields.get("first"),
        last=fields.get("last"),
        places=tuple(fields.get("places") or ()),
        whole=fields.get("whole", True),
    )


def unhyphenated(text: str) -> str:
    """The text without soft hyphens, which nobody sees and which part words in every measure."""
    return text.replace("\N{SOFT HYPHEN}", "")


def read_rows(folder: Path, limit: int | None = None) -> Iterator[Row]:
    """Yield the rows of an unpacked set in the order of its file, at most ``limit`` of them."""
    with (folder / _PAGES).open(encoding="utf-8") as lines:
        yield from map(parse_row, islice(lines, limit))


def read_page(folder: Path, page_id: str) -> bytes:
    """Return the bytes of a page as they were fetched, in any encoding."""
    return (folder / "html" / f"{page_id}.html").read_bytes()


def read_pages(folder: Path, limit: int | None = None) -> Iterator[tuple[Row, bytes]]:
    """Yield rows with their pages, one page in memory at a time."""
    for row in read_rows(folder, limit):
        yield row, read_page(folder, row.id)


def is_set(folder: Path) -> bool:
    """Whether a folder is an unpacked set."""
    return (folder / _PAGES).is_file()


def find_sets(data: Path) -> list[str]:
    """Return the names of all sets in a folder, packed or not; a folder that is a set holds itself."""
    if is_set(data):
        return [data.resolve().name]
    unpacked = {path.parent.name for path in data.glob(f"*/{_PAGES}")}
    packed = {path.name.removesuffix(_PACKED) for path in data.glob(f"*{_PACKED}")}
    return sorted(unpacked | packed)


def default_sets(data: Sequence[Path]) -> list[str]:
    """The sets that are reported on, where some of them are there; else all that there are."""
    found = [name for folder in data for name in find_sets(folder)]
    return [name for name in DEFAULT_SETS if name in found] or sorted(set(found)) or list(DEFAULT_SETS)


@contextmanager
def opened(data: Path | Sequence[Path], names: Sequence[str]) -> Iterator[dict[str, Path]]:
    """Give the folders of the named sets; archives are unpacked once into a folder that goes away at the end.

    Sets that are not there are named on standard error and left out. Raises MissingSet where none is there.
    """
    places = [data] if isinstance(data, Path) else list(data)
    with tempfile.TemporaryDirectory(prefix="sets-") as scratch:
        folders: dict[str, Path] = {}
        for name in names:
            found = (_folder(place.resolve(), name, Path(scratch)) for place in places)
            folder = next((folder for folder in found if folder is not None), None)
            if folder is None:
                print(f"no set {name} in {', '.join(map(str, places))}: left out", file=sys.stderr)
            else:
                folders[name] = folder
        if not folders:
            raise MissingSet(f"none of {', '.join(names) or 'the sets'} in {', '.join(map(str, places))}")
        yield folders


def _folder(data: Path, name: str, scratch: Path) -> Path | None:
    if data.name == name and (data / _PAGES).is_file():
        return data
    if (data / name / _PAGES).is_file():
        return data / name
    archive = data / f"{name}{_PACKED}"
    if not archive.is_file():
        return None
    print(f"unpacking {archive.name}", file=sys.stderr)
    with tarfile.open(archive, "r:xz") as members:
        members.extractall(scratch, filter="data")
    return scratch / name
