"""The page's text before and after cleaning, as a unified diff: one block a line."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from cleaner import Block, Document
from cleaner.cli.terminal import printable

_AROUND = 3
"""Lines that are shown before and after a change, as by ``diff -u``."""


def diff(document: Document, coloured: bool) -> str:
    """What cleaning takes from a page: ``-`` lines with their label behind, and the kept lines near them.

    Nothing where nothing was removed, as a diff has it.
    """
    removed = [block.index for block in document.removed]
    if not removed:
        return ""
    spans = _spans(removed, len(document.blocks))
    hunks = [_hunk(document.blocks, removed, first, last, coloured) for first, last in spans]
    return "".join(("--- page\n", "+++ article\n", *hunks))


def _spans(removed: Sequence[int], count: int) -> Iterator[tuple[int, int]]:
    """The stretches of blocks to show: those removed with what is around them, joined where they touch."""
    start = end = -1
    for index in removed:
        first, last = max(index - _AROUND, 0), min(index + _AROUND + 1, count)
        if start < 0 or first > end:
            if start >= 0:
                yield start, end
            start = first
        end = last
    yield start, end


def _hunk(blocks: Sequence[Block], removed: Sequence[int], first: int, last: int, coloured: bool) -> str:
    before, through = bisect_left(removed, first), bisect_left(removed, last)
    gone = set(removed[before:through])
    kept = last - first - len(gone)
    # A range of no lines is named by the line before it.
    start = first - before + (kept > 0)
    lines = [f"@@ -{first + 1},{last - first} +{start},{kept} @@\n"]
    lines += [_line(blocks[i], i in gone, coloured) for i in range(first, last)]
    return "".join(lines)


def _line(block: Block, removed: bool, coloured: bool) -> str:
    text = printable(" ".join(block.text.split()))
    if not removed:
        return f" {text}\n"
    line = f"-{text}  [{block.label}]"
    if coloured:
        from cleaner.cli.paint import painted

        line = painted(line, block.label)
    return f"{line}\n"
