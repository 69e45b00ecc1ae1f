"""``cleaner clean``: the articles of saved pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

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
from cleaner.cli.reader import Reader
from cleaner.cli.rules import complain_of
from cleaner.cli.run import Run
from cleaner.cli.terminal import guarded, has_colours, holds_unicode
from cleaner.cli.view import Format, View


def clean_command(
    pages: Pages,
    form: Annotated[Format, typer.Option("--format", "-f", help="What to write.")] = Format.TEXT,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="OUT", help="A file for one page, a folder for several.")
    ] = None,
    keep: Keep = None,
    drop: Drop = None,
    model: Model = None,
    rules: Rules = None,
    site: Site = None,
    corrections: Corrected = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show every block: + in the view, ~ of the article but not in it, - not.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what is not in the view, as a diff of the page's text.")
    ] = False,
    title: Annotated[bool, typer.Option("--title", help="Begin text and Markdown with the headline.")] = False,
    front_matter: Annotated[
        bool, typer.Option("--front-matter", help="Begin text and Markdown with the metadata, as YAML.")
    ] = False,
    text: AsText = False,
    url: Url = None,
    encoding: Encoding = None,
    url_field: UrlField = "url",
    html_field: HtmlField = "html",
    fetch: Fetch = False,
    cache: Cache = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Write the article of each page, as text unless told otherwise."""
    _check(form, explain, diff)
    if title or front_matter:
        _check_head("--title" if title else "--front-matter", form, explain or diff)
    reader = Reader(url, checked_encoding(encoding), text, allow_private, fetch, cache, url_field, html_field)
    printed = output in (None, "-")
    coloured = (explain or diff) and printed and has_colours()
    view = View(form, explain, coloured, printed and not holds_unicode(), diff, title, front_matter)
    ours = made(keep, drop, model, rules, site, corrections)
    run = Run(reader, ours.clean, view, None if printed else Path(output or ""))
    with guarded(run.complain):
        complain_of(ours.rules, run)
        run.clean(pages, into_folder=output is not None and output.endswith(("/", os.sep)))
    raise typer.Exit(int(run.failed))


def _check(form: Format, explain: bool, diff: bool) -> None:
    if diff and form is Format.JSON:
        raise typer.BadParameter(f"cannot be had as {form}", param_hint="--diff")
    if diff and explain:
        raise typer.BadParameter("cannot be had with --explain", param_hint="--diff")


def _check_head(option: str, form: Format, is_shown_otherwise: bool) -> None:
    if form in (Format.HTML, Format.JSON):
        raise typer.BadParameter(f"cannot be had as {form}, only as text or markdown", param_hint=option)
    if is_shown_otherwise:
        raise typer.BadParameter("cannot be had with --explain or --diff", param_hint=option)
