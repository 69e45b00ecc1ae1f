"""The headline among the blocks labelled title."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.document import Kind, Label


def headline(labels: Sequence[Label], kinds: Sequence[Kind]) -> int:
    """Return the index of the headline: the first title block that is a heading, else the first; -1 for none."""
    titles = [i for i, label in enumerate(labels) if label is Label.TITLE]
    headings = [i for i in titles if kinds[i] is Kind.HEADING]
    return next(iter(headings or titles), -1)


def repeats(text: str, title: str) -> bool:
    """Whether *text* is *title* once more, cut short or with a site's name behind it."""
    a, b = _plain(text), _plain(title)
    return a == b or (bool(a and b) and (a.startswith(b) or b.startswith(a)))


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
