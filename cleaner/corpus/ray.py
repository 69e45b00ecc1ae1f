"""The same corpus on a Ray cluster: tasks are Ray Data's rows, and its workers' rows become its Parquet."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from cleaner.corpus.manifest import task_of
from cleaner.corpus.plan import plan
from cleaner.corpus.run import State
from cleaner.corpus.schema import schema
from cleaner.corpus.work import Job, Options, batches
from cleaner.load.inputs import Complain, find_inputs

_TASK = "task"


class CleanTasks:
    """What a Ray worker does with tasks: their pages as rows. The model is loaded once a worker."""

    def __init__(self, job: Job) -> None:
        self._job = job
        if Path(job.base).is_dir():
            os.chdir(job.base)
        self._cleaner = job.options.cleaner()

    def __call__(self, batch: dict[str, Any]) -> Iterator[pa.Table]:
        """The rows of a batch of tasks."""
        for task in batch[_TASK]:
            for rows in batches(task_of(json.loads(str(task))), self._job, self._cleaner):
                yield pa.Table.from_batches([rows])


def run_on_ray(
    inputs: Iterable[str],
    output: str | os.PathLike[str],
    *,
    address: str | None = None,
    form: str = "parquet",
    markdown: bool = False,
    full_metadata: bool = False,
    workers: int | None = None,
    model: str | Literal[False] | None = None,
    rules: Iterable[str] = (),
    site: str | None = None,
    corrections: str | None = None,
    by_site: bool = False,
    complain: Complain = print,
    resume: bool = False,
    duplicates: str | None = None,
    seconds: float | None = None,
    memory: int | None = None,
    **load: Any,
) -> State:
    """As :func:`cleaner.corpus.run`, on the cluster at address, or on a local one that is started for it.

    Every node must see the inputs under the same names. Ray itself does lost tasks again and bounds memory, so seconds
    and memory have no meaning. Raises ValueError for what this engine cannot do: resume, duplicates, JSON Lines.
    """
    del seconds, memory
    if resume or duplicates or form != "parquet":
        raise ValueError("on Ray there is Parquet only, and neither --resume nor --duplicates")
    # Else a cluster that is started here reports its use to Ray's makers.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray

    folder = Path(output)
    if folder.is_dir() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: take another folder")
    tasks = list(plan(find_inputs(inputs, complain, results=folder)))
    begun = time.monotonic()
    count = workers or os.cpu_count() or 1
    started = not ray.is_initialized()
    if started:
        local: dict[str, Any] = {"num_cpus": count, "include_dashboard": False} if address is None else {}
        ray.init(address=address, log_to_driver=False, configure_logging=False, **local)
        logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        ray.data.DataContext.get_current().enable_progress_bars = False
        given = ray.data.from_items([{_TASK: json.dumps(asdict(task))} for task in tasks])
        options = Options.of(model, rules, site, corrections)
        job = Job("", str(Path.cwd()), form, markdown, full_metadata, options, load, by_site)
        rows = given.map_batches(
            CleanTasks,
            fn_constructor_args=(job,),
            batch_size=1,
            batch_format="numpy",
            compute=ray.data.ActorPoolStrategy(size=count),
        )
        rows.write_parquet(str(folder.absolute()), compression="zstd")
    finally:
        if started:
            ray.shutdown()
    return _state(folder, len(tasks), time.monotonic() - begun)


def _state(folder: Path, tasks: int, seconds: float) -> State:
    """What was written."""
    from pyarrow.dataset import dataset, field

    written = dataset(folder, schema=schema(), format="parquet", exclude_invalid_files=True)
    pages = written.count_rows()
    errors = written.count_rows(filter=field("error").is_valid())
    return State(pages, errors, 0, 0, tasks, tasks, seconds)
