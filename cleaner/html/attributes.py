"""The elements of a page by the values of some attributes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cleaner.html.numbered import Numbered
from cleaner.twin import twin

if TYPE_CHECKING:
    from lxml.etree import _Element

Held = dict[str, dict[str, list[int]]]
"""Attributes, their values, and the numbers of the elements that have them, in the order of the page."""


def elements_by(root: _Element, names: Iterable[str]) -> tuple[Held, Numbered]:
    """What the elements from root on have in the attributes *names*, and the elements themselves, by number.

    An element is made when its number is asked for; until then the tree must stay as it is.
    """
    found: tuple[Held, Numbered] | None = COMPILED.elements_by(root, names) if COMPILED is not None else None
    return elements_by_reference(root, names) if found is None else found


def elements_by_reference(root: _Element, names: Iterable[str]) -> tuple[Held, Numbered]:
    """:func:`elements_by` in Python."""
    held: Held = {name: {} for name in names}
    elements = Numbered()
    for element in root.iter():
        own = [(name, value) for name, value in element.items() if name in held]
        for name, value in own:
            held[str(name)].setdefault(str(value), []).append(len(elements))
        if own:
            elements.append(element)
    return held, elements


COMPILED = twin("cleaner.html._attributes")
