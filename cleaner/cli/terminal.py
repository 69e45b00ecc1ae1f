"""What is said, and how it is shown: standard output for what was asked for, standard error for the rest."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

# Controls drive the terminal; direction marks and line separators make a line show as another.
_DECEIVING = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (0x09, 0x0A)}

Step = Callable[[int], None]
"""Takes how many inputs are done, after each page."""


class CannotWrite(Exception):
    """A result could not be written, nor could the next."""


def show(text: str, coloured: bool = False) -> None:
    """Write to standard output. Raises CannotWrite, or BrokenPipeError where nobody reads on."""
    if sys.stdout.isatty() and not coloured:
        text = text.translate(_CONTROLS)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotWrite("standard output", error.strerror or str(error)) from error


def tell(name: str, what: str) -> None:
    """Say something of an input on standard error."""
    print(f"{printable(name)}: {printable(' '.join(what.split()))}", file=sys.stderr, flush=True)


class Command:
    """One call of the command line; knows whether something failed."""

    def __init__(self) -> None:
        self.failed = False

    def complain(self, name: str, what: str) -> None:
        """Say on standard error what failed."""
        self.failed = True
        tell(name, what)


def printable(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey."""
    return _DECEIVING.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def has_colours() -> bool:
    """Whether standard output shows colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def holds_unicode() -> bool:
    """Whether standard output can hold every character."""
    return sys.stdout.encoding.lower().startswith("utf")


def silence() -> None:
    """Nobody reads standard output any more: what it still holds must not fail again at the exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def guarded(complain: Callable[[str, str], None]) -> Iterator[None]:
    """End in order where the user stops the command, or its output can go nowhere."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except BrokenPipeError:
        silence()
    except CannotWrite as error:
        complain(*error.args)
        silence()


def _no_step(done: int) -> None:
    """Nothing to show."""


@contextmanager
def progress(total: int) -> Iterator[Step]:
    """A bar on standard error for so many inputs, with the pages so far; none for zero."""
    if not total:
        yield _no_step
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pages]:,} pages"), TimeRemainingColumn())
    # Redirecting standard output would send the results to standard error.
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task, pages = bar.add_task("", total=total, pages=0), 0

        def step(done: int) -> None:
            nonlocal pages
            pages += 1
            bar.update(task, completed=done, pages=pages)

        yield step
        bar.update(task, completed=total)
