"""MAFF, the archives of Mozilla's browsers: a folder for each page, with what is known of it in index.rdf."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.load.dates import from_mail
from cleaner.load.formats.epub import _parsed
from cleaner.load.formats.zips import Archive
from cleaner.load.page import Page
from cleaner.load.part import Options, Part
from cleaner.load.stream import Broken

_INDEX = "/index.rdf"
_PAGES = ("index.html", "index.htm", "index.xhtml", "index.xht", "index.txt")


def read(archive: Archive, options: Options) -> Iterator[Page | Part]:
    """The page of each folder."""
    for index in (name for name in archive.names if name.endswith(_INDEX)):
        folder = index.removesuffix(_INDEX)
        broken, said = None, {}
        try:
            said = _said(archive.content(index, options), index)
        except Broken as error:
            broken = error
        wanted = (said.get("indexfilename", ""), *_PAGES)
        name = next((found for page in wanted if page and (found := f"{folder}/{page}") in archive.names), None)
        if name is None:
            yield archive.part.failed(broken or Broken(f"holds no page in {folder}/"))
            continue
        page = archive.member(name)
        page.url, page.charset = said.get("originalurl"), said.get("charset")
        page.saved, page.format = from_mail(said.get("archivetime", "")), "maff"
        page.files = "index_files/"
        yield page
        if broken is not None:
            yield archive.part.failed(broken)


def _said(index: bytes, name: str) -> dict[str, str]:
    """What an index says: MAF:originalurl and the like, by their names without the prefix."""
    said = {}
    for element in _parsed(index, name).iter("{http://maf.mozdev.org/metadata/rdf#}*"):
        value = next(iter(element.attrib.values()), element.text)
        said[element.tag.rpartition("}")[2].lower()] = str(value or "").strip()
    return said
