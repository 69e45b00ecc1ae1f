"""The page's text before and after cleaning, as a unified diff: one block a line."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from cleaner import Block
from cleaner.cli.terminal import printable

_AROUND = 3
"""Lines that are shown before and after a change, as by ``diff -u``."""


def diff(blocks: Sequence[Block], signs: Sequence[str], coloured: bool) -> str:
    """What the view takes from a page: ``-`` and ``~`` lines with their label behind, and the kept lines near them.

    signs has one for each block, as :meth:`cleaner.cli.view.View.signs` gives them. Nothing where all is shown, as a
    diff has it.
    """
    taken = [i for i, sign in enumerate(signs) if sign != "+"]
    if not taken:
        return ""
    hunks = [_hunk(blocks, signs, taken, span, coloured) for span in _spans(taken, len(blocks))]
    return "".join(("--- page\n", "+++ article\n", *hunks))


def _spans(removed: Sequence[int], count: int) -> Iterator[tuple[int, int]]:
    """The stretches of blocks to show: those taken with what is around them, joined where they touch."""
    start = end = -1
    for index in removed:
        first, last = max(index - _AROUND, 0), min(index + _AROUND + 1, count)
        if start < 0 or first > end:
            if start >= 0:
                yield start, end
            start = first
        end = last
    yield start, end


def _hunk(
    blocks: Sequence[Block], signs: Sequence[str], taken: Sequence[int], span: tuple[int, int], coloured: bool
) -> str:
    first, last = span
    before, through = bisect_left(taken, first), bisect_left(taken, last)
    kept = last - first - (through - before)
    # A range of no lines is named by the line before it.
    start = first - before + (kept > 0)
    lines = [f"@@ -{first + 1},{last - first} +{start},{kept} @@\n"]
    lines += [_line(blocks[i], signs[i], coloured) for i in range(first, last)]
    return "".join(lines)


def _line(block: Block, sign: str, coloured: bool) -> str:
    text = printable(" ".join(block.text.split()))
    if sign == "+":
        return f" {text}\n"
    line = f"{sign}{text}  [{block.label}]"
    if coloured:
        from cleaner.cli.paint import painted

        line = painted(line, block.label)
    return f"{line}\n"
