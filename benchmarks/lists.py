"""What filter lists cost, and whether they leave the body: pages cleaned with and without, in turns, in one run.

``python -m benchmarks.lists DATA``. The lists are made: words as they stand in class names, in the forms and the mix of
real lists. The last one is wrong on purpose: it hides what pages call their articles.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cleaner import Cleaner
from cleaner.training.evaluate.folds import FoldCleaners, shipped_folds
from cleaner.training.evaluate.measures import measure
from cleaner.training.evaluate.process import be_quiet
from cleaner.training.evaluate.table import DASH, rows
from cleaner.training.folds import content_key
from cleaner.training.sets import DEFAULT_SETS, MissingSet, Row, opened, read_pages
from cleaner.user.lists.cosmetic import CosmeticFilters

SIZES = (5_000, 50_000)
CRUFT = (
    "newsletter cookie consent gdpr social share sharing follow related recommended promo sponsor advert banner "
    "popup modal overlay signup subscribe paywall donate support app comments disqus author bio breadcrumb tags "
    "sticky toolbar"
).split()
PARTS = (
    "box bar wrap wrapper container widget block list form cta notice inline footer header sidebar top bottom left "
    "right main item panel module section area holder card button link icon text title row slide flyout strip tray "
    "teaser"
).split()
ARTICLES = (
    "content article article-body article-content post post-content entry entry-content main main-content text body "
    "story story-body wrapper container inner row col box section block module rich-text paragraph prose markdown "
    "page hentry card item media column grid wp-block-group field panel node-content region"
).split()


def filters(count: int, hosts: Sequence[str], seed: int = 0) -> Iterator[str]:
    """Yield that many lines, no two alike, in the mix of real lists."""
    rng = random.Random(seed)
    names = [*hosts, *(f"{rng.choice(CRUFT)}-{n}.example" for n in range(max(1, count // 20)))]

    def name() -> str:
        words = [rng.choice(CRUFT), rng.choice(PARTS), str(rng.randrange(count))][: rng.choice((1, 2, 2, 3, 3, 3, 3))]
        return rng.choice(("-", "_", "__")).join(words)

    forms = (
        (55, lambda: f"##.{name()}"),
        (18, lambda: f"###{name()}"),
        (4, lambda: f"##div.{name()}"),
        (2, lambda: f'##[class*="{name()}"]'),
        (1, lambda: f'##[id^="{name()}"]'),
        (3, lambda: f"##.{name()} > .{name()}"),
        (1, lambda: f"##.{name()}:not(.{name()})"),
        (12, lambda: f"{rng.choice(names)}##.{name()}"),
        (2, lambda: f"{rng.choice(names)},{rng.choice(names)}##div[class^='{name()}'] > a"),
        (1, lambda: f"{rng.choice(names)}##div:has-text(/sponsor/i):upward(1)"),
        (1, lambda: f"{rng.choice(names)}#@#.{name()}"),
    )
    kinds, weights = [form for _, form in forms], [weight for weight, _ in forms]
    known: set[str] = set()
    while len(known) < count:
        line = rng.choices(kinds, weights)[0]()
        if line not in known:
            known.add(line)
            yield line


@dataclass(slots=True)
class Outcome:
    """What cleaning the pages of a set took, and gave."""

    seconds: float = 0.0
    texts: dict[str, str] = field(default_factory=dict)


class Cleaners:
    """Cleaners that share a list, one for each fold's model, so that no page was seen by the model that cleans it."""

    def __init__(self, folder: Path, folds: Mapping[str, int], lists: Sequence[CosmeticFilters]) -> None:
        self._folder, self._folds, self._lists = folder, folds, lists
        self._made: dict[int | None, Cleaner] = {}

    def of(self, page: bytes) -> Cleaner:
        """The cleaner for a page."""
        fold = self._folds.get(content_key(page))
        path = self._folder / f"fold-{fold}.onnx"
        key = fold if fold is not None and path.is_file() else None
        if key not in self._made:
            self._made[key] = Cleaner(rules=self._lists, model=None if key is None else path)
        return self._made[key]


