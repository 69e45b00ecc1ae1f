"""Elements by number: the twin says what the reference says, and makes elements when they are asked for."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from cleaner.html import _numbered, numbered
from cleaner.html.numbered import Numbered

SIZE = 400


def _all(root: etree._Element) -> list[etree._Element]:
    return list(root.iter())


def test_the_twin_is_built_and_in_use() -> None:
    assert numbered.COMPILED is _numbered
    assert type(numbered.numbered()) is _numbered.Numbered


@given(st.lists(st.integers(0, SIZE - 1), unique=True), st.integers(0, SIZE))
def test_any_elements_in_any_order(order: list[int], asked_after: int) -> None:
    elements = _all(html.fragment_fromstring("<a></a>" * (SIZE - 1), create_parent="p"))
    twin, reference = _numbered.Numbered(), Numbered()
    for count, number in enumerate(order):
        for one in (twin, reference):
            one.append(elements[number])
        if count >= asked_after:
            # Numbers are asked for between additions too.
            assert twin.number_of(elements[number]) == reference.number_of(elements[number]) == count
    assert len(twin) == len(reference) == len(order)
    assert list(twin) == list(reference) == [elements[number] for number in order]
    assert [twin.number_of(one) for one in elements] == [reference.number_of(one) for one in elements]


@pytest.mark.parametrize("make", [Numbered, _numbered.Numbered])
def test_numbers_that_there_are_not(make: type[Numbered]) -> None:
    one, root = make(), html.document_fromstring("<p>")
    assert one.number_of(root) is None
    one.append(root)
    assert one[0] is one[-1] is root
    for number in (1, -2, 10**9):
        with pytest.raises(IndexError):
            one[number]


def test_elements_stay_while_they_are_numbered() -> None:
    held = _numbered.Numbered()
    for element in html.document_fromstring("<p>text").iter():
        held.append(element)
    del element
    gc.collect()
    assert [one.tag for one in held] == ["html", "body", "p"]
    assert held[2].text == "text"


def test_elements_of_two_trees() -> None:
    held = _numbered.Numbered()
    held.append(html.document_fromstring("<p>"))
    with pytest.raises(ValueError, match="another tree"):
        held.append(html.document_fromstring("<p>"))


def test_no_element() -> None:
    for ask in (_numbered.Numbered().append, _numbered.Numbered().number_of):
        with pytest.raises(TypeError):
            ask(None)  # type: ignore[arg-type]
