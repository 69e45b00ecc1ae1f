"""The numbers that the tagger sees of each block, a group of columns for each thing that they tell of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from cleaner.document import ASKS, Kind, Label, PageType
from cleaner.html.blocks import Blocks
from cleaner.tag.characters import Floats, characters
from cleaner.tag.evidence import Evidence
from cleaner.tag.rules import Rules
from cleaner.tag.stamps import is_amount, is_counter, is_stamp
from cleaner.tag.verdict import Verdict
from cleaner.twin import twin

BOXES = 6
"""Ancestors of a block, each with more blocks in it than the one inside, whose contents are summed up."""

_LABELS = tuple(Label)
_LABEL_INDEX = {label: i for i, label in enumerate(_LABELS)}
_KINDS = tuple(Kind)
_KIND_INDEX = {kind: i for i, kind in enumerate(_KINDS)}
_TYPES = tuple(PageType)
ASK_ORDER = tuple(sorted(ASKS))
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", '."', ".”", "»", "”", "।", "؟", "۔")
_QUOTES = ("", *"\"“„«'‘「")
PROSE_WORDS = 8
PATH = 6
PROBE = 32
LEAST_PROBE = 16

WIDTHS = {"form": 27 + len(_KINDS), "makes": 8, "place": 16, "signs": len(_LABELS) + 1, "told": 6}
WIDTHS |= {"phrases": len(_LABELS) + 12, "rules": 2 * len(_LABELS) + 5, "boxes": 8 * BOXES, "page": 11 + len(_TYPES)}
WIDTH = sum(WIDTHS.values())
"""Numbers a block."""
RULES = slice(sum(list(WIDTHS.values())[:6]), sum(list(WIDTHS.values())[:7]))
"""Those of them that say what the rules would decide."""

Integers = NDArray[np.int32]


def numbers(rules: Rules, verdict: Verdict, boxes: Integers) -> Floats:
    """Return n rows of :data:`WIDTH` numbers; boxes has first and last block of each box around each block."""
    found: Floats = (reference if COMPILED is None else COMPILED.numbers)(rules, verdict, boxes)
    return found


def reference(rules: Rules, verdict: Verdict, boxes: Integers) -> Floats:
    """The same in Python."""
    evidence = rules.evidence
    blocks = evidence.blocks
    columns = [
        _form(blocks, evidence),
        _makes(blocks, evidence),
        _place(rules),
        _signs(evidence),
        _told(blocks, evidence),
        _phrases(evidence),
        _rules(rules, verdict),
        _surroundings(blocks, evidence, boxes),
        np.repeat(page(rules, blocks, evidence)[None, :], len(blocks), axis=0),
    ]
    return np.hstack(columns)


def _one_hot(values: Sequence[int], width: int) -> Floats:
    """A row a value with a 1 in its place; a value of -1 has none."""
    hot = np.zeros((len(values), width), np.float32)
    index = np.asarray(values, np.int64).reshape(-1)
    rows = np.nonzero(index >= 0)[0]
    hot[rows, index[rows]] = 1.0
    return hot


def _stack(*columns: Sequence[float] | NDArray[np.generic]) -> Floats:
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _form(blocks: Blocks, evidence: Evidence) -> Floats:
    """Length, links, punctuation and kind."""
    texts = blocks.text
    words = np.asarray(blocks.words, np.float32)
    signs = characters(texts)
    size, digits = signs.size, signs.digits
    figured = [bool(n) or not text.isascii() for n, text in zip(digits.tolist(), texts, strict=True)]
    seen = Counter(texts)
    firsts = [text[:1] for text in texts]
    numbers = _stack(
        np.log1p(words),
        np.log1p(size),
        words >= PROSE_WORDS,
        size / np.maximum(words, 1) / 10,
        evidence.link_share,
        np.log1p(np.asarray(evidence.prose, np.float32)),
        np.minimum(signs.commas / np.maximum(words, 1) * 5, 2),
        np.minimum(signs.stops, 10) / 5,
        digits / np.maximum(size, 1),
        [text.endswith(_SENTENCE_ENDS) for text in texts],
        [text.endswith((":", "：")) for text in texts],
        signs.questions,
        signs.exclamations,
        signs.copyrights,
        signs.ats,
        signs.currencies,
        signs.breaks,
        [first.islower() for first in firsts],
        [text.isupper() for text in texts],
        [first in _QUOTES for first in firsts],
        np.log1p([seen[text] - 1 for text in texts]),
        [image >= 0 for image in blocks.image],
        [group >= 0 for group in blocks.group],
        [row >= 0 for row in blocks.row],
        [any_figure and is_stamp(text, n) for any_figure, text, n in zip(figured, texts, blocks.words, strict=True)],
        [any_figure and is_counter(text) for any_figure, text in zip(figured, texts, strict=True)],
        [any_figure and is_amount(text) for any_figure, text in zip(figured, texts, strict=True)],
    )
    return np.hstack([numbers, _one_hot([_KIND_INDEX[kind] for kind in blocks.kind], len(_KINDS))])


def _makes(blocks: Blocks, evidence: Evidence) -> Floats:
    """What blocks of one make have in common: made alike are those whose elements and classes, or whose tags, agree."""
    containers = blocks.containers
    tag, attributes, parent = containers.tag, containers.attributes, containers.parent
    makes: dict[object, int] = {}
    paths: dict[object, int] = {}
    own, tags = [], []
    for c in blocks.container:
        outer = parent[c]
        make = (tag[c], attributes[c], tag[outer], attributes[outer]) if outer >= 0 else (tag[c], attributes[c])
        own.append(makes.setdefault(make, len(makes)))
        path = [tag[c]]
        while outer >= 0 and len(path) < PATH:
            path.append(tag[outer])
            outer = parent[outer]
        tags.append(paths.setdefault(tuple(path), len(paths)))
    words, linked = np.asarray(blocks.words, np.float64), np.asarray(evidence.link_share, np.float64)
    prose, total = np.asarray(evidence.prose, np.float64), max(1.0, float(evidence.total[-1]))
    columns = []
    for alike in (np.asarray(own, np.int64), np.asarray(tags, np.int64)):
        count = np.bincount(alike)
        for numbers in (
            np.log1p(count) / 3,
            np.log1p(np.bincount(alike, words) / count) / 3,
            np.bincount(alike, linked) / count,
            np.bincount(alike, prose) / total,
        ):
            columns.append(numbers[alike])
    return _stack(*columns)


def _told(blocks: Blocks, evidence: Evidence) -> Floats:
    """Whether the block's beginning and end stand in what the structured data tells of the page."""
    hints = evidence.hints
    sources = (hints.body, hints.description, hints.posts)
    found = np.zeros((len(blocks), len(sources)), np.float32)
    for k, source in enumerate(sources):
        if not source:
            continue
        for i, text in enumerate(blocks.text):
            if len(text) >= LEAST_PROBE:
                found[i, k] = ((text[:PROBE] in source) + (text[-PROBE:] in source)) / 2
    there = np.asarray([[float(bool(source.strip())) for source in sources]], np.float32)
    return np.hstack([found, np.repeat(there, len(blocks), axis=0)])


