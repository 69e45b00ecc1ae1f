"""What the tagger sees: arrays that another implementation could fill alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from cleaner.html.blocks import Blocks
from cleaner.html.hints import page_hints
from cleaner.html.segment import segment
from cleaner.tag.characters import characters
from cleaner.tag.evidence import gather
from cleaner.tag.features import (
    DEPTH,
    FIRST_STEMS,
    FIRST_WORDS,
    LAST_STEMS,
    LAST_WORDS,
    MARKUP_BUCKETS,
    NAMES,
    STEM_BUCKETS,
    TEXT_BUCKETS,
    Features,
    bucket,
    features,
)
from cleaner.tag.numbers import BOXES, RULES, WIDTH
from cleaner.tag.page_type import page_type
from cleaner.tag.rules import Rules

PAGE = """<html><head><title>The bridge stays closed</title></head><body>
<nav class="menu top"><a href="/">Home</a></nav>
<article class="post"><h1>The bridge stays closed</h1>
<p>The bridge over the river stays closed until the spring, the council said on Monday evening.</p>
<div class="box"><p>Sign up for our newsletter</p><p>Every morning in your inbox.</p></div>
<p>Repairs were to have begun last autumn, but no firm made an offer that the town could pay.</p></article>
</body></html>"""


def _features(page: str) -> tuple[Blocks, Features]:
    root = html.document_fromstring(page)
    blocks, hints = segment(root, 1000), page_hints(root)
    kind = page_type(hints, blocks)
    rules = Rules(gather(blocks, hints, kind), kind)
    return blocks, features(rules, rules.run())


@pytest.mark.parametrize(
    ("token", "text", "markup"),
    [("the", 4129, 634), ("<div>", 8100, 3587), ("café", 2118, 3618), ("日本", 3005, 2577), ("", 1, 1)],
)
def test_hashing_is_pinned(token: str, text: int, markup: int) -> None:
    assert (bucket(token, TEXT_BUCKETS), bucket(token, MARKUP_BUCKETS)) == (text, markup)


@given(st.text(), st.integers(2, 1 << 16))
def test_a_bucket_is_in_its_range_and_never_zero(token: str, buckets: int) -> None:
    assert 1 <= bucket(token, buckets) < buckets


def test_shapes_and_types() -> None:
    blocks, seen = _features(PAGE)
    n = len(blocks)
    assert seen.numbers.shape == (n, WIDTH)
    assert seen.words.shape == (n, FIRST_WORDS + LAST_WORDS)
    assert seen.stems.shape == (n, FIRST_STEMS + LAST_STEMS)
    assert seen.names.shape[1] == NAMES
    assert seen.path.shape == (n, DEPTH)
    assert seen.boxes.shape == (n, 2 * BOXES)
    assert seen.numbers.dtype == np.float32
    assert {seen.words.dtype, seen.stems.dtype, seen.names.dtype, seen.path.dtype, seen.boxes.dtype} == {
        np.dtype(np.int32)
    }
    assert np.isfinite(seen.numbers).all()
    assert seen.path.max() < len(seen.names)
    assert not seen.names[0].any()


def test_boxes_widen_and_hold_their_block() -> None:
    blocks, seen = _features(PAGE)
    boxes = seen.boxes.reshape(len(blocks), BOXES, 2)
    for i, around in enumerate(boxes):
        assert all(first <= i < last for first, last in around)
        sizes = [int(last - first) for first, last in around]
        assert sizes == sorted(sizes)
        assert sizes[-1] == len(blocks)
    asked = blocks.text.index("Every morning in your inbox.")
    assert [blocks.text[i] for i in range(*boxes[asked, 0])] == blocks.text[asked - 1 : asked + 1]


def test_words_are_the_first_and_the_last() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve"
    _, seen = _features(f"<html><body><p>{text}</p><p>One two</p></body></html>")
    tokens = text.split()
    assert seen.words[0].tolist() == [bucket(t, TEXT_BUCKETS) for t in tokens[:6] + tokens[-4:]]
    assert seen.words[1].tolist() == [bucket(t, TEXT_BUCKETS) for t in ("one", "two")] + [0] * 8


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Newsletters for you", ["newsl", "for", "you"]),
        ("Подпишитесь на рассылку", ["подпи", "на", "рассы"]),
        ("毎日のニュース", ["毎日", "日の", "のニ", "ニュ", "ュー", "ース"]),
        ("뉴스레터를 구독", ["뉴스", "스레", "레터", "터를", "구독"]),
        ("ข่าว daily", ["ข่", "่า", "าว", "daily"]),
        ("日", ["日"]),
    ],
)
def test_stems_are_beginnings_of_words_and_pairs_where_words_are_not_apart(text: str, stems: list[str]) -> None:
    _, seen = _features(f"<html><body><p>{text}</p></body></html>")
    assert seen.stems[0].tolist() == [bucket(t, STEM_BUCKETS) for t in stems] + [0] * (40 - len(stems))


def test_of_a_long_block_the_first_and_the_last_stems_are_seen() -> None:
    tokens = [f"w{k}" for k in range(100)]
    _, seen = _features(f"<html><body><p>{' '.join(tokens)}</p></body></html>")
    ends = tokens[:FIRST_STEMS] + tokens[-LAST_STEMS:]
    assert seen.stems[0].tolist() == [bucket(t, STEM_BUCKETS) for t in ends]


def test_names_are_those_of_the_elements_around() -> None:
    blocks, seen = _features(PAGE)
    asked = blocks.text.index("Sign up for our newsletter")
    around = [row[row > 0].tolist() for row in seen.names[seen.path[asked]]]
    expected = [["<p>"], ["<div>", "box"], ["<article>", "post"], ["<body>"]]
    assert around[:4] == [[bucket(t, MARKUP_BUCKETS) for t in tokens] for tokens in expected]


def test_the_rules_part_tells_what_the_rules_decided() -> None:
    _, seen = _features(PAGE)
    _, other = _features(PAGE.replace("Sign up for our newsletter", "Nothing was said about the costs"))
    assert not np.array_equal(seen.numbers[:, RULES], other.numbers[:, RULES])


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1, max_size=8))
def test_characters_are_counted_as_one_by_one(texts: list[str]) -> None:
    found = characters(texts)
    for i, text in enumerate(texts):
        assert found.size[i] == len(text)
        assert found.commas[i] == sum(text.count(c) for c in ",、，")
        assert found.stops[i] == text.count(". ") + text.count("。") + text.count("? ")
        assert found.digits[i] == sum(text.count(c) for c in "0123456789")
        assert found.questions[i] == ("?" in text)
        assert found.breaks[i] == ("\n" in text)


def test_a_page_of_one_block() -> None:
    blocks, seen = _features("<html><body>A line.</body></html>")
    assert len(blocks) == 1
    assert np.isfinite(seen.numbers).all()
