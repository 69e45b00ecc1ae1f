"""Which elements of a page hold which blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from cleaner.html.elements import BUTTONS, FLOW, Flow
from cleaner.html.hidden import is_hidden
from cleaner.html.math import tex
from cleaner.html.words import collapse

if TYPE_CHECKING:
    from lxml.etree import _Element

    from cleaner.html.blocks import Blocks

_AHEAD = 4
"""How many blocks may have no text of their own in the tree before one that has."""


class Piece(NamedTuple):
    """A run of text in the tree: the element, whether it is the text behind it, and how it stands in a block."""

    element: _Element
    is_tail: bool
    text: str
    is_whole: bool = False
    """Whether the element stands for the text, rather than holding or preceding it."""


def mark(blocks: Blocks, elements: Sequence[_Element]) -> dict[_Element, list[int]]:
    """The elements that hold blocks, and which; elements are those of the blocks' containers.

    A container with one block alone is its element. Where it holds several, their runs of text are wrapped in elements
    of their own, so the tree changes. What cannot be found in the tree is marked at its container.
    """
    boxes = {element: number for number, element in enumerate(elements)}
    containers = blocks.containers
    marks: dict[_Element, list[int]] = {}
    numbered = sorted(range(len(blocks)), key=lambda i: (blocks.container[i], i))
    for container, group in groupby(numbered, key=lambda i: blocks.container[i]):
        own, element = list(group), elements[container]
        if len(own) == 1 and containers.last[container] - containers.first[container] == 1:
            marks[element] = own
        else:
            _mark_runs(element, own, blocks, boxes, marks)
    return marks


def _mark_runs(
    element: _Element,
    own: Sequence[int],
    blocks: Blocks,
    boxes: Mapping[_Element, int],
    marks: dict[_Element, list[int]],
) -> None:
    texts = [_squeezed(blocks.text[i]) for i in own]
    found: list[tuple[Piece, int]] = []
    at = place = 0
    for piece in list(_pieces(element, boxes)):
        text = _squeezed(piece.text)
        if not text:
            continue
        for ahead in range(at, min(at + _AHEAD, len(own))):
            start = place if ahead == at else 0
            if texts[ahead].startswith(text, start):
                at, place = ahead, start + len(text)
                found.append((piece, own[at]))
                break
        if at < len(own) and place >= len(texts[at]):
            at, place = at + 1, 0
    for piece, block in found:
        marks[_wrapped(piece)] = [block]
    if missing := sorted(set(own) - {block for _, block in found}):
        marks[element] = missing


def _pieces(box: _Element, boxes: Mapping[_Element, int]) -> Iterator[Piece]:
    """The runs of text that stand in a container itself, in order; as segmentation sees them."""
    if box.text:
        yield Piece(box, False, box.text)
    stack = [iter(box)]
    owners = [box]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            element = owners.pop()
            if stack and element.tail:
                yield Piece(element, True, element.tail)
            continue
        if child not in boxes:
            flow = FLOW.get(str(child.tag), Flow.BLOCK)
            if flow is Flow.INLINE and not is_hidden(child, dict(child.items())):  # type: ignore[arg-type]
                if child.text:
                    yield Piece(child, False, child.text)
                stack.append(iter(child))
                owners.append(child)
                continue
            yield from _standing(child, flow)
        if child.tail:
            yield Piece(child, True, child.tail)


def _standing(element: _Element, flow: Flow) -> Iterator[Piece]:
    """An element that stands for text by itself: a formula, a reading, a button."""
    if flow is Flow.MATH:
        yield Piece(element, False, tex(element), True)
    elif flow is Flow.RUBY:
        yield Piece(element, False, f"({collapse(''.join(map(str, element.itertext())))})", True)
    elif flow is Flow.FIELD and (element.get("type") or "text").lower() in BUTTONS:
        yield Piece(element, False, element.get("value") or "", True)


def _squeezed(text: str) -> str:
    return collapse(text).replace(" ", "")


def _wrapped(piece: Piece) -> _Element:
    """The element around a run of text; one is made for it."""
    element = piece.element
    if piece.is_whole:
        return element
    span = etree.Element("span")
    if piece.is_tail:
        span.text, element.tail = element.tail, None
        element.addnext(span)
    else:
        span.text, element.text = element.text, None
        element.insert(0, span)
    return span
