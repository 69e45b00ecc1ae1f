"""What a profile takes for the site's and what it leaves to the article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner, Document, Label, Page, SiteProfile, clean
from tests.site.made import DISCLAIMER, labels, page, plain, reasons, saved, sentences

LETTER = "Every Thursday the whole desk sits in the old net loft and reads aloud what did not fit on page four."


TAUGHT = SiteProfile.learn(clean(saved(i, page(i, (2, LETTER), (-1, DISCLAIMER)))) for i in range(5))
PIECES = [
    *("", "<p>", "</p>", "<table><tr><td>", "<li>", "<h2>Around the table</h2>", "<div class='a1 b2 css-9f8e7d6c5b'>"),
    *(
        LETTER,
        DISCLAIMER,
        f"<p>{LETTER}</p>",
        f"<p>{DISCLAIMER}</p>",
        "\ud800",
        "\x00",
        "。，",
        "日本語の文章です",
        "1 2 3",
        "?",
    ),
]


def cleaned(pages: Sequence[Page], of: int = -1, **options: object) -> Document:
    """One of the pages, cleaned with what all of them taught."""
    profile = SiteProfile.learn(map(clean, pages))
    return Cleaner(site=profile, **options).clean(pages[of])  # type: ignore[arg-type]


def site(count: int, *extra: tuple[int, str], on: Sequence[int]) -> list[Page]:
    return [saved(i, page(i, *(extra if i in on else ()))) for i in range(count)]


def test_what_stands_on_nearly_all_pages_goes_and_says_so() -> None:
    pages = site(15, (-1, DISCLAIMER), on=range(14))
    assert DISCLAIMER in clean(pages[0]).text
    document = cleaned(pages, 0)
    assert DISCLAIMER not in document.text
    assert reasons(document, DISCLAIMER) == ["site 14/15 pages"]
    assert all(text in document.text for text in sentences(0))
    assert document.blocks[-2].confidence > 0.9


def test_the_page_itself_does_not_count() -> None:
    pages = site(6, (2, DISCLAIMER), on=[0, 1])
    profile = SiteProfile.learn(map(clean, pages))
    assert DISCLAIMER in Cleaner(site=profile).clean(pages[1]).text
    # By its text alone, too: under no address it is the same page.
    assert DISCLAIMER in Cleaner(site=profile).clean(pages[1].content).text
    other = saved(9, page(9, (2, DISCLAIMER)))
    assert DISCLAIMER not in Cleaner(site=profile).clean(other).text


@pytest.mark.parametrize(("count", "on"), [(3, [0, 1]), (8, [3, 6]), (2, [0, 1])], ids=["2 of 3", "2 of 8", "2 of 2"])
def test_what_two_articles_quote_stays(count: int, on: list[int]) -> None:
    pages = site(count, (2, LETTER), on=on)
    assert LETTER in cleaned(pages, on[-1]).text


def test_on_many_pages_what_a_few_stories_have_in_common_stays() -> None:
    background = "The old quarry was closed in 1962 after the great flood and has belonged to the council ever since."
    pages = site(120, (2, background), on=[5, 50, 110])
    assert background in cleaned(pages, 110).text


def test_headings_between_paragraphs_stay_though_they_repeat() -> None:
    heading = "<h2>What happens next</h2>"
    pages = [saved(i, page(i, (3, heading), (-1, DISCLAIMER))) for i in range(9)]
    document = cleaned(pages, 4)
    assert "What happens next" in document.text
    assert DISCLAIMER not in document.text


def test_a_heading_goes_with_what_it_always_stands_over() -> None:
    heading = "<h3>Around the table</h3>"
    box = f"{heading}<p>{LETTER}</p>"
    pages = [saved(i, page(i, (2 + i % 3, f"<div>{box}</div>"))) for i in range(9)]
    document = cleaned(pages, 4)
    assert LETTER not in document.text
    assert "Around the table" not in document.text


@pytest.mark.parametrize(
    "form",
    [
        "There are {} days left until the desk moves to the net loft, where whoever likes may come and see it work.",
        "In {} the desk moves to the net loft, and whoever likes may come, sit down, and see how a page is made.",
        f"{LETTER} {{}}",
    ],
    ids=["figure", "word", "ending"],
)
def test_nearly_the_same_text_goes(form: str) -> None:
    fillings = [
        *("3 May", "11 July", "September", "two more weeks", "autumn", "1 winter", "a month and a half", "no time"),
        "the long week after next",
    ]
    pages = [saved(i, page(i, (1 + i % 4, form.format(filling)))) for i, filling in enumerate(fillings)]
    for i in range(len(pages)):
        assert form.format(fillings[i]) not in cleaned(pages, i).text, i


def test_a_standfirst_that_other_pages_show_as_a_teaser_stays() -> None:
    lead = "Nobody in the harbour had thought that the old crane could be turned again, least of all its keeper."
    teaser = (
        f"<aside class='related'><h3>Read more</h3><ul><li><a href='/1'>The crane</a><p>{lead}</p></li></ul></aside>"
    )
    pages = [saved(0, page(0, lead=lead)), *(saved(i, page(i, (-1, teaser))) for i in range(1, 8))]
    assert lead in clean(pages[0]).text
    assert lead in cleaned(pages, 0).text


def test_questions_that_every_interview_asks_stay() -> None:
    question = "<p><b>And what do you hear out here that the others do not hear?</b></p>"
    pages = [saved(i, page(i, (2, question), (-1, DISCLAIMER))) for i in range(7)]
    document = cleaned(pages, 3)
    assert "And what do you hear" in document.text
    assert DISCLAIMER not in document.text


def test_reports_of_one_form_stay() -> None:
    form = (
        "The shares of the {0} works closed {1} percent higher at {2} crowns, as the exchange said in the evening.",
        "At noon they had stood at {2} crowns, and those of the {0} mill, which follow them, {1} percent lower.",
        "Dealers on the {0} quay spoke of a quiet day, on which {2} papers changed hands in {1} hours.",
    )
    places = "Harlow Penwith Marrow Ostend Lyme Tolliver Weldon Pengarth".split()
    pages = [
        saved(i, page(i, paragraphs=[text.format(place, i + 2, 40 * i + 7) for text in form]))
        for i, place in enumerate(places)
    ]
    document = cleaned(pages, 3)
    assert all(text.format("Tolliver", 7, 207) in cleaned(pages, 5).text for text in form)
    assert document.text == clean(pages[3]).text


def test_copies_of_a_page_take_nothing_from_it() -> None:
    copies = [
        saved(100 + i, page(1, (0, f"<p>Printed on day {i} of the fair, by the hand press in the yard.</p>")))
        for i in range(3)
    ]
    pages = [*copies, *(saved(i, page(i)) for i in range(2, 8))]
    document = cleaned(pages, 0)
    assert all(text in document.text for text in sentences(1))


def test_a_page_counts_once_whatever_its_address() -> None:
    profile = SiteProfile()
    one = clean(saved(1, page(1)))
    assert profile.observe(one)
    assert not profile.observe(one)
    assert not profile.observe(clean(page(1), url="https://gazette.example/copy"))
    assert not profile.observe(clean(page(2), url="http://www.gazette.example/1/#top"))
    assert profile.observe(clean(page(2), url="https://gazette.example/2"))
    assert profile.pages == 2


def test_a_repeated_block_has_the_label_that_it_had_elsewhere() -> None:
    text = "Our Monday post goes out to nine hundred kitchens before the first kettle boils, and has no pictures in it."
    pages = [plain(i, (text, Label.NEWSLETTER), *((s, Label.BODY) for s in sentences(i))) for i in range(3)]
    profile = SiteProfile.learn(pages)
    document = Cleaner(site=profile).clean(page(7, (2, text)), "https://gazette.example/7")
    assert labels(document, text) == ["newsletter"]
    assert reasons(document, text) == ["site 3/3 pages"]


@pytest.mark.parametrize(("label", "kept"), [(Label.DONATION, False), (Label.BODY, True)], ids=["cruft", "body"])
def test_one_correction_outweighs_all_pages(label: Label, kept: bool) -> None:
    others = [] if label is not Label.BODY else [saved(i, page(i, (2, LETTER))) for i in range(6)]
    profile = SiteProfile.learn(map(clean, others))
    document = clean(saved(20, page(20, (2, LETTER))))
    places = [block.index for block in document.blocks if block.text == LETTER]
    columns = document.columns
    set_by_hand = replace(
        columns,
        labels=[label if i in places else old for i, old in enumerate(columns.labels)],
        reasons=["correction" if i in places else old for i, old in enumerate(columns.reasons)],
    )
    profile.observe(document)
    # The page is known by now: what was corrected counts all the same.
    assert not profile.observe(replace(document, columns=set_by_hand))
    other = Cleaner(site=profile).clean(page(30, (3, LETTER)), "https://gazette.example/30")
    assert (LETTER in other.text) is kept
    assert labels(other, LETTER) == [str(label)]


def test_where_two_persons_disagree_neither_counts() -> None:
    profile = SiteProfile()
    document = plain(1, (LETTER, Label.DONATION), (LETTER, Label.BODY))
    profile.observe(replace(document, columns=replace(document.columns, reasons=["correction", "correction"])))
    assert LETTER in Cleaner(site=profile).clean(page(30, (3, LETTER)), "https://gazette.example/30").text


def test_what_stands_where_other_pages_had_cruft_only_is_likelier_cruft() -> None:
    asks = [
        "Dear readers, please donate today: without your support this newspaper cannot go on.",
        "Support our journalism with a monthly gift, and keep this newspaper free for all.",
    ]
    box = "<div class='kx-wrap'><div class='kx-inner'><p>{}</p></div></div>"
    pages = [saved(i, page(i, (2, box.format(f"{asks[i % 2]} It is gift number {i * 7}.")))) for i in range(12)]
    text = "The loft above the nets is cold in winter, and those who write there would be glad of a log or two."
    content = page(50, (2, box.format(text)))
    profile = SiteProfile.learn(map(clean, pages))

    def body(document: Document) -> float:
        block = next(block for block in document.blocks if block.text == text)
        return block.confidence if block.label is Label.BODY else 1 - block.confidence

    assert body(Cleaner(site=profile).clean(content)) < body(clean(content))


def test_learning_as_pages_come_knows_more_with_each() -> None:
    profile = SiteProfile()
    ours = Cleaner(site=profile)
    shown = []
    for i in range(8):
        document = ours.clean(saved(i, page(i, (1 + i % 4, LETTER))))
        profile.observe(document)
        shown.append(LETTER in document.text)
    assert shown[:2] == [True, True]
    assert not any(shown[3:])


def test_rules_alone_heed_a_profile() -> None:
    pages = site(9, (-1, DISCLAIMER), on=range(9))
    assert DISCLAIMER in Cleaner(model=False).clean(pages[0]).text
    document = cleaned(pages, 0, model=False)
    assert DISCLAIMER not in document.text
    assert reasons(document, DISCLAIMER) == ["site 9/9 pages"]


def test_plain_text_has_a_profile_too() -> None:
    texts = ["\n\n".join([*sentences(i), DISCLAIMER]) for i in range(8)]
    profile = SiteProfile.learn(map(clean, texts))
    assert profile.pages == 8
    assert DISCLAIMER in clean(texts[0]).text
    assert DISCLAIMER not in Cleaner(site=profile).clean(texts[0]).text


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.booleans())
def test_no_page_is_too_odd_for_it(pieces: list[str], model: bool) -> None:
    ours = Cleaner(site=TAUGHT, **({} if model else {"model": False}))  # type: ignore[arg-type]
    content = "".join(pieces)
    for page_ in (content, content.encode("utf-8", "surrogatepass")):
        SiteProfile.learn([ours.clean(page_), ours.clean_text(content)])


def test_a_profile_of_another_site_changes_nothing() -> None:
    profile = SiteProfile.learn(clean(saved(i, page(i, (-1, DISCLAIMER)))) for i in range(5))
    strange = page(70, paragraphs=sentences(70)).replace(b"Gazette", b"Mirror")
    assert Cleaner(site=profile).clean(strange).text == clean(strange).text