def _place(rules: Rules) -> Floats:
    """Where in the page and in its frame a block stands."""
    blocks, frame = rules.blocks, rules.frame
    n = len(blocks)
    i = np.arange(n, dtype=np.float32)
    words = np.asarray([0, *accumulate(blocks.words)], np.float32)
    prose = np.asarray(rules.evidence.total, np.float32)
    headline = frame.headline
    after = i - headline if headline >= 0 else np.zeros(n, np.float32)
    return _stack(
        i / max(1, n),
        np.log1p(i),
        np.log1p(n - 1 - i),
        words[:-1] / max(1.0, float(words[-1])),
        prose[:-1] / max(1.0, float(prose[-1])),
        np.log1p(prose[:-1]),
        np.log1p(prose[-1] - prose[1:]),
        (frame.first <= i) & (i < frame.last),
        (frame.core_first <= i) & (i < frame.core_last),
        _signed_log(i - frame.core_first),
        _signed_log(i - frame.core_last),
        _signed_log(i - rules.first_prose),
        (i == headline),
        _signed_log(after),
        np.full(n, float(headline >= 0)),
        (i > headline) & (i < frame.core_first),
    )


def _signed_log(distance: NDArray[np.float32]) -> NDArray[np.float32]:
    return (np.sign(distance) * np.log1p(np.abs(distance)) / 3).astype(np.float32)


def _signs(evidence: Evidence) -> Floats:
    """What the markup says, strong signs as 1 and weak ones as one half, and the words of headings as the title's."""
    zone = evidence.zone
    hot = _one_hot([_LABEL_INDEX[sign.label] if sign else -1 for sign in zone], len(_LABELS))
    hot *= np.asarray([0.5 if sign is not None and sign.weak else 1.0 for sign in zone], np.float32)[:, None]
    return np.hstack([hot, _stack(evidence.alike)])


