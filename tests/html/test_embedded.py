"""Articles that the page holds and does not show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.html.decode import encode
from cleaner.html.embedded import Embedded, embedded, unhidden, with_embedded
from cleaner.html.parse import parse
from cleaner.html.segment import segment

if TYPE_CHECKING:
    from lxml.etree import _Element

FERRY = (
    "The last ferry of the year left Tarrow at noon on Friday, with nine islanders, two dogs and a brass bed aboard."
)
QUAY = "Nobody on the quay had expected it to sail, least of all the harbour master, Ena Brock, who was asleep."
KEY = "She had closed the ticket office in October and given the key to the postman, who lost it."
BODY = f"<p>{FERRY}</p><p>{QUAY}</p><p>{KEY}</p>"
PLAIN = f"{FERRY}\n\n{QUAY}\n\n{KEY}"
JSON = 'type="application/json"'


def page(*parts: str, body: str = '<div id="app"></div>') -> _Element:
    root, _ = parse(encode(f"<html><head><title>Ferry</title></head><body>{body}{''.join(parts)}</body></html>"))
    assert root is not None
    return root


def script(text: str, attributes: str = "") -> str:
    return f"<script {attributes}>{text}</script>"


def texts(html: bytes) -> list[str]:
    root, _ = parse(html)
    assert root is not None
    return segment(root, 1000).text


def flight(*rows: str) -> str:
    """A React stream as the page's scripts hold it, cut at odd places."""
    stream = "".join(rows)
    third = len(stream) // 3
    pieces = [stream[:third], stream[third : 2 * third], stream[2 * third :]]
    return "".join(script(f"self.__next_f.push([1,{json.dumps(piece)}])") for piece in pieces)


STATE = {"page": {"article": {"title": "Ferry", "body": BODY}}}
FLAT = [{"data": 1}, ["ShallowReactive", 2], {"article": 3}, {"title": 4, "body": 5}, "Ferry", BODY]

SOURCES = {
    "next-data": script(json.dumps(STATE), f'id="__NEXT_DATA__" {JSON}'),
    "nuxt-data": script(json.dumps(FLAT), f'id="__NUXT_DATA__" {JSON}'),
    "json script": script(json.dumps(STATE), 'type="application/json" id="store"'),
    "state": script(f"window.__INITIAL_STATE__ = {json.dumps(STATE)};window.go()"),
    "bracketed": script(f'window["__PRELOADED_STATE__"]={json.dumps(STATE)}'),
    "apollo": script(f"window.__APOLLO_STATE__={json.dumps({'Article:1': {'body': BODY}})};"),
    "JSON.parse": script(f"window.__STATE__ = JSON.parse({json.dumps(json.dumps(STATE))})"),
    "pushed": script(f"(window.q = window.q || []).push({json.dumps(STATE)})"),
    "no JSON": script(f"window.__NUXT__=(function(a,b){{return {{data:[{{body:{json.dumps(BODY)},id:a}}]}}}}(1,2))"),
    "react stream": flight('1:I["x"]\n', f"2:T{len(BODY.encode()):x},{BODY}", '3:{"a":1}\n'),
    "attribute": f"<div id='app' data-page='{json.dumps(STATE)}'></div>",
}


@pytest.mark.parametrize("source", SOURCES)
def test_hydration(source: str) -> None:
    found = embedded(page(SOURCES[source]))
    assert found is not None
    assert found.html == BODY
    assert found.source in {"next-data", "nuxt-data", "hydration", "script"}


@pytest.mark.parametrize(
    "data",
    [
        {"@type": "NewsArticle", "articleBody": PLAIN},
        [{"@type": "WebSite"}, {"@type": ["Article", "Thing"], "articleBody": PLAIN}],
        {"@graph": [{"@type": "WebPage", "mainEntity": {"@type": "BlogPosting", "articleBody": PLAIN}}]},
        {"@type": "Article", "articleBody": [FERRY, QUAY, KEY]},
        {"@type": "Article", "articleBody": BODY.replace("<", "&lt;").replace(">", "&gt;")},
    ],
)
def test_json_ld(data: object) -> None:
    found = embedded(page(script(json.dumps(data), 'type="application/ld+json"')))
    assert found == Embedded("json-ld", BODY)


def test_broken_json_ld() -> None:
    broken = f'{{"@type": "Article", "headline": "A "quoted" word", "articleBody": {json.dumps(PLAIN)}}}'
    assert embedded(page(script(broken, 'type="application/ld+json"'))) == Embedded("json-ld", BODY)


def test_json_ld_outranks_another_article_of_the_scripts() -> None:
    other = {"article": {"body": "<p>A goat was elected mayor of Lower Wick on Monday.</p>" * 20}}
    root = page(
        script(json.dumps({"articleBody": PLAIN}), 'type="application/ld+json"'), script(json.dumps(other), JSON)
    )
    assert embedded(root) == Embedded("json-ld", BODY)


