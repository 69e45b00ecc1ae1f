"""The command line, thin over the public names.

What was asked for goes to standard output; progress, warnings and errors go to standard error. Exit status: 0; 1 where
an input failed, the others still came out; 2 for a wrong call.
"""

from __future__ import annotations

import errno
import html
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from typing import Annotated

import typer

import cleaner
from cleaner import Block, Document, Label, Page
from cleaner.files import Input, Mirror, find_inputs, identity, is_folder, write_whole

_ASKS = (Label.NEWSLETTER, Label.DONATION, Label.PAYWALL)
# Controls drive the terminal; direction marks and line separators make a line show as another.
_DECEIVING = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (0x09, 0x0A)}
_NO_MORE_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


class Format(StrEnum):
    """What a page is written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


_SUFFIXES = {Format.TEXT: ".txt", Format.MARKDOWN: ".md", Format.HTML: ".html", Format.JSON: ".json"}


class CannotWrite(Exception):
    """A result could not be written, nor could the next."""


def main() -> None:
    """Run the command line; ends the process."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows another: no reason to stop.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app(prog_name="cleaner")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cleaner {cleaner.__version__}")
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """The article of a saved web page and nothing else, every block with a label and a reason."""


@app.command("clean")
def clean_command(
    pages: Annotated[
        list[str], typer.Argument(metavar="PAGE", help="Files, folders, globs, http(s) addresses, or - for a pipe.")
    ],
    form: Annotated[Format, typer.Option("--format", "-f", help="What to write.")] = Format.TEXT,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="OUT", help="A file for one page, a folder for several.")
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option(metavar="LABEL", help="Labels to add, repeated or with commas.")
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option(metavar="LABEL", help="Labels to leave out, repeated or with commas.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A model of cleaner train, instead of the one in the package.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show every block, its label and the reason.")] = False,
    text: Annotated[
        bool, typer.Option("--text", help="Take the pages for plain text, whatever they look like.")
    ] = False,
    url: Annotated[str | None, typer.Option(metavar="URL", help="The address of the page, for its links.")] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="The encoding to assume.")] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from private and local addresses, too.")
    ] = False,
) -> None:
    """Write the article of each page, as text unless told otherwise."""
    if explain and form in (Format.MARKDOWN, Format.HTML):
        raise typer.BadParameter(f"cannot be had as {form}, only as text or json", param_hint="--explain")
    reader = Reader(url=url, encoding=_checked_encoding(encoding), as_text=text, allow_private=allow_private)
    printed = output in (None, "-")
    view = View(form, explain, explain and printed and _colours(), ascii=printed and not _holds_unicode())
    try:
        ours = cleaner.Cleaner(keep=_labels("--keep", keep or ()), drop=_labels("--drop", drop or ()), model=model)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"cannot be used: {error}", param_hint="--model") from None
    run = Run(reader, ours.clean, view, None if printed else Path(output or ""))
    try:
        run.clean(pages, into_folder=output is not None and output.endswith(("/", os.sep)))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except BrokenPipeError:
        _silence()
    except CannotWrite as error:
        run.complain(*error.args)
        _silence()
    raise typer.Exit(int(run.failed))


@app.command("train")
def train_command(
    data: Annotated[list[Path], typer.Argument(metavar="DATA", help="Sets of pages with gold, or folders of sets.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="MODEL", help="The model file, NAME.onnx.")],
    labels: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Labels of blocks of these pages (JSON Lines).")
    ] = None,
    written: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Asks and articles written for training: asks/, hosts/.")
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="How often each fit sees every page.")] = 4,
    jobs: Annotated[int, typer.Option(min=1, help="Fits at a time.")] = os.cpu_count() or 1,
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.")] = 1,
) -> None:
    """Train a model: one for each fifth of the sites that never saw it, then one of all pages."""
    from cleaner.training.command import CannotTrain, train_model

    try:
        print(train_model(data, output, labels or (), epochs, jobs, seed, written))
    except CannotTrain as error:
        _tell("train", str(error))
        raise typer.Exit(1) from None


