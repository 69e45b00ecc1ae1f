"""A label and a reason for every block, by the written rules alone: what small pages give."""

from __future__ import annotations

import pytest

import cleaner

RULES = cleaner.Cleaner(model=False)
STORY = [
    "The last ferry of the year left the harbour at noon on Friday, with nine islanders, two dogs and a bed aboard.",
    "Nobody on the quay had expected it to sail so late, least of all the harbour master, Ena Brock, who was asleep.",
    "She had closed the ticket office in October and given the key to the postman, who lost it in the first snow.",
    "The island council will meet on Monday to ask why the timetable was never changed, and who should do it.",
]
PROSE = "".join(f"<p>{text}</p>" for text in STORY)
TITLE = "Last ferry sails"
CARD = (
    "<div class=item><a href=/{0}>A goat was elected mayor of Lower Wick</a><p>Nobody had expected {0} votes.</p></div>"
)


def page(inner: str, *, title: str = f"{TITLE} | The Wick", head: str = "") -> cleaner.Document:
    head = f"<head><title>{title}</title>{head}</head>"
    return RULES.clean(f"<html lang=en>{head}<body><nav><a href=/>Home</a></nav>{inner}</body></html>")


def labels(doc: cleaner.Document) -> dict[str, str]:
    return {block.text: str(block.label) for block in doc.blocks}


@pytest.mark.parametrize(
    ("markup", "text", "label"),
    [
        ("<p>12 March 2026, 14:05</p>", "12 March 2026, 14:05", "byline"),
        ("<p>Morag Dunn</p>", "Morag Dunn", "byline"),
        ("<div class=share><a href=/s>Post it</a></div>", "Post it", "social"),
        ("<figure><img src=a><figcaption>The quay at noon.</figcaption></figure>", "The quay at noon.", "caption"),
        ("<div><img src=a><p>The quay at noon, in the snow</p></div>", "The quay at noon, in the snow", "caption"),
        ("<p>3 / 12</p>", "3 / 12", "navigation"),
        ("<button>Play</button>", "Play", "other"),
        (
            "<p><a href=/x>A short history of the island goats</a></p>",
            "A short history of the island goats",
            "related",
        ),
        ("<p>Read more: <a href=/x>Goats</a></p>", "Read more: Goats", "related"),
        ("<p>Advertisement</p>", "Advertisement", "advertisement"),
        ("<h2>The key</h2>", "The key", "body"),
        ("<ul><li>One brass bed</li></ul>", "One brass bed", "body"),
        ("<table><tr><td>Boats</td><td>9</td></tr></table>", "Boats", "body"),
        ("<pre>sail(9)</pre>", "sail(9)", "body"),
        ("<blockquote>We sail at noon.</blockquote>", "We sail at noon.", "body"),
        ("<p>“No.”</p>", "“No.”", "body"),
    ],
)
def test_blocks_inside_the_article(markup: str, text: str, label: str) -> None:
    head = "<meta name=author content='Morag Dunn'>"
    doc = page(f"<article><h1>{TITLE}</h1>{PROSE}{markup}{PROSE}</article>", head=head)
    assert labels(doc)[text] == label
    assert (text in doc.text) is (label == "body")


@pytest.mark.parametrize(
    ("markup", "text", "label"),
    [
        (
            "<footer><p>© 2026 The Wick. All rights reserved.</p></footer>",
            "© 2026 The Wick. All rights reserved.",
            "legal",
        ),
        ("<div class=related><h3>See too</h3><p>A goat was elected.</p></div>", "A goat was elected.", "related"),
        ("<div id=comments><p>What a fine boat that was!</p></div>", "What a fine boat that was!", "comments"),
        ("<div class=cookie-banner><p>Wafers, anyone?</p></div>", "Wafers, anyone?", "consent"),
        ("<ul><li><a href=/a>Harbour</a></li></ul>", "Harbour", "navigation"),
    ],
)
def test_blocks_around_the_article(markup: str, text: str, label: str) -> None:
    doc = page(f"{markup}<article><h1>{TITLE}</h1>{PROSE * 2}</article>{markup}")
    assert [str(block.label) for block in doc.blocks if block.text == text] == [label, label]
    assert doc.text == "\n\n".join(STORY * 2)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_boxes_that_lead_to_other_pages_are_teasers_from_three_on(count: int) -> None:
    cards = "".join(CARD.format(number) for number in range(count))
    doc = page(f"<article><h1>{TITLE}</h1>{PROSE * 2}<div>{cards}</div></article>")
    gone = [block for block in doc.blocks if block.reason == "rule one of several teasers"]
    assert len(gone) == (2 * count if count >= 3 else 0)


def test_boxes_of_prose_are_no_teasers() -> None:
    years = {year: PROSE.replace("<p>", f"<p>In {year}: ") for year in range(1996, 2000)}
    boxes = "".join(f"<div class=item>{prose}<a href=/{year}>note</a></div>" for year, prose in years.items())
    doc = page(f"<article><h1>{TITLE}</h1>{boxes}</article>")
    assert doc.text.count(STORY[0]) == 4