STRENGTHS = {"exact": 1.0, "certain": 1.0, "prefix": 0.8, "hint": 0.35}
_SAID = (*_LABELS, "part", "wall", "salutation")
_NO_WEIGHTS = (0.0,) * len(ASK_ORDER)
SAID_INDEX = {str(name): i for i, name in enumerate(_SAID)}


def _phrases(evidence: Evidence) -> Floats:
    """What the words say: the strongest phrase of each label, and what the phrases say together."""
    said = np.zeros((len(evidence.blocks), len(_SAID)), np.float32)
    for i, hits in enumerate(evidence.hits):
        for hit in hits:
            k, strength = SAID_INDEX[hit.phrase.label], STRENGTHS[hit.phrase.strength]
            if strength > said[i, k]:
                said[i, k] = strength
    numbers = np.asarray(
        [
            (
                *((min(4.0, c.weights.get(label, 0.0)) / 3 for label in ASK_ORDER) if c.weights else _NO_WEIGHTS),
                c.certain,
                min(c.sure, 3),
                c.part,
                min(c.hints, 5) / 2,
                min(1.0, 10.0 * c.hints / max(1, words)),
                c.form,
            )
            for c, words in zip(evidence.cues, evidence.blocks.words, strict=True)
        ],
        np.float32,
    )
    return np.hstack([said, numbers])


def _rules(rules: Rules, verdict: Verdict) -> Floats:
    """What the rules would decide."""
    labels = _one_hot([_LABEL_INDEX[label] for label in verdict.labels], len(_LABELS))
    grouped = [-1] * len(verdict.labels)
    sizes = [0] * len(verdict.labels)
    for group in rules.groups:
        for i in group.blocks:
            grouped[i], sizes[i] = ASK_ORDER.index(group.label) if group.label in ASKS else -1, len(group.blocks)
    return np.hstack(
        [
            labels,
            labels * np.asarray(verdict.confidences, np.float32)[:, None],
            _one_hot(grouped, len(ASK_ORDER)),
            _stack(np.log1p(sizes), rules.cards),
        ]
    )


def _surroundings(blocks: Blocks, evidence: Evidence, boxes: Integers) -> Floats:
    """What each of the boxes around a block holds: its share of the page, links, prose, blocks."""
    words = np.asarray([0, *accumulate(blocks.words)], np.float32)
    size = np.asarray([0, *accumulate(len(text) for text in blocks.text)], np.float32)
    links = np.asarray([0, *accumulate(blocks.link_chars)], np.float32)
    prose = np.asarray(evidence.total, np.float32)
    first, last = boxes[:, :, 0], boxes[:, :, 1]
    inside = words[last] - words[first]
    parts = [
        inside / max(1.0, float(words[-1])),
        np.log1p(inside) / 5,
        (links[last] - links[first]) / np.maximum(1.0, size[last] - size[first]),
        (prose[last] - prose[first]) / np.maximum(1.0, inside),
        (prose[last] - prose[first]) / max(1.0, float(prose[-1])),
        np.log1p((last - first).astype(np.float32)) / 3,
        np.log1p(inside / np.maximum(1, last - first)) / 3,
        (last - first) / max(1, len(blocks)),
    ]
    return np.hstack(parts).astype(np.float32)


def page(rules: Rules, blocks: Blocks, evidence: Evidence) -> Floats:
    """What is alike for all blocks of the page."""
    words, n = sum(blocks.words), max(1, len(blocks))
    linked = sum(w for w, share in zip(blocks.words, evidence.link_share, strict=True) if share > 0.5)
    prose_blocks = sum(map(bool, evidence.prose))
    frame = rules.frame
    numbers = [
        np.log1p(n) / 5,
        np.log1p(words) / 8,
        evidence.total[-1] / max(1, words),
        np.log1p(evidence.total[-1]) / 8,
        linked / max(1, words),
        prose_blocks / n,
        (frame.core_last - frame.core_first) / n,
        (evidence.total[frame.core_last] - evidence.total[frame.core_first]) / max(1, evidence.total[-1]),
        float(sum(rules.cards)) / n,
        len(rules.groups) / 5,
        max(evidence.prose, default=0) / 100,
    ]
    return np.asarray([*numbers, *(kind is rules.page_type for kind in _TYPES)], np.float32)


# Last, for the twin takes names from here.
COMPILED = twin("cleaner.tag._numbers")
