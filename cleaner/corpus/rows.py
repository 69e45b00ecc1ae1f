"""A page to a row of a corpus."""

from __future__ import annotations

import unicodedata
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from cleaner.document import Document, Label
from cleaner.load import Page
from cleaner.render import metadata

if TYPE_CHECKING:
    from collections.abc import Callable

_CODES = {label: code for code, label in enumerate(Label)}


def row(page: Page, clean: Callable[[Page], Document], *, markdown: bool = False, full: bool = False) -> dict[str, Any]:
    """What is to be said of a page: of one that could not be read, why; of one that broke off, that too.

    full looks for authors and dates in the page's text as well, which takes longer than all else together.
    """
    known: dict[str, Any] = {"name": page.name, "url": page.url, "saved": page.saved}
    if page.error is not None:
        known["error"] = str(page.error)
        if not page.content:
            return known
    document = clean(page)
    columns, text = document.columns, document.text
    said = document.metadata if full else metadata(document, quick=True)
    return known | {
        "url": said.url,
        "title": said.title,
        "authors": list(said.authors),
        "date": said.date,
        "site_name": said.site_name,
        "language": said.language,
        "page_type": str(document.page_type),
        "access": str(document.access),
        "text": text,
        "markdown": document.markdown if markdown else None,
        "words": len(text.split()),
        "blocks": len(columns.texts),
        "asks": len(set(columns.asks) - {-1}),
        "labels": [_CODES[label] for label in columns.labels],
        "lengths": [len(block) for block in columns.texts],
        "digest": digest(text),
        "warnings": list(document.warnings),
    }


def digest(text: str) -> bytes:
    """What texts have in common that differ in case and white space only: 16 bytes."""
    normal = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return blake2b(normal.encode("utf-8", "replace"), digest_size=16).digest()
