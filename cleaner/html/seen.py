"""A page that is cut into blocks, as those see it who know more of it than it says itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleaner.html.blocks import Blocks
from cleaner.html.hints import Hints
from cleaner.html.numbered import Numbered
from cleaner.html.words import collapse

if TYPE_CHECKING:
    from lxml.etree import _Element

_COVERED = 0.9
"""An element inside a block stands for all of it from this share of its characters on."""
_MOST = 50
"""Of more inline elements in one container the rest must be the block's whole text."""


@dataclass(frozen=True, slots=True)
class Came:
    """Where a page is from: its address, its file's name, and the SHA-256 of its content, in hexadecimal."""

    url: str | None = None
    name: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page for site profiles, users' rules and corrections. Plain text has neither root nor elements."""

    blocks: Blocks
    hints: Hints = field(default_factory=Hints)
    root: _Element | None = None
    elements: Numbered = field(default_factory=Numbered)
    """The element of each of the blocks' containers."""
    came: Came = field(default_factory=Came)
    """Where the page is from."""

    def covered(self, elements: Iterable[_Element]) -> list[int]:
        """The blocks that the elements hold: all inside a box; around an inline element the one that it fills."""
        boxes = self.elements
        inside = [False] * len(boxes)
        fillers: dict[int, list[str]] = {}
        for element in elements:
            number = boxes.number_of(element)
            if number is not None:
                inside[number] = True
            elif (around := _around(element, boxes)) is not None:
                fillers.setdefault(around, []).append(collapse("".join(map(str, element.itertext()))))
        filled = {block for number, texts in fillers.items() for block in self._filled(number, texts)}
        if True not in inside:
            return sorted(filled)
        containers, blocks = self.blocks.containers, self.blocks
        for number, parent in enumerate(containers.parent):
            # A container opens after those around it.
            inside[number] = inside[number] or (parent >= 0 and inside[parent])
        return [i for i, number in enumerate(blocks.container) if inside[number] or i in filled]

    def _filled(self, container: int, texts: list[str]) -> list[int]:
        """The blocks right in a container that one of these inline texts fills."""
        blocks, wanted = self.blocks, set(texts) - {""}
        some = [text for text in texts[:_MOST] if text]
        first, last = blocks.containers.first[container], blocks.containers.last[container]
        found = []
        for i in range(first, last):
            if blocks.container[i] == container:
                text = collapse(blocks.text[i])
                if text in wanted or any(_fills(one, text) for one in some):
                    found.append(i)
        return found


def _fills(text: str, block: str) -> bool:
    """Whether an inline text makes up nearly all of a block, or runs over several."""
    return block in text or (text in block and len(text) >= _COVERED * len(block))


def _around(element: _Element, boxes: Numbered) -> int | None:
    """The container that an inline element stands in."""
    numbers = map(boxes.number_of, element.iterancestors())
    return next((number for number in numbers if number is not None), None)