def run(pages: Sequence[tuple[Row, bytes]], cleaners: Sequence[Cleaners]) -> list[Outcome]:
    """Clean the pages with all cleaners in turns, so that a busy machine is busy for each of them."""
    outcomes = [Outcome() for _ in cleaners]
    for turn, (row, page) in enumerate(pages):
        # Who comes first finds the page in no cache.
        for place in range(len(cleaners)):
            number = (place + turn) % len(cleaners)
            one, outcome = cleaners[number].of(page), outcomes[number]
            start = time.process_time()
            text = one.clean(page, row.url or None).text
            outcome.seconds += time.process_time() - start
            outcome.texts[row.id] = text
    return outcomes


def _scores(outcome: Outcome, known: Sequence[Row]) -> list[str]:
    taken = measure(outcome.texts, known)
    word, cruft, snippet = taken.get("word"), taken.get("cruft"), taken.get("snippet")
    return [
        *(f"{word[name]:.4f}" if word else DASH for name in ("recall", "f1")),
        f"{snippet['recall']:.4f}" if snippet else DASH,
        *(f"{cruft[name]:.4f}" if cruft else DASH for name in ("keep", "ask_leak", "cruft_leak")),
    ]


def _table(pages: Sequence[tuple[Row, bytes]], named: Mapping[str, Cleaners]) -> str:
    # Models and lists are opened before anything is timed.
    run(pages[:3], list(named.values()))
    gc.collect()
    outcomes = run(pages, list(named.values()))
    base = outcomes[0].seconds
    body = [
        [
            name,
            f"{1000 * one.seconds / len(pages):.2f}",
            f"{one.seconds / base:.3f}",
            *_scores(one, [row for row, _ in pages]),
        ]
        for name, one in zip(named, outcomes, strict=True)
    ]
    heads = ["list", "ms a page", "× without", "word recall", "word F1", "snippets", "keep", "ask leak", "cruft leak"]
    return rows(heads, body)


def _lists(hosts: Sequence[str], folder: Path) -> dict[str, list[CosmeticFilters]]:
    """The lists, read from files and by name; the time that reading takes is printed."""
    made: dict[str, list[str]] = {f"{size:,} filters": list(filters(size, hosts)) for size in SIZES}
    made["wrong on purpose"] = [f"{mark}{name}" for name in ARTICLES for mark in ("##.", "###")]
    found: dict[str, list[CosmeticFilters]] = {"none": []}
    for name, lines in made.items():
        path = folder / f"{name.replace(' ', '-')}.txt"
        path.write_text("[Adblock Plus 2.0]\n! Title: Annoyances\n" + "\n".join(lines) + "\n", "utf-8")
        start = time.process_time()
        found[name] = [CosmeticFilters.read(path)]
        print(f"{name}: read in {time.process_time() - start:.2f} s", file=sys.stderr)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lists", description="Cost and harm of filter lists.")
    parser.add_argument("data", type=Path, help="folder of the sets")
    parser.add_argument("--folds", type=Path, default=shipped_folds(), help="fold models")
    parser.add_argument("--limit", type=int, help="the first pages of each set only")
    parser.add_argument(
        "--list", type=Path, action="append", default=[], help="a list of your own beside the made ones"
    )
    options = parser.parse_args(arguments)
    try:
        folds = FoldCleaners.open(options.folds).folds
        with opened(options.data, DEFAULT_SETS) as folders, tempfile.TemporaryDirectory() as written:
            sets = {name: list(read_pages(folder, options.limit)) for name, folder in folders.items()}
            lists = _lists(_hosts(sets), Path(written))
            lists.update({path.name: [CosmeticFilters.read(path)] for path in options.list})
            named = {name: Cleaners(options.folds, folds, read) for name, read in lists.items()}
            for name, pages in sets.items():
                print(f"{name}, {len(pages)} pages:\n\n{_table(pages, named)}\n", flush=True)
    except (MissingSet, OSError) as error:
        parser.error(str(error))
    return 0


def _hosts(sets: Mapping[str, Sequence[tuple[Row, bytes]]]) -> list[str]:
    """Some hosts of the pages, so that filters for sites count as well."""
    urls = [row.url for pages in sets.values() for row, _ in pages if "://" in row.url]
    return [url.split("/")[2].lower() for url in urls][::10]


if __name__ == "__main__":
    be_quiet()
    sys.exit(main())
