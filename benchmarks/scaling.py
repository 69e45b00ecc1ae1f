"""Does cost grow linearly with the page, and do hostile pages end soon?

``python -m benchmarks.scaling`` times made pages of one shape, twice as long each time, and pages made to hurt. Each
shape has a process of its own.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module

from cleaner.training.evaluate.extractors import EXTRACTORS
from cleaner.training.evaluate.process import MEGABYTE, be_quiet, peak_memory, python
from cleaner.training.evaluate.table import DASH, rows

SIZES = (1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 50_000)
"""Blocks of the made pages."""
NESTED = 100_000
_REPEAT_UNDER = 1.0
_REPEATS = 3
_SENTENCE = "The harbour council met on day {0} and settled the matter of pier {0} after a long talk."


def _items(form: str, count: int) -> str:
    return "".join(form.format(i) for i in range(count))


def _paragraphs(count: int) -> str:
    form = f"<p>{_SENTENCE}</p>"
    return "".join(f"<section>{_items(form, min(10, count - i))}</section>" for i in range(0, count, 10))


def _lists(count: int) -> str:
    form = "<li>Pier {0}, two boats and a crane</li>"
    return "".join(f"<ul>{_items(form, min(20, count - i))}</ul>" for i in range(0, count, 20))


def _cells(count: int) -> str:
    form = "<tr><td>Pier {0}</td><td>two boats</td><td>a crane</td><td>open</td></tr>"
    return f"<table>{_items(form, count // 4)}</table>"


def _asks(count: int) -> str:
    form = (
        "<div class='box'><p>Sign up for our newsletter number {0} and never miss a story.</p>"
        "<p>Dear readers, we depend on you: please donate {0} crowns today.</p>"
        "<p>Subscribe now to read on, the first month costs {0} crowns.</p><p><a href='/join'>Subscribe</a></p></div>"
    )
    return _items(form, count // 4)


def _page(body: str) -> bytes:
    return f"<!doctype html><html><head><title>Piers</title></head><body><h1>Piers</h1>{body}</body></html>".encode()


SHAPES: dict[str, Callable[[int], str]] = {
    "paragraphs": _paragraphs,
    "flat siblings": lambda count: _items(f"<div>{_SENTENCE}</div>", count),
    "lists": _lists,
    "table cells": _cells,
    "links": lambda count: _items("<div><a href='/piers/{0}'>The story of pier {0}</a></div>", count),
    "asks": _asks,
}
HOSTILE: dict[str, Callable[[], bytes]] = {
    f"{NESTED:,} nested divs": lambda: _page("<div>" * NESTED + _SENTENCE + "</div>" * NESTED),
    "50 MB page": lambda: _page(_paragraphs(50 * MEGABYTE // 105)),
    "one 10 MB line": lambda: _page(f"<p>{_SENTENCE.format(1) * (10 * MEGABYTE // len(_SENTENCE))}</p>"),
}


def make_page(shape: str, count: int) -> bytes:
    """Return a page of one shape: its heading and ``count`` blocks, a multiple of four."""
    return _page(SHAPES[shape](count))


@dataclass(frozen=True, slots=True)
class Case:
    """What one shape (seconds by size) or one hostile page (seconds, one entry) took."""

    seconds: list[float]
    warnings: list[str]
    """Of the last page."""
    before_mb: float
    """Peak memory with the pages made, before the first was extracted."""
    peak_mb: float


def time_page(extractor: str, page: bytes) -> tuple[float, list[str]]:
    """Extract one page; return seconds and, from cleaner, its warnings. Short ones count by the best of three."""
    extract = _with_warnings(extractor)
    best, warnings = math.inf, [""]
    for _ in range(_REPEATS):
        start = time.perf_counter()
        warnings = extract(page)
        best = min(best, time.perf_counter() - start)
        if best > _REPEAT_UNDER:
            break
    return best, warnings


def per_doubling(sizes: Sequence[int], seconds: Sequence[float]) -> list[float]:
    """Return how much more each size took than the one before, as if it were twice as long: 2 is linear."""
    steps = zip(sizes, sizes[1:], seconds, seconds[1:], strict=False)
    return [(after / before) ** (1 / math.log2(big / small)) for small, big, before, after in steps]


def _with_warnings(extractor: str) -> Callable[[bytes], list[str]]:
    if extractor == "cleaner":
        clean = import_module("cleaner").clean

        def run(page: bytes) -> list[str]:
            document = clean(page)
            len(document.text)
            return list(document.warnings)

        return run
    extract = EXTRACTORS[extractor].make()
    return lambda page: [] if extract(page) else ["no text"]


def measure_case(extractor: str, case: str) -> Case:
    """Time one shape or one hostile page in this process."""
    # The first call loads the model and the phrase lists.
    time_page(extractor, _page(_paragraphs(10)))
    pages = [HOSTILE[case]()] if case in HOSTILE else [make_page(case, size) for size in SIZES]
    before = peak_memory()
    timed = [time_page(extractor, page) for page in pages]
    return Case([seconds for seconds, _ in timed], timed[-1][1], before, peak_memory())


def _run_case(extractor: str, case: str) -> Case | None:
    print(f"{case} …", file=sys.stderr)
    done = python("-m", "benchmarks.scaling", "--extractor", extractor, "--case", case, capture=True)
    if done.returncode:
        print(f"{case} failed: exit {done.returncode}", file=sys.stderr)
        return None
    return Case(**json.loads(done.stdout.splitlines()[-1]))


def _shape_row(case: str, found: Case | None) -> list[str]:
    if not found:
        return [case, *(DASH for _ in SIZES), DASH]
    ratios = ["", *(f" (×{ratio:.1f})" for ratio in per_doubling(SIZES, found.seconds))]
    cells = [f"{seconds:.3f}{ratio}" for seconds, ratio in zip(found.seconds, ratios, strict=True)]
    return [case, *cells, f"{found.peak_mb:.0f}"]


def _hostile_row(case: str, found: Case | None) -> list[str]:
    if not found:
        return [case, DASH, DASH, DASH, "the process died"]
    cells = [f"{found.seconds[0]:.2f}", f"{found.before_mb:.0f}", f"{found.peak_mb:.0f}"]
    return [case, *cells, " ".join(found.warnings)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables; exit status 1 where a process died."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scaling", description="Cost by length, and hostile pages."
    )
    parser.add_argument("--extractor", choices=EXTRACTORS, default="cleaner")
    parser.add_argument("--case", choices=[*SHAPES, *HOSTILE], help="this one only, in this process, as JSON")
    options = parser.parse_args(arguments)
    if options.case:
        print(json.dumps(asdict(measure_case(options.extractor, options.case))))
        return 0
    shapes = {case: _run_case(options.extractor, case) for case in SHAPES}
    hostile = {case: _run_case(options.extractor, case) for case in HOSTILE}
    print("Seconds by number of blocks (× per doubling, 2 is linear):\n")
    print(rows(["blocks", *(f"{size:,}" for size in SIZES), "peak MB"], [_shape_row(*item) for item in shapes.items()]))
    print("\nHostile pages (MB: largest so far, with the page made and after it):\n")
    heading = ["page", "seconds", "MB before", "peak MB", "warnings"]
    print(rows(heading, [_hostile_row(*item) for item in hostile.items()]))
    return 0 if all([*shapes.values(), *hostile.values()]) else 1


if __name__ == "__main__":
    be_quiet()
    sys.exit(main())
