"""An ask is one group, its amounts, payment marks, thanks and dismissals included, however it is set."""

from __future__ import annotations

import pytest
from stories import STORY, paragraphs

import cleaner
from cleaner import Label, Where

LETTER = [
    "Dear readers,",
    "We are a small newsroom on a small island, and nobody owns us but you.",
    "If you value our independent journalism, please support us with a donation today.",
]
ACTS = [
    "Once",
    "Monthly",
    "€5",
    "€10",
    "Other amount",
    "PayPal",
    "Donate now",
    "Not ready to support today?",
    "Remind me later",
]
WHOLE = "\n\n".join(STORY)


def items(texts: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>"


def page(ask: str, before: int = 3) -> cleaner.Document:
    return cleaner.clean(
        f"<html lang=en><head><title>Last ferry sails</title></head><body><nav><a href=/>Home</a></nav>"
        f"<article><h1>Last ferry sails</h1>{paragraphs(STORY[:before])}{ask}{paragraphs(STORY[before:])}</article>"
        f"</body></html>"
    )


@pytest.mark.parametrize(
    "ask",
    [
        f"<div>{paragraphs(LETTER)}{paragraphs(ACTS)}</div>",
        f"<div>{paragraphs(LETTER)}</div><div>{paragraphs(ACTS)}</div>",
        f"<div>{paragraphs(LETTER)}</div>{items(ACTS)}",
        f"<section>{paragraphs(LETTER)}</section>" + "".join(f"<div><button>{text}</button></div>" for text in ACTS),
        f"<aside>{items([*LETTER, *ACTS])}</aside>",
    ],
    ids=["one box", "two boxes", "box and list", "box and rows", "list"],
)
def test_one_group_however_it_is_set(ask: str) -> None:
    doc = page(ask)
    assert doc.text == WHOLE
    (found,) = doc.asks
    assert (found.label, found.where) == (Label.DONATION, Where.INSIDE)
    assert found.text.split("\n") == [*LETTER, *ACTS]


def test_one_group_in_plain_text() -> None:
    doc = cleaner.clean_text("\n".join(["Last ferry sails", *STORY[:3], *LETTER, *ACTS, *STORY[3:]]))
    assert doc.text == WHOLE
    (found,) = doc.asks
    assert found.text.split("\n") == [*LETTER, *ACTS]


@pytest.mark.parametrize(("before", "where"), [(0, Where.ABOVE), (3, Where.INSIDE), (6, Where.BELOW)])
def test_where_an_ask_stands(before: int, where: Where) -> None:
    doc = page(f"<div>{paragraphs(LETTER)}{paragraphs(ACTS)}</div>", before)
    assert doc.text == WHOLE
    assert [ask.where for ask in doc.asks] == [where]


def test_two_asks_are_two_groups() -> None:
    newsletter = ["Sign up for our newsletter", "Every Friday in your inbox, free.", "Your e-mail address", "Sign up"]
    doc = page(f"<div>{paragraphs(LETTER)}{paragraphs(ACTS)}</div><div>{paragraphs(newsletter)}</div>")
    assert doc.text == WHOLE
    assert [ask.label for ask in doc.asks] == [Label.DONATION, Label.NEWSLETTER]