def test_scripts_outrank_json_ld_where_they_hold_the_same_article_whole() -> None:
    whole = BODY + "<p>The key was found in spring, in a letter.</p>"
    flat = {"articleBody": f"{FERRY} {QUAY} {KEY}"}
    data = {"article": {"body": whole}}
    root = page(script(json.dumps(flat), 'type="application/ld+json"'), script(json.dumps(data), JSON))
    assert embedded(root) == Embedded("hydration", whole)


@pytest.mark.parametrize(
    "part",
    [
        "",
        script("var a = 1;"),
        script("window.__STATE__ = {broken"),
        script("[" * 100_000, JSON),
        script('{"a":' * 5000 + "1" + "}" * 5000, JSON),
        script(json.dumps({"relatedArticles": [{"body": BODY}]}), JSON),
        script(json.dumps({"messages": {"cookie": BODY}}), JSON),
        script("self.__next_f.push([1,"),
        script('[["Reactive",1],[0,1]]', f'id="__NUXT_DATA__" {JSON}'),
    ],
)
def test_nothing_there(part: str) -> None:
    assert embedded(page(part)) is None


def test_shared_parts_are_not_multiplied() -> None:
    """Each part of the array names the next one three times over: written out it would never end."""
    flat: list[object] = [[1]]
    for i in range(1000):
        flat += [{"type": 2001, "children": 2 * i + 2}, [2 * i + 3, 2 * i + 3, 2 * i + 3]]
    root = page(script(json.dumps([*flat, "paragraph", FERRY]), f'id="__NUXT_DATA__" {JSON}'))
    embedded(root)


def test_one_text_named_many_times_is_read_once() -> None:
    flat = [[1, 2], [3] * 50_000, [4] * 50_000, BODY + f"<p>{KEY}</p>" * 5000, {"type": 5, "text": 3}, "paragraph"]
    found = embedded(page(script(json.dumps(flat), f'id="__NUXT_DATA__" {JSON}')))
    assert found is None or len(found.html) < 6_000_000


@given(st.text(), st.sampled_from(["", JSON, 'type="application/ld+json"', f'id="__NUXT_DATA__" {JSON}']))
def test_never_raises(text: str, attributes: str) -> None:
    for around in ("{}", "window.__STATE__={}", '{{"body": "{}"}}', 'self.__next_f.push([1,"{}"])'):
        root, _ = parse(encode(f"<body><script {attributes}>{around.format(text) * 20}</script></body>"))
        if root is not None:
            embedded(root)
            unhidden(root)


def test_with_embedded() -> None:
    root = page(
        SOURCES["next-data"], script('{"@type":"NewsArticle"}', 'type="application/ld+json"'), script("var x = 1")
    )
    before = len(list(root.iter()))
    html = with_embedded(root, Embedded("next-data", BODY))
    assert texts(html) == [FERRY, QUAY, KEY]
    assert b'<article data-embedded="next-data">' in html
    assert b"NewsArticle" in html
    assert b"<title>Ferry</title>" in html
    assert b"__NEXT_DATA__" not in html
    assert b"var x" not in html
    assert len(list(root.iter())) == before


def test_with_embedded_takes_any_html() -> None:
    broken = f"</article></body></html>{FERRY}<b>{QUAY}<p>\x00\ud800{KEY}<!-- -->"
    html = with_embedded(page(), Embedded("script", broken))
    assert FERRY in " ".join(texts(html))
    assert KEY in " ".join(texts(html))


@pytest.mark.parametrize(
    "opening",
    [
        "<div hidden>",
        '<div style="color:red;display: none">',
        '<main style="display : NONE">',
        '<body hidden=""><div>',
    ],
)
def test_unhidden(opening: str) -> None:
    root = page(body=f"<p>Menu</p>{opening}{BODY}</div>")
    html = unhidden(root) if "body" not in opening else encode("<body>" + BODY)
    assert html is not None
    assert [text for text in texts(html) if text != "Menu"] == [FERRY, QUAY, KEY]
    assert b"color:red" in html or "color" not in opening


@pytest.mark.parametrize(
    "body",
    [
        f"<dialog hidden>{BODY}</dialog>",
        f'<div class="cookie-banner" style="display:none">{BODY}</div>',
        f'<div id="signup-modal"><div hidden>{BODY}</div></div>',
        f"<nav hidden>{BODY}</nav>",
        f"<div hidden><p>{FERRY}</p></div>",
        "<ul hidden>" + f'<li><a href="/">{FERRY}</a></li>' * 9 + "</ul>",
        BODY,
    ],
)
def test_nothing_to_unhide(body: str) -> None:
    assert unhidden(page(body=body)) is None
