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
    if root is None:
        return None, []
    _gather(root)
    deep = any(_TOO_DEEP in entry.message for entry in parser.error_log if entry.level >= 2)
    return root, ["The page is nested too deep: the rest of it was left out."] if deep else []


def _gather(root: _Element) -> None:
    """Bring under one root what the parser left beside it: a second ``<html>`` in the page makes it start another."""
    beside = root.getnext()
    if beside is None:
        return
    body = root.find("body")
    body = root if body is None else body
    while beside is not None:
        following = beside.getnext()
        inner = beside.find("body") if beside.tag == "html" else None
        parts = [beside] if beside.tag != "html" else list(beside if inner is None else inner)
        if inner is not None and inner.text and inner.text.strip():
            last = body[-1] if len(body) else None
            if last is None:
                body.text = (body.text or "") + inner.text
            else:
                last.tail = (last.tail or "") + inner.text
        for part in parts:
            body.append(part)
        beside = following
