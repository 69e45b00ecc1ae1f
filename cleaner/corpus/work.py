"""One task in a process of its own: its pages in, its shard out."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

import cleaner
from cleaner.corpus.manifest import Done
from cleaner.corpus.plan import Part, Stretch, Task
from cleaner.corpus.rows import row
from cleaner.corpus.schema import Rows, schema
from cleaner.corpus.shards import SUFFIXES, Shard
from cleaner.load import Page, PageError
from cleaner.load.sniff import EMPTY

if TYPE_CHECKING:
    from cleaner.site.sites import Sites

Clean = Callable[[Page], cleaner.Document]

_MOST_ROWS = 1000
_MOST_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of the cleaning itself, by the names of files, so that every process can open them."""

    model: str | Literal[False] | None = None
    rules: tuple[str, ...] = ()
    site: str | None = None
    corrections: str | None = None

    @classmethod
    def of(
        cls,
        model: str | Literal[False] | None = None,
        rules: Iterable[str] = (),
        site: str | None = None,
        corrections: str | None = None,
    ) -> Options:
        """The options with whole paths: a worker may stand elsewhere."""
        return cls(
            str(Path(model).absolute()) if isinstance(model, str) else model,
            tuple(str(Path(name).absolute()) for name in rules),
            str(Path(site).absolute()) if site else None,
            str(Path(corrections).absolute()) if corrections else None,
        )

    def cleaner(self, site: Sites | None = None) -> cleaner.Cleaner:
        """The Cleaner that they ask for. Raises OSError or ValueError."""
        known = self.site if site is None else site
        return cleaner.Cleaner(model=self.model, rules=self.rules, site=known, corrections=self.corrections)


@dataclass(frozen=True, slots=True)
class Job:
    """What all tasks of a run have in common."""

    folder: str
    base: str = "."
    """The folder that the names of the inputs are relative to."""
    form: str = "parquet"
    markdown: bool = False
    full: bool = False
    """Whether authors and dates are looked for in the pages' text, too."""
    options: Options = field(default_factory=lambda: Options())
    load: dict[str, Any] = field(default_factory=dict)
    """Options for :func:`cleaner.load`."""
    by_site: bool = False
    """Whether a page is cleaned with what the pages of its site before it in the task taught."""


SHARED = 3
"""Numbers that a worker shares: its page, since when it is at it, and what memory it held then."""


class _WithoutPandas:
    """Arrow imports pandas wherever it is installed: 56 MB that a worker has no use for."""

    def find_spec(self, name: str, *_: object) -> None:
        """Say that there is no pandas."""
        if name == "pandas":
            raise ModuleNotFoundError("no worker needs pandas", name=name)


class Progress:
    """What a worker is at: the number of the page in its task, and since when. Shared with whoever watches it."""

    def __init__(self, shared: Any) -> None:
        self._shared = shared

    def at(self, page: int) -> None:
        """Begin a page."""
        self._shared[0], self._shared[2], self._shared[1] = page, resident(os.getpid()), time.monotonic()

    def idle(self) -> None:
        """Nothing is begun."""
        self._shared[1] = 0.0

    @property
    def page(self) -> int:
        """The number of the page."""
        return int(self._shared[0])

    @property
    def memory(self) -> int:
        """Bytes of memory that the worker held when it began the page."""
        return int(self._shared[2])

    @property
    def seconds(self) -> float:
        """How long it has been at it; 0 where nothing is begun."""
        begun = self._shared[1]
        return time.monotonic() - begun if begun else 0.0


def work(task: Task, job: Job, ours: cleaner.Cleaner, progress: Progress, given_up: dict[int, str]) -> Done:
    """Clean the pages of a task into its shard. given_up: pages that a worker was ended at, and why."""
    begun = time.perf_counter()
    name = f"part-{task.number:06d}{SUFFIXES[job.form]}"
    shard = Shard(Path(job.folder) / name, job.form, schema(markdown=job.markdown))
    pages = errors = 0
    try:
        for rows in batches(task, job, ours, progress, given_up):
            pages += rows.num_rows
            errors += rows.num_rows - rows.column("error").null_count
            shard.write(rows)
        progress.idle()
        shard.finish()
    except BaseException:
        shard.abandon()
        raise
    return Done(task.number, name, pages, errors, task.size, round(time.perf_counter() - begun, 3))


