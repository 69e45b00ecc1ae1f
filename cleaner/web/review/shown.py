"""What the review page is told, as JSON types."""

from __future__ import annotations

from typing import Any

from cleaner.document import ARTICLE, Document, Label
from cleaner.render.palette import PALETTE
from cleaner.render.report.model import UNSURE, plain
from cleaner.web.review.book import Book, corrected
from cleaner.web.review.keys import HINTS, KEYS
from cleaner.web.review.pile import Entry, Progress


def about(file: str, shown: frozenset[Label]) -> dict[str, Any]:
    """What does not change while the page is open."""
    labels = [
        {"label": label, "key": KEYS[label], "hint": HINTS.get(label, ""), "kept": label in shown} for label in Label
    ]
    return {"labels": labels, "unsure": UNSURE, "file": file}


def entry(found: Entry) -> dict[str, Any]:
    """A page in the list."""
    return {
        "id": found.id,
        "name": found.name,
        "title": found.title,
        "type": found.page_type,
        "blocks": found.blocks,
        "words": found.words,
        "doubt": found.doubt,
        "corrected": found.corrected,
        "done": found.done,
    }


def progress(found: Progress, book: Book) -> dict[str, Any]:
    """How far reading has come."""
    corrections, pages = book.counts()
    return {
        "change": found.change,
        "pages": [entry(one) for one in found.entries],
        "reading": found.reading,
        "problems": list(found.problems),
        "corrections": corrections,
        "corrected": pages,
        "undoable": book.undoable,
    }


def page(found: Entry, document: Document, book: Book) -> dict[str, Any]:
    """A page with its blocks."""
    return {
        **entry(found),
        "url": plain(document.url) if document.url else "",
        "access": document.access,
        "warnings": list(document.warnings),
        "seen": book.seen(found.came),
        "all": blocks(found, document, book),
    }


def blocks(found: Entry, document: Document, book: Book) -> list[dict[str, Any]]:
    """The blocks of a page: what they were labelled, and what a person made of it."""
    labels = book.labels(found.came, document)
    columns = document.columns
    return [
        {
            "text": columns.texts[i],
            "was": columns.labels[i],
            "label": labels.get(i, columns.labels[i]),
            "corrected": i in labels,
            "confidence": round(float(columns.confidences[i]), 4),
            "reason": plain(columns.reasons[i]),
            "kind": columns.kinds[i],
        }
        for i in range(len(columns.texts))
    ]


def text(found: Entry, document: Document, book: Book) -> dict[str, Any]:
    """The article as it now comes out."""
    return {"text": corrected(document, book.labels(found.came, document)).text}


def kept(keep: frozenset[Label]) -> frozenset[Label]:
    """The labels of what comes out in some view."""
    return ARTICLE | keep


def palette() -> str:
    """The labels' colours as a style sheet, for light and dark."""
    rules = []
    for label in Label:
        light, dark = PALETTE[label].light, PALETTE[label].dark
        rules.append(
            f'[data-label="{label}"] {{ --bg: light-dark({light.background}, {dark.background});'
            f" --fg: light-dark({light.text}, {dark.text}); --mark: {PALETTE[label].terminal}; }}\n"
        )
    return "".join(rules)
