"""``python -m benchmarks``: the table of extractors."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.data import DEFAULT_SETS, MissingSet, opened, read_rows
from benchmarks.extractors import EXTRACTORS, OURS, PEERS, Extractor, installed
from benchmarks.measures import measure
from benchmarks.run import Stats, Task, read_outputs, run_tasks
from benchmarks.table import Result, as_json, markdown


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the extractors over the sets; the table goes to standard output, progress to standard error."""
    parser = _parser()
    options = parser.parse_args(arguments)
    names = options.only or [*OURS, *(PEERS if options.peers else ())]
    unknown = [name for name in names if name not in EXTRACTORS]
    if unknown:
        parser.error(f"no extractor {', '.join(unknown)}; there are {', '.join(EXTRACTORS)}")
    extractors = installed(names)
    if not extractors:
        parser.error("none of the extractors is installed")
    try:
        with opened(options.data, options.sets) as folders, tempfile.TemporaryDirectory() as scratch:
            out = (options.outputs or Path(scratch)).resolve()
            results = _benchmark(extractors, folders, out, options.limit, options.jobs)
    except MissingSet as error:
        parser.error(str(error))
    print(markdown(results))
    if options.json:
        options.json.write_text(json.dumps(as_json(results), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if any(result.failed for result in results) else 0


def _benchmark(
    extractors: Sequence[Extractor], folders: Mapping[str, Path], out: Path, limit: int | None, jobs: int
) -> list[Result]:
    results = {extractor.name: Result(extractor.name, extractor.version()) for extractor in extractors}
    tasks = [
        Task(name, set_name, folder, out / set_name / f"{name}.jsonl", limit)
        for set_name, folder in folders.items()
        for name in results
    ]
    for task, stats in run_tasks(tasks, jobs):
        _add(results[task.extractor], task, stats)
    return list(results.values())


def _add(result: Result, task: Task, stats: Stats | None) -> None:
    if stats is None:
        result.failed.append(task.set_name)
        return
    result.stats[task.set_name] = stats
    result.measures[task.set_name] = measure(read_outputs(task.out), list(read_rows(task.folder, task.limit)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Extractors on the same pages.")
    parser.add_argument("data", type=Path, help="folder of the sets: <set>/pages.jsonl or <set>.tar.xz")
    parser.add_argument("--peers", action="store_true", help="other extractors too, as far as they are installed")
    parser.add_argument("--only", type=_names, metavar="NAME,…", help=f"these extractors: {', '.join(EXTRACTORS)}")
    parser.add_argument(
        "--sets", type=_names, metavar="SET,…", default=DEFAULT_SETS, help=f"default: {','.join(DEFAULT_SETS)}"
    )
    parser.add_argument("--limit", type=_positive, metavar="N", help="the first N pages of each set only")
    parser.add_argument("--json", type=Path, metavar="OUT", help="everything that was measured, into this file")
    parser.add_argument("--outputs", type=Path, metavar="FOLDER", help="keep the texts: FOLDER/<set>/<name>.jsonl")
    parser.add_argument(
        "--jobs",
        type=_positive,
        default=1,
        metavar="N",
        help="processes at a time; more than 1 makes the speeds unreliable",
    )
    return parser


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError(value)
    return number


def _names(value: str) -> list[str]:
    return [name for name in value.split(",") if name]


if __name__ == "__main__":
    sys.exit(main())
