"""Small pages as trees and as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleaner.html.blocks import Blocks
from cleaner.html.decode import encode
from cleaner.html.parse import parse
from cleaner.html.segment import segment

if TYPE_CHECKING:
    from lxml.etree import _Element


def tree(html: str) -> _Element:
    root, _ = parse(encode(html))
    assert root is not None
    return root


def select(root: _Element, path: str) -> Any:
    """What an XPath leads to: elements, strings or a number."""
    return root.xpath(path)


def blocks(html: str, max_blocks: int = 1000) -> Blocks:
    return segment(tree(html), max_blocks)


def texts(html: str) -> list[str]:
    return blocks(html).text


def formed(html: str) -> list[tuple[str, str]]:
    """Each block's kind and text."""
    found = blocks(html)
    return [(str(kind), text) for kind, text in zip(found.kind, found.text, strict=True)]
