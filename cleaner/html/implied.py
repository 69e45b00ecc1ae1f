"""Tags that a page may leave out, where libxml2 does not see that an element ends or that the body begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_SECTIONS = (
    "article aside details dialog figcaption figure footer header hgroup main nav search section summary".split()
)
_ENDED_BY = {**dict.fromkeys(_SECTIONS, ("p",)), "rt": ("rt", "rp"), "rp": ("rt", "rp")}
"""The tags of elements that a start tag ends. libxml2 knows the older ones (``div``, ``li``, ``td`` …) itself."""

_SCOPE = frozenset("applet button caption html marquee math object svg table td template th".split())
"""An element of these tags keeps those around it open ("has an element in button scope" in the HTML standard)."""

_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
"""Elements that go on behind the end of the paragraph around them."""

_HEAD = frozenset("base basefont bgsound link meta noframes noscript script style template title".split())
"""What may stand in the head. libxml2 leaves there what it does not know, such as ``article`` and ``main``."""

_MOST_STEPS = 32
"""Ancestors looked at for an element to end: bounds the time on deep pages; real paragraphs nest below 10."""

_LONE_BREAK = re.compile(rb"</br\s*>", re.I)


def mend_breaks(html: bytes) -> bytes:
    """Write every ``</br>`` of *html* as ``<br>``: browsers take it for one, and libxml2 leaves it out."""
    return _LONE_BREAK.sub(b"<br>", html)


def begin_body(page: _Element) -> None:
    """Bring into the body what stands in the head from the first element on that is none of a head's."""
    head, body = page.find("head"), page.find("body")
    first = next((part for part in head if part.tag not in _HEAD), None) if head is not None else None
    if head is None or first is None:
        return
    if body is None:
        body = page.makeelement("body")
        head.addnext(body)
    body_text, body.text = body.text, None
    body[:0] = moved = [first, *first.itersiblings()]
    if body_text:
        moved[-1].tail = (moved[-1].tail or "") + body_text


def settle_implied(page: _Element) -> None:
    """End the elements whose end tag is left out, as the HTML standard has it ("generate implied end tags").

    ``<p>One<aside>Two</aside>`` is a paragraph and then an aside. libxml2 takes the aside for a part of the paragraph.
    """
    for element in list(page.iter(*_ENDED_BY)):
        ended = _ended_by(element)
        if ended is not None:
            _end_before(element, ended)


def wrap_rows(page: _Element) -> None:
    """Put the rows of each table into a ``<tbody>``, as browsers do where it is left out, and libxml2 does not."""
    for table in list(page.iter("table")):
        rows: _Element | None = None
        for part in list(table):
            if part.tag != "tr":
                rows = None
                continue
            if rows is None:
                rows = page.makeelement("tbody")
                part.addprevious(rows)
            rows.append(part)


def _ended_by(element: _Element) -> _Element | None:
    tags = _ENDED_BY[element.tag]
    above = element.getparent()
    for _ in range(_MOST_STEPS):
        if above is None or above.tag in _SCOPE:
            return None
        if above.tag in tags:
            return above
        above = above.getparent()
    return None


def _end_before(element: _Element, ended: _Element) -> None:
    """Move *element*, and what follows it in *ended*, behind *ended*."""
    moved = [element, *element.itersiblings()]
    inner = element.getparent()
    while inner is not None and inner is not ended:
        if inner.tag in _FORMATTING:
            again = inner.makeelement(inner.tag)
            again.attrib.update(inner.attrib)
            again.extend(moved)
            moved = [again]
        following = list(inner.itersiblings())
        _hand_over_tail(inner, moved[-1])
        moved += following
        inner = inner.getparent()
    _hand_over_tail(ended, moved[-1])
    for part in reversed(moved):
        ended.addnext(part)


def _hand_over_tail(giver: _Element, taker: _Element) -> None:
    """Move the text behind *giver* to behind *taker*, before the two part."""
    if giver.tail:
        taker.tail = (taker.tail or "") + giver.tail
        giver.tail = None


def unwrap(element: _Element) -> None:
    """Take an element away, but not what is in it; its own text goes too."""
    parent = element.getparent()
    if parent is None:
        return
    if len(element):
        _hand_over_tail(element, element[-1])
    for part in list(element):
        element.addprevious(part)
    parent.remove(element)
