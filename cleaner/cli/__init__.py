"""The command line, thin over the public names.

What was asked for goes to standard output; progress, warnings and errors go to standard error. Exit status: 0; 1 where
an input failed, the others still came out; 2 for a wrong call.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import cleaner
from cleaner import Label
from cleaner.cli.inspect import Inspection
from cleaner.cli.reader import Reader
from cleaner.cli.run import Run
from cleaner.cli.terminal import guarded, has_colours, holds_unicode, tell
from cleaner.cli.view import Format, View
from cleaner.contents import is_encoding

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


class Listing(StrEnum):
    """What inspect lists as."""

    TEXT = "text"
    JSON = "json"


class Rows(StrEnum):
    """What shards of rows are written as."""

    PARQUET = "parquet"
    JSONL = "jsonl"
    ZSTD = "jsonl.zst"


class Engine(StrEnum):
    """What runs a corpus."""

    LOCAL = "local"
    RAY = "ray"


class Duplicates(StrEnum):
    """By what pages are the same."""

    URL = "url"
    TEXT = "text"


UrlField = Annotated[str, typer.Option(metavar="NAME", help="The field of JSON Lines with the address.")]
HtmlField = Annotated[str, typer.Option(metavar="NAME", help="The field of JSON Lines with the page.")]
Fetch = Annotated[bool, typer.Option("--fetch", help="Fetch the addresses in exports of bookmarks and the like.")]
Cache = Annotated[Path | None, typer.Option(metavar="FILE", help="Keep fetched pages there for the next time.")]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Fetch from private and local addresses, too.")]


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
    url_field: UrlField = "url",
    html_field: HtmlField = "html",
    fetch: Fetch = False,
    cache: Cache = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Write the article of each page, as text unless told otherwise."""
    if explain and form in (Format.MARKDOWN, Format.HTML):
        raise typer.BadParameter(f"cannot be had as {form}, only as text or json", param_hint="--explain")
    reader = Reader(url, _checked_encoding(encoding), text, allow_private, fetch, cache, url_field, html_field)
    printed = output in (None, "-")
    view = View(form, explain, explain and printed and has_colours(), ascii=printed and not holds_unicode())
    try:
        ours = cleaner.Cleaner(keep=_labels("--keep", keep or ()), drop=_labels("--drop", drop or ()), model=model)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"cannot be used: {error}", param_hint="--model") from None
    run = Run(reader, ours.clean, view, None if printed else Path(output or ""))
    with guarded(run.complain):
        run.clean(pages, into_folder=output is not None and output.endswith(("/", os.sep)))
    raise typer.Exit(int(run.failed))


@app.command("inspect")
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


@app.command("corpus")
def corpus_command(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="As for clean; @FILE for a list of them.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder of the shards.")],
    form: Annotated[Rows, typer.Option("--format", "-f", help="What the shards are.")] = Rows.PARQUET,
    engine: Annotated[Engine, typer.Option(help="Where it runs.")] = Engine.LOCAL,
    address: Annotated[str | None, typer.Option(metavar="ADDRESS", help="The Ray cluster; a local one else.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Keep the Markdown, too.")] = False,
    full_metadata: Annotated[
        bool, typer.Option("--full-metadata", help="Look for authors and dates in the text, too: twice the time.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as cores.")] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="What one page may take.")] = 60.0,
    memory: Annotated[int, typer.Option(min=200, metavar="MB", help="What one page may take, of its worker.")] = 2000,
    duplicates: Annotated[Duplicates | None, typer.Option(help="Keep only the first page of each.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in DIR.")] = False,
    model: Annotated[Path | None, typer.Option(metavar="FILE", help="As for clean.")] = None,
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Without the model: quicker, less exact.")] = False,
    url_field: UrlField = "url",
    html_field: HtmlField = "html",
) -> None:
    """Clean all pages of the inputs on all cores, into Parquet or JSON Lines."""
    from cleaner.cli.corpus import Corpus

    wanted = {
        "form": str(form),
        "markdown": markdown,
        "full_metadata": full_metadata,
        "duplicates": duplicates and str(duplicates),
        "resume": resume,
    }
    bounds = {"workers": workers, "seconds": seconds, "memory": memory * 1_000_000}
    asked = {"model": False if rules_only else str(model) if model else None, "address": address}
    fields = {"url_field": url_field, "html_field": html_field}
    command = Corpus(engine == Engine.RAY, wanted | bounds | asked | fields)
    with guarded(command.complain):
        command.run(inputs, output)
    raise typer.Exit(int(command.failed))


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
        tell("train", str(error))
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
    if name is not None and not is_encoding(name):
        raise typer.BadParameter(f"no encoding {name}", param_hint="--encoding")
    return name
