"""``cleaner inspect``: what is in the files, as a table or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli.options import AllowPrivate, Cache, Fetch, HtmlField, UrlField
from cleaner.cli.reader import Reader
from cleaner.cli.terminal import Command, guarded, printable, show
from cleaner.contents import Entry, entry
from cleaner.load.inputs import find_inputs

if TYPE_CHECKING:
    from cleaner.load.walk import Pages

_COUNTED = (("page", "pages"), ("address", "addresses"), ("error", "errors"))


class Listing(StrEnum):
    """What inspect lists as."""

    TEXT = "text"
    JSON = "json"


def inspect_command(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="As for clean.")],
    form: Annotated[Listing, typer.Option("--format", "-f", help="How to list.")] = Listing.TEXT,
    url_field: UrlField = "url",
    html_field: HtmlField = "html",
    fetch: Fetch = False,
    cache: Cache = None,
    allow_private: AllowPrivate = False,
) -> None:
    """List what is in files: their format, and the kind, encoding, size, date and address of each page."""
    reader = Reader(None, None, False, allow_private, fetch, cache, url_field, html_field)
    inspection = Inspection(reader, form is Listing.JSON)
    with guarded(inspection.complain):
        inspection.run(files)
    raise typer.Exit(int(inspection.failed))


class Inspection(Command):
    """Lists the pages of the inputs; knows whether something failed."""

    def __init__(self, reader: Reader, as_json: bool) -> None:
        super().__init__()
        self._reader = reader
        self._json = as_json

    def run(self, names: list[str]) -> None:
        """List what the arguments name."""
        inputs = find_inputs(names, self.complain)
        with self._reader.fetcher(inputs) as fetcher:
            for item in inputs:
                try:
                    pages = self._reader.open(item, fetcher)
                except OSError as error:
                    self.complain(item.name, error.strerror or str(error))
                    continue
                self._all(item.name, pages)

    def _all(self, file: str, pages: Pages) -> None:
        """List the pages of one input; its kind is known with the first of them, or when there is none."""
        found = map(entry, pages)
        first = next(found, None)
        if not self._json:
            show(f"{printable(file)}: {pages.kind}".rstrip() + "\n")
        counts: Counter[str] = Counter()
        for one in chain((first,) if first is not None else (), found):
            counts["error" if one.error else "address" if one.kind == "address" else "page"] += 1
            self._one(file, one)
        self._sum(file, pages.kind, counts, pages.skipped)

    def _one(self, file: str, found: Entry) -> None:
        if found.error is not None:
            self.complain(file if found.name in ("", file) else f"{file}: {found.name}", found.error)
        if self._json:
            show(json.dumps({"file": file, **asdict(found)}) + "\n")
        elif found.size or found.error is None:
            where = found.url if found.url is not None else "" if found.name == file else found.name
            columns = (
                f"  {found.kind or '':<7} {found.encoding or '':<13} {found.size:>11,} {(found.saved or '')[:10]:<10}"
            )
            show(f"{columns}  {printable(where)}".rstrip() + "\n")

    def _sum(self, file: str, kind: str, counts: Counter[str], skipped: Counter[str]) -> None:
        if self._json:
            show(json.dumps({"file": file, "format": kind, **counts, "left_out": dict(skipped)}) + "\n")
            return
        said = [f"{counts[what]:,} {what if counts[what] == 1 else many}" for what, many in _COUNTED if counts[what]]
        left = [f"{count:,} x {printable(what)}" for what, count in skipped.most_common()]
        show("  " + ", ".join(said or ["no page"]) + (f"; left out: {', '.join(left)}" if left else "") + "\n")
