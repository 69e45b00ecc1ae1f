"""Markup to tree, with the parser told the encoding and never left to guess it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_TOO_DEEP = "Excessive depth"


def parse(html: bytes) -> tuple[_Element | None, list[str]]:
    """Return the root element of *html* (UTF-8), or None where there is none, and warnings.

    Comments and processing instructions are left out, so elements alone count among siblings.
    """
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(html, parser=parser)
    except etree.LxmlError:
        return None, []
    deep = any(_TOO_DEEP in entry.message for entry in parser.error_log if entry.level >= 2)
    return root, ["The page is nested too deep: the rest of it was left out."] if deep else []
