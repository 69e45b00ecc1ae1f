"""Title, date, authors and page type against what people noted down, ours beside trafilatura's.

``python -m benchmarks.metadata DATA``; golds are the fields ``title``, ``date``, ``author`` and ``type`` of the rows.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import trafilatura.metadata

from cleaner.training.evaluate.folds import FoldCleaners, shipped_folds
from cleaner.training.evaluate.process import be_quiet
from cleaner.training.evaluate.table import rows
from cleaner.training.sets import MissingSet, opened, read_page

SETS = ("wcxb-dev", "news-dev")
_NOT_WORD = re.compile(r"\W+")


class Said(NamedTuple):
    """What an extractor says of a page."""

    title: str
    date: str
    authors: str
    page_type: str = ""


def word_f1(said: str, gold: str) -> float:
    """F1 of two texts as bags of words; 1 where both are empty."""
    one, other = _words(said), _words(gold)
    if not one or not other:
        return float(one == other)
    return 2 * (Counter(one) & Counter(other)).total() / (len(one) + len(other))


def _words(text: str) -> list[str]:
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text)).casefold().split()


def score(said: Said, row: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """The measures that a row allows."""
    if title := row.get("title"):
        yield "title, same words", float(_words(said.title) == _words(title))
        yield "title, word F1", word_f1(said.title, title)
    if date := row.get("date"):
        yield "date", float(said.date == date[:10])
    if author := row.get("author"):
        yield "authors, word F1", word_f1(said.authors, "; ".join(author) if isinstance(author, list) else author)
    if said.page_type and row.get("type"):
        yield "page type", float(said.page_type == row["type"])


def ours(cleaners: FoldCleaners, page: bytes, url: str | None) -> Said:
    """What Cleaner says, by the model that never saw the page's site."""
    document = cleaners.document(page, url)
    return Said(document.title or "", document.date or "", "; ".join(document.authors), document.page_type)


def theirs(page: bytes, url: str | None) -> Said:
    """What trafilatura says."""
    found = trafilatura.metadata.extract_metadata(page, default_url=url)
    return Said(found.title or "", found.date or "", found.author or "") if found else Said("", "", "")


def measure(folder: Path, cleaners: FoldCleaners, limit: int | None) -> dict[str, dict[str, list[float]]]:
    """All scores of a set, by extractor and measure."""
    scores: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in ("cleaner", "trafilatura")}
    lines = (folder / "pages.jsonl").read_text("utf-8").strip("\n").split("\n")
    for row in map(json.loads, lines[:limit]):
        page, url = read_page(folder, row["id"]), row.get("url")
        for name, said in (("cleaner", ours(cleaners, page, url)), ("trafilatura", theirs(page, url))):
            for what, value in score(said, row):
                scores[name][what].append(value)
    return scores


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.metadata", description="Metadata and page types.")
    parser.add_argument("data", type=Path, help="folder of the sets")
    parser.add_argument("--folds", type=Path, default=shipped_folds(), help="fold models")
    parser.add_argument("--limit", type=int, help="the first pages of each set only")
    options = parser.parse_args(arguments)
    try:
        cleaners = FoldCleaners.open(options.folds)
        with opened(options.data, SETS) as folders:
            for name, folder in folders.items():
                print(f"{name}:\n\n{_table(measure(folder, cleaners, options.limit))}\n")
    except (MissingSet, OSError) as error:
        parser.error(str(error))
    return 0


def _table(scores: dict[str, dict[str, list[float]]]) -> str:
    names = list(scores["cleaner"])
    body = [
        [name, *(f"{sum(of[what]) / len(of[what]):.3f}" if of[what] else "–" for what in names)]
        for name, of in scores.items()
    ]
    heads = [f"{what} ({len(scores['cleaner'][what])})" for what in names]
    return rows(["extractor", *heads], body)


if __name__ == "__main__":
    be_quiet()
    sys.exit(main())
