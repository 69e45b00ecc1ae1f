"""Selectors find what Soup Sieve, from which their syntax is, finds in the same page."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

import bs4
import numpy as np
import pytest
import soupsieve
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from lxml.etree import _Element

from cleaner.html.numbered import numbered
from cleaner.html.seen import Seen
from cleaner.html.segment import segment
from cleaner.user.language.css import read_css
from cleaner.user.language.names import names
from cleaner.user.language.tree import Tree

PIECES = st.sampled_from(
    [
        *["<div>", '<div class="a">', '<div class="a b" id="x">', "</div>", '<p class="b c">', '<p data-k="foo bar">'],
        *["</p>", '<span class="c">', "</span>", '<section id="y">', "</section>", '<b data-k="Foo">', "</b>"],
        *["text", " ", "<br>"],
    ]
)  # fmt: skip
PAGES = st.lists(PIECES, max_size=30).map(lambda pieces: f"<html><body>{''.join(pieces)}</body></html>")
SIMPLE = st.sampled_from(
    "div p span * .a .b .c #x #y section.c div.a b :first-child :last-child :only-child :empty :root "
    ":nth-child(2n+1) :nth-child(-n+2) :nth-last-child(2) :nth-of-type(2) :nth-last-of-type(n+2) :only-of-type "
    ":first-of-type :nth-child(n+3) :nth-child(0) :nth-last-child(3n) :last-of-type [data-k] [data-k=foo] "
    "p[data-k^=foo] b[data-k!=foo] "
    '[data-k^=foo] [data-k$=bar] [data-k*=o] [data-k~=bar] [data-k="foo"i] [data-k!=foo] [data-k|=foo]'.split()
)


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=2).map(", ".join)
    wrapped = st.builds("{}({})".format, st.sampled_from([":not", ":is", ":where"]), several)
    having = st.builds(":has({}{})".format, st.sampled_from(["", "> ", "+ ", "~ "]), inner)
    counted = st.builds(":nth-child({} of {})".format, st.sampled_from(["1", "2n", "n+2"]), several)
    joined = st.builds("{}{}{}".format, inner, st.sampled_from([" ", " > ", " + ", " ~ "]), inner)
    return st.one_of(SIMPLE, wrapped, having, counted, joined)


SELECTORS = st.lists(st.recursive(SIMPLE, compound, max_leaves=6), min_size=1, max_size=2).map(", ".join)


@settings(max_examples=400, deadline=None)
@given(PAGES, SELECTORS)
def test_any_selector_on_any_page(page: str, selector: str) -> None:
    tree = Tree(lxml_html.document_fromstring(page))
    for number, element in enumerate(tree.elements):
        element.set("number", str(number))
    soup = bs4.BeautifulSoup(lxml_html.tostring(tree.elements[0]), "lxml")
    try:
        expected = {int(str(found["number"])) for found in soup.select(selector, flags=soupsieve.NOSTRICT)}
    except soupsieve.SelectorSyntaxError:
        assume(False)
    condition = read_css(selector)
    assert not (condition.is_in_vain(tree) and expected)
    assert set(np.flatnonzero(condition.over(tree)).tolist()) == expected
    # What it needs is there wherever it finds anything that is shown.
    seen = looked_at(tree.elements[0])
    if seen.covered([tree.elements[number] for number in expected]):
        assert any(words <= names(seen) for words in condition.needs)


def looked_at(root: _Element) -> Seen:
    elements = numbered()
    return Seen(segment(root, 1_000, elements), root=root, elements=elements)


@cache
def page() -> Tree:
    return Tree(
        lxml_html.document_fromstring(
            "<body><div class='box Support'><p id=one>1</p><p>2</p></div>"
            "<form><input type=TEXT disabled></form><a href=/x>3</a>"
        )
    )


@pytest.mark.parametrize(
    ("selector", "tags"),
    [
        (".Support > P", ["p", "p"]),
        (".support", []),
        ("#one + p", ["p"]),
        ("[type=text]", ["input"]),
        (":disabled", ["input"]),
        (":link", ["a"]),
        ("div:has(#one ~ p)", ["div"]),
        ("p:nth-child(even), a", ["p", "a"]),
        ("* " * 39 + "p", []),
    ],
)
def test_what_people_write(selector: str, tags: list[str]) -> None:
    found = np.flatnonzero(read_css(selector).over(page()))
    assert [page().elements[i].tag for i in found] == tags


@pytest.mark.parametrize(
    ("selector", "needs"),
    [
        (".Box p", [{"box"}]),
        ("div.a#b > p:not(.c)", [{"a", "b"}]),
        (".a .b, #c", [{"a", "b"}, {"c"}]),
        (".a:is(.b, .c):has(.d) + .e", [{"e"}]),
        ("p, .a", [set(), {"a"}]),
        (":is(.a, .b) :is(.c, .d)", [{"c", "a"}, {"c", "b"}, {"d", "a"}, {"d", "b"}]),
    ],
)
def test_which_names_a_page_must_have(selector: str, needs: list[set[str]]) -> None:
    assert sorted(map(sorted, read_css(selector).needs)) == sorted(map(sorted, needs))


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from(list(".#[]()*=~|^$>+:,ab \"'\\-nx2")), max_size=20))
def test_no_selector_does_more_than_refuse(text: str) -> None:
    with suppress(ValueError):
        assert len(read_css(text).over(page())) == len(page())
