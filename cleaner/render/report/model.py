"""What a report shows of a document, as plain data: templates decide nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sqrt
from typing import TYPE_CHECKING

from cleaner.document import Block, Label
from cleaner.html.words import count_words
from cleaner.render.report.result import result

if TYPE_CHECKING:
    from markupsafe import Markup

    from cleaner.document import Document

UNSURE = 0.7
"""Below this confidence a label is marked: of the blocks there, the calibrated model has three in ten wrong or more."""
_WIDTH = 1000
_LEAD = 160
_SECOND = re.compile(r"\((\w+) (\d\.\d+)\)")
_DECEIVING = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}", re.I)
_FOLLOWED = re.compile(r"https?://", re.I)


@dataclass(frozen=True, slots=True)
class Count:
    """How much of a page has a label."""

    label: Label
    blocks: int
    words: int


@dataclass(frozen=True, slots=True)
class Span:
    """A label's stretch of the bar, of a thousand in all."""

    label: Label
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Tally:
    """The labels that there are, in the order of their list."""

    counts: tuple[Count, ...]

    @property
    def blocks(self) -> int:
        """All blocks."""
        return sum(count.blocks for count in self.counts)

    @property
    def words(self) -> int:
        """All words."""
        return sum(count.words for count in self.counts)

    @property
    def spans(self) -> list[Span]:
        """The bar of words by label."""
        spans, start, words = [], 0.0, self.words or 1
        for count in self.counts:
            width = _WIDTH * count.words / words
            spans.append(Span(count.label, round(start, 2), round(width, 2)))
            start += width
        return spans

    def __add__(self, other: Tally) -> Tally:
        return tally((count.label, count.blocks, count.words) for count in (*self.counts, *other.counts))


@dataclass(frozen=True, slots=True)
class Second:
    """The label that came next, where that was close."""

    label: Label
    chance: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A block as it is shown."""

    index: int
    text: str
    label: Label
    confidence: str
    reason: str
    second: Second | None
    kind: str
    xpath: str
    words: int
    unsure: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring blocks of one label, those of one ask apart from the next; folded where they were removed."""

    label: Label
    folded: bool
    lines: tuple[tuple[Shown, ...], ...]
    """The cells of a table's row are one line."""

    @property
    def blocks(self) -> int:
        """How many blocks."""
        return sum(map(len, self.lines))

    @property
    def words(self) -> int:
        """How many words."""
        return sum(block.words for line in self.lines for block in line)

    @property
    def unsure(self) -> bool:
        """Whether one of them is."""
        return any(block.unsure for line in self.lines for block in line)

    @property
    def lead(self) -> str:
        """How the text begins, on one line."""
        lead = ""
        for line in self.lines:
            for block in line:
                if len(lead) > _LEAD:
                    return f"{lead[:_LEAD]}…"
                lead += (" · " if lead else "") + " ".join(block.text[:_LEAD].split())
        return lead


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the page says of itself."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """A page in the list of pages: all that is kept of it until the last page is seen."""

    name: str
    title: str
    page_type: str
    access: str
    warnings: tuple[str, ...]
    tally: Tally
    words: int
    asks: int
    doubt: float

    @property
    def spans(self) -> list[Span]:
        """The bar of words by label."""
        return self.tally.spans


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is shown."""

    row: Row
    facts: tuple[Fact, ...]
    url: str | None
    language: str | None
    runs: tuple[Run, ...]
    result: Markup
    """The cleaned page."""

    @property
    def followed(self) -> bool:
        """Whether the address is one to follow, rather than to look at."""
        return bool(_FOLLOWED.match(self.url or ""))

    @property
    def unsure(self) -> int:
        """How many blocks' labels are unsure."""
        return sum(block.unsure for run in self.runs for line in run.lines for block in line)


def sheet(name: str, document: Document) -> Sheet:
    """What is shown of a document."""
    said = document.metadata
    facts = (
        ("authors", ", ".join(said.authors)),
        ("date", said.date),
        ("site", said.site_name),
        ("language", said.language),
    )
    shown = [_shown(block) for block in document.blocks]
    return Sheet(
        row=_row(name, document, shown),
        facts=tuple(Fact(what, plain(value)) for what, value in facts if value),
        url=plain(said.url) if said.url else None,
        language=said.language if _LANGUAGE.fullmatch(said.language or "") else None,
        runs=tuple(_runs(document, shown)),
        result=result(document),
    )


def doubt(blocks: Iterable[tuple[float, int]]) -> float:
    """How unsure the labels of a page are, from 0 to 1: the mean of 1 - confidence, weighed by the root of the words.

    blocks: confidence and words of each. A page without blocks is all doubt: nobody knows what it held.
    """
    total = weights = 0.0
    for confidence, words in blocks:
        weight = sqrt(words)
        total += weight * (1.0 - confidence)
        weights += weight
    return total / weights if weights else 1.0


def tally(labelled: Iterable[tuple[Label, int, int]]) -> Tally:
    """Labels, each with blocks and words, summed."""
    sums: dict[Label, tuple[int, int]] = {}
    for label, blocks, words in labelled:
        before = sums.get(label, (0, 0))
        sums[label] = before[0] + blocks, before[1] + words
    return Tally(tuple(Count(label, *sums[label]) for label in Label if label in sums))


def plain(text: str) -> str:
    """The text on one line, with what would make it show as another written out."""
    return _DECEIVING.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), " ".join(text.split()))


def _row(name: str, document: Document, shown: Sequence[Shown]) -> Row:
    removed = {block.index for block in document.removed}
    return Row(
        name=plain(name),
        title=plain(document.title or ""),
        page_type=str(document.page_type),
        access=str(document.access),
        warnings=document.warnings,
        tally=tally((block.label, 1, block.words) for block in shown),
        words=sum(block.words for block in shown if block.index not in removed),
        asks=len(document.asks),
        doubt=doubt(zip(map(float, document.columns.confidences), (block.words for block in shown), strict=True)),
    )


def _shown(block: Block) -> Shown:
    found = _SECOND.search(block.reason)
    second = Second(Label(found[1]), found[2]) if found and found[1] in set(Label) else None
    return Shown(
        block.index,
        block.text,
        block.label,
        f"{block.confidence:.2f}",
        plain(block.reason),
        second,
        str(block.kind),
        plain(block.xpath),
        count_words(block.text),
        block.confidence < UNSURE,
    )


def _runs(document: Document, shown: Sequence[Shown]) -> Iterable[Run]:
    columns = document.columns
    removed = {block.index for block in document.removed}
    for (label, _), members in groupby(shown, key=lambda block: (block.label, columns.asks[block.index])):
        run = tuple(members)
        lines = groupby(run, key=lambda block: _line(columns.groups, columns.rows, block.index))
        yield Run(label, run[0].index in removed, tuple(tuple(line) for _, line in lines))


def _line(groups: Sequence[int], rows: Sequence[int], index: int) -> tuple[int, ...]:
    """What the blocks of one line have in common: cells their row, others nothing."""
    return (groups[index], rows[index]) if rows[index] >= 0 else (-1, -1, index)
