"""``cleaner corpus``: a run on all cores, with its progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cleaner import install
from cleaner.cli.options import Corrected, HtmlField, Model, Rules, Site, UrlField, made
from cleaner.cli.rules import complain_of
from cleaner.cli.terminal import CannotWrite, Command, guarded, show

if TYPE_CHECKING:
    from cleaner.corpus import State


class Form(StrEnum):
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


def corpus_command(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="As for clean; @FILE for a list of them.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder of the shards.")],
    form: Annotated[Form, typer.Option("--format", "-f", help="What the shards are.")] = Form.PARQUET,
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
    by_site: Annotated[
        bool, typer.Option("--by-site", help="Learn of each site from its pages before, shard by shard.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in DIR.")] = False,
    model: Model = None,
    rules: Rules = None,
    site: Site = None,
    corrections: Corrected = None,
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Without the model: quicker, less exact.")] = False,
    url_field: UrlField = "url",
    html_field: HtmlField = "html",
) -> None:
    """Clean all pages of the inputs on all cores, into Parquet or JSON Lines."""
    if by_site and site:
        raise typer.BadParameter("learns as it goes: it takes no --site", param_hint="--by-site")
    wanted = {
        "form": str(form),
        "markdown": markdown,
        "full_metadata": full_metadata,
        "duplicates": duplicates and str(duplicates),
        "resume": resume,
        "by_site": by_site,
    }
    bounds = {"workers": workers, "seconds": seconds, "memory": memory * 1_000_000}
    asked = {"model": False if rules_only else str(model) if model else None, "address": address}
    known = {"rules": tuple(map(str, rules or ())), "site": site and str(site)}
    known["corrections"] = corrections and str(corrections)
    fields = {"url_field": url_field, "html_field": html_field}
    command = Corpus(engine == Engine.RAY, wanted | bounds | asked | known | fields)
    # What cannot be used is told now, rather than once a worker.
    complain_of(made(model=model, rules=rules, site=site, corrections=corrections).rules, command)
    with guarded(command.complain):
        command.run(inputs, output)
    raise typer.Exit(int(command.failed))


class Corpus(Command):
    """One call of ``cleaner corpus``; knows whether something failed."""

    def __init__(self, on_ray: bool, options: dict[str, Any]) -> None:
        super().__init__()
        self._on_ray = on_ray
        self._options = options

    def run(self, inputs: list[str], output: Path) -> None:
        """Run it, and say on standard output what it came to."""
        try:
            from cleaner.corpus import CannotResume, TaskFailed
        except ImportError as error:
            self.complain("corpus", f"needs {install.command('corpus')} ({error})")
            return
        try:
            state = self._run(list(_listed(inputs)), output)
        except FileExistsError as error:
            raise typer.BadParameter(str(error), param_hint="--output") from None
        except CannotResume as error:
            raise typer.BadParameter(str(error), param_hint="--resume") from None
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--engine" if self._on_ray else "--format") from None
        except (TaskFailed, OSError) as error:
            raise CannotWrite(str(output), str(error)) from error
        self.failed = self.failed or state.errors > 0
        show(said(state) + "\n")

    def _run(self, inputs: list[str], output: Path) -> State:
        options = dict(self._options)
        address = options.pop("address")
        if self._on_ray:
            from cleaner.corpus.ray import run_on_ray

            return run_on_ray(inputs, output, address=address, complain=self.complain, **options)
        from cleaner.corpus import run

        with shown() as bar:
            return run(inputs, output, show=bar, complain=self.complain, **options)


def _listed(inputs: list[str]) -> Iterator[str]:
    """The inputs, and those in the lists among them, a name a line. Raises typer.BadParameter."""
    for name in inputs:
        if name == "-":
            why = "standard input cannot be shared among workers: give a file"
            raise typer.BadParameter(why, param_hint="INPUT")
        if not name.startswith("@"):
            yield name
            continue
        try:
            lines = Path(name[1:]).read_text("utf-8-sig").splitlines()
        except (OSError, ValueError) as error:
            raise typer.BadParameter(f"{name[1:]} cannot be read: {error}", param_hint="INPUT") from None
        yield from (line.strip() for line in lines if line.strip())


def said(state: State) -> str:
    """What a run came to, in a line."""
    speed = (state.pages - state.before) / state.seconds if state.seconds else 0.0
    parts = [f"{state.pages:,} pages", f"{state.errors:,} with errors"]
    if state.duplicates:
        parts.append(f"{state.duplicates:,} duplicates dropped")
    return f"{', '.join(parts)}, {state.all_tasks:,} shards, {state.seconds:,.1f} s, {speed:,.1f} pages/s"


@contextmanager
def shown() -> Iterator[Callable[[State], None] | None]:
    """A bar with pages and megabytes a second, errors, and the time that is left; none where nobody sees it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("", total=None)

        def show(state: State) -> None:
            seconds = state.seconds or 1.0
            speeds = f"{(state.pages - state.before) / seconds:,.0f} pages/s, {state.bytes / seconds / 1e6:,.1f} MB/s"
            text = f"{state.pages:,} pages, {speeds}, {state.errors:,} errors"
            total, done = (state.all_bytes, state.bytes) if state.all_bytes else (state.all_tasks, state.tasks)
            bar.update(task, total=total, completed=done, description=text)

        yield show
