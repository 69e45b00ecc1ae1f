"""The sample sites say the truth about their pages, and a page by itself does not give their asks away."""

from __future__ import annotations

import json
import runpy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner import Block, Label
from tests.conftest import SAMPLES

SITES = SAMPLES / "sites"
FEWEST_PAGES = 8
FEWEST_PLACES = 4
# No subhead is as long, and no paragraph that is quoted is as short.
PARAGRAPH = 60
ARTICLE = {Label.TITLE, Label.BODY, Label.CAPTION, Label.BYLINE}


@dataclass(frozen=True)
class Site:
    """What site.json says, and the documents of its pages."""

    folder: Path

    @cached_property
    def pages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self.folder / "site.json").read_text("utf-8"))["pages"]
        return found

    @cached_property
    def blocks(self) -> list[tuple[Block, ...]]:
        return [
            tuple(cleaner.clean((self.folder / page["file"]).read_bytes(), url=page["url"]).blocks)
            for page in self.pages
        ]

    def pages_of_body(self) -> Counter[str]:
        """On how many pages each text is body."""
        return Counter(text for page in self.pages for text in set(page["body"]))


def folders() -> list[Path]:
    return sorted(path.parent for path in SITES.glob("*/site.json"))


@pytest.fixture(scope="module", params=folders(), ids=lambda folder: folder.name)
def site(request: pytest.FixtureRequest) -> Site:
    return Site(request.param)


def labels_of(blocks: tuple[Block, ...], text: str) -> set[Label]:
    return {block.label for block in blocks if block.text == text}


def test_there_are_enough_sites_in_enough_languages() -> None:
    about = [json.loads((folder / "site.json").read_text("utf-8")) for folder in folders()]
    assert len(about) >= 10
    assert len({site["language"] for site in about}) >= 8


def test_it_has_enough_pages_and_each_is_another(site: Site) -> None:
    assert len(site.pages) >= FEWEST_PAGES
    assert len({page["url"] for page in site.pages}) == len(site.pages)
    assert {page["file"] for page in site.pages} == {path.name for path in site.folder.glob("*.html")}
    assert sum(count > 1 and len(text) > PARAGRAPH for text, count in site.pages_of_body().items()) <= 2


def test_every_text_is_a_block_of_its_page(site: Site) -> None:
    for page, blocks in zip(site.pages, site.blocks, strict=True):
        texts = {block.text for block in blocks}
        assert page["title"] in texts
        assert [text for text in page["body"] if text not in texts] == []
        assert [ask["text"] for ask in page["asks"] if ask["text"] not in texts] == []


def test_the_body_stands_in_the_order_of_the_page(site: Site) -> None:
    for page, blocks in zip(site.pages, site.blocks, strict=True):
        rest: Iterator[str] = iter([block.text for block in blocks])
        assert [text for text in page["body"] if text not in rest] == []


def test_nothing_is_both_body_and_ask(site: Site) -> None:
    asks = {ask["text"] for page in site.pages for ask in page["asks"]}
    assert asks.isdisjoint(site.pages_of_body())


def test_asks_recur_and_some_of_them_vary(site: Site) -> None:
    places = Counter(name for page in site.pages for name in {ask["name"] for ask in page["asks"]})
    texts: dict[str, set[str]] = {}
    for page in site.pages:
        for ask in page["asks"]:
            assert Label(ask["label"]) not in ARTICLE
            texts.setdefault(ask["name"], set()).add(ask["text"])
    assert len(places) >= 3
    assert min(places.values()) >= FEWEST_PLACES
    assert max(map(len, texts.values())) >= 3


def test_two_articles_quote_one_paragraph(site: Site) -> None:
    quoted = [text for text, count in site.pages_of_body().items() if count == 2 and len(text) > PARAGRAPH]
    assert quoted
    for page, blocks in zip(site.pages, site.blocks, strict=True):
        for text in quoted:
            if text in page["body"]:
                assert labels_of(blocks, text) == {Label.BODY}


def test_articles_share_a_short_text(site: Site) -> None:
    assert any(count >= 3 and len(text) <= PARAGRAPH for text, count in site.pages_of_body().items())


def test_a_page_by_itself_keeps_at_least_half_of_the_asks(site: Site) -> None:
    kept = [
        Label.BODY in labels_of(blocks, ask["text"])
        for page, blocks in zip(site.pages, site.blocks, strict=True)
        for ask in page["asks"]
    ]
    assert sum(kept) >= len(kept) / 2


def test_a_page_by_itself_keeps_nearly_all_of_the_body(site: Site) -> None:
    kept = [
        Label.BODY in labels_of(blocks, text)
        for page, blocks in zip(site.pages, site.blocks, strict=True)
        for text in page["body"]
    ]
    assert sum(kept) >= 0.95 * len(kept)


def test_the_files_are_those_that_the_script_makes() -> None:
    made = [pair for site in runpy.run_path(str(SITES / "make.py"))["sites"]() for pair in site.files()]
    assert {path for path, _ in made} == {*SITES.glob("*/*.html"), *SITES.glob("*/site.json")}
    assert [path for path, content in made if path.read_bytes() != content.encode()] == []
