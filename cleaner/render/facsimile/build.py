"""A document to its facsimile."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from lxml import etree

from cleaner.document import Kind
from cleaner.html.numbered import numbered
from cleaner.html.parse import parse
from cleaner.html.segment import segment
from cleaner.render.facsimile.harmless import make_harmless
from cleaner.render.facsimile.marks import mark
from cleaner.render.facsimile.styles import harmless_sheets

if TYPE_CHECKING:
    from cleaner.document import Document

MARK = "data-block"
"""The attribute of the elements that hold blocks: the blocks' indices, apart by spaces."""
_OWN = ("dir", "lang")


@dataclass(frozen=True, slots=True)
class Facsimile:
    """A page in pieces: the attributes of its root, its style sheets, and its body, as markup.

    The elements that hold blocks have the attribute :data:`MARK`. A block may have several, and one may hold several.
    """

    root: str
    sheets: tuple[str, ...]
    body: str


def facsimile(document: Document) -> Facsimile:
    """Make the page of a document harmless, and mark its blocks.

    Nothing is left in it that runs, loads, leads anywhere or sends: no script, frame, form, address of a link, picture
    or style from elsewhere. It is to be shown in a sandbox all the same: that is the wall, and this keeps quiet what is
    behind it. Plain text, and a page that cannot be cut again as it was, comes as its blocks, one below the other.
    """
    source = document.source
    root = parse(source.html)[0] if source.html is not None else None
    if root is None:
        return _listed(document)
    elements = numbered()
    blocks = segment(root, source.max_blocks, elements)
    if list(blocks.text) != list(document.columns.texts):
        return _listed(document)
    marks = mark(blocks, list(elements))
    sheets = harmless_sheets(root)
    make_harmless(root)
    for element, held in marks.items():
        element.set(MARK, " ".join(map(str, held)))
    body = root.find("body")
    top = root if body is None else body
    if top is root:
        root.tag = "body"
    markup = etree.tostring(top, encoding="unicode", method="html", with_tail=False)
    own = (
        {name: str(value) for name, value in root.items() if name in ("class", "id", *_OWN)} if top is not root else {}
    )
    return Facsimile("".join(f' {name}="{escape(value)}"' for name, value in own.items()), sheets, markup)


def _listed(document: Document) -> Facsimile:
    columns = document.columns
    lines = []
    for index, (text, kind) in enumerate(zip(columns.texts, columns.kinds, strict=True)):
        tag = "pre" if kind is Kind.CODE else "p"
        lines.append(f'<{tag} {MARK}="{index}">{escape(text)}</{tag}>\n')
    return Facsimile("", (), f"<body dir=auto>\n{''.join(lines)}</body>")
