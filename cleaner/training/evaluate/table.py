"""What a run found, as Markdown tables and as JSON."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cleaner.training.corrected import CORRECTED
from cleaner.training.evaluate.run import Stats

DASH = "–"
BASELINE = "trafilatura"
SCHEMA = 1
Column = tuple[str, str, tuple[str, ...]]
"""Heading, set, and the way to the number in what ``measures.measure`` returns."""
_MEASURES: tuple[Column, ...] = (
    ("wcxb-dev word F1", "wcxb-dev", ("word", "f1")),
    ("traf-dev snippet F1", "traf-dev", ("snippet", "f1")),
    ("news-dev 4-gram F1", "news-dev", ("four_gram", "f1")),
    ("cruft-dev clean pages", "cruft-dev", ("cruft", "clean")),
    ("asking", "cruft-dev", ("cruft", "asking")),
    ("keep", "cruft-dev", ("cruft", "keep")),
    ("ask leak", "cruft-dev", ("cruft", "ask_leak")),
)
_OF_OTHER_SETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("word F1", ("word", "f1")),
    ("snippet F1", ("snippet", "f1")),
    ("asking", ("cruft", "asking")),
    ("keep", ("cruft", "keep")),
    ("ask leak", ("cruft", "ask_leak")),
)
_COSTS = ("pages/s per core", f"× {BASELINE}", "peak MB")
_TYPED_SET = "wcxb-dev"


@dataclass(slots=True)
class Result:
    """One extractor's numbers: what it took and its measures, by set."""

    name: str
    version: str
    stats: dict[str, Stats] = field(default_factory=dict)
    measures: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    """Sets on which its process died."""

    @property
    def speed(self) -> float | None:
        """Pages a processor second over all sets, which is pages a second on one core; None without a run."""
        seconds = sum(stats.cpu_seconds for stats in self.stats.values())
        return sum(stats.pages for stats in self.stats.values()) / seconds if seconds else None

    @property
    def peak_mb(self) -> float | None:
        """Largest resident size over the sets, in MB; None without a run."""
        return max((stats.peak_mb for stats in self.stats.values()), default=None)

    @property
    def errors(self) -> int:
        """Pages on which it raised, over all sets."""
        return sum(stats.errors for stats in self.stats.values())


def markdown(results: Sequence[Result]) -> str:
    """Return the table, the table of page types, and a line for each extractor that raised or died."""
    parts = [_main_table(results)]
    types = _types_table(results)
    if types:
        parts.append(f"Word F1 on {_TYPED_SET} by page type:\n\n{types}")
    notes = [f"- {result.name}: {note}" for result in results for note in _notes(result)]
    if notes:
        parts.append("\n".join(notes))
    return "\n\n".join(parts)


def as_json(results: Sequence[Result]) -> dict[str, Any]:
    """Return everything that was measured, as JSON types."""
    return {
        "schema": SCHEMA,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "extractors": [
            {
                "name": result.name,
                "version": result.version,
                "pages_per_cpu_second": result.speed,
                "peak_mb": result.peak_mb,
                "errors": result.errors,
                "failed": result.failed,
                "sets": {
                    name: {"stats": asdict(stats), "measures": result.measures.get(name, {})}
                    for name, stats in result.stats.items()
                },
            }
            for result in results
        ],
    }


def rows(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table: the first column to the left, the others to the right."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *body))


def _main_table(results: Sequence[Result]) -> str:
    baseline = next((result.speed for result in results if result.name == BASELINE), None)
    body = []
    columns = _columns(results)
    for result in results:
        shares = [_number(_value(result, set_name, path), 3) for _, set_name, path in columns]
        ratio = result.speed / baseline if result.speed and baseline else None
        costs = [_number(result.speed, 1), _number(ratio, 2), _number(result.peak_mb, 0)]
        body.append([_title(result), *shares, *costs])
    return rows(["extractor", *(heading for heading, _, _ in columns), *_COSTS], body)


def _columns(results: Sequence[Result]) -> list[Column]:
    """The measures of the usual sets; without any of these, whatever the sets at hand were measured by.

    Those of corrected pages come beside either.
    """
    sets = list(dict.fromkeys(name for result in results for name in result.measures))
    usual = list(_MEASURES) if not sets or any(set_name in sets for _, set_name, _ in _MEASURES) else []
    others = [name for name in sets if not usual or name.startswith(CORRECTED)]
    found = [(f"{name} {heading}", name, path) for name in others for heading, path in _OF_OTHER_SETS]
    return usual + [column for column in found if any(_value(result, *column[1:]) is not None for result in results)]


def _types_table(results: Sequence[Result]) -> str:
    by_name = {_title(r): r.measures.get(_TYPED_SET, {}).get("word_f1_by_type", {}) for r in results}
    types = sorted({page_type for scores in by_name.values() for page_type in scores})
    if not types:
        return ""
    body = [[name, *(_number(scores.get(t), 3) for t in types)] for name, scores in by_name.items()]
    return rows(["extractor", *types], body)


def _notes(result: Result) -> list[str]:
    notes = [f"its process died on {name}" for name in result.failed]
    if result.errors:
        notes.append(f"raised on {result.errors} pages, which count as empty")
    if in_sample := sum(stats.in_sample for stats in result.stats.values()):
        notes.append(f"in-sample on {in_sample} pages: no model is there that never saw their sites")
    return notes


def _title(result: Result) -> str:
    return f"{result.name} {result.version}"


def _value(result: Result, set_name: str, path: Sequence[str]) -> float | None:
    value: Any = result.measures.get(set_name)
    for key in path:
        value = value.get(key) if value else None
    return value if value is None else float(value)


def _number(value: float | None, digits: int) -> str:
    return DASH if value is None else f"{value:.{digits}f}"
