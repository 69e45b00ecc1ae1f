"""Asks are found whole, and what only speaks of them stays."""

from __future__ import annotations

import pytest
from stories import STORY, paragraphs

import cleaner
from cleaner import Label

LETTER = [
    "Dear readers,",
    "We are a small newsroom on a small island, and we owe nothing to anybody but you.",
    "If you value our independent journalism, please support us with a donation today.",
    "Every gift, large or small, keeps the lamp in our window lit through the winter.",
]
AMOUNTS = ["€5", "€10", "€25", "Other amount"]


def page(*parts: str) -> cleaner.Document:
    inner = "".join(parts)
    return cleaner.clean(
        f"<html lang=en><head><title>Last ferry sails</title></head><body><nav><a href=/>Home</a></nav>"
        f"<article><h1>Last ferry sails</h1>{inner}</article></body></html>"
    )


def around(ask: str) -> cleaner.Document:
    """The story with something in its middle."""
    return page(paragraphs(STORY[:3]), ask, paragraphs(STORY[3:]))


WHOLE = "\n\n".join(STORY)
BUTTONS = "".join(f"<button>{amount}</button>" for amount in [*AMOUNTS, "Donate"])


@pytest.mark.parametrize("box", ["div", "aside", "section", "blockquote"])
def test_a_letter_in_a_box_goes_whole(box: str) -> None:
    doc = around(f"<{box}>{paragraphs(LETTER)}{BUTTONS}</{box}>")
    assert doc.text == WHOLE
    (ask,) = doc.asks
    assert ask.label is Label.DONATION
    assert ask.text.splitlines() == [*LETTER, *AMOUNTS, "Donate"]


def test_the_heading_of_a_letter_belongs_to_it() -> None:
    (ask,) = around(f"<div><h3>Support The Wick</h3>{paragraphs(LETTER)}{BUTTONS}</div>").asks
    assert ask.text.splitlines()[0] == "Support The Wick"


def test_a_letter_in_flat_paragraphs_goes_and_the_next_paragraph_stays() -> None:
    doc = around(paragraphs(LETTER))
    assert doc.text == WHOLE
    assert [ask.label for ask in doc.asks] == [Label.DONATION]


def letter_in_text(*more: str) -> cleaner.Document:
    return cleaner.clean_text("\n".join(["Last ferry sails", *STORY[:3], *LETTER, *more, *STORY[3:]]))


def test_a_letter_in_plain_text_goes() -> None:
    doc = letter_in_text()
    assert doc.text == WHOLE
    assert [ask.text.splitlines() for ask in doc.asks] == [LETTER]


def test_the_amounts_of_a_letter_in_plain_text_go() -> None:
    assert letter_in_text(*AMOUNTS).text == WHOLE


@pytest.mark.parametrize(
    ("label", "texts"),
    [
        (
            Label.NEWSLETTER,
            ["Sign up for our newsletter", "The best of it straight to your inbox every Friday."],
        ),
        (Label.NEWSLETTER, ["Melden Sie sich für unseren Newsletter an."]),
        (Label.DONATION, ["Support our independent journalism with a donation today."]),
        (Label.PAYWALL, ["Subscribe to continue reading", "Already a subscriber? Log in"]),
    ],
)
@pytest.mark.parametrize("box", ["<div>{}</div>", "{}"])
def test_short_asks(label: Label, texts: list[str], box: str) -> None:
    doc = around(box.format(paragraphs(texts)))
    assert doc.text == WHOLE
    assert [(ask.label, ask.text.splitlines()) for ask in doc.asks] == [(label, texts)]


def test_two_asks_in_a_row_are_two() -> None:
    doc = around(
        "<div><h3>Sign up for our newsletter</h3><p>Straight to your inbox every Friday.</p></div>"
        "<div><h3>Support our journalism</h3><p>Please support us with a donation today.</p></div>"
    )
    assert doc.text == WHOLE
    assert [ask.label for ask in doc.asks] == [Label.NEWSLETTER, Label.DONATION]


FINNISH = [
    "Vuoden viimeinen lautta lähti satamasta perjantaina puoliltapäivin, ja kyydissä oli yhdeksän saarelaista.",
    "Kukaan laiturilla ei ollut odottanut sen lähtevän niin myöhään, kaikkein vähiten satamapäällikkö, joka nukkui.",
    "Hän oli sulkenut lipputoimiston lokakuussa ja antanut avaimen postinkantajalle, joka hukkasi sen ensilumeen.",
]


