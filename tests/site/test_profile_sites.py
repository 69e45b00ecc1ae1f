"""Profiles of many sites at once."""

from __future__ import annotations

from typing import Any

import pytest

from cleaner import Cleaner, Label
from cleaner.site.sites import Sites, site_of
from tests.site.made import DISCLAIMER, page, plain


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://news.paper.co.uk/2026/x", "paper.co.uk"),
        ("http://www.paper.com:8080/", "paper.com"),
        ("https://me@one.blogspot.com/", "one.blogspot.com"),
        ("https://www.gazette.example/7", "gazette.example"),
        ("http://127.0.0.1:8000/x", "127.0.0.1"),
        ("http://localhost/", "localhost"),
        ("http://[::1]:80/", "[::1]"),
        ("http://[bad/", ""),
        ("no address", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_the_site_of_an_address(url: str | None, site: str) -> None:
    assert site_of(url) == site


def test_each_site_teaches_for_itself() -> None:
    sites: Any = Sites()
    ours = Cleaner(site=sites)
    for i in range(6):
        sites.observe(ours.clean(page(i, (2, DISCLAIMER)), f"https://one.example/{i}"))
        sites.observe(ours.clean(page(20 + i), f"https://www.other.example/{i}"))
    assert len(sites) == 2
    assert sites.profile("https://www.one.example/9").pages == 6
    assert DISCLAIMER not in ours.clean(page(9, (2, DISCLAIMER)), "https://one.example/9").text
    assert DISCLAIMER in ours.clean(page(9, (2, DISCLAIMER)), "https://other.example/9").text
    assert DISCLAIMER in ours.clean(page(9, (2, DISCLAIMER))).text


def test_the_sites_seen_longest_ago_are_forgotten() -> None:
    sites = Sites(most_sites=3)
    for name in ("a", "b", "c", "a", "d"):
        sites.observe(plain(1, ("ferry", Label.BODY), url=f"http://{name}.example/{len(sites)}"))
    assert len(sites) == 3
    assert sites.profile("http://b.example/") is None
    assert sites.profile("http://a.example/") is not None


def test_all_profiles_together_are_bounded() -> None:
    sites = Sites(most_entries=100)
    for number in range(40):
        blocks = [(f"{'abcdefgh'[k]}{'x' * number} ferry", Label.BODY) for k in range(8)]
        sites.observe(plain(number, *blocks, url=f"http://paper{number}.example/"))
    assert 1 <= len(sites) <= 10
    assert sites.profile("http://paper39.example/") is not None


def test_a_page_without_address_teaches_nothing() -> None:
    sites = Sites()
    document = Cleaner(site=None).clean(page(1))
    assert not sites.observe(document)
    assert len(sites) == 0
