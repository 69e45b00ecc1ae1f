"""How much of the article a page shows."""

from __future__ import annotations

import pytest

import cleaner
from cleaner.document import Access, Label
from cleaner.tag.access import LOCKED_WORDS, access

PROSE = "<p>The last ferry of the year left the harbour at noon on Friday, with nine islanders and two dogs aboard.</p>"
WALL = "<div class=box><h3>Subscribe to continue reading</h3><p>Already a subscriber? <a href=/in>Log in</a></p></div>"
OFFER = "<div class=box><h3>Give this article as a gift</h3><p>Subscribe for just €1 a month.</p></div>"
HEAD = "<html lang=en><head><title>Last ferry sails</title></head><body><h1>Last ferry sails</h1>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (PROSE * 8, Access.FULL),
        (PROSE * 4 + WALL, Access.TEASER),
        (PROSE * 4 + WALL + PROSE * 8, Access.FULL),
        (WALL + PROSE * 8, Access.FULL),
        (PROSE * 8 + OFFER, Access.FULL),
        (PROSE + WALL, Access.LOCKED),
        (WALL, Access.LOCKED),
        ("", Access.EMPTY),
        ("<nav><a href=/>Home</a></nav>", Access.EMPTY),
    ],
    ids=["all", "wall at the end", "overlay", "overlay first", "offer", "a line and a wall", "wall", "nothing", "menu"],
)
def test_pages(body: str, expected: Access) -> None:
    doc = cleaner.clean(HEAD + body)
    assert doc.access is expected
    assert "Subscribe" not in doc.text
    assert bool(doc.warnings) is (not doc.text)


B, P, N = Label.BODY, Label.PAYWALL, Label.NAVIGATION


@pytest.mark.parametrize(
    ("labels", "words", "walls", "expected"),
    [
        ([], [], [], Access.EMPTY),
        ([N], [50], [], Access.EMPTY),
        ([P], [5], [(0, 0)], Access.LOCKED),
        ([B, P], [LOCKED_WORDS - 1, 5], [(1, 1)], Access.LOCKED),
        ([B, P], [LOCKED_WORDS, 5], [(1, 1)], Access.TEASER),
        ([B, P, N], [90, 5, 90], [(1, 1)], Access.TEASER),
        ([B, P, B], [90, 5, 90], [(1, 1)], Access.FULL),
        ([P, B, P], [5, 90, 5], [(0, 0), (2, 2)], Access.TEASER),
        ([B, P], [90, 5], [], Access.FULL),
    ],
)
def test_access(labels: list[Label], words: list[int], walls: list[tuple[int, int]], expected: Access) -> None:
    assert access(labels, words, walls) is expected
