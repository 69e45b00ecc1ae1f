"""Markup to tree, with the parser told the encoding and never left to guess it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.html.converted import MARK as CONVERTED
from cleaner.html.converted import settle_converted
from cleaner.html.folded import settle_folded
from cleaner.html.implied import begin_body, mend_breaks, settle_implied, wrap_rows
from cleaner.html.streamed import MARK, settle_streamed

if TYPE_CHECKING:
    from lxml.etree import _Element

_TOO_DEEP = "Excessive depth"
_CONTROLS = [c for c in range(0x20) if chr(c) not in "\t\n\r"]
UNWRITABLE = {**{c: " " if chr(c).isspace() else None for c in _CONTROLS}, 0xFFFE: None, 0xFFFF: None}
"""Characters that references such as ``&#1;`` bring into a tree, but that lxml writes into none."""


def parse(html: bytes) -> tuple[_Element | None, list[str]]:
    """Return the root element of *html* (UTF-8), or None where there is none, and warnings.

    Comments and processing instructions are left out, so elements alone count among siblings. Streamed parts stand
    where a browser shows them, folded ones are unfolded.
    """
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        root = etree.fromstring(mend_breaks(html), parser=parser)
    except etree.LxmlError:
        return None, []
    if root is None:
        return None, []
    begin_body(root)
    wrap_rows(root)
    settle_implied(root)
    _gather(root)
    if MARK in html:
        settle_streamed(root)
    settle_folded(root)
    if CONVERTED.search(html):
        settle_converted(root)
    deep = any(_TOO_DEEP in entry.message for entry in parser.error_log if entry.level >= 2)
    return root, ["The page is nested too deep: the rest of it was left out."] if deep else []


def _gather(root: _Element) -> None:
    """Bring into the body what the parser left beside it: what follows its end, or a second ``<html>`` in the page."""
    body = root.find("body")
    into = root if body is None else body
    beside = [*root.itersiblings()] if body is None else [*body.itersiblings(), *root.itersiblings()]
    if body is not None and body.tail:
        tail, body.tail = body.tail, None
        _write(body, tail)
    for element in beside:
        _move(element, into)


def _move(element: _Element, into: _Element) -> None:
    if element.tag not in ("html", "body"):
        into.append(element)
        return
    _write(into, element.text)
    for part in list(element):
        _move(part, into)
    _write(into, element.tail)
    element.text = element.tail = None
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def _write(into: _Element, text: str | None) -> None:
    """Add text to the end of an element."""
    if not text or text.isspace():
        return
    if len(into):
        into[-1].tail = ((into[-1].tail or "") + text).translate(UNWRITABLE)
    else:
        into.text = ((into.text or "") + text).translate(UNWRITABLE)
