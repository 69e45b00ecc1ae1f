"""What the tagger sees of a page: numbers, words and markup of each block, as arrays.

Every feature is an array expression over the struct of arrays or over the rules' findings. The compiled twin fills the
same arrays, bit by bit, and so could another. Words and names of classes are hashed (:func:`bucket`); nothing depends
on a vocabulary.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, pairwise
from types import ModuleType
from typing import TypeVar
from zlib import crc32

import numpy as np

from cleaner.html.blocks import Blocks
from cleaner.tag.characters import Floats
from cleaner.tag.numbers import BOXES, Integers, numbers
from cleaner.tag.numbers import reference as numbers_reference
from cleaner.tag.rules import Rules
from cleaner.tag.verdict import Verdict
from cleaner.twin import twin

FEATURE_VERSION = 2
TEXT_BUCKETS = 1 << 13
MARKUP_BUCKETS = 1 << 12
FIRST_WORDS = 6
LAST_WORDS = 4
DEPTH = 8
"""Ancestors of a block whose element and class names are seen."""
NAMES = 6
"""Words of an element's attributes that are seen, its tag included."""
WORD_LENGTH = 24
STEM_BUCKETS = 1 << 14
FIRST_STEMS = 24
LAST_STEMS = 16
"""Stems of a block that are seen: all of most blocks, of a longer one the first and the last."""
STEM_LENGTH = 5
LONGEST_PAIRED = 400
_PAIRED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""Scripts of which pairs of characters are stems: most write no spaces, Korean joins its particles to the word."""


@dataclass(frozen=True, slots=True)
class Features:
    """The arrays of a page of n blocks.

    numbers: n rows of :data:`WIDTH` numbers. words: n rows of buckets of the first and the last words, 0 for none.
    stems: n rows of buckets of the beginnings of words, 0 for none, in no order that counts.
    names: a row of buckets for each element that is seen. path: n rows of the rows in names of a block's ancestors,
    innermost first, 0 for none. boxes: n rows of first and last block of each of the :data:`BOXES` boxes around it.
    """

    numbers: Floats
    words: Integers
    stems: Integers
    names: Integers
    path: Integers
    boxes: Integers
    is_text: bool = False


def bucket(token: str, buckets: int) -> int:
    """The number of a token, from 1: CRC-32 of its UTF-8 bytes modulo the buckets less one, plus one."""
    return crc32(token.encode("utf-8", "replace")) % (buckets - 1) + 1


def features(rules: Rules, verdict: Verdict) -> Features:
    """Compute the features of a page from what the rules found on it."""
    return _seen_by(rules, verdict, COMPILED or sys.modules[__name__], numbers)


def reference(rules: Rules, verdict: Verdict) -> Features:
    """The same, all of it in Python."""
    return _seen_by(rules, verdict, sys.modules[__name__], numbers_reference)


def _seen_by(
    rules: Rules, verdict: Verdict, by: ModuleType, numbers: Callable[[Rules, Verdict, Integers], Floats]
) -> Features:
    """What the functions of a module see: this one or its twin."""
    blocks = rules.blocks
    boxes = by.boxes_around(blocks)
    names, path = by.names_around(blocks)
    words, stems = by.words_inside(blocks)
    around = boxes.reshape(len(blocks), -1)
    return Features(numbers(rules, verdict, boxes), words, stems, names, path, around, blocks.is_text)


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


def boxes_around(blocks: Blocks) -> Integers:
    """First and last block of each box around each block, innermost first; the page where there are no more.

    The innermost is the block alone; each further one holds more than the one before.
    """
    n = len(blocks)
    first, last = blocks.containers.first, blocks.containers.last
    none: list[tuple[int, int]] = []
    chains = _from_outside(blocks, none, lambda c, around: _wider(first[c], last[c], around))
    page = [(0, n)] * BOXES
    rows = [chain + page[len(chain) :] for chain in chains]
    return np.asarray(rows, np.int32).reshape(n, BOXES, 2)


def _wider(first: int, last: int, around: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The innermost boxes around a container, itself among them, from those around its parent."""
    if last - first <= 1:
        return around
    same = around and around[0][1] - around[0][0] == last - first
    return [(first, last), *(around[1:] if same else around[: BOXES - 1])]


_BUCKETS: dict[str, int] = {}
_STEMS: dict[str, int] = {}
_MOST_KNOWN = 50_000


def words_inside(blocks: Blocks) -> tuple[Integers, Integers]:
    """Buckets of the first and the last words of each block, lower case, and of the stems of more of them."""
    if len(_BUCKETS) > _MOST_KNOWN or len(_STEMS) > _MOST_KNOWN:
        _BUCKETS.clear()
        _STEMS.clear()
    words: list[list[int]] = []
    stems: list[list[int]] = []
    for text in blocks.text:
        tokens = text.lower().split()
        words.append(_buckets(_ends(tokens, FIRST_WORDS, LAST_WORDS), _BUCKETS, _word_bucket))
        if not text.isascii() and _PAIRED.search(text):
            tokens = _pairs(tokens)
        stems.append(_buckets(_ends(tokens, FIRST_STEMS, LAST_STEMS), _STEMS, _stem_bucket))
    return _padded(words, FIRST_WORDS + LAST_WORDS), _padded(stems, FIRST_STEMS + LAST_STEMS)


def _buckets(tokens: list[str], known: dict[str, int], make: Callable[[str], int]) -> list[int]:
    found = list(map(known.get, tokens))
    return [number or make(token) for number, token in zip(found, tokens, strict=True)] if None in found else found  # type: ignore[return-value]


def _padded(rows: list[list[int]], width: int) -> Integers:
    """Rows of any length as an array, filled up with 0."""
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    total = int(lengths.sum())
    array = np.zeros((len(rows), width), np.int32)
    columns = np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    array[np.repeat(np.arange(len(rows)), lengths), columns] = np.fromiter(chain.from_iterable(rows), np.int32, total)
    return array


def _ends(tokens: list[str], first: int, last: int) -> list[str]:
    return tokens if len(tokens) <= first + last else tokens[:first] + tokens[-last:]


def _pairs(tokens: list[str]) -> list[str]:
    """Tokens with those of scripts without spaces taken apart into pairs of characters."""
    apart: list[str] = []
    for token in tokens:
        if len(token) > 2 and _PAIRED.search(token):
            apart += map("".join, pairwise(token[:LONGEST_PAIRED]))
        else:
            apart.append(token)
    return apart


def _word_bucket(token: str) -> int:
    number = bucket(token[:WORD_LENGTH], TEXT_BUCKETS)
    if len(token) <= WORD_LENGTH:
        _BUCKETS[token] = number
    return number


def _stem_bucket(token: str) -> int:
    number = bucket(token[:STEM_LENGTH], STEM_BUCKETS)
    if len(token) <= WORD_LENGTH:
        _STEMS[token] = number
    return number


_NAME_ROWS: dict[tuple[str, str], list[int]] = {}


def _name_row(tag: str, attributes: str) -> list[int]:
    key = tag, attributes
    known = _NAME_ROWS.get(key)
    if known is None:
        if len(_NAME_ROWS) >= _MOST_KNOWN // 4:
            _NAME_ROWS.clear()
        tokens = [f"<{tag}>", *attributes.split()[: NAMES - 1]]
        known = [bucket(token[:WORD_LENGTH], MARKUP_BUCKETS) for token in tokens]
        known += [0] * (NAMES - len(known))
        _NAME_ROWS[key] = known
    return known


def names_around(blocks: Blocks) -> tuple[Integers, Integers]:
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


# Last, for the twin takes names from here.
COMPILED = twin("cleaner.tag._features")
