"""``cleaner review``: pages and their labels in a browser, to correct them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner import Page, install
from cleaner.cli.options import HtmlField, Keep, Model, Pages, Rules, Site, UrlField, made, unusable
from cleaner.cli.reader import Reader, page_name
from cleaner.cli.rules import complain_of
from cleaner.cli.terminal import Command, tell
from cleaner.load.inputs import CORRECTIONS, Input, find_inputs, identity

if TYPE_CHECKING:
    from cleaner.user.corrections import Corrections


def review_command(
    pages: Pages,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where corrections are kept, and found again.")
    ] = Path(CORRECTIONS),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 for one that is free.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only say the address.")] = False,
    model: Model = None,
    rules: Rules = None,
    site: Site = None,
    keep: Keep = None,
    url_field: UrlField = "url",
    html_field: HtmlField = "html",
) -> None:
    """Look at pages beside their labels in a browser, the least certain first, and correct them by mouse or key."""
    try:
        from cleaner.web.review.server import review
    except ImportError as error:
        tell("review", f"needs {install.command('web')} ({error})")
        raise typer.Exit(1) from None
    command = Command()
    ours, corrections = made(keep, None, model, rules, site), _corrections(output)
    complain_of(ours.rules, command)
    own = identity(output)
    # It may lie among the pages that it is about, and its lines are none.
    inputs = [item for item in find_inputs(pages, command.complain) if own is None or identity(Path(item.name)) != own]
    if inputs:
        reader = Reader(url_field=url_field, html_field=html_field)
        try:
            found = review(
                ours,
                corrections,
                _named(reader, inputs),
                tell=tell,
                complain=command.complain,
                port=port,
                show=not no_browser,
            )
        except OSError as error:
            tell("review", f"cannot listen on port {port}: {error.strerror or error}")
            raise typer.Exit(1) from None
        tell(str(output), f"{found[0]:,} corrections, {found[1]:,} pages corrected or done")
    raise typer.Exit(int(command.failed))


def _named(reader: Reader, inputs: Sequence[Input]) -> Iterator[tuple[str, Page]]:
    """The pages of the inputs, each with what it is called."""
    for item, page in reader.read(inputs):
        yield page_name(item, page), page


def _corrections(path: Path) -> Corrections:
    from cleaner.user.corrections import Corrections

    try:
        return Corrections.open(path)
    except (OSError, ValueError) as error:
        raise unusable("--output", error) from None
