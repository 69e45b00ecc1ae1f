"""Asks planted into pages."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from cleaner.document import Label
from cleaner.html.decode import decode
from cleaner.training.augment import Planted, asks_of, plant
from cleaner.training.examples import Example, example, look
from cleaner.training.sets import Row

SAMPLES = Path(__file__).parents[2] / "samples"
LETTER = ("Dear readers,", "we depend on what you give, month by month.", "Give now")
ASK = Planted(Label.DONATION, LETTER, frozenset({3}))


def test_asks_are_runs_of_one_label() -> None:
    blocks = [
        ("body", "A story of many words that goes on."),
        ("newsletter", "Our letter"),
        ("newsletter", "Every morning the news of the town in your inbox"),
        ("donation", "Give now"),
        ("body", "More of the story."),
    ]
    (ask,) = asks_of(blocks, frozenset({1}))
    assert (ask.label, len(ask.texts), ask.folds) == (Label.NEWSLETTER, 2, {1})


@pytest.fixture(scope="module")
def host() -> tuple[bytes, Example]:
    page = (SAMPLES / "wordpress-local-news" / "page.html").read_bytes()
    gold = (SAMPLES / "wordpress-local-news" / "article.txt").read_text("utf-8")
    made = example("wcxb-made", Row("host", type="article", gold=gold), page)
    assert isinstance(made, Example)
    made.folds = frozenset({1})
    return decode(page)[0], made


@pytest.mark.parametrize("seed", range(8))
def test_the_page_is_as_before_but_for_the_ask(host: tuple[bytes, Example], seed: int) -> None:
    html, before = host
    after = plant(html, None, before, ASK, random.Random(seed))
    assert after is not None
    count = len(after.body) - len(before.body)
    planted = np.nonzero(after.labels == list(Label).index(Label.DONATION))[0]
    assert count == len(planted) >= 3
    assert not after.body[planted].any()
    assert np.array_equal(np.delete(after.body, planted), before.body)
    assert len(after.features.numbers) == len(after.words) == len(after.body)
    assert after.folds == {1, 3}


def test_the_same_seed_plants_alike(host: tuple[bytes, Example]) -> None:
    one, other = (plant(host[0], None, host[1], ASK, random.Random(4)) for _ in range(2))
    assert one is not None
    assert other is not None
    assert np.array_equal(one.features.numbers, other.features.numbers)


def test_no_place_no_page() -> None:
    html = b"<html><body><p>Too short a page to plant anything into.</p></body></html>"
    seen = look(html, None)
    assert seen is not None
    made = example("wcxb-made", Row("short", gold="Too short a page to plant anything into."), html)
    assert isinstance(made, Example)
    assert plant(html, None, made, ASK, random.Random(1)) is None