@pytest.mark.parametrize(
    "inner",
    [
        f"<article><h1>{TITLE}</h1>{PROSE}</article>",
        f"<header><h1>{TITLE}</h1></header><main>{PROSE}</main>",
        f"<article><h2>{TITLE}</h2>{PROSE}<h2>The key</h2>{PROSE}</article>",
        f"<h1>Harbour and sea</h1><article><h1>{TITLE}</h1>{PROSE}</article>",
        f"<article><h1>{TITLE}</h1>{PROSE}</article><aside><h1>Most read this week</h1></aside>",
    ],
)
def test_the_headline_is_the_heading_most_like_the_title(inner: str) -> None:
    doc = page(inner)
    assert [block.text for block in doc.blocks if block.label == "title"] == [TITLE]
    assert STORY[0] in doc.text


@pytest.mark.parametrize("site", ["<h1 class=logo>The Wick</h1>", "<div><h1>The Wick</h1></div>"])
def test_the_name_of_the_site_is_no_headline(site: str) -> None:
    doc = page(f"{site}<article><h1>{TITLE}</h1>{PROSE}</article>")
    assert labels(doc)[TITLE] == "title"


@pytest.mark.parametrize("line", ["By Ena Brock", "By Ena Brock, harbour desk", "Ena Brock | 12 March 2026"])
def test_a_line_that_names_the_author_before_the_article(line: str) -> None:
    doc = page(f"<article><h1>{TITLE}</h1><p>{line}</p>{PROSE * 2}</article>")
    assert labels(doc)[line] == "byline"
    assert doc.text == "\n\n".join(STORY * 2)


def test_a_headline_is_the_title_wherever_it_is_repeated() -> None:
    doc = page(f"<article><h1>{TITLE}</h1>{PROSE}<p>{TITLE}</p>{PROSE}</article>")
    assert doc.text == "\n\n".join(STORY * 2)


@pytest.mark.parametrize(
    ("before", "after", "label"),
    [
        ("<div><ol><li><a href=/>Front page</a><li>{}</ol></div>", "", "navigation"),
        ("<p><a href=/>Front page</a> ›</p><div><a href=/f>{}</a></div>", "", "navigation"),
        (
            "",
            "<aside class=most-read><h2>Most read</h2><ul><li><a href=/f>{}</a><li><a href=/g>Goats</a></ul></aside>",
            "related",
        ),
    ],
)
def test_a_path_or_a_list_with_the_headline_is_what_it_is(before: str, after: str, label: str) -> None:
    doc = page(f"{before.format(TITLE)}<article><h1>{TITLE}</h1>{PROSE * 2}</article>{after.format(TITLE)}")
    of_title = [str(block.label) for block in doc.blocks if block.text == TITLE]
    assert sorted(of_title) == sorted(["title", label])


def test_a_list_that_a_script_would_make_nicer_is_no_notice_of_consent() -> None:
    doc = page(f"<article><h1>{TITLE}</h1><div class=list-no-js>{PROSE}</div></article>")
    assert doc.text == "\n\n".join(STORY)


def test_a_standfirst_between_the_headline_and_the_article_stays() -> None:
    first = "Nine islanders, two dogs and a bed were aboard when it left the quay at noon."
    doc = page(f"<header><h1>{TITLE}</h1><p>{first}</p></header><div><div>{PROSE * 2}</div></div>")
    assert doc.text == "\n\n".join([first, *STORY * 2])


def test_plain_text_has_a_headline_and_no_scraps() -> None:
    doc = cleaner.clean_text("\n".join(["Home", "Sport", TITLE, *STORY, "Contact", "© 2026 The Wick"]))
    assert doc.text == "\n\n".join(STORY)
    assert labels(doc)[TITLE] == "title"


def test_every_block_has_a_reason_that_can_be_acted_on() -> None:
    doc = page(f"<article><h1>{TITLE}</h1>{PROSE}<div class=share>Post</div><p>Read more: goats</p></article>")
    reasons = {block.text: block.reason for block in doc.blocks}
    assert reasons["Post"] == "rule markup share"
    assert reasons["Read more: goats"] == "rule related.prefix.en"
    assert all(block.reason.startswith("rule ") and 0 < block.confidence <= 1 for block in doc.blocks)


def test_prose_in_the_foot_of_the_page_is_no_body_whatever_the_tagger_says() -> None:
    sails = "<h2>Ferry {0}</h2><p>Sails at {0} from Wick, with room for nine.</p><a href=/{0}>Book</a>"
    cards = "".join(f"<section class=tile>{sails.format(hour)}</section>" for hour in range(1, 9))
    doc = page(f"<main><h1>Ferries</h1>{cards}</main><footer>{PROSE}</footer>")
    found = {block.text: block for block in doc.blocks}
    assert {(found[text].label, found[text].reason) for text in STORY} == {("navigation", "rule markup footer")}
    assert "Sails at 3 from Wick" in doc.text
