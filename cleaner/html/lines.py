"""Plain text to blocks: line by line, lines that were wrapped by hand joined again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from cleaner.document import Kind
from cleaner.html.blocks import Blocks, Containers
from cleaner.html.words import collapse, count_words

_BULLET = re.compile(r"^\s*(?:[-*•·‣–]|\d{1,2}[.)])\s+\S")
_ENDS = re.compile(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
_WRAP_MIN, _WRAP_MAX = 55, 100
_WRAP_SHARE = 0.5
_WRAP_SPREAD = 0.72


def segment_text(text: str, max_blocks: int) -> Blocks:
    """Cut plain text into blocks, one a line; at most *max_blocks* of them.

    Lines with no empty one between them stand in a container of their own, as in a box of a page.
    """
    rows: list[tuple[object, ...]] = []
    starts: list[int] = []
    warnings = []
    apart = True
    for line in _unwrapped(_ENDS.split(text)):
        tidy = collapse(line)
        if not tidy:
            apart = True
            continue
        if apart:
            starts.append(len(rows))
            apart = False
        if len(rows) >= max_blocks:
            warnings.append(f"The text has over {max_blocks:,} lines: the rest of it was left out.")
            break
        item = bool(_BULLET.match(line))
        kind = Kind.LIST_ITEM if item else Kind.PARAGRAPH
        box = len(starts)
        rows.append((tidy, kind, box, count_words(tidy), 0, box if item else -1, -1, -1))
    blocks = Blocks.of(rows, _boxes(starts, len(rows)), is_text=True)
    blocks.warnings.extend(warnings)
    return blocks


def _boxes(starts: list[int], n: int) -> Containers:
    """The containers of n lines: all of them, then a run from each start to the next."""
    k = len(starts)
    nothing = [""] * (k + 1)
    tags, parents, positions = ["body", *["div"] * k], [-1, *[0] * k], [1, *range(1, k + 1)]
    return Containers(tags, parents, nothing, positions, list(nothing), [0, *starts], [n, *starts[1:], n][: k + 1])


def _unwrapped(lines: list[str]) -> Iterator[str]:
    """Join the lines of each paragraph where the text was wrapped to a width; else give them as they are."""
    width = _width(lines)
    if not width:
        yield from lines
        return
    held = ""
    for line in lines:
        text = line.strip()
        if held and (not text or _BULLET.match(line)):
            yield held
            held = ""
        if not text:
            yield ""
            continue
        held = f"{held} {text}" if held else text
        if len(text) < _WRAP_SPREAD * width:
            yield held
            held = ""
    if held:
        yield held


def _width(lines: list[str]) -> int:
    """The width that the text was wrapped to, or 0: most lines that another follows at once are nearly that long."""
    inner = [len(a.strip()) for a, b in pairwise(lines) if a.strip() and b.strip()]
    if len(inner) < 6:
        return 0
    width = max(inner)
    full = sum(length >= _WRAP_SPREAD * width for length in inner)
    return width if _WRAP_MIN <= width <= _WRAP_MAX and full >= _WRAP_SHARE * len(inner) else 0
