"""EPUB books: their chapters, in the order of reading."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from cleaner.load.formats.zips import Archive
from cleaner.load.page import Page
from cleaner.load.part import Options, Part
from cleaner.load.stream import Broken

if TYPE_CHECKING:
    from lxml.etree import _Element

_FRONT = re.compile(rb"epub:type=[\"'](?:[\w-]+ )*(?:cover|titlepage|halftitlepage|copyright-page|toc|landmarks)\b")
"""What a book says of pages that are no chapters."""
_FRONT_NAME = re.compile(r"(?:.*/)?(?:title_?page|cover)\.x?html?", re.I)
"""What writers of EPUB 2, which has no such types, name these pages (pandoc, calibre)."""
_LOOK = 2048
_PAGE_TYPES = ("application/xhtml+xml", "text/html")


def read(archive: Archive, options: Options) -> Iterator[Page | Part]:
    """The chapters of a book; a contents page is none."""
    if "META-INF/encryption.xml" in archive.names and "META-INF/rights.xml" in archive.names:
        raise Broken("is protected against copying: it cannot be read")
    broken = None
    try:
        chapters = _chapters(archive, options)
    except Broken as error:
        # The chapters are there all the same.
        chapters = [name for name in archive.names if name.lower().endswith((".xhtml", ".html", ".htm"))]
        broken = error
    for name in chapters:
        if name in archive.names:
            chapter = archive.member(name)
            if _FRONT_NAME.fullmatch(name) or is_front_matter(chapter):
                archive.part.skipped["front matter"] += 1
                continue
            chapter.content_type, chapter.format = "application/xhtml+xml", "epub"
            yield chapter
        else:
            broken = broken or Broken(f"holds no {name}, a chapter of it")
    if broken is not None:
        raise broken
    if not chapters:
        raise Broken("holds no chapter")


def is_front_matter(part: Part) -> bool:
    """Whether a book says of a page that it is no chapter."""
    return _FRONT.search(part.stream.peek(_LOOK)[:_LOOK]) is not None


def _chapters(archive: Archive, options: Options) -> list[str]:
    """The names of the chapters, by the book's own list."""
    container = _parsed(archive.content("META-INF/container.xml", options), "META-INF/container.xml")
    package = next((root.get("full-path", "") for root in container.iter("{*}rootfile")), "")
    book = _parsed(archive.content(package, options), package)
    items = {item.get("id"): item for item in book.iter("{*}item")}
    chapters = []
    for reference in book.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _PAGE_TYPES or "nav" in item.get("properties", "").split():
            continue
        chapters.append(posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(item.get("href", "")))))
    return chapters


def _parsed(content: bytes, name: str) -> _Element:
    from lxml import etree

    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise Broken(f"is damaged: {name} is no XML ({error.msg})") from error
