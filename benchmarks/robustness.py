"""No page may raise: pages of the sets, cut off at random places and with bytes flipped.

``python -m benchmarks.robustness DATA --pages 2000 --seed 1`` exits with 1 if any did. The same seed makes the same
pages.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from cleaner.training.evaluate.extractors import EXTRACTORS
from cleaner.training.evaluate.process import be_quiet
from cleaner.training.sets import MissingSet, find_sets, opened, read_page, read_rows

_MOST_FLIPS = 200
_PROGRESS_EVERY = 250


def cut(page: bytes, chance: random.Random) -> bytes:
    """End the page at a random place."""
    return page[: chance.randrange(len(page) + 1)]


def drop_middle(page: bytes, chance: random.Random) -> bytes:
    """Take out a random stretch."""
    start, end = sorted(chance.randrange(len(page) + 1) for _ in range(2))
    return page[:start] + page[end:]


def flip(page: bytes, chance: random.Random) -> bytes:
    """Set up to 200 random bytes to random values."""
    changed = bytearray(page)
    for _ in range(chance.randint(1, _MOST_FLIPS) if page else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def flip_and_cut(page: bytes, chance: random.Random) -> bytes:
    """Do both."""
    return cut(flip(page, chance), chance)


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (cut, drop_middle, flip, flip_and_cut)


def damaged(folders: Sequence[Path], pages: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield damaged pages with a name that says which page and which damage."""
    chance = random.Random(seed)
    ids = [(folder, row.id) for folder in folders for row in read_rows(folder)]
    for number in range(pages):
        folder, page_id = chance.choice(ids)
        damage = DAMAGES[number % len(DAMAGES)]
        yield f"{number} {folder.name}/{page_id} {damage.__name__}", damage(read_page(folder, page_id), chance)


def touch_everything(extractor: str) -> Callable[[bytes], object]:
    """Return a function that extracts; from cleaner it takes every view, since none may raise either."""
    if extractor != "cleaner":
        return EXTRACTORS[extractor].make()
    clean = import_module("cleaner").clean

    def touch(page: bytes) -> object:
        document = clean(page)
        return document.text, document.markdown, document.html, document.to_dict(), document.asks, document.removed

    return touch


def main(arguments: Sequence[str] | None = None) -> int:
    """Count the exceptions; 0 where there was none, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness", description="No damaged page may raise.")
    parser.add_argument("data", type=Path, help="folder of the sets: <set>/pages.jsonl or <set>.tar.xz")
    parser.add_argument("--sets", metavar="SET,…", help="default: all in the folder")
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--extractor", choices=EXTRACTORS, default="cleaner")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="keep the pages that raised")
    options = parser.parse_args(arguments)
    names = options.sets.split(",") if options.sets else find_sets(options.data)
    try:
        with opened(options.data, names) as folders:
            pages = damaged(list(folders.values()), options.pages, options.seed)
            failures = _count_failures(touch_everything(options.extractor), pages, options.save)
    except MissingSet as error:
        parser.error(str(error))
    print(f"{options.pages} damaged pages, seed {options.seed}: {failures} exceptions")
    return 1 if failures else 0


def _count_failures(touch: Callable[[bytes], object], pages: Iterator[tuple[str, bytes]], save: Path | None) -> int:
    failures = 0
    slowest, slowest_name = 0.0, ""
    for number, (name, page) in enumerate(pages, 1):
        start = time.perf_counter()
        try:
            touch(page)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # extensions raise panics that are no Exception
            failures += 1
            place = traceback.extract_tb(error.__traceback__)[-1]
            print(f"{name}: {type(error).__name__}: {error} ({place.filename}:{place.lineno})", file=sys.stderr)
            if save:
                save.mkdir(parents=True, exist_ok=True)
                (save / f"{name.split()[0]}.html").write_bytes(page)
        seconds = time.perf_counter() - start
        if seconds > slowest:
            slowest, slowest_name = seconds, name
        if number % _PROGRESS_EVERY == 0:
            print(f"{number} pages, {failures} exceptions", file=sys.stderr)
    print(f"slowest: {slowest:.2f} s, {slowest_name}", file=sys.stderr)
    return failures


if __name__ == "__main__":
    # A crash of an extension leaves no exception, but at least a trace.
    faulthandler.enable()
    be_quiet()
    sys.exit(main())
