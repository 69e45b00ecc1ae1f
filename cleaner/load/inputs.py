"""Which files there are to read: from a path, a folder or a glob to the pages that it names."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cleaner.load.kinds import is_page_name
from cleaner.load.saved import Companions

CORRECTIONS = "corrections.jsonl"
"""What cleaner review writes: it may lie among the pages that it corrects."""

Complain = Callable[[str, str], None]
"""Takes the name of an input and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input: a path, an address or ``-``; folder is where the search for a path began, None for the others."""

    name: str
    folder: Path | None = None


def find_inputs(names: Iterable[str], complain: Complain, results: Path | None = None) -> list[Input]:
    """The inputs that the arguments name, each once: folders searched, globs expanded where the shell did not.

    A folder gives the pages below it in the order of their paths, without those below the folder results: they come
    from an earlier run.
    """
    found: dict[str, Input] = {}
    for name in names:
        for item in _named(name, complain, results):
            found.setdefault(item.name if item.folder is None else str(absolute(Path(item.name))), item)
    return list(found.values())


def names_many(name: str) -> bool:
    """Whether it is the name of a folder, or a glob and no file's name."""
    path = Path(name)
    return (bool(name) and is_folder(path)) or (glob.has_magic(name) and identity(path) is None)


def is_folder(path: Path) -> bool:
    """Whether it is a folder, as far as one may know: Path.is_dir raises where a name is too long or forbidden."""
    try:
        return path.is_dir()
    except OSError:
        return False


def identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from all others, under whatever name; None where there is none or it cannot be seen."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _named(name: str, complain: Complain, results: Path | None) -> Iterator[Input]:
    if name == "-" or "://" in name:
        yield Input(name)
        return
    path = Path(name)
    paths = [path]
    if glob.has_magic(name) and identity(path) is None:
        # Path.glob takes no absolute pattern.
        paths = [Path(match) for match in sorted(glob.glob(name, recursive=True))]  # noqa: PTH207
        if not paths:
            complain(name, "no file matches")
    for match in paths:
        if is_folder(match):
            yield from _search(match, complain, results)
        else:
            yield Input(name if match is path else str(match), match.parent)


def _search(folder: Path, complain: Complain, results: Path | None) -> Iterator[Input]:
    skipped = absolute(results) if results is not None else None
    failed: list[OSError] = []
    pages: list[Path] = []
    for root, folders, files in os.walk(folder, onerror=failed.append):
        here = Path(root)
        companions = Companions(files)
        # What was saved with a page is no page, though there may be frames among it.
        folders[:] = [n for n in folders if absolute(here / n) != skipped and f"{n}/file" not in companions]
        pages += [here / name for name in files if is_page_name(name) and name != CORRECTIONS]
    for error in failed:
        complain(str(error.filename), error.strerror or str(error))
    if not pages and not failed:
        complain(str(folder), "holds no file that is named like a page")
    for page in sorted(pages, key=lambda page: page.parts):
        yield Input(str(page), folder)


def absolute(path: Path) -> Path:
    """The path from the root, without ``..``, links left as they are."""
    return Path(os.path.normpath(path.absolute()))