@pytest.mark.parametrize("field", ["<input type=email>", "<input name=email>", "<input placeholder=E-mail>"])
def test_a_newsletter_form_is_known_by_its_field_in_a_language_without_a_list(field: str) -> None:
    form = f"<form><h3>Tilaa uutiskirje</h3><p>Viikon jutut suoraan postiisi.</p>{field}<button>Tilaa</button></form>"
    doc = page(paragraphs(FINNISH), form, paragraphs(FINNISH))
    assert doc.text == "\n\n".join(FINNISH * 2)
    assert [ask.label for ask in doc.asks] == [Label.NEWSLETTER]


def test_a_form_for_comments_is_no_newsletter() -> None:
    form = "<form><h3>Kirjoita</h3><input type=email><textarea></textarea><button>Lähetä</button></form>"
    assert page(paragraphs(FINNISH), form, paragraphs(FINNISH)).asks == ()


@pytest.mark.parametrize(
    "said",
    [
        "The paper’s newsletter, which now has 90,000 readers, began as a weekly note to friends of the harbour.",
        "The charity raised four million in donations last year, most of it at a single dinner in the town hall.",
        "Publishers have put up paywalls one after another, and readers subscribe to fewer papers than before.",
        "“Dear readers, please support us with a donation today,” the editor wrote on the last page of the last issue.",
        "The banner read “Sign up for our newsletter”, and nobody on the quay could say who had painted it.",
        "On the door of the closed office hung a sign that said “Subscribe to continue reading”, in a careful hand.",
    ],
)
@pytest.mark.parametrize("form", ["<p>{}</p>", "<blockquote><p>{}</p></blockquote>"])
def test_what_speaks_of_asks_in_the_article_stays(said: str, form: str) -> None:
    doc = around(form.format(said))
    assert doc.asks == ()
    assert doc.text == "\n\n".join([*STORY[:3], said, *STORY[3:]])


def test_the_headline_is_no_ask() -> None:
    html = "<title>Sign up for our newsletter</title><h1>Sign up for our newsletter</h1>" + paragraphs(STORY)
    doc = cleaner.clean(html)
    assert doc.blocks[0].label is Label.TITLE
    assert doc.text == WHOLE


ADVICE = [
    "Once a month the harbour master answers what islanders write to her about their boats and their brothers.",
    "Dear Skipper,",
    "My brother and I share a boat, and every spring we quarrel about who scrapes the hull and who only watches.",
    "This year he has asked his wife to help, and I am afraid that the two of them will want the boat for themselves.",
    "Dear Reader,",
    "Many people find it hard to say what they want, most of all to those with whom they have shared a cabin.",
    "Before I tell you how to talk to him, let us look at the way in which you describe what happened on the slip.",
]


def test_a_column_that_answers_letters_asks_for_nothing() -> None:
    doc = page("<p>Sign up to get our newsletter in your inbox.</p>", paragraphs(ADVICE))
    assert [ask.label for ask in doc.asks] == [Label.NEWSLETTER]
    assert doc.text.split("\n\n") == ADVICE


def test_what_stands_before_a_wall_in_one_box_with_it_stays() -> None:
    wall = ["To continue reading this article, please subscribe.", "Already a subscriber? Log in to read it all."]
    doc = page(f"<div>{paragraphs(STORY[:2])}<div>{paragraphs(wall)}<button>Subscribe now</button></div></div>")
    assert doc.text.split("\n\n") == STORY[:2]
    assert doc.access == "teaser"


def test_the_article_goes_on_behind_a_button_in_one_box_with_it() -> None:
    ask = "<div><p>Help the island!</p><p>Every gift helps.</p><button>Donate now</button></div>"
    doc = page(paragraphs(STORY[:3]), f"<div>{ask}{paragraphs(STORY[3:])}</div>")
    assert doc.text == WHOLE
    assert [ask.label for ask in doc.asks] == [Label.DONATION]


def test_what_may_stand_behind_a_wall_is_none() -> None:
    specs = ["Keel: iron, 400 kilos", "Mast: spruce, in two parts", "Sails: cotton, tanned in oak bark"]
    items = "".join(f"<li class=paywall>{spec}</li>" for spec in specs)
    doc = page(paragraphs(STORY[:3]), f"<ul class=paywall>{items}</ul>", paragraphs(STORY[3:]))
    assert doc.asks == ()
    assert all(spec in doc.text for spec in specs)
