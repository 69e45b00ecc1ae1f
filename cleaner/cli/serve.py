"""``cleaner serve``: the service, with its log on standard error."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner import install
from cleaner.cli.options import AllowPrivate, Corrected, Model, Rules, Site, labels, made
from cleaner.cli.terminal import tell
from cleaner.web.settings import MAX_BYTES, MEMORY, QUEUE, SECONDS, Settings, cores

_MEGABYTE = 1_000_000


def serve_command(
    host: Annotated[
        str, typer.Option(envvar="CLEANER_HOST", help="Where to listen; 0.0.0.0 for other machines, too.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", envvar="CLEANER_PORT", help="0 for one that is free.")
    ] = 8000,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", envvar="CLEANER_WORKERS", help="Processes that clean; as many as cores."),
    ] = None,
    queue: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", envvar="CLEANER_QUEUE", help="Requests that may wait; then they are refused (429)."
        ),
    ] = QUEUE,
    seconds: Annotated[
        float,
        typer.Option(
            min=0.1, metavar="S", envvar="CLEANER_SECONDS", help="What a request may take to come, wait, be cleaned."
        ),
    ] = SECONDS,
    memory: Annotated[
        int, typer.Option(min=200, metavar="MB", envvar="CLEANER_MEMORY", help="Memory that a worker may take.")
    ] = MEMORY // _MEGABYTE,
    max_bytes: Annotated[
        int,
        typer.Option(
            min=1000, metavar="N", envvar="CLEANER_MAX_BYTES", help="The largest page, before and after unpacking."
        ),
    ] = MAX_BYTES,
    fetch: Annotated[
        bool, typer.Option("--fetch", envvar="CLEANER_FETCH", help="Fetch pages that are asked for by address.")
    ] = False,
    allow_private: AllowPrivate = False,
    model: Model = None,
    rules: Rules = None,
    site: Site = None,
    corrections: Corrected = None,
    keep: Annotated[
        list[str] | None, typer.Option(metavar="LABEL", help="Labels to add, where a request does not say.")
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option(metavar="LABEL", help="Labels to leave out, where a request does not say.")
    ] = None,
) -> None:
    """Clean pages over HTTP, until told to stop; /docs of the service tells how."""
    try:
        from cleaner.web.server import serve
    except ImportError as error:
        tell("serve", f"needs {install.command('web')} ({error})")
        raise typer.Exit(1) from None
    settings = Settings(
        workers=workers or cores(),
        queue=queue,
        seconds=seconds,
        memory=memory * _MEGABYTE,
        max_bytes=max_bytes,
        fetch=fetch,
        allow_private=allow_private,
        model=_place(model),
        keep=tuple(sorted(labels("--keep", keep))),
        drop=tuple(sorted(labels("--drop", drop))),
        rules=tuple(str(path.resolve()) for path in rules or ()),
        site=_place(site),
        corrections=_place(corrections),
    )
    # Rather here than in every worker is it seen that they can be used.
    ours = made(model=model, rules=rules, site=site, corrections=corrections)
    try:
        up = serve(settings, host, port, [mistake for source in ours.rules for mistake in source.mistakes])
    except OSError as error:
        tell("serve", f"cannot listen on {host}, port {port}: {error.strerror or error}")
        raise typer.Exit(1) from None
    raise typer.Exit(0 if up else 1)


def _place(path: Path | None) -> str | None:
    """Where workers find it, wherever they are."""
    return None if path is None else str(path.resolve())
