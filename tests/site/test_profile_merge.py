"""Profiles as they are added up: by whom and in whatever order, the same pages give the same profile."""

from __future__ import annotations

import pickle
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, Document, Label, SiteProfile, clean
from tests.site.made import DISCLAIMER, page, plain, saved

WORDS = st.sampled_from("ferry harbour 12 council Library 7 library orchard".split())
TEXTS = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
BLOCKS = st.lists(st.tuples(TEXTS, st.sampled_from(list(Label))), min_size=1, max_size=8)


def site(pages: list[list[tuple[str, Label]]]) -> list[Document]:
    """Documents of pages that nothing makes the same."""
    return [plain(i, *blocks, ("abcdefghijkl"[i] * 5, Label.BODY)) for i, blocks in enumerate(pages)]


SITES = st.lists(BLOCKS, min_size=1, max_size=8).map(site)


@given(SITES, st.randoms(use_true_random=False))
def test_the_order_of_the_pages_is_all_the_same(documents: list[Document], random: object) -> None:
    before = SiteProfile.learn(documents).to_json()
    shuffled = list(documents)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert SiteProfile.learn(shuffled).to_json() == before


@given(SITES, st.integers(0, 8))
def test_parts_add_up_to_the_whole(documents: list[Document], cut: int) -> None:
    one, other = SiteProfile.learn(documents[:cut]), SiteProfile.learn(documents[cut:])
    whole = SiteProfile.learn(documents).to_json()
    assert one.merge(other).to_json() == whole
    assert other.merge(one).to_json() == whole
    assert one.pages + other.pages == SiteProfile.from_json(whole).pages


@given(SITES, SITES, SITES)
def test_it_is_all_the_same_what_is_merged_first(a: list[Document], b: list[Document], c: list[Document]) -> None:
    one, two, three = map(SiteProfile.learn, (a, b, c))
    assert one.merge(two).merge(three).to_json() == one.merge(two.merge(three)).to_json()
    assert one.merge(SiteProfile()).to_json() == one.to_json()


@given(SITES)
def test_a_profile_comes_back_from_json_as_it_was(documents: list[Document]) -> None:
    text = SiteProfile.learn(documents).to_json()
    again = SiteProfile.from_json(text)
    assert again.to_json() == text
    assert pickle.loads(pickle.dumps(again)).to_json() == text
    assert not any(again.observe(document) for document in documents)
    assert again.to_json() == text


@settings(max_examples=20)
@given(SITES, BLOCKS)
def test_learning_goes_on_after_a_profile_was_stored(documents: list[Document], more: list[tuple[str, Label]]) -> None:
    profile = SiteProfile.learn(documents)
    again = SiteProfile.from_json(profile.to_json())
    next_one = plain(99, *more, ("zzzzz", Label.BODY))
    assert profile.observe(next_one)
    assert again.observe(next_one)
    assert again.to_json() == profile.to_json()


def test_ten_merged_profiles_say_what_one_says() -> None:
    documents = [clean(saved(i, page(i, (-1, DISCLAIMER)))) for i in range(20)]
    parts = [SiteProfile.learn(documents[2 * i : 2 * i + 2]) for i in range(10)]
    merged, whole = reduce(SiteProfile.merge, parts), SiteProfile.learn(documents)
    assert merged.to_json() == whole.to_json()
    new = page(70, (-1, DISCLAIMER))
    assert Cleaner(site=merged).clean(new) == Cleaner(site=whole).clean(new)
    assert DISCLAIMER not in Cleaner(site=merged).clean(new).text


def test_pages_that_both_have_are_noticed() -> None:
    one, two, three = (
        SiteProfile.learn(clean(saved(i, page(i))) for i in numbers) for numbers in ([1, 2], [2, 3], [4])
    )
    assert one.shares_pages(two)
    assert not one.shares_pages(three)


@pytest.mark.parametrize("saved_on", [None, "2026-11-25", "2026-11-25T10:00:00Z", "no day", "1890-01-01", "9999-12-31"])
def test_the_day_of_a_page_is_kept_or_passed_over(saved_on: str | None) -> None:
    profile = SiteProfile()
    assert profile.observe(plain(1, ("ferry", Label.BODY)), saved_on)
    assert SiteProfile.from_json(profile.to_json()).to_json() == profile.to_json()
    assert ('"20782"' in profile.to_json()) is (saved_on or "").startswith("2026")
