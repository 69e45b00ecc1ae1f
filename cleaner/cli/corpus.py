"""``cleaner corpus``: a run on all cores, with its progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

import cleaner
from cleaner.cli.terminal import CannotWrite, Command, show

if TYPE_CHECKING:
    from cleaner.corpus import State


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
            self.complain("corpus", f"needs pip install 'pagecleaner[corpus]' ({error})")
            return
        self._check_model()
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

    def _check_model(self) -> None:
        """Say now what is wrong with a model, rather than once a worker."""
        if not isinstance(model := self._options["model"], str):
            return
        try:
            cleaner.Cleaner(model=model)
        except (OSError, ValueError) as error:
            raise typer.BadParameter(f"cannot be used: {error}", param_hint="--model") from None

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
