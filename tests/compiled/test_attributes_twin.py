"""Elements by their attributes: the twin says what the reference says, and makes elements when they are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from cleaner.html import _attributes, attributes
from cleaner.html.attributes import elements_by, elements_by_reference
from cleaner.html.decode import decode
from cleaner.html.parse import parse
from tests.compiled.test_compiled_features import PAGES

NAMES = frozenset({"class", "id", "href", "data-ask"})


def _agree(root: etree._Element, names: frozenset[str] = NAMES) -> None:
    held, elements = elements_by(root, names)
    wanted, ones = elements_by_reference(root, names)
    assert held == wanted
    assert [list(values) for _, values in sorted(held.items())] == [
        list(values) for _, values in sorted(wanted.items())
    ]
    assert list(elements) == list(ones)


def test_the_twin_is_built_and_in_use() -> None:
    assert attributes.COMPILED is _attributes


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_samples(page: Path) -> None:
    root, _ = parse(decode(page.read_bytes(), None)[0])
    assert root is not None
    _agree(root)
    _agree(root.find("body"), frozenset({"class"}))


PARTS = [
    '<p class="a b" id=" x ">1<!-- class="c" -->2</p>',
    '<div CLASS="a b" class="late"><a HREF="ü">3</a></div>',
    "<div class=''><span id>4</span>",
    '<svg xlink:href="u" id="x"><path class="a"/></svg>',
    '<em data-ask="1" data-ask-more="2">5</em>',
    "</div>",
]


@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join), st.sets(st.sampled_from([*NAMES, "é", ""])))
def test_markup_of_all_kinds(markup: str, names: set[str]) -> None:
    _agree(html.document_fromstring(f"<html><body class='page'>x{markup}</body></html>"), frozenset(names))


def test_so_many_names_that_they_meet() -> None:
    names = [f"data-{n}" for n in range(2_000)]
    root = html.document_fromstring("".join(f"<p {name}='{n}' other>" for n, name in enumerate(names)) * 2)
    _agree(root, frozenset(names[::3]))


def test_trees_that_no_page_is() -> None:
    spaced = etree.fromstring(
        '<html xmlns:x="u" x:class="n"><p x:id="a" id="b"/><!-- c --><?p id="i"?><p class="m"/></html>'
    )
    _agree(spaced)
    pieces = etree.fromstring(
        '<!DOCTYPE html [<!ENTITY e "b">]><html><p class="a &e;"/></html>', etree.XMLParser(resolve_entities=False)
    )
    assert _attributes.elements_by(pieces, NAMES) is None
    _agree(pieces)
    assert _attributes.elements_by(spaced[1], NAMES) is None
    _agree(spaced[1])
    _agree(spaced[0])


def test_numbers_that_there_are_not() -> None:
    _, elements = _attributes.elements_by(html.document_fromstring("<p class=a>"), NAMES)  # type: ignore[misc]
    assert len(elements) == 1
    for number in (-2, 1, 10**9):
        with pytest.raises(IndexError):
            elements[number]


def test_elements_outlive_whoever_held_the_page() -> None:
    held, elements = elements_by(html.document_fromstring("<p class=a>text<p class=b>"), NAMES)
    assert [elements[number].text for number in held["class"]["a"]] == ["text"]
