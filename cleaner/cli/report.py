"""``cleaner report``: pages as a report to look at, every block with its label and the reason."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from cleaner import Document, Page
from cleaner.cli.options import (
    AllowPrivate,
    AsText,
    Cache,
    Corrected,
    Drop,
    Encoding,
    Fetch,
    HtmlField,
    Keep,
    Model,
    Pages,
    Rules,
    Site,
    Url,
    UrlField,
    checked_encoding,
    made,
)
from cleaner.cli.reader import Reader, page_name
from cleaner.cli.rules import complain_of
from cleaner.cli.terminal import Command, guarded, progress, show, tell
from cleaner.files import write_whole
from cleaner.load.inputs import Input, find_inputs, identity, is_folder
from cleaner.load.page import UNFETCHED


def report_command(
    pages: Pages,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="OUT", help="A file for all pages; a folder for a file each and a list."
        ),
    ] = None,
    keep: Keep = None,
    drop: Drop = None,
    model: Model = None,
    rules: Rules = None,
    site: Site = None,
    corrections: Corrected = None,
    text: AsText = False,
    url: Url = None,
    encoding: Encoding = None,
    url_field: UrlField = "url",
    html_field: HtmlField = "html",
    fetch: Fetch = False,
    cache: Cache = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Write HTML that shows every block of the pages, its label, how sure that is, and why; it fetches nothing."""
    if output is None and sys.stdout.isatty():
        raise typer.BadParameter("is needed: a report is for a browser, not for a terminal", param_hint="--output")
    reader = Reader(url, checked_encoding(encoding), text, allow_private, fetch, cache, url_field, html_field)
    ours = made(keep, drop, model, rules, site, corrections)
    report = Report(reader, ours.clean)
    with guarded(report.complain):
        complain_of(ours.rules, report)
        report.run(pages, None if output in (None, "-") else output)
    raise typer.Exit(int(report.failed))


class Report(Command):
    """Cleans the inputs and writes their report; knows whether something failed."""

    def __init__(self, reader: Reader, clean: Callable[[Page], Document]) -> None:
        super().__init__()
        self._reader = reader
        self._clean = clean

    def run(self, names: list[str], output: str | None) -> None:
        """Report on the pages that the arguments name: to standard output, a file or a folder."""
        from cleaner.render.report import files, pieces

        path = Path(output) if output is not None else None
        folder = path is not None and ((output or "").endswith(("/", os.sep)) or is_folder(path))
        inputs = self._inputs(names, path, folder)
        if self._reader.url and len(inputs) > 1:
            raise typer.BadParameter(f"is the address of one page, not of {len(inputs)}", param_hint="--url")
        documents = self._documents(inputs)
        first = next(documents, None)
        if first is None:
            if not self.failed:
                self.complain(", ".join(names), "holds no page to report on")
            return
        found = chain((first,), documents)
        if path is None:
            show("".join(pieces(found)))
        elif folder:
            # The results of files that are read must not take the place of one that is still to come.
            read = {known for item in inputs if (known := identity(Path(item.name)))}
            for name, content in files(found):
                self._save(path / name, (content,), read)
        else:
            self._save(path, pieces(found))

    def _inputs(self, names: list[str], path: Path | None, folder: bool) -> list[Input]:
        """The inputs, without the report of an earlier run among them."""
        inputs = find_inputs(names, self.complain, results=path if folder else None)
        before = identity(path) if path is not None and not folder else None
        if before is None:
            return inputs
        if any(item.name in names and identity(Path(item.name)) == before for item in inputs):
            raise typer.BadParameter(f"{path} is one of the inputs", param_hint="--output")
        return [item for item in inputs if identity(Path(item.name)) != before]

    def _documents(self, inputs: Sequence[Input]) -> Iterator[tuple[str, Document]]:
        """The pages that can be cleaned, each with its name."""
        unfetched: Counter[str] = Counter()
        number = {item: done for done, item in enumerate(inputs)}
        with progress(len(inputs) if len(inputs) > 1 and sys.stderr.isatty() else 0) as step:
            for item, page in self._reader.read(inputs):
                if page.error is not None and page.error.reason == UNFETCHED:
                    unfetched[item.name] += 1
                elif (document := self._cleaned(page_name(item, page), page)) is not None:
                    yield page_name(item, page), document
                step(number[item])
        for name, count in unfetched.items():
            self.complain(name, f"is a list of addresses: to fetch them ({count:,}), say --fetch")

    def _cleaned(self, name: str, page: Page) -> Document | None:
        if page.error is not None:
            self.complain(name, str(page.error))
            if not page.content:
                return None
        try:
            document = self._clean(page)
        except Exception as error:
            # A fault of ours, yet the other pages must come out.
            self.complain(name, f"could not be cleaned: {type(error).__name__}: {error}")
            return None
        if page.error is None:
            for warning in document.warnings:
                tell(name, warning)
        return document

    def _save(self, path: Path, content: Iterable[str], read: set[tuple[int, int]] | None = None) -> None:
        if identity(path) in (read or ()):
            self.complain(str(path), "not written: it is one of the inputs")
            return
        try:
            write_whole(path, "".join(content))
        except OSError as error:
            self.complain(str(path), f"cannot be written: {error.strerror or error}")
