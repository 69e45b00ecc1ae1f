"""Does memory stay level over many pages? One process over a whole set.

``python -m benchmarks.memory DATA`` prints the largest resident size and how much the resident size grew from page 500
to the end. Some growth is the heap's; growth that goes on in a second ``--rounds`` is a leak.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cleaner.training.evaluate.extractors import EXTRACTORS, Extract
from cleaner.training.evaluate.process import be_quiet, memory, peak_memory, python
from cleaner.training.sets import MissingSet, opened, read_pages

SETTLED = 500
"""Pages after which caches and the heap have settled."""
_SHOWN_EVERY = 250


@dataclass(frozen=True, slots=True)
class Growth:
    """Resident size of this process in MB."""

    pages: int
    start: float
    settled: float
    """At page 500; at the end where there are fewer."""
    end: float
    peak: float


def watch(extract: Extract, folder: Path, rounds: int = 1) -> Growth:
    """Extract all pages of a set, ``rounds`` times over; exceptions count as empty text."""
    start, settled, pages = memory(), None, 0
    for _ in range(rounds):
        for _, page in read_pages(folder):
            _quiet(extract, page)
            pages += 1
            if pages == SETTLED:
                settled = _settled_memory()
            if pages % _SHOWN_EVERY == 0:
                print(f"{pages} pages: {memory():.0f} MB", file=sys.stderr)
    end = _settled_memory()
    return Growth(pages, start, end if settled is None else settled, end, peak_memory())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the numbers."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description="Memory over a whole set.")
    parser.add_argument("data", type=Path, help="folder of the sets: <set>/pages.jsonl or <set>.tar.xz")
    parser.add_argument("--set", default="wcxb-dev", dest="set_name")
    parser.add_argument("--extractor", choices=EXTRACTORS, default="cleaner")
    parser.add_argument("--rounds", type=int, default=1, help="how often to go over the set")
    options = parser.parse_args(arguments)
    try:
        with opened(options.data, [options.set_name]) as folders:
            folder = folders[options.set_name]
            if folder.parent != options.data.resolve():
                # Unpacking leaves its own memory behind: measure in a new process.
                return _again(folder, options.extractor, options.rounds)
            growth = watch(EXTRACTORS[options.extractor].make(), folder, options.rounds)
    except MissingSet as error:
        parser.error(str(error))
    print(f"{options.extractor} over {growth.pages} pages of {options.set_name}, resident MB:")
    print(f"start {growth.start:.0f}, page {min(SETTLED, growth.pages)} {growth.settled:.0f}, end {growth.end:.0f}")
    print(f"growth {growth.end - growth.settled:+.0f}, peak {growth.peak:.0f}")
    return 0


def _again(folder: Path, extractor: str, rounds: int) -> int:
    command = ["-m", "benchmarks.memory", str(folder.parent), "--set", folder.name]
    return python(*command, "--extractor", extractor, "--rounds", str(rounds)).returncode


def _quiet(extract: Extract, page: bytes) -> None:
    try:
        extract(page)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # extensions raise panics that are no Exception
        print(f"  {type(error).__name__}: {str(error)[:200]}", file=sys.stderr)


def _settled_memory() -> float:
    gc.collect()
    return memory()


if __name__ == "__main__":
    be_quiet()
    sys.exit(main())
