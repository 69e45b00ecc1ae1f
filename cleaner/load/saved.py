"""What the programs that save pages leave on them: a comment with the address, a folder of files beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath

from cleaner.load.dates import from_mail
from cleaner.load.sniff import plain_name

_REACH = 65_536
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)\s*(\S+?)\s*-->", re.I)
_SINGLE_FILE = re.compile(
    rb"<!--\s*Page saved with SingleFile\s+url:[ \t]*(\S+)(?:\s+saved date:[ \t]*([^\r\n]*))?", re.I
)
_MIRRORED = re.compile(rb"<!-- Mirrored from (\S+) by HTTrack [^,>]*, ([^>]*?) -->")
_FOLDER_ENDS = ("_files", "_file", "_fichiers", "_archivos", "_arquivos", "-Dateien", "_bestanden", "_pliki", ".files")
"""How browsers in several languages call the folder of a page's files."""
_FRAME = re.compile(r"((?:[^/]*/)?)frames/\d+/")
"""The frames of a page that SingleFile saved as an archive."""
_PAGE_SUFFIXES = ("html", "htm", "xhtml")


def comment(content: bytes) -> tuple[str | None, str | None]:
    """The address and the date that stand in a comment at the beginning of a saved page."""
    head = content[:_REACH]
    if found := _SINGLE_FILE.search(head):
        return _address(found[1]), from_mail((found[2] or b"").decode("ascii", "replace"))
    if found := _MIRRORED.search(head):
        # HTTrack mostly leaves the scheme out.
        address = found[1] if re.match(rb"[\w+.-]+://", found[1]) else b"http://" + found[1]
        return _address(address), from_mail(found[2].decode("ascii", "replace"))
    if found := _SAVED_FROM.search(head):
        return _address(found[1]), None
    return None, None


def files_folder(name: str, is_folder: Callable[[str], bool]) -> str | None:
    """The folder of a page's files, as its links begin (``page_files/``), if there is one beside it."""
    folder, slash, page = name.replace("\\", "/").rpartition("/")
    stem = page.rpartition(".")[0]
    if not stem:
        return None
    return next((stem + end + "/" for end in _FOLDER_ENDS if is_folder(folder + slash + stem + end)), None)


class Companions:
    """Which of many files are the files of saved pages among them, and not pages of their own."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._stems: set[str] = set()
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Take note of a file, a page perhaps."""
        stem, _, suffix = plain_name(name).rpartition(".")
        if suffix.lower() in _PAGE_SUFFIXES:
            self._stems.add(stem)

    def __contains__(self, name: str) -> bool:
        return any(stem in self._stems for stem in owners(name))


def owners(name: str) -> Iterator[str]:
    """The pages that a file may have been saved with, by its folders, as names without suffix."""
    name = plain_name(name)
    if (frame := _FRAME.match(name)) is not None:
        yield f"{frame[1]}index"
    for folder in map(str, PurePosixPath(name).parents):
        yield from (folder.removesuffix(end) for end in _FOLDER_ENDS if folder.endswith(end))


def _address(found: bytes) -> str | None:
    address = found.decode("utf-8", "replace")
    return address if re.match(r"https?://", address, re.I) else None
