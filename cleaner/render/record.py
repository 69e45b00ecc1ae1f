"""A document as JSON types, and what its page says of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from cleaner.document import Label, Metadata, PageType
from cleaner.render.titles import headline
from cleaner.tag.evidence import likeness

if TYPE_CHECKING:
    from cleaner.document import Document

_ALIKE = 0.3
_BY = re.compile(r"^(?:by|von|par|por|di|door|av|af)\s*:?\s+(?=\S)", re.I)
SCHEMA = 1
"""The version of what :func:`to_dict` gives; it rises when a field changes its meaning or goes."""


def to_dict(document: Document) -> dict[str, Any]:
    """Return everything in *document* as JSON types, by ``docs/schema.md``."""
    said = document.metadata
    columns = document.columns
    return {
        "schema": SCHEMA,
        "url": said.url,
        "title": said.title,
        "authors": list(said.authors),
        "date": said.date,
        "site_name": said.site_name,
        "description": said.description,
        "tags": list(said.tags),
        "language": said.language,
        "image": said.image,
        "page_type": str(document.page_type),
        "access": str(document.access),
        "text": document.text,
        "blocks": [_block(document, i) for i in range(len(columns.texts))],
        "asks": [
            {
                "label": str(ask.label),
                "text": ask.text,
                "blocks": [block.index for block in ask.blocks],
                "where": str(ask.where),
            }
            for ask in document.asks
        ],
        "warnings": list(document.warnings),
    }


def metadata(document: Document, *, quick: bool = False) -> Metadata:
    """Return what the page of *document* says of its article; never raises. quick reads only what it declares.

    What the user's lists say of it goes before.
    """
    told = document.source.told
    said = _said(document, quick=quick)
    if told == Metadata():
        return said
    return replace(
        said,
        title=told.title or said.title,
        authors=tuple(name for author in told.authors if (name := _name(author))) or said.authors,
        date=(_date(told.date) if told.date else None) or said.date,
    )


def _said(document: Document, *, quick: bool) -> Metadata:
    columns, source = document.columns, document.source
    index = headline(columns.labels, columns.kinds)
    title = " ".join(columns.texts[index].split()) if index >= 0 else None
    if source.html is None:
        return Metadata(title=title, url=source.url)
    from cleaner.html.metadata import read

    bylines = [text for text, label in zip(columns.texts, columns.labels, strict=True) if label is Label.BYLINE]
    said = read(source.html, source.url, title, bylines, quick=quick)
    # What readers see as the headline beats what search engines are given, where both speak of the same thing.
    one = document.page_type in (PageType.ARTICLE, PageType.FORUM)
    if one and title and likeness(title, said.title or "") >= _ALIKE:
        return replace(said, title=title)
    return said


def _name(author: str) -> str:
    """The name in a byline, without the word before it."""
    return _BY.sub("", author).strip(" ,;:|·–—-")


def _date(written: str) -> str | None:
    """The day that a page writes, ISO 8601; None where no day can be read."""
    from htmldate import find_date

    try:
        return date.fromisoformat(written[:10]).isoformat()
    except ValueError:
        pass
    try:
        found = find_date(f"<html><body><p class='date'>{escape(written)}</p></body></html>", original_date=True)
    except Exception:
        return None
    return found if isinstance(found, str) else None


def _block(document: Document, i: int) -> dict[str, Any]:
    columns = document.columns
    return {
        "index": i,
        "text": columns.texts[i],
        "label": str(columns.labels[i]),
        "confidence": round(float(columns.confidences[i]), 4),
        "reason": columns.reasons[i],
        "kind": str(columns.kinds[i]),
        "xpath": columns.xpaths[i],
        "ask": int(columns.asks[i]) if columns.asks[i] >= 0 else None,
    }
