"""Dates, counters and amounts on lines of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.tag.stamps import is_amount, is_counter, is_stamp


@pytest.mark.parametrize(
    "text",
    [
        "12 March 2026",
        "March 12, 2026",
        "2026-03-12",
        "12.03.2026 14:05",
        "14:05",
        "3:05 pm",
        "10:30 GMT",
        "12 de marzo de 2026",
        "12. März 2026, 14:05 Uhr",
        "12 mars 2026 à 14h05",
        "12 марта 2026",
        "2026年3月12日",
        "12 มีนาคม 2569",
        "By Ena Brock, 12 March 2026",
        "Published: Thu, 12 Mar 2026 10:30:00",
    ],
)
def test_stamps(text: str) -> None:
    assert is_stamp(text, len(text.split()))


@pytest.mark.parametrize(
    "text",
    [
        "It happened on 12 March 2026.",
        "In 2026",
        "Was it 12 March 2026?",
        "version 3.05",
        "2:1",
        "The ferry of 12 March 2026 left the harbour with nine aboard",
        "12 March 2026 14:05 " + "word " * 20,
        "",
    ],
)
def test_no_stamps(text: str) -> None:
    assert not is_stamp(text, len(text.split()))


@pytest.mark.parametrize(
    ("text", "counter"),
    [
        ("3 / 12", True),
        ("3 of 12", True),
        ("3 von 12", True),
        ("12", False),
        ("1 / 1000", False),
        ("3 of a kind", False),
    ],
)
def test_counters(text: str, counter: bool) -> None:
    assert is_counter(text) is counter


@pytest.mark.parametrize("text", ["€5", "5 €", "$ 1,000", "R$ 20", "20 kr", "100 zł", "1.000,50 €", "¥500", "CHF 20"])
def test_amounts(text: str) -> None:
    assert is_amount(text)


@pytest.mark.parametrize("text", ["5", "3,5", "$5 a month", "five euros", "", "€"])
def test_no_amounts(text: str) -> None:
    assert not is_amount(text)


@given(st.text(), st.integers(0, 30))
def test_any_text_is_one_or_not(text: str, words: int) -> None:
    assert {is_stamp(text, words), is_counter(text), is_amount(text)} <= {True, False}