@app.command(
    "evaluate", add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def evaluate_command(context: typer.Context) -> None:
    """Print the table of the benchmark for labelled pages: DATA... [--peers]; --help tells more."""
    from cleaner.training.evaluate.command import main as evaluate

    raise typer.Exit(evaluate(context.args))


def _labels(option: str, values: Iterable[str]) -> frozenset[Label]:
    names = {name.strip() for value in values for name in value.split(",")} - {""}
    if unknown := sorted(names - set(Label)):
        raise typer.BadParameter(f"no label {', '.join(unknown)}; the labels: {', '.join(Label)}", param_hint=option)
    return frozenset(map(Label, names))


def _checked_encoding(name: str | None) -> str | None:
    try:
        "".encode(name or "utf-8")
    except LookupError:
        raise typer.BadParameter(f"no encoding {name}", param_hint="--encoding") from None
    return name


@dataclass(frozen=True, slots=True)
class Reader:
    """How the pages are read."""

    url: str | None = None
    encoding: str | None = None
    as_text: bool = False
    allow_private: bool = False

    def read(self, item: Input) -> Iterator[Page]:
        """The pages of an input; one that cannot be opened is a page with an error."""
        source = sys.stdin.buffer if item.name == "-" else item.name
        try:
            for page in cleaner.load(source, url=self.url, allow_private=self.allow_private):
                yield replace(
                    page,
                    name=item.name if item.name == "-" else page.name,
                    charset=self.encoding or page.charset,
                    kind="text" if self.as_text else page.kind,
                )
        except OSError as error:
            yield Page(name=item.name, error=error.strerror or str(error))


@dataclass(frozen=True, slots=True)
class View:
    """What a document is shown as."""

    form: Format = Format.TEXT
    explain: bool = False
    coloured: bool = False
    ascii: bool = False
    """Whether JSON escapes what is not ASCII, for an output that cannot hold it."""

    @property
    def suffix(self) -> str:
        """The suffix of a file with this view."""
        return _SUFFIXES[self.form]

    def of(self, document: Document) -> str:
        """The whole view of a document, ending with its line, or nothing."""
        if self.form is Format.JSON:
            return json.dumps(document.to_dict(), ensure_ascii=self.ascii) + "\n"
        if self.explain:
            removed = {block.index for block in document.removed}
            return "".join(self._explained(block, block.index in removed) for block in document.blocks)
        if self.form is Format.TEXT:
            view = document.text
        else:
            view = document.markdown if self.form is Format.MARKDOWN else document.html
        return view if not view or view.endswith("\n") else view + "\n"

    def _explained(self, block: Block, removed: bool) -> str:
        why = _printable(block.reason)
        line = f"{'-' if removed else '+'} {block.label:<13} {block.confidence:.2f}  {why:<26}"
        if self.coloured:
            colour = "red" if block.label in _ASKS else "yellow" if removed else "green"
            line = typer.style(line, fg=colour)
        return f"{line}  {_printable(' '.join(block.text.split()))}\n"

    def parted(self, name: str, view: str) -> str:
        """The view under its page's name, as one of several."""
        if self.form is Format.JSON:
            return view
        if self.form is Format.HTML:
            return f"<!-- {html.escape(_printable(name)).replace('--', '&#45;&#45;')} -->\n{view}\n"
        return f"==> {_printable(name)} <==\n{view}\n"


class Run:
    """One call: cleans the inputs, writes the results, knows whether something failed."""

    def __init__(self, reader: Reader, clean: Callable[[Page], Document], view: View, output: Path | None) -> None:
        self.failed = False
        self._reader = reader
        self._clean = clean
        self._view = view
        self._output = output
        self._target: Path | Mirror | None = None
        self._parted = False
        self._inputs: set[tuple[int, int]] = set()

    def complain(self, name: str, what: str) -> None:
        """Say on standard error what failed."""
        self.failed = True
        _tell(name, what)

    def clean(self, names: list[str], into_folder: bool) -> None:
        """Clean the pages that the arguments name."""
        inputs = find_inputs(names, self.complain, results=self._output)
        if self._reader.url and len(inputs) > 1:
            raise typer.BadParameter(f"is the address of one page, not of {len(inputs)}", param_hint="--url")
        pages = ((item, page) for item in inputs for page in self._reader.read(item))
        first = list(islice(pages, 2))
        self._parted = max(len(names), len(inputs), len(first)) > 1
        if self._output is not None:
            searched = any(item.name not in names for item in inputs)
            self._target = self._place(self._output, inputs, into_folder or searched or self._parted)
            self._inputs = {known for item in inputs if (known := identity(Path(item.name)))}
        shown = self._parted and sys.stderr.isatty() and (self._output is not None or not sys.stdout.isatty())
        with _progress(len(inputs) if shown else 0) as step:
            for item, page in chain(first, pages):
                self._one(item, page)
                step()

    def _place(self, output: Path, inputs: list[Input], folder: bool) -> Path | Mirror:
        if not folder and not is_folder(output):
            return output
        if identity(output) is not None and not is_folder(output):
            raise typer.BadParameter(f"{output} is a file, but a folder is needed", param_hint="--output")
        return Mirror(output, self._view.suffix, inputs)

    def _one(self, item: Input, page: Page) -> None:
        name = page.name or item.name
        if page.error is not None:
            self.complain(name, page.error)
            return
        try:
            document = self._clean(page)
            view = self._view.of(document)
        except Exception as error:
            # A fault of ours, yet the other pages must come out.
            self.complain(name, f"could not be cleaned: {type(error).__name__}: {error}")
            return
        for warning in document.warnings:
            _tell(name, warning)
        if self._target is None:
            _print(self._view.parted(name, view) if self._parted else view, self._view.coloured)
        else:
            self._save(self._target.path(item) if isinstance(self._target, Mirror) else self._target, name, view)

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


def _print(view: str, coloured: bool) -> None:
    if sys.stdout.isatty() and not coloured:
        view = view.translate(_CONTROLS)
    try:
        sys.stdout.write(view)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotWrite("standard output", error.strerror or str(error)) from error


def _tell(name: str, what: str) -> None:
    print(f"{_printable(name)}: {_printable(' '.join(what.split()))}", file=sys.stderr, flush=True)


def _printable(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey."""
    return _DECEIVING.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def _colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _holds_unicode() -> bool:
    return sys.stdout.encoding.lower().startswith("utf")


def _silence() -> None:
    """Nobody reads standard output any more: what it still holds must not fail again at the exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error for so many pages; none for zero."""
    if not total:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Redirecting standard output would send the results to standard error.
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)
