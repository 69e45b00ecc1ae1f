"""A page with its gold, as the arrays that the network learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from cleaner.document import Label, PageType
from cleaner.html.blocks import Blocks
from cleaner.html.decode import decode
from cleaner.html.hints import Hints, page_hints
from cleaner.html.lines import segment_text
from cleaner.html.parse import parse
from cleaner.html.segment import segment
from cleaner.tag.evidence import gather
from cleaner.tag.features import Features, features
from cleaner.tag.page_type import page_type
from cleaner.tag.rules import Rules
from cleaner.training.align import UNKNOWN, align_gold, align_labels, align_snippets, gold_recall
from cleaner.training.network import CONVENTIONS
from cleaner.training.sets import Row

MAX_BLOCKS = 5_000
"""Longer pages are cut here while training; cleaning goes on to its own bound."""
LEAST_RECALL = 0.5
"""With less of the gold found in the page's blocks, the gold is not of what the page shows."""
LEAST_LABELLED = 0.8
_TYPES = [str(name) for name in PageType]
_LABELS = list(Label)
_BODY = _LABELS.index(Label.BODY)

Marks = NDArray[np.int8]


class LeftOut(NamedTuple):
    """A page that is not learnt from, and why."""

    set_name: str
    id: str
    why: str


@dataclass(slots=True)
class Example:
    """What the network sees of a page and what it is to say.

    body: 1, 0 or -1 (unknown) a block. labels: the index in :class:`Label` or -1. page_type: the index in
    :class:`PageType` or -1. folds: those of every site that something on the page comes from.
    """

    set_name: str
    id: str
    convention: int
    features: Features
    words: NDArray[np.float32]
    body: Marks
    labels: Marks
    page_type: int
    folds: frozenset[int] = field(default_factory=frozenset)


class Seen(NamedTuple):
    """A page as it is cut, before and after the rules; plain text has no root."""

    root: etree._Element | None
    blocks: Blocks
    features: Features


def look(html: bytes, url: str | None) -> Seen | None:
    """Cut a page of UTF-8 and compute its features; None where there is nothing on it."""
    root, _ = parse(html)
    if root is None:
        return None
    blocks = segment(root, MAX_BLOCKS)
    if not len(blocks):
        return None
    return _seen(root, blocks, page_hints(root, url, microdata=b"itemtype" in html))


def look_text(text: str) -> Seen | None:
    """Cut plain text and compute its features; None where there is nothing in it."""
    blocks = segment_text(text, MAX_BLOCKS)
    return _seen(None, blocks, Hints()) if len(blocks) else None


def _seen(root: etree._Element | None, blocks: Blocks, hints: Hints) -> Seen:
    kind = page_type(hints, blocks)
    rules = Rules(gather(blocks, hints, kind), kind)
    return Seen(root, blocks, features(rules, rules.run()))


def convention_of(set_name: str, row: Row) -> int:
    """The convention of a set: by its name where that is known, else by what its gold is."""
    name = set_name.partition("-")[0]
    if name not in CONVENTIONS:
        name = "cruft" if row.blocks else "wcxb" if row.gold is not None else "traf"
    return CONVENTIONS.index(name)


def example(set_name: str, row: Row, page: bytes) -> Example | LeftOut:
    """Turn a row and its page into an example."""
    return marked(set_name, row, look(decode(page)[0], row.url or None))


def marked(set_name: str, row: Row, seen: Seen | None) -> Example | LeftOut:
    """The example of a page that was looked at, with the marks that its row tells."""
    if seen is None:
        return LeftOut(set_name, row.id, "no blocks")
    texts = seen.blocks.text
    labels = [UNKNOWN] * len(texts)
    if row.places:
        labels = placed(texts, row) if seen.root is not None else align_labels(texts, row.blocks)[0]
        if not any(label != UNKNOWN for label in labels):
            return LeftOut(set_name, row.id, "none of the corrected blocks found")
        body = body_of(labels, 0, len(labels))
    elif row.blocks:
        labels, first, last = align_labels(texts, row.blocks)
        found = sum(label != UNKNOWN for label in labels[first:last]) / max(1, last - first)
        if found < LEAST_LABELLED:
            return LeftOut(set_name, row.id, f"{found:.0%} of the labelled blocks found")
        body = body_of(labels, first, last)
    elif row.gold is not None:
        if not row.gold.strip():
            return LeftOut(set_name, row.id, "empty gold")
        body = align_gold(texts, row.gold)
        recall = gold_recall(texts, body, row.gold)
        if recall < LEAST_RECALL:
            return LeftOut(set_name, row.id, f"{recall:.0%} of the gold found")
    else:
        body = align_snippets(texts, row.present, row.absent)
    return Example(
        set_name=set_name,
        id=row.id,
        convention=convention_of(set_name, row),
        features=seen.features,
        words=np.asarray(seen.blocks.words, np.float32),
        body=np.asarray(body, np.int8),
        labels=np.asarray(labels, np.int8),
        page_type=_TYPES.index(row.type) if row.type in _TYPES else -1,
    )


def placed(texts: Sequence[str], row: Row) -> list[int]:
    """The labels of blocks that a row knows by their places, as indices in :class:`Label`, else UNKNOWN."""
    labels = [UNKNOWN] * len(texts)
    for place, (label, text) in zip(row.places, row.blocks, strict=True):
        if place < len(texts) and texts[place] == text:
            labels[place] = _LABELS.index(Label(label))
    return labels


def body_of(labels: list[int], first: int, last: int) -> list[int]:
    """Body or not, from labels: outside of the labelled range nothing is, as it spans the article."""
    return [
        int(label == _BODY) if label != UNKNOWN else UNKNOWN if first <= i < last else 0
        for i, label in enumerate(labels)
    ]
