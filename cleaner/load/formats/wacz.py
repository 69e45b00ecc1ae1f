"""WACZ: a zip archive of WARC files, with a list of the pages among their records."""

from __future__ import annotations

import json
from collections.abc import Iterator

from cleaner.load.formats.zips import Archive
from cleaner.load.page import Page
from cleaner.load.part import Options, Part
from cleaner.load.stream import Broken, Stream

_LISTS = ("pages/pages.jsonl", "pages/extraPages.jsonl")


def read(archive: Archive, options: Options) -> Iterator[Page | Part]:
    """The pages that the archive lists, from its WARC files; all pages of these where it lists none."""
    wanted, broken = _wanted(archive, options)
    for name in sorted(archive.names):
        if name.startswith("archive/") and not name.endswith("/"):
            crawl = archive.member(name)
            crawl.wanted = wanted or None
            yield crawl
    if broken is not None:
        raise broken
    for address, found in wanted.items():
        if not found:
            yield archive.part.inner(Stream.of(b""), address).failed(Broken("is listed, but its record is not there"))


def _wanted(archive: Archive, options: Options) -> tuple[dict[str, bool], Broken | None]:
    """The addresses of the pages, none of them found yet, and what was wrong with the lists."""
    wanted: dict[str, bool] = {}
    for name in _LISTS:
        if name not in archive.names:
            continue
        try:
            rows = archive.content(name, options).splitlines()
            said = [json.loads(row) for row in rows if row.strip()]
        except Broken as error:
            return {}, error
        except ValueError as error:
            return {}, Broken(f"is damaged: {name}: {error}")
        wanted |= {row["url"]: False for row in said if isinstance(row, dict) and isinstance(row.get("url"), str)}
    return wanted, None
