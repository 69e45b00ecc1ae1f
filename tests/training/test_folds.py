"""Folds by site: pages that hang together come into one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.training.folds import FOLDS, assign, content_key, keys, site


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.morgenblatt.example.co.uk/stadt/1", "example.co.uk"),
        ("https://web.archive.org/web/20240101000000/https://news.tagblatt.com/a", "tagblatt.com"),
        ("hard::tagblatt.com::17", "tagblatt.com"),
        ("", "page-7"),
        ("not an address", "not an address"),
    ],
)
def test_site(url: str, name: str) -> None:
    assert site(url, "page-7") == name


def test_pages_that_share_anything_are_in_one_fold() -> None:
    pages = [
        keys("1", "https://a.com/x", b"one"),
        keys("2", "https://b.com/y", b"two"),
        keys("3", "https://b.com/z", b"one"),
        keys("4", "https://c.com/", b"four"),
        keys("4", "https://d.com/", b"five"),
    ]
    folds = assign(pages)
    assert folds[0] == folds[1] == folds[2]
    assert folds[3] == folds[4]


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=3), min_size=1, max_size=8))
def test_the_order_of_pages_does_not_matter(pages: list[list[str]]) -> None:
    folds = assign(pages)
    assert set(folds) <= set(range(FOLDS))
    assert assign(pages[::-1]) == folds[::-1]
    for i, one in enumerate(pages):
        for j, other in enumerate(pages):
            if set(one) & set(other):
                assert folds[i] == folds[j]


def test_content_key_is_of_the_bytes_alone() -> None:
    assert content_key(b"page") == content_key(b"page") != content_key(b"pages")
