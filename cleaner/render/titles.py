"""Which of the blocks labelled title is the headline."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.document import Columns, Kind, Label


def headline(columns: Columns) -> int:
    """Return the index of the headline: the first title block that is a heading, else the first; -1 for none."""
    titles = [i for i, label in enumerate(columns.labels) if label is Label.TITLE]
    headings = [i for i in titles if columns.kinds[i] is Kind.HEADING]
    return next(iter(headings or titles), -1)


def repeats(text: str, headline: str) -> bool:
    """Whether *text* is the headline once more, cut short or with a site's name behind it."""
    a, b = _plain(text), _plain(headline)
    return a.startswith(b) or b.startswith(a)


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def title_blocks(labels: Sequence[Label]) -> list[int]:
    """The indices of the blocks labelled title."""
    return [i for i, label in enumerate(labels) if label is Label.TITLE]
