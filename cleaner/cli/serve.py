"""``cleaner serve``: the service, with its log on standard error."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import cleaner
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
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from private and local addresses, too.")
    ] = False,
    model: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A model of cleaner train, instead of the one in the package.")
    ] = None,
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
        tell("serve", f"needs pip install 'pagecleaner[web]' ({error})")
        raise typer.Exit(1) from None
    settings = Settings(
        workers=workers or cores(),
        queue=queue,
        seconds=seconds,
        memory=memory * _MEGABYTE,
        max_bytes=max_bytes,
        fetch=fetch,
        allow_private=allow_private,
        model=_resolved(model),
        keep=_labels("--keep", keep),
        drop=_labels("--drop", drop),
    )
    try:
        up = serve(settings, host, port)
    except OSError as error:
        tell("serve", f"cannot listen on {host}, port {port}: {error.strerror or error}")
        raise typer.Exit(1) from None
    raise typer.Exit(0 if up else 1)


def _labels(option: str, values: list[str] | None) -> tuple[str, ...]:
    names = {name.strip() for value in values or () for name in value.split(",")} - {""}
    if unknown := sorted(names - set(cleaner.Label)):
        said = f"no label {', '.join(unknown)}; the labels: {', '.join(cleaner.Label)}"
        raise typer.BadParameter(said, param_hint=option)
    return tuple(sorted(names))


def _resolved(model: Path | None) -> str | None:
    """The model's place, once it is seen that it can be used: rather here than in every worker."""
    if model is None:
        return None
    try:
        cleaner.Cleaner(model=model)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"cannot be used: {error}", param_hint="--model") from None
    return str(model.resolve())
