"""``cleaner evaluate`` and ``python -m benchmarks``: the table of extractors."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from cleaner.training.corrected import opened_with_corrections
from cleaner.training.evaluate.extractors import EXTRACTORS, OURS, PEERS, Extractor, installed
from cleaner.training.evaluate.folds import shipped_folds
from cleaner.training.evaluate.measures import measure
from cleaner.training.evaluate.run import Stats, Task, read_outputs, run_tasks
from cleaner.training.evaluate.table import Result, as_json, markdown
from cleaner.training.sets import DEFAULT_SETS, MissingSet, default_sets, opened, read_rows


def main(arguments: Sequence[str] | None = None, program: str = "cleaner evaluate") -> int:
    """Run the extractors over the sets; the table goes to standard output, progress to standard error."""
    parser = _parser(program)
    options = parser.parse_args(arguments)
    names = options.only or [*OURS, *(PEERS if options.peers else ())]
    unknown = [name for name in names if name not in EXTRACTORS]
    if unknown:
        parser.error(f"no extractor {', '.join(unknown)}; there are {', '.join(EXTRACTORS)}")
    extractors = installed(names)
    if not extractors:
        parser.error("none of the extractors is installed")
    try:
        with (
            _opened(options) as folders,
            tempfile.TemporaryDirectory() as scratch,
        ):
            out = (options.outputs or Path(scratch)).resolve()
            results = _benchmark(extractors, folders, out, options)
    except (MissingSet, OSError, ValueError) as error:
        parser.error(str(error))
    print(markdown(results))
    if options.json:
        options.json.write_text(json.dumps(as_json(results), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if any(result.failed for result in results) else 0


def _opened(options: argparse.Namespace) -> AbstractContextManager[dict[str, Path]]:
    if options.sets and not options.corrections:
        return opened(options.data, options.sets)
    return opened_with_corrections(options.data, options.sets or default_sets(options.data), options.corrections)


def _benchmark(
    extractors: Sequence[Extractor], folders: Mapping[str, Path], out: Path, options: argparse.Namespace
) -> list[Result]:
    results = {extractor.name: Result(extractor.name, extractor.version()) for extractor in extractors}
    tasks = [
        Task(name, set_name, folder, out / set_name / f"{name}.jsonl", options.limit, options.folds.resolve())
        for set_name, folder in folders.items()
        for name in results
    ]
    for task, stats in run_tasks(tasks, options.jobs):
        _add(results[task.extractor], task, stats)
    return list(results.values())


def _add(result: Result, task: Task, stats: Stats | None) -> None:
    if stats is None:
        result.failed.append(task.set_name)
        return
    result.stats[task.set_name] = stats
    result.measures[task.set_name] = measure(read_outputs(task.out), list(read_rows(task.folder, task.limit)))


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, description="Extractors on the same pages.")
    parser.add_argument(
        "data", type=Path, nargs="+", help="sets, or folders of sets: <set>/pages.jsonl or <set>.tar.xz"
    )
    parser.add_argument("--peers", action="store_true", help="other extractors too, as far as they are installed")
    parser.add_argument("--only", type=_names, metavar="NAME,…", help=f"these extractors: {', '.join(EXTRACTORS)}")
    parser.add_argument(
        "--sets", type=_names, metavar="SET,…", help=f"default: {','.join(DEFAULT_SETS)}, or all that there are"
    )
    parser.add_argument(
        "--corrections", type=Path, action="append", default=[], metavar="FILE", help="corrections of pages of the data"
    )
    parser.add_argument("--limit", type=_positive, metavar="N", help="the first N pages of each set only")
    parser.add_argument("--json", type=Path, metavar="OUT", help="everything that was measured, into this file")
    parser.add_argument("--outputs", type=Path, metavar="FOLDER", help="keep the texts: FOLDER/<set>/<name>.jsonl")
    parser.add_argument(
        "--folds",
        type=Path,
        metavar="FOLDER",
        default=shipped_folds(),
        help="fold models that cleaner train wrote; accuracy comes from these, cost from the shipped model",
    )
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
