"""Kinds of pages, by their signals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Kind, PageType
from cleaner.html.blocks import Blocks
from cleaner.html.decode import encode
from cleaner.html.hints import Hints, page_hints
from cleaner.html.parse import parse
from cleaner.html.segment import segment
from cleaner.tag.page_type import page_type, signal_table

PROSE = "<p>" + "The harbour was quiet that morning, and nobody expected the ferry to leave before noon. " * 3 + "</p>"
CARD = '<div class="product-card"><h3><a href="/p">Brass bed</a></h3><span>$ 249.00</span></div>'
TEASER = '<div class="card"><h3><a href="/a">A goat was elected mayor of Lower Wick</a></h3></div>'


def kind(body: str, head: str = "", url: str | None = None) -> PageType:
    root, _ = parse(encode(f"<html><head>{head}</head><body>{body}</body></html>"))
    assert root is not None
    return page_type(page_hints(root, url), segment(root, 1000))


def typed(name: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "{name}"}}</script>'


@pytest.mark.parametrize(
    ("expected", "body", "head", "url"),
    [
        (PageType.ARTICLE, PROSE * 5, "", None),
        (PageType.ARTICLE, PROSE * 5, typed("NewsArticle"), "https://wick.example/forum/goat"),
        (PageType.ARTICLE, PROSE * 5 + CARD * 9, '<meta property="og:type" content="article">', None),
        (PageType.ARTICLE, PROSE, "", "https://wick.example/products-of-the-sea"),
        (PageType.FORUM, PROSE * 5, typed("DiscussionForumPosting"), None),
        (PageType.FORUM, PROSE * 5, "", "https://forum.wick.example/threads/goat.12/"),
        (PageType.FORUM, PROSE, '<meta name="generator" content="Discourse 3.4">', None),
        (PageType.PRODUCT, PROSE + "<button>Add to cart</button>", typed("Product"), None),
        (PageType.PRODUCT, PROSE, '<meta property="og:type" content="product">', None),
        (PageType.COLLECTION, CARD * 20, "", "https://shop.wick.example/collections/beds"),
        (PageType.DOCUMENTATION, PROSE + "<pre>go()</pre>" * 12, "", "https://wick.example/docs/latest/go.html"),
        (PageType.LISTING, TEASER * 30, "", "https://wick.example/tag/goats"),
        (PageType.LISTING, TEASER * 30, "", "https://wick.example/?utm_source=x"),
        (PageType.SERVICE, PROSE, "", "https://wick.example/services/goat-consulting"),
        (PageType.OTHER, "<p>Loading</p>", "", None),
        (PageType.OTHER, "", "", None),
    ],
)
def test_kind(expected: PageType, body: str, head: str, url: str | None) -> None:
    assert kind(body, head, url) is expected


def test_archived_addresses_count_as_what_they_archive() -> None:
    address = "https://archive.example/web/20240102030405id_/https://forum.wick.example/threads/goat.12/"
    assert kind(PROSE * 5, "", address) is PageType.FORUM


def test_the_table_names_known_signals_only() -> None:
    table = signal_table()
    kinds = {"type", "og", "generator", "class", "host", "path", "word", "address", "says", "shape"}
    assert {signal.split(":")[0] for signal in table.votes} <= kinds
    shapes = {f"shape:{name}{'+' * i}" for name, steps in table.steps.items() for i in range(len(steps))}
    known = shapes | table.together.keys() | {"shape:little_prose"}
    assert {signal for signal in table.votes if signal.startswith("shape:")} <= known
    for wanted, unwanted in table.together.values():
        assert {signal for signal in wanted | unwanted if signal.startswith("shape:")} <= known


@given(st.text(), st.lists(st.text(min_size=1)))
def test_never_raises(text: str, lines: list[str]) -> None:
    blocks = Blocks(
        text=lines,
        kind=[Kind.PARAGRAPH] * len(lines),
        container=[0] * len(lines),
        words=[len(line.split()) for line in lines],
        link_chars=[0] * len(lines),
    )
    for url in (text, f"https://{text}", f"https://wick.example/{text}"):
        page_type(Hints(url=url, generator=text, og_type=text, types=frozenset({text})), blocks)
