"""Elements of a page by number, and numbers by element."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cleaner.twin import twin

if TYPE_CHECKING:
    from lxml.etree import _Element


class Numbered:
    """Elements in the order in which they were added. Until the last one is asked for the tree must stay as it is."""

    def __init__(self) -> None:
        self._elements: list[_Element] = []
        self._numbers: dict[_Element, int] = {}

    def __len__(self) -> int:
        return len(self._elements)

    def __getitem__(self, number: int) -> _Element:
        return self._elements[number]

    def __iter__(self) -> Iterator[_Element]:
        return map(self.__getitem__, range(len(self)))

    def append(self, element: _Element) -> None:
        """Give an element the next number; each is added once, and all are of one tree."""
        self._numbers[element] = len(self._elements)
        self._elements.append(element)

    def number_of(self, element: _Element) -> int | None:
        """The number of an element; None for one that was not added."""
        return self._numbers.get(element)


def numbered() -> Numbered:
    """No elements yet."""
    return Numbered() if COMPILED is None else COMPILED.Numbered()


COMPILED = twin("cleaner.html._numbered")
"""The twin of ``Numbered``: libxml2's own nodes, elements again when they are asked for."""
