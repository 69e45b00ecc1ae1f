"""The block cut that labels refer to: visible text of a page, in document order.

It belongs to the measure, so it stays as it is whatever the product's own segmentation does: ``first`` and ``last``
of a labelled page are indices in this list.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import lxml.html
from lxml import etree


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


SKIPPED = _tags("script style noscript template svg head iframe object select option textarea math canvas video audio")
INLINE = _tags(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark q s samp small span strong sub sup time tt"
    " u var wbr big acronym strike nobr center"
)
_SPACE = re.compile(r"\s+")
_HINT_LEVELS = 4
_HINT_LENGTH = 40


class Cut(NamedTuple):
    """One run of inline text inside a block-level element."""

    hint: str
    """The element and up to three of its ancestors, with their classes."""
    text: str
    """White space made single spaces."""


def blocks(page: bytes) -> list[Cut]:
    """Cut a page; an unreadable one has no blocks."""
    try:
        page.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = None
    try:
        root = lxml.html.document_fromstring(page, parser=lxml.html.HTMLParser(encoding=encoding))
    except (etree.LxmlError, ValueError):
        return []
    body = root.find("body")
    return _cut(root if body is None else body)


def _cut(body: etree._Element) -> list[Cut]:
    found: list[Cut] = []
    pieces: list[str] = []
    owners = [body]

    def flush() -> None:
        text = _SPACE.sub(" ", "".join(pieces)).strip()
        pieces.clear()
        if text:
            found.append(Cut(_hint(owners[-1]), text))

    # Pages nest deeper than Python recurs, so the way back is on the stack too.
    stack: list[tuple[etree._Element, bool]] = [(body, False)]
    while stack:
        element, leaving = stack.pop()
        is_block = element.tag not in INLINE
        if not leaving and _is_visible(element):
            if element.tag != "br":
                if is_block:
                    flush()
                    owners.append(element)
                pieces.append(element.text or "")
                stack.append((element, True))
                stack.extend((child, False) for child in element.iterchildren(reversed=True))
                continue
            pieces.append(" ")
        if leaving and is_block:
            flush()
            owners.pop()
        if element is not body:
            pieces.append(element.tail or "")
    flush()
    return found


def _is_visible(element: etree._Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in SKIPPED or "hidden" in element.attrib:
        return False
    return "display:none" not in (element.get("style") or "").replace(" ", "").lower()


def _hint(element: etree._Element) -> str:
    names: list[str] = []
    node: etree._Element | None = element
    while node is not None and len(names) < _HINT_LEVELS:
        marks = (node.get("class") or node.get("id") or "").strip()
        names.append(str(node.tag) + ("." + _SPACE.sub(".", marks)[:_HINT_LENGTH] if marks else ""))
        node = node.getparent()
    return ">".join(reversed(names))
