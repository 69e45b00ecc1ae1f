"""A document's page read again, with the markup that its columns do not keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from cleaner.html.inline import Inline, Picture
from cleaner.html.parse import parse
from cleaner.html.segment import Segmenter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element

    from cleaner.document import Document, Label
    from cleaner.html.blocks import Blocks, Containers


@dataclass(slots=True)
class MarkedPage:
    """A page's blocks with their inline markup, their labels, and its pictures."""

    blocks: Blocks
    labels: Sequence[Label]
    markup: list[str]
    pictures: list[Picture]
    elements: list[_Element]
    """The element of every container."""
    ends: list[int] = field(default_factory=list)
    """For every container, the number after that of its last descendant."""

    @property
    def containers(self) -> Containers:
        """The containers of the blocks."""
        return self.blocks.containers

    def climb(self, container: int) -> Iterator[int]:
        """The container and its ancestors, innermost first."""
        parents = self.blocks.containers.parent
        while container >= 0:
            yield container
            container = parents[container]

    def holds(self, outer: int, inner: int) -> bool:
        """Whether container *inner* is *outer* or stands inside it."""
        return outer <= inner < self.ends[outer]


def read(document: Document) -> MarkedPage | None:
    """Parse and cut the page of *document* again; None where it has no markup, or not the same blocks."""
    source = document.source
    if source.html is None:
        return None
    root, _ = parse(source.html)
    if root is None:
        return None
    inline = Inline(base_address(root, source.url), source.files, source.beside)
    blocks = Segmenter(source.max_blocks, inline=inline).run(root)
    labels = document.columns.labels
    if len(blocks) != len(labels):
        return None
    ends = _ends(blocks.containers.parent)
    return MarkedPage(blocks, labels, inline.markup, inline.pictures, inline.elements, ends)


def base_address(root: _Element, url: str | None) -> str | None:
    """What relative addresses of a page are relative to: its ``<base href>``, else *url*; None if it is not the web."""
    base = root.find(".//base[@href]")
    address = url or ""
    try:
        if base is not None:
            address = urljoin(address, (base.get("href") or "").strip())
        return address if urlsplit(address).scheme in ("http", "https") else url
    except ValueError:
        return url


def _ends(parents: list[int]) -> list[int]:
    ends = [i + 1 for i in range(len(parents))]
    for i in range(len(parents) - 1, 0, -1):
        if ends[i] > ends[parents[i]]:
            ends[parents[i]] = ends[i]
    return ends
