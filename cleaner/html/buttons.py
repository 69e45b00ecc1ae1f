"""Buttons, and what a button that was never closed has swallowed."""

from __future__ import annotations

from cleaner.document import Kind
from cleaner.html.blocks import Blocks

_MOST_BLOCKS = 6
_MOST_WORDS = 60


def settle_buttons(blocks: Blocks) -> None:
    """Tell buttons from the rest of a page after an unclosed one: blocks in a button that holds so much are none."""
    containers = blocks.containers
    if "button" not in containers.tag:
        return
    for number, tag in enumerate(containers.tag):
        if tag != "button":
            continue
        inside = range(containers.first[number], containers.last[number])
        if len(inside) <= _MOST_BLOCKS and sum(blocks.words[i] for i in inside) <= _MOST_WORDS:
            continue
        for i in inside:
            if blocks.kind[i] is Kind.CONTROL:
                blocks.kind[i] = Kind.PARAGRAPH
