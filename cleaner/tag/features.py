"""What the tagger sees of a page: numbers, words and markup of each block, as arrays.

Every feature is an array expression over the struct of arrays or over the rules' findings, so that a compiled core can
fill the same arrays. Words and names of classes are hashed (:func:`bucket`); nothing depends on a vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from zlib import crc32

import numpy as np

from cleaner.html.blocks import Blocks
from cleaner.tag.characters import Floats
from cleaner.tag.numbers import BOXES, Integers, numbers
from cleaner.tag.rules import Rules
from cleaner.tag.verdict import Verdict

FEATURE_VERSION = 1
TEXT_BUCKETS = 1 << 13
MARKUP_BUCKETS = 1 << 12
FIRST_WORDS = 6
LAST_WORDS = 4
DEPTH = 8
"""Ancestors of a block whose element and class names are seen."""
NAMES = 6
"""Words of an element's attributes that are seen, its tag included."""
_WORD_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Features:
    """The arrays of a page of n blocks.

    numbers: n rows of :data:`WIDTH` numbers. words: n rows of buckets of the first and the last words, 0 for none.
    names: a row of buckets for each element that is seen. path: n rows of the rows in names of a block's ancestors,
    innermost first, 0 for none. boxes: n rows of first and last block of each of the :data:`BOXES` boxes around it.
    """

    numbers: Floats
    words: Integers
    names: Integers
    path: Integers
    boxes: Integers


def bucket(token: str, buckets: int) -> int:
    """The number of a token, from 1: CRC-32 of its UTF-8 bytes modulo the buckets less one, plus one."""
    return crc32(token.encode("utf-8", "replace")) % (buckets - 1) + 1


def features(rules: Rules, verdict: Verdict) -> Features:
    """Compute the features of a page from what the rules found on it."""
    blocks = rules.blocks
    boxes = _boxes(blocks)
    names, path = _markup(blocks)
    return Features(numbers(rules, verdict, boxes), _words(blocks), names, path, boxes.reshape(len(blocks), -1))


Row = TypeVar("Row")


def _from_outside(blocks: Blocks, outermost: Row, inside: Callable[[int, Row], Row]) -> list[Row]:
    """A row for each block's container; inside makes one from a container and its parent's row. Each is made once."""
    parent = blocks.containers.parent
    rows = {-1: outermost}
    found = []
    for container in blocks.container:
        row = rows.get(container)
        if row is None:
            waiting, c = [], container
            while c not in rows:
                waiting.append(c)
                c = parent[c]
            row = rows[c]
            for c in reversed(waiting):
                row = rows[c] = inside(c, row)
        found.append(row)
    return found


def _boxes(blocks: Blocks) -> Integers:
    """First and last block of each box around each block, innermost first; the page where there are no more.

    The innermost is the block alone; each further one holds more than the one before.
    """
    n = len(blocks)
    first, last = blocks.containers.first, blocks.containers.last
    none: list[tuple[int, int]] = []
    chains = _from_outside(blocks, none, lambda c, around: _wider(first[c], last[c], around))
    page = [(0, n)] * BOXES
    rows = [chain[:BOXES] + page[len(chain) :] for chain in chains]
    return np.asarray(rows, np.int32).reshape(n, BOXES, 2)


def _wider(first: int, last: int, around: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The boxes around a container, itself among them, from those around its parent."""
    if last - first <= 1:
        return around
    same = around and around[0][1] - around[0][0] == last - first
    return [(first, last), *(around[1:] if same else around)]


_BUCKETS: dict[str, int] = {}
_MOST_KNOWN = 200_000


def _words(blocks: Blocks) -> Integers:
    """Buckets of the first and the last words of each block, lower case."""
    if len(_BUCKETS) > _MOST_KNOWN:
        _BUCKETS.clear()
    known = _BUCKETS.get
    nothing = [0] * (FIRST_WORDS + LAST_WORDS)
    rows = []
    for text in blocks.text:
        tokens = text.lower().split()
        if len(tokens) > FIRST_WORDS + LAST_WORDS:
            tokens = tokens[:FIRST_WORDS] + tokens[-LAST_WORDS:]
        row = [known(token) or _word_bucket(token) for token in tokens]
        rows.append(row + nothing[len(row) :])
    return np.asarray(rows, np.int32)


def _word_bucket(token: str) -> int:
    number = bucket(token[:_WORD_LENGTH], TEXT_BUCKETS)
    if len(token) <= _WORD_LENGTH:
        _BUCKETS[token] = number
    return number


_NAME_ROWS: dict[tuple[str, str], list[int]] = {}


def _name_row(tag: str, attributes: str) -> list[int]:
    key = tag, attributes
    known = _NAME_ROWS.get(key)
    if known is None:
        if len(_NAME_ROWS) >= _MOST_KNOWN // 4:
            _NAME_ROWS.clear()
        tokens = [f"<{tag}>", *attributes.split()[: NAMES - 1]]
        known = [bucket(token[:_WORD_LENGTH], MARKUP_BUCKETS) for token in tokens]
        known += [0] * (NAMES - len(known))
        _NAME_ROWS[key] = known
    return known


def _markup(blocks: Blocks) -> tuple[Integers, Integers]:
    """Names of the elements around the blocks, and which of them stand around which block."""
    containers = blocks.containers
    rows: list[list[int]] = [[0] * NAMES]
    index: dict[tuple[str, str], int] = {}

    def inside(c: int, around: list[int]) -> list[int]:
        key = containers.tag[c], containers.attributes[c]
        number = index.get(key)
        if number is None:
            number = index[key] = len(rows)
            rows.append(_name_row(*key))
        return [number, *around[: DEPTH - 1]]

    none: list[int] = []
    nothing = [0] * DEPTH
    path = [known + nothing[len(known) :] for known in _from_outside(blocks, none, inside)]
    return np.asarray(rows, np.int32), np.asarray(path, np.int32)
