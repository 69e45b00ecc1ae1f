"""How near an output is to what people wanted: words, runs of four words, snippets."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cleaner.training.evaluate.cruft import cruft_score
from cleaner.training.sets import Row

_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")
_SHINGLE = 4


@dataclass(frozen=True, slots=True)
class Overlap:
    """Precision, recall and their harmonic mean, each in [0, 1]."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class ShingleScore:
    """4-gram measure over a set; accuracy is the share of pages that came out word for word."""

    precision: float
    recall: float
    f1: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class SnippetScore:
    """Snippet measure over a set; leak is the share of unwanted snippets that came out."""

    precision: float
    recall: float
    f1: float
    leak: float


def word_overlap(output: str, gold: str) -> Overlap:
    """Compare two texts as bags of lower-case words; an empty gold wants an empty output."""
    got, wanted = Counter(_WORD.findall(output.lower())), Counter(_WORD.findall(gold.lower()))
    if not wanted:
        value = 0.0 if got else 1.0
        return Overlap(value, value, value)
    shared = (got & wanted).total()
    if not shared:
        return Overlap(0.0, 0.0, 0.0)
    precision, recall = shared / got.total(), shared / wanted.total()
    return Overlap(precision, recall, 2 * precision * recall / (precision + recall))


def word_score(pairs: Sequence[tuple[str, str]]) -> Overlap:
    """Mean of precision, recall and F1 over pages; pairs are (output, gold)."""
    scores = [word_overlap(output, gold) for output, gold in pairs]
    return Overlap(
        _mean([score.precision for score in scores]),
        _mean([score.recall for score in scores]),
        _mean([score.f1 for score in scores]),
    )


def shingle_score(pairs: Sequence[tuple[str, str]]) -> ShingleScore:
    """4-gram F1 of the mean precision and the mean recall over pages; pairs are (output, gold).

    A page without output does not count for precision.
    """
    precisions, recalls, exact = [], [], []
    for output, gold in pairs:
        wanted = _shingles(gold)
        got = _shingles(output) if output else Counter()
        shared = (wanted & got).total()
        if got:
            precisions.append(shared / got.total())
        recalls.append(shared / wanted.total())
        exact.append(float(_WORD.findall(gold) == _WORD.findall(output)))
    precision, recall = _mean(precisions), _mean(recalls)
    return ShingleScore(precision, recall, _harmonic(precision, recall), _mean(exact))


def snippet_score(pages: Iterable[tuple[str, Row]]) -> SnippetScore:
    """Snippets found or not, counted over all pages; pages are (output, row)."""
    wanted_found = wanted = unwanted_found = unwanted = 0
    for output, row in pages:
        text = _normal(output)
        wanted += len(row.present)
        unwanted += len(row.absent)
        wanted_found += sum(_normal(snippet) in text for snippet in row.present)
        unwanted_found += sum(_normal(snippet) in text for snippet in row.absent)
    precision = wanted_found / max(1, wanted_found + unwanted_found)
    recall = wanted_found / max(1, wanted)
    return SnippetScore(precision, recall, _harmonic(precision, recall), unwanted_found / max(1, unwanted))


def by_type(outputs: Mapping[str, str], rows: Sequence[Row]) -> dict[str, float]:
    """Mean word F1 of each page type."""
    scores: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        if row.gold is not None:
            scores[row.type].append(word_overlap(outputs[row.id], row.gold).f1)
    return {name: _mean(values) for name, values in sorted(scores.items())}


def measure(outputs: Mapping[str, str], rows: Sequence[Row]) -> dict[str, Any]:
    """Take every measure that the rows allow, as JSON types; outputs holds a text for the id of each row."""
    taken: dict[str, Any] = {}
    pairs = [(outputs[row.id], row.gold) for row in rows if row.gold is not None]
    if pairs:
        taken["word"] = asdict(word_score(pairs))
        taken["four_gram"] = asdict(shingle_score(pairs))
        taken["word_f1_by_type"] = by_type(outputs, rows)
    with_snippets = [(outputs[row.id], row) for row in rows if row.present or row.absent]
    if with_snippets:
        taken["snippet"] = asdict(snippet_score(with_snippets))
    labelled = [row for row in rows if row.blocks and row.whole]
    if labelled:
        taken["cruft"] = asdict(cruft_score(outputs, labelled))
    return taken


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    # A text shorter than a shingle is one shingle, so that short articles count at all.
    words = _WORD.findall(text)
    return Counter(tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1)))


def _normal(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / max(1e-9, precision + recall)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))
