"""A corpus from many inputs, on all cores, that survives being killed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from cleaner.corpus.duplicates import BY, drop_duplicates
from cleaner.corpus.manifest import Manifest
from cleaner.corpus.plan import GROUP, SPLIT, plan
from cleaner.corpus.pool import Pool
from cleaner.corpus.shards import SUFFIXES, TEMPORARY
from cleaner.corpus.work import Job, Options
from cleaner.load.inputs import Complain, find_inputs

SECONDS = 60.0
MEMORY = 2_000_000_000


@dataclass(frozen=True, slots=True)
class State:
    """How far a run is."""

    pages: int
    errors: int
    bytes: int
    all_bytes: int
    tasks: int
    all_tasks: int
    seconds: float
    before: int = 0
    """Pages of an earlier run that this one goes on with."""
    duplicates: int = 0


Show = Callable[[State], None]


def run(
    inputs: Iterable[str],
    output: str | os.PathLike[str],
    *,
    form: str = "parquet",
    markdown: bool = False,
    full_metadata: bool = False,
    workers: int | None = None,
    seconds: float = SECONDS,
    memory: int = MEMORY,
    resume: bool = False,
    duplicates: str | None = None,
    model: str | Literal[False] | None = None,
    rules: Iterable[str] = (),
    site: str | None = None,
    corrections: str | None = None,
    by_site: bool = False,
    split: int = SPLIT,
    group: int = GROUP,
    show: Show | None = None,
    complain: Complain | None = None,
    **load: Any,
) -> State:
    """Clean all pages of the inputs into shards of rows; docs/corpus.md says what a row holds.

    inputs: files, folders, globs; anything that :func:`cleaner.load` opens.
    output: the folder of the shards and of ``manifest.jsonl``.
    form: ``parquet``, ``jsonl`` or ``jsonl.zst``.
    markdown: whether rows hold the Markdown, too.
    full_metadata: whether authors and dates are looked for in the pages' text, too; it takes longer than all the rest.
    workers: processes; as many as there are cores by default.
    seconds, memory: what one page may take, memory in bytes of its worker. A page past them is a row with an error.
    resume: go on with the run in output.
    duplicates: ``url`` or ``text``: keep only the first page of each.
    model, rules, site, corrections: as for :class:`cleaner.Cleaner`, the names of files.
    by_site: learn of each page's site from its pages before it in the same shard.
    split, group: bytes of a part of a large archive; of small inputs that share a shard.
    show: is told the state several times a second; complain, of inputs that are not there.
    load: options for :func:`cleaner.load`.

    Raises FileExistsError where output holds a run and resume was not asked for, CannotResume where there is none or
    another, TaskFailed and OSError where a shard cannot be written, ValueError for a wrong option.
    """
    if form not in SUFFIXES or duplicates not in (None, *BY):
        raise ValueError(f"form is one of {', '.join(SUFFIXES)}, duplicates one of {', '.join(BY)}")
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    names = list(inputs)
    asked = {
        "inputs": _identity(names),
        "form": form,
        "markdown": markdown,
        "full": full_metadata,
        "model": model,
        "duplicates": duplicates,
        "load": load,
    }
    options = Options.of(model, rules, site, corrections)
    # Runs that were begun before there was a choice go on without.
    told = {"rules": list(options.rules), "site": options.site, "corrections": options.corrections}
    asked |= {name: value for name, value in told.items() if value}
    if by_site:
        asked["by_site"] = True
    if resume:
        manifest = Manifest.read(folder, asked)
        if not manifest.same_inputs:
            (complain or _ignore)(str(folder), "was begun with other inputs: it goes on with those, not with these")
    else:
        found = find_inputs(_shared(names, complain or _ignore), complain or _ignore, results=folder)
        manifest = Manifest.begin(folder, asked, plan(found, split=split, group=group))
    for left in folder.glob(f".*{TEMPORARY}"):
        left.unlink(missing_ok=True)
    job = Job(str(folder.absolute()), manifest.base, form, markdown, full_metadata, options, load, by_site)
    pool = Pool(job, workers or os.cpu_count() or 1, seconds, memory)
    state = _all(pool, manifest, show or _ignore)
    if duplicates is not None:
        shards = [folder / row.shard for _, row in sorted(manifest.done.items())]
        left_over = drop_duplicates(shards, duplicates, form, markdown=markdown)
        state = replace(state, duplicates=state.pages - left_over)
    return state


def _identity(names: list[str]) -> str:
    """What tells the inputs of a run from others, wherever it is called from."""
    places = [name if "://" in name else os.path.abspath(name) for name in names]  # noqa: PTH100
    return sha256("\n".join(places).encode("utf-8", "surrogateescape")).hexdigest()


def _shared(names: list[str], complain: Complain) -> Iterator[str]:
    """The inputs that worker processes can open."""
    for name in names:
        if name == "-":
            complain(name, "standard input cannot be shared among workers: give a file")
        else:
            yield name


def _ignore(*said: object) -> None:
    """Nobody wants to know."""


def _all(pool: Pool, manifest: Manifest, show: Show) -> State:
    """Do what is left to be done."""
    begun, all_bytes = time.monotonic(), sum(task.size for task in manifest.tasks)
    before = sum(row.pages for row in manifest.done.values())

    def state(busy: int = 0) -> State:
        done = manifest.done.values()
        return State(
            pages=sum(row.pages for row in done) + busy,
            errors=sum(row.errors for row in done),
            bytes=sum(row.bytes for row in done),
            all_bytes=all_bytes,
            tasks=len(manifest.done),
            all_tasks=len(manifest.tasks),
            seconds=time.monotonic() - begun,
            before=before,
        )

    left = [task for task in manifest.tasks if task.number not in manifest.done]
    for done in pool.run(left, lambda busy: show(state(busy))):
        manifest.finished(done)
    return state()