def batches(
    task: Task,
    job: Job,
    ours: cleaner.Cleaner,
    progress: Progress | None = None,
    given_up: dict[int, str] | None = None,
) -> Iterator[pa.RecordBatch]:
    """The rows of a task, some at a time."""
    rows = Rows(markdown=job.markdown)
    at = progress or Progress([0.0] * SHARED)
    clean = _learning(job.options) if job.by_site else ours.clean
    for made in _rows(task, job, clean, at, given_up or {}):
        rows.add(made)
        if len(rows) >= _MOST_ROWS or rows.characters >= _MOST_CHARACTERS:
            at.idle()
            yield rows.take()
            _give_back()
    at.idle()
    if len(rows):
        yield rows.take()


def _learning(options: Options) -> Clean:
    """Clean pages, learning of each page's site. It begins anew with each task, so that a shard depends on it alone."""
    from cleaner.site.sites import Sites

    sites = Sites()
    ours = options.cleaner(site=sites)

    def clean(page: Page) -> cleaner.Document:
        document = ours.clean(page)
        sites.observe(document, page.saved)
        return document

    return clean


def _give_back() -> None:
    """Return memory that the C library keeps for later: pages differ so much in size that it would keep ever more."""
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def _rows(task: Task, job: Job, clean: Clean, progress: Progress, given_up: dict[int, str]) -> Iterator[dict[str, Any]]:
    number = 0
    for part in task.parts:
        known = {"source": part.source, "start": part.start}
        record = 0
        pages: Iterator[Page] | None = None
        while True:
            progress.at(number)
            why = given_up.get(number)
            if why is not None and why.startswith(_UNREADABLE):
                yield known | {"record": record, "error": why}
                number += 1
                break
            pages = pages if pages is not None else _opened(part, job)
            page = next(pages, None)
            if page is None:
                # The end has a number of its own, so that what follows is not taken for it.
                number += 1
                break
            if part.start and page.error is not None and page.error.reason == EMPTY:
                # Nothing but empty lines in this part.
                continue
            made = {"name": page.name, "url": page.url, "error": why} if why else _row(page, clean, job)
            yield made | known | {"record": record}
            number, record = number + 1, record + 1


_UNREADABLE = "the rest"
"""How the reason begins where the reading itself does not come to its end: what follows in the part cannot be had."""


def unreadable(why: str) -> str:
    """The reason for giving up the rest of a part."""
    return f"{_UNREADABLE} of it was not read: {why}"


def _opened(part: Part, job: Job) -> Iterator[Page]:
    """The pages of a part; one that cannot be opened is a page with an error."""
    try:
        whole = part.start == 0 and part.end is None
        return cleaner.load(part.source if whole else Stretch(part), **job.load)  # type: ignore[arg-type]
    except OSError as error:
        return iter((Page(name=part.source, error=PageError(error.strerror or str(error), part.source)),))


def _row(page: Page, clean: Clean, job: Job) -> dict[str, Any]:
    try:
        return row(page, clean, markdown=job.markdown, full=job.full)
    except Exception as error:
        # A fault of ours: the other pages must come out.
        reason = f"could not be cleaned: {type(error).__name__}: {error}"
        return {"name": page.name, "url": page.url, "error": reason}


def serve(connection: Any, shared: Any, job: Job, memory: int | None) -> None:
    """The life of a worker: tasks come over the connection, and what was done goes back."""
    # Whoever runs it ends it: a Ctrl-C is for the run.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.chdir(job.base)
    sys.meta_path.insert(0, _WithoutPandas())
    _end_with_parent()
    if memory:
        _bound(memory)
    ours = job.options.cleaner()
    progress = Progress(shared)
    while True:
        try:
            task, given_up = connection.recv()
        except EOFError:
            return
        try:
            connection.send(work(task, job, ours, progress, given_up))
        except Exception as error:
            connection.send(f"{type(error).__name__}: {error}")
        progress.idle()


def resident(pid: int | None) -> int:
    """Bytes of memory that a process holds; 0 where nobody says."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_text("ascii").split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def _end_with_parent() -> None:
    """A worker whose run was killed must not write on."""
    import threading
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _bound(memory: int) -> None:
    """Let what asks for far too much at once fail at once; the rest is for the process that watches."""
    import resource

    limit = 3 * memory + 4 * 1024**3
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
