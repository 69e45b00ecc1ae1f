"""One extractor over one set in a process of its own.

``python -m cleaner.training.evaluate.run FOLDER NAME OUT`` is that process. OUT gets a line ``{"id", "text", "s"}`` a
page (s: seconds in the call, page bytes in, text out); ``OUT.stats`` gets what the whole run took.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cleaner.training.evaluate.extractors import EXTRACTORS, TEXT, TRAINED, Extract, decode
from cleaner.training.evaluate.folds import FoldCleaners
from cleaner.training.evaluate.process import be_quiet, peak_memory, python
from cleaner.training.plain import visible_text
from cleaner.training.sets import read_pages, unhyphenated

_ERRORS_SHOWN = 3
_PROGRESS_EVERY = 250


@dataclass(frozen=True, slots=True)
class Stats:
    """What one extractor took for one set."""

    pages: int
    errors: int
    """Pages on which it raised; their text is empty."""
    seconds: float
    """Wall time in the calls."""
    cpu_seconds: float
    """Processor time in the calls, all threads together."""
    peak_mb: float
    """Largest resident size of the process, interpreter and libraries included."""
    in_sample: int = 0
    """Pages whose text may come from a model that saw their site."""


@dataclass(frozen=True, slots=True)
class Task:
    """One extractor, one set, and where its outputs go."""

    extractor: str
    set_name: str
    folder: Path
    out: Path
    limit: int | None = None
    folds: Path | None = None
    """The fold models for an extractor of ours."""


def extract_set(extract: Extract, folder: Path, out: Path, limit: int | None = None) -> Stats:
    """Extract every page of a set in this process; an exception counts as empty text."""
    pages = errors = 0
    wall = cpu = 0.0
    with out.open("w", encoding="utf-8", errors="surrogatepass") as lines:
        for row, page in read_pages(folder, limit):
            wall_start, cpu_start = time.perf_counter(), time.process_time()
            try:
                text = extract(page) or ""
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # extensions raise panics that are no Exception
                text = ""
                errors += 1
                if errors <= _ERRORS_SHOWN:
                    print(f"  {row.id}: {type(error).__name__}: {str(error)[:200]}", file=sys.stderr)
            seconds = time.perf_counter() - wall_start
            cpu += time.process_time() - cpu_start
            wall += seconds
            pages += 1
            line = json.dumps({"id": row.id, "text": text, "s": round(seconds, 6)}, ensure_ascii=False)
            lines.write(line + "\n")
            if pages % _PROGRESS_EVERY == 0:
                print(f"  {pages} pages", file=sys.stderr)
    return Stats(pages, errors, wall, cpu, peak_memory())


def extract_out_of_fold(name: str, folds: Path, folder: Path, out: Path, limit: int | None = None) -> int:
    """Write every page's text as the model that never saw its site gives it; return how many have no such model."""
    try:
        cleaners = FoldCleaners.open(folds)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        print(f"no folds in {folds}, so all numbers are in-sample: {why}", file=sys.stderr)
        return sum(1 for _ in read_pages(folder, limit))
    with out.open("w", encoding="utf-8", errors="surrogatepass") as lines:
        for row, page in read_pages(folder, limit):
            text = cleaners.clean_text(page, visible_text(decode(page))) if name == TEXT else cleaners.clean(page)
            lines.write(json.dumps({"id": row.id, "text": text}, ensure_ascii=False) + "\n")
    return cleaners.in_sample


def read_outputs(out: Path) -> dict[str, str]:
    """Return the texts that a run wrote, by page id, without soft hyphens like the rows that they are compared with."""
    with out.open(encoding="utf-8", errors="surrogatepass") as lines:
        return {fields["id"]: unhyphenated(fields["text"]) for fields in map(json.loads, lines)}


def run_task(task: Task) -> Stats | None:
    """Run a task in a process of its own; None where that process failed (a crash, a broken installation)."""
    task.out.parent.mkdir(parents=True, exist_ok=True)
    stats = _stats_path(task.out)
    stats.unlink(missing_ok=True)
    print(f"{task.set_name} {task.extractor} …", file=sys.stderr)
    limit = [] if task.limit is None else ["--limit", str(task.limit)]
    folds = [] if task.folds is None else ["--folds", str(task.folds)]
    module = "cleaner.training.evaluate.run"
    done = python("-m", module, str(task.folder), task.extractor, str(task.out), *limit, *folds, capture=True)
    if done.returncode or not stats.exists():
        print(f"{task.set_name} {task.extractor} failed: exit {done.returncode}", file=sys.stderr)
        return None
    result = Stats(**json.loads(stats.read_text(encoding="utf-8")))
    speed = result.pages / max(1e-9, result.cpu_seconds)
    text = f"{result.pages} pages, {result.errors} errors, {speed:.1f} pages/s, {result.peak_mb:.0f} MB"
    print(f"{task.set_name} {task.extractor}: {text}", file=sys.stderr)
    return result


def run_tasks(tasks: Sequence[Task], jobs: int = 1) -> Iterator[tuple[Task, Stats | None]]:
    """Run tasks, ``jobs`` processes at a time, and yield the results in the order of the tasks."""
    with ThreadPoolExecutor(jobs) as pool:
        yield from zip(tasks, pool.map(run_task, tasks), strict=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Be the process of one extractor over one set."""
    parser = argparse.ArgumentParser(
        prog="python -m cleaner.training.evaluate.run", description="One extractor over one set."
    )
    parser.add_argument("folder", type=Path, help="folder of an unpacked set")
    parser.add_argument("name", choices=EXTRACTORS)
    parser.add_argument("out", type=Path, help="file for the outputs, JSON Lines")
    parser.add_argument("--limit", type=int, help="the first pages only")
    parser.add_argument("--folds", type=Path, help="fold models: accuracy by these, cost by the shipped model")
    options = parser.parse_args(arguments)
    stats = extract_set(EXTRACTORS[options.name].make(), options.folder, options.out, options.limit)
    if options.folds is not None and options.name in TRAINED:
        in_sample = extract_out_of_fold(options.name, options.folds, options.folder, options.out, options.limit)
        stats = replace(stats, in_sample=in_sample)
    _stats_path(options.out).write_text(json.dumps(asdict(stats)), encoding="utf-8")
    return 0


def _stats_path(out: Path) -> Path:
    return out.with_name(f"{out.name}.stats")


if __name__ == "__main__":
    be_quiet()
    sys.exit(main())
