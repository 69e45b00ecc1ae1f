"""A page's elements as arrays, so that looking for some of them costs time in proportion to the page.

A set of elements is a mask over all of them, and each way through the tree leads from a set to a set in one pass,
however many elements are in it (Gottlob, Koch and Pichler 2002, "Efficient algorithms for processing XPath queries").
Going from each element by itself takes time with the square of the page, or worse, where boxes are nested.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from lxml.etree import _Element

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]


class Tree:
    """The elements of a page in document order. Masks that it gives are not to be changed."""

    def __init__(self, root: _Element) -> None:
        self._root = root
        self.known: dict[Hashable, Mask] = {}
        """Masks that were asked for."""
        self._attributes: dict[str, list[tuple[int, str]]] = {}
        self._of_tags: dict[tuple[str, str], list[str]] = {}

    @cached_property
    def elements(self) -> list[_Element]:
        """All elements."""
        return list(self._root.iter("*"))

    def __len__(self) -> int:
        return len(self.elements)

    def mask(self, numbers: list[int] | Numbers) -> Mask:
        """The set of the elements with these numbers."""
        mask = np.zeros(len(self), np.bool_)
        mask[numbers] = True
        return mask

    # What they are called.

    def having(self, attribute: str, fits: Callable[[str], object]) -> Mask:
        """The elements with a value of an attribute that fits."""
        return self.mask([number for number, value in self._attribute(attribute) if fits(value)])

    def values(self, attribute: str, tag: str) -> list[str]:
        """The values of an attribute of all elements with a tag."""
        if (attribute, tag) not in self._of_tags:
            values = [element.get(attribute) for element in self._root.iter(tag)]
            self._of_tags[attribute, tag] = [value for value in values if value is not None]
        return self._of_tags[attribute, tag]

    def _attribute(self, name: str) -> list[tuple[int, str]]:
        """The elements that have an attribute, with its value."""
        if name not in self._attributes:
            values = enumerate([element.get(name) for element in self.elements])
            self._attributes[name] = [(number, value) for number, value in values if value is not None]
        return self._attributes[name]

    @cached_property
    def tags(self) -> dict[str, int]:
        """A number for each tag."""
        return {tag: number for number, tag in enumerate(dict.fromkeys(str(e.tag) for e in self.elements))}

    @cached_property
    def tag(self) -> Numbers:
        """The number of each element's tag."""
        tags = self.tags
        return np.fromiter((tags[str(element.tag)] for element in self.elements), np.intp, len(self))

    # Where they stand.

    @cached_property
    def _places(self) -> tuple[Numbers, Numbers]:
        """The parent of each element, -1 for the root, and the number after the last element inside it."""
        parent, end = [-1] * len(self), [len(self)] * len(self)
        opened: list[tuple[_Element, int]] = []
        for number, element in enumerate(self.elements):
            above = element.getparent()
            while opened and opened[-1][0] is not above:
                end[opened.pop()[1]] = number
            if opened:
                parent[number] = opened[-1][1]
            opened.append((element, number))
        return np.asarray(parent, np.intp), np.asarray(end, np.intp)

    @cached_property
    def _older(self) -> Numbers:
        """The sibling right before each element, -1 for none."""
        parent = self._places[0]
        older = np.full(len(self), -1, np.intp)
        order = np.argsort(parent, kind="stable")
        beside = parent[order[1:]] == parent[order[:-1]]
        older[order[1:][beside]] = order[:-1][beside]
        return older

    def children(self, of: Mask) -> Mask:
        """Elements whose parent is in the set."""
        return _at(of, self._places[0])

    def parents(self, of: Mask) -> Mask:
        """Elements with a child in the set."""
        return self._pointed(self._places[0][of])

    def next(self, of: Mask) -> Mask:
        """Elements right after one of the set."""
        return _at(of, self._older)

    def previous(self, of: Mask) -> Mask:
        """Elements right before one of the set."""
        return self._pointed(self._older[of])

    def descendants(self, of: Mask) -> Mask:
        """Elements inside one of the set."""
        starts = np.flatnonzero(of)
        change = np.bincount(starts + 1, minlength=len(self) + 1)
        change -= np.bincount(self._places[1][starts], minlength=len(self) + 1)
        return np.asarray(np.cumsum(change)[: len(self)] > 0)

    def ancestors(self, of: Mask) -> Mask:
        """Elements with one of the set inside."""
        before = np.concatenate(([0], np.cumsum(of)))
        return np.asarray(before[self._places[1]] > before[1:])

    def later(self, of: Mask) -> Mask:
        """Elements with an earlier sibling in the set."""
        parent, first = self._places[0], np.full(len(self) + 1, len(self), np.intp)
        numbers = np.flatnonzero(of)[::-1]
        first[parent[numbers]] = numbers
        return np.asarray(np.arange(len(self)) > first[parent])

    def earlier(self, of: Mask) -> Mask:
        """Elements with a later sibling in the set."""
        parent, last = self._places[0], np.full(len(self) + 1, -1, np.intp)
        numbers = np.flatnonzero(of)
        last[parent[numbers]] = numbers
        return np.asarray(np.arange(len(self)) < last[parent])

    def ranks(self, of: Mask, *, from_last: bool, by_tag: bool) -> Numbers:
        """The place, from 1, of each element of the set among its siblings there, or those with its tag; else 0."""
        numbers = np.flatnonzero(of)
        if from_last:
            numbers = numbers[::-1]
        family = self._places[0][numbers] + 1
        if by_tag:
            family = family * len(self.tags) + self.tag[numbers]
        order = np.argsort(family, kind="stable")
        sorted_family = family[order]
        opens = np.concatenate(([True], sorted_family[1:] != sorted_family[:-1]))[: len(order)]
        place = np.arange(len(order))
        rank = np.zeros(len(self), np.intp)
        rank[numbers[order]] = place - np.maximum.accumulate(np.where(opens, place, 0)) + 1
        return rank

    def _pointed(self, numbers: Numbers) -> Mask:
        return self.mask(numbers[numbers >= 0])


def _at(of: Mask, pointers: Numbers) -> Mask:
    """Whether what each element points to is in the set."""
    return np.asarray(of[pointers] & (pointers >= 0))
