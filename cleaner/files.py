"""The files that results go to: each written whole, no two the same."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from cleaner.load.inputs import Input, absolute
from cleaner.load.kinds import SUFFIXES
from cleaner.load.sniff import unpacked_name

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9]) *(?:\..*)?", re.I)
"""Names that Windows keeps for devices."""
_LONGEST_NAME = 120
"""Bytes of a file's or folder's name that is made of an address: any disk takes twice as many."""
_LONGEST_PATH = 200
_SHORT_NAME = 60


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
        self._files: dict[str, int] = {}
        self._folders: dict[str, int] = {}
        self._moved: dict[str, Path] = {}
        """The folders that stand elsewhere, since a file has their name."""
        roots = {str(absolute(item.folder)) for item in inputs if item.folder is not None}
        try:
            self._root = os.path.commonpath(roots) if roots else ""
        except ValueError:
            # They lie on several drives.
            self._root = ""

    def path(self, item: Input, member: str | None = None, address: str | None = None) -> Path:
        """The file for one more page of an input; for a member of it, by its address or else by its name in there."""
        *folders, name = self._mirrored(item) if member is None else self._below(item, member, address)
        path = self._folder
        for folder in folders:
            path = self._folder_at(path / _allowed(folder))
        path = _free(path / (_allowed(_stem(name)) + self._suffix), self._files, self._folders)
        self._files.setdefault(_key(path), 1)
        return path

    def _folder_at(self, path: Path) -> Path:
        key = _key(path)
        if key in self._files:
            if key not in self._moved:
                self._moved[key] = _free(path, self._files)
            path = self._moved[key]
        self._folders.setdefault(_key(path), 1)
        return path

    def _below(self, item: Input, member: str, address: str | None) -> tuple[str, ...]:
        """A member's place: its address's own, or below that of the input."""
        if address is not None:
            return _address_parts(address)
        *folders, name = self._mirrored(item)
        inner = [_safe(part) for part in re.split(r"[/\\]+", member) if part.strip(". ")]
        return _shortened((*folders, _stem(name), *(inner or ["page"])))

    def _mirrored(self, item: Input) -> tuple[str, ...]:
        if item.name == "-":
            return ("stdin",)
        if item.folder is None:
            return _address_parts(item.name)
        path = absolute(Path(item.name))
        return path.relative_to(self._root).parts if self._root else (path.name,)


def _free(path: Path, *taken: dict[str, int]) -> Path:
    """The path, or the first of path-2, path-3 … that is not taken; taken holds how far each was counted."""
    key = _key(path)
    counts = next((names for names in taken if key in names), None)
    if counts is None:
        return path
    while True:
        counts[key] += 1
        free = path.with_name(f"{path.stem}-{counts[key]}{path.suffix}")
        if not any(_key(free) in names for names in taken):
            return free


def _key(path: Path) -> str:
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", str(path)).casefold())


def _stem(name: str) -> str:
    """The name without .html, .warc.gz and the like; other dots belong to the name."""
    lower = unpacked_name(name)
    suffix = next((suffix for suffix in SUFFIXES if lower.endswith(suffix) and lower != suffix), "")
    packed = len(name.lower()) - len(lower)
    return name[: len(name) - packed - len(suffix)] or name


def _address_parts(address: str) -> tuple[str, ...]:
    """Host, path and query of an address, as the parts of a path that any disk takes."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ("page",)
    *folders, name = parts.path.split("/")
    host = parts.netloc.rpartition("@")[2]
    name = _safe((_stem(name) or "index") + (f"_{parts.query}" if parts.query else ""))
    return _shortened((*(_safe(part) for part in (host, *folders) if part), name))


def _shortened(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts, or fewer that stand for them where a disk might not take so many."""
    if sum(len(os.fsencode(part)) + 1 for part in parts) <= _LONGEST_PATH:
        return parts
    return (_cut(parts[0], _SHORT_NAME), _cut("_".join(parts[1:]), _LONGEST_NAME))


def _safe(part: str) -> str:
    """A part of a path of characters that any disk takes."""
    name = re.sub(r"[^\w.-]+", _marks, unicodedata.normalize("NFC", part))
    return _cut(name, _LONGEST_NAME).strip(".") or "_"


def _marks(found: re.Match[str]) -> str:
    """The marks that belong to the letter before them, as in Hindi and Thai; all else becomes one ``_`` each time."""
    return re.sub("\0+", "_", "".join(c if unicodedata.category(c).startswith("M") else "\0" for c in found[0]))


def _allowed(name: str) -> str:
    """The name, changed where Windows keeps it for a device."""
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def _cut(name: str, most: int) -> str:
    """The name, or its beginning and a mark that only this name has."""
    encoded = name.encode("utf-8", "replace")
    if len(encoded) <= most:
        return name
    mark = hashlib.sha256(encoded).hexdigest()[:10]
    return f"{encoded[: most - len(mark) - 1].decode('utf-8', 'ignore')}-{mark}"
