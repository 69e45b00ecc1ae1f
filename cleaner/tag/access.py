"""How much of the article a page shows, from the walls found and the length kept."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.document import Access, Label

LOCKED_WORDS = 40


def access(labels: Sequence[Label], words: Sequence[int], walls: Sequence[tuple[int, int]]) -> Access:
    """Return how much the page shows; walls are the first and last blocks of each wall found.

    A wall with body after it is an overlay over the whole text, so it does not count.
    """
    body = [i for i, label in enumerate(labels) if label is Label.BODY]
    length = sum(words[i] for i in body)
    if not body:
        return Access.LOCKED if walls else Access.EMPTY
    if walls and length < LOCKED_WORDS:
        return Access.LOCKED
    return Access.TEASER if any(last > body[-1] for _, last in walls) else Access.FULL
