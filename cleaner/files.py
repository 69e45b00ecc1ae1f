"""Files in and out: the pages that a command's arguments name, and the files that their results go to."""

from __future__ import annotations

import glob
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".txt")

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
            found.setdefault(item.name if item.folder is None else str(_absolute(Path(item.name))), item)
    return list(found.values())


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


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it: under a temporary name first. Raises OSError."""
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not path.is_file() and not path.is_dir():
        # A device or a pipe, such as /dev/null: to be written to, never to be replaced.
        path.write_text(text, encoding="utf-8", errors="replace")
        return
    temporary = path.with_name(f".cleaner-{secrets.token_hex(6)}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", errors="replace", newline="\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


class Mirror:
    """A folder of results that mirrors the inputs: one file for each, no two the same.

    Names that differ only in case, or in how an accent is written, count as the same: the folder can go to any disk.
    """

    def __init__(self, folder: Path, suffix: str, inputs: Iterable[Input]) -> None:
        self._folder = folder
        self._suffix = suffix
        self._files: set[str] = set()
        self._folders: set[str] = set()
        roots = {str(_absolute(item.folder)) for item in inputs if item.folder is not None}
        try:
            self._root = os.path.commonpath(roots) if roots else ""
        except ValueError:
            # They lie on several drives.
            self._root = ""

    def path(self, item: Input) -> Path:
        """The file for one more page of an input."""
        *folders, name = self._mirrored(item)
        path = self._folder
        for folder in folders:
            path = _free(path / folder, self._files)
            self._folders.add(_key(path))
        path = _free(path / (_stem(name) + self._suffix), self._files | self._folders)
        self._files.add(_key(path))
        return path

    def _mirrored(self, item: Input) -> tuple[str, ...]:
        if item.name == "-":
            return ("stdin",)
        if item.folder is None:
            return _address_parts(item.name)
        path = _absolute(Path(item.name))
        return path.relative_to(self._root).parts if self._root else (path.name,)


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
    skipped = _absolute(results) if results is not None else None
    failed: list[OSError] = []
    pages: list[Path] = []
    for root, folders, files in os.walk(folder, onerror=failed.append):
        here = Path(root)
        folders[:] = [name for name in folders if _absolute(here / name) != skipped]
        pages += [here / name for name in files if name.lower().endswith(PAGE_SUFFIXES)]
    for error in failed:
        complain(str(error.filename), error.strerror or str(error))
    if not pages and not failed:
        complain(str(folder), "holds no page (" + " ".join("*" + suffix for suffix in PAGE_SUFFIXES) + ")")
    for page in sorted(pages, key=lambda page: page.parts):
        yield Input(str(page), folder)


def _absolute(path: Path) -> Path:
    return Path(os.path.normpath(path.absolute()))


def _free(path: Path, taken: set[str]) -> Path:
    """The path, or the first of path-2, path-3 … that is not taken."""
    free, number = path, 1
    while _key(free) in taken:
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def _key(path: Path) -> str:
    return unicodedata.normalize("NFC", str(path).casefold())


def _stem(name: str) -> str:
    """The name without .html and the like; other dots belong to the name."""
    stem, dot, suffix = name.rpartition(".")
    return stem if stem and dot + suffix.lower() in PAGE_SUFFIXES else name


def _address_parts(address: str) -> tuple[str, ...]:
    """Host, path and query of an address, as the parts of a path that any disk takes."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ("page",)
    *folders, name = parts.path.split("/")
    host = parts.netloc.rpartition("@")[2]
    name = _safe(_stem(name) or "index") + (f"_{_safe(parts.query)}" if parts.query else "")
    return (*(_safe(part) for part in (host, *folders) if part), name)


def _safe(part: str) -> str:
    return re.sub(r"[^\w.-]+", "_", part)[:80].strip(".") or "_"
