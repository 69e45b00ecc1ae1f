"""Documents made by hand: a class ``is-<label>`` names the label of the blocks in it, else the markup does."""

from __future__ import annotations

import re
from typing import Any

from cleaner import Document, Kind, Label
from cleaner.document import Columns, Source
from cleaner.html.blocks import Blocks
from cleaner.html.decode import encode
from cleaner.html.parse import parse
from cleaner.html.segment import segment

_LABEL = re.compile(r"\bis-([a-z_]+)")
_MOST = 10_000


def document(markup: str, url: str | None = None, **options: Any) -> Document:
    """A page as a document."""
    html = encode(markup)
    root, _ = parse(html)
    assert root is not None
    blocks = segment(root, _MOST)
    paths = blocks.containers.xpaths(blocks.container)
    columns = Columns(
        texts=blocks.text,
        kinds=blocks.kind,
        xpaths=[paths[container] for container in blocks.container],
        labels=[_label(blocks, i) for i in range(len(blocks))],
        confidences=[0.9] * len(blocks),
        reasons=["by hand"] * len(blocks),
        groups=blocks.group,
        rows=blocks.row,
        asks=[-1] * len(blocks),
    )
    return Document(columns, Source(html, url, _MOST), **options)


def plain(*lines: tuple[str, Label], **options: Any) -> Document:
    """Lines of plain text as a document."""
    count = len(lines)
    columns = Columns(
        texts=[text for text, _ in lines],
        kinds=[Kind.PARAGRAPH] * count,
        xpaths=[""] * count,
        labels=[label for _, label in lines],
        confidences=[1.0] * count,
        reasons=["by hand"] * count,
        groups=[-1] * count,
        rows=[-1] * count,
        asks=[-1] * count,
    )
    return Document(columns, Source(None, None, _MOST), **options)


def _label(blocks: Blocks, i: int) -> Label:
    for container in blocks.containers.path(blocks.container[i]):
        if match := _LABEL.search(blocks.containers.attributes[container]):
            return Label(match[1])
        if blocks.containers.tag[container] == "h1":
            return Label.TITLE
    return Label.CAPTION if blocks.kind[i] is Kind.CAPTION else Label.BODY
