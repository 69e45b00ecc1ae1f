"""One call of ``cleaner clean``: pages in, results out."""

from __future__ import annotations

import errno
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from time import monotonic

import typer

from cleaner import Document, Label, Page
from cleaner.cli.reader import Reader, page_name
from cleaner.cli.terminal import CannotWrite, Command, progress, show, tell
from cleaner.cli.view import View
from cleaner.files import Mirror, write_whole
from cleaner.load.inputs import Input, find_inputs, identity, is_folder
from cleaner.load.page import UNFETCHED

_NO_MORE_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_BY_ADDRESS = ("warc", "wet", "arc", "jsonl", "list", "maff")
"""Formats whose pages go by their addresses rather than by their names."""


class Run(Command):
    """Cleans the inputs, writes the results, knows whether something failed."""

    def __init__(self, reader: Reader, clean: Callable[[Page], Document], view: View, output: Path | None) -> None:
        super().__init__()
        self._reader = reader
        self._clean = clean
        self._view = view
        self._output = output
        self._target: Path | Mirror | None = None
        self._parted = False
        self._inputs: set[tuple[int, int]] = set()
        self._unfetched: Counter[str] = Counter()
        self._done: Counter[str] = Counter()
        """How many pages came out, how many of them without an article, and how much went wrong."""

    def complain(self, name: str, what: str) -> None:
        """Say on standard error what failed, and count it."""
        self._done["errors"] += 1
        super().complain(name, what)

    def clean(self, names: list[str], into_folder: bool) -> None:
        """Clean the pages that the arguments name; where they name several, say at the end what was done."""
        start = monotonic()
        inputs = find_inputs(names, self.complain, results=self._output)
        if self._reader.url and len(inputs) > 1:
            raise typer.BadParameter(f"is the address of one page, not of {len(inputs)}", param_hint="--url")
        pages = self._reader.read(inputs)
        first = list(islice(pages, 2))
        self._parted = max(len(names), len(inputs), len(first)) > 1
        if self._output is not None:
            searched = any(item.name not in names for item in inputs)
            self._target = self._place(self._output, inputs, into_folder or searched or self._parted)
            self._inputs = {known for item in inputs if (known := identity(Path(item.name)))}
        self._all(chain(first, pages), inputs)
        for name, count in self._unfetched.items():
            self.complain(name, f"is a list of addresses: to fetch them ({count:,}), say --fetch")
        if self._parted or isinstance(self._target, Mirror):
            tell("cleaner", self._summary(monotonic() - start))

    def _summary(self, seconds: float) -> str:
        pages, bare, errors = (self._done[what] for what in ("pages", "bare", "errors"))
        where = f" into {self._output}" if isinstance(self._target, Mirror) else ""
        parts = [f"{pages:,} page{'s' * (pages != 1)} cleaned{where}"]
        parts += [f"{bare:,} without an article"] if bare else []
        parts += [f"{errors:,} error{'s' * (errors != 1)}"] if errors else []
        return f"{', '.join(parts)}, in {seconds:.1f} s"

    def _all(self, pages: Iterator[tuple[Input, Page]], inputs: list[Input]) -> None:
        shown = self._parted and sys.stderr.isatty() and (self._output is not None or not sys.stdout.isatty())
        number = {item: done for done, item in enumerate(inputs)}
        with progress(len(inputs) if shown else 0) as step:
            for item, page in pages:
                if page.error is not None and page.error.reason == UNFETCHED:
                    self._unfetched[item.name] += 1
                else:
                    self._one(item, page)
                step(number[item])

    def _place(self, output: Path, inputs: list[Input], folder: bool) -> Path | Mirror:
        if not folder and not is_folder(output):
            return output
        if identity(output) is not None and not is_folder(output):
            raise typer.BadParameter(f"{output} is a file, but a folder is needed", param_hint="--output")
        return Mirror(output, self._view.suffix, inputs)

    def _one(self, item: Input, page: Page) -> None:
        name = page_name(item, page)
        if page.error is not None:
            self.complain(name, str(page.error))
            if not page.content:
                return
            # What there was before the break comes out all the same.
            page = replace(page, error=None)
        path = self._path(item, page)
        # The files of a member are in the archive: nothing leads there.
        if path is not None and page.files is not None and item.folder is not None and name == item.name:
            page = replace(page, beside=_way(path.parent, Path(item.name).parent))
        try:
            document = self._clean(page)
            view = self._view.of(document)
        except Exception as error:
            # A fault of ours, yet the other pages must come out.
            self.complain(name, f"could not be cleaned: {type(error).__name__}: {error}")
            return
        for warning in document.warnings:
            tell(name, warning)
        self._done["pages"] += 1
        self._done["bare"] += Label.BODY not in document.columns.labels
        if path is None:
            show(self._view.parted(name, view) if self._parted else view, self._view.coloured)
        else:
            self._save(path, name, view)

    def _path(self, item: Input, page: Page) -> Path | None:
        """The file for the result of a page; None for standard output."""
        if not isinstance(self._target, Mirror):
            return self._target
        if page.name in ("", item.name):
            return self._target.path(item)
        return self._target.path(item, page.name, page.url if page.format in _BY_ADDRESS else None)

    def _save(self, path: Path, name: str, view: str) -> None:
        if identity(path) in self._inputs:
            self.complain(name, f"not written: {path} is one of the inputs")
            return
        try:
            write_whole(path, view)
        except OSError as error:
            if error.errno in _NO_MORE_WRITING:
                raise CannotWrite(str(path), error.strerror) from error
            self.complain(str(path), f"cannot be written: {error.strerror or error}")


def _way(start: Path, folder: Path) -> str:
    """The way from one folder to another, as a link begins; nothing where they are the same or on different disks."""
    try:
        # A link leads on from the folder that a linked one stands for.
        way = os.path.relpath(os.path.realpath(folder), os.path.realpath(start))
    except ValueError:
        return ""
    return "" if way == "." else Path(way).as_posix() + "/"
