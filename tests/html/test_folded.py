"""Parts of a page that unfold at a click are of it; menus, dialogs and the like are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner import Label
from cleaner.html.decode import encode
from cleaner.html.folded import settle_folded
from cleaner.html.parse import parse
from cleaner.html.segment import segment

STORY = [
    "The last ferry of the year left Tarrow at noon on Friday, with nine islanders, two dogs and a brass bed aboard.",
    "Nobody on the quay had expected it to sail, least of all the harbour master, Ena Brock, who was asleep.",
    "She had closed the ticket office in October and given the key to the postman, who lost it in the snow.",
]
QUESTION = "May I bring a dog on the ferry?"
ANSWER = "Two dogs at most may come on each crossing, and both of them stay on deck with the people they belong to."
BRIEF = "Always."

UNFOLDING = {
    "aria accordion": '<h3><button aria-expanded="false" aria-controls="a1">%s</button></h3>'
    '<div id="a1" role="region" aria-labelledby="b1" hidden>%s</div>',
    "controlled": '<p><a href="#x" aria-controls="x">%s</a></p><div class="k2"></div><div id="x" hidden>%s</div>',
    "tab panel": '<div role="tablist"><button role="tab">%s</button></div><hr><div role="tabpanel" hidden>%s</div>',
    "names": '<div class="k1">%s</div><hr><div class="c-accordion__body" style="display: none;">%s</div>',
    "answer": '<span class="k1">%s</span><hr><div id="faq-answer-3" style="display:none">%s</div>',
    "heading": '<h3>%s</h3><div style="max-height:0;visibility:hidden">%s</div>',
    "list of terms": "<dl><dt>%s</dt><dd hidden>%s</dd></dl>",
    "question": '<div class="k1">%s</div><div class="k2" style="opacity:0;DISPLAY : none">%s</div>',
    "slides": '<div class="slide">%s</div><hr><div class="slide-content" style="display: none">%s</div>',
    "more": '<div class="k1">%s</div><hr><div class="intro read-more" style="display: none">%s</div>',
    "found in page": '<section><h3>%s</h3><div hidden="until-found">%s</div></section>',
}
HIDDEN = {
    "a menu": '<nav><h3>%s</h3><div class="collapse" hidden>%s</div></nav>',
    "a dialog": '<div class="modal" ><h3>%s</h3><div role="tabpanel" hidden>%s</div></div>',
    "consent": '<h3>%s</h3><div class="cookie-panel accordion" style="display:none">%s</div>',
    "a form": '<form><h3>%s</h3><div class="toggle" hidden>%s</div></form>',
    "a control": "<h3>%s</h3><button hidden>%s</button>",
    "whatever": '<div class="k1">%s</div><hr><div class="k2" hidden>%s</div>',
    "links alone": '<h3>%s</h3><div class="accordion" hidden><a href="/dogs">%s</a></div>',
}


def page(*parts: str) -> str:
    story = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    return f'<html lang="en"><body><h1>Last ferry sails</h1>{story}{"".join(parts)}</body></html>'


@pytest.mark.parametrize("markup", UNFOLDING.values(), ids=UNFOLDING.keys())
@pytest.mark.parametrize("answer", [ANSWER, BRIEF])
def test_what_unfolds_is_shown(markup: str, answer: str) -> None:
    doc = cleaner.clean(page(markup % (QUESTION, answer)))
    assert answer in [block.text for block in doc.blocks]


@pytest.mark.parametrize("markup", UNFOLDING.values(), ids=UNFOLDING.keys())
def test_what_unfolds_is_in_every_view(markup: str) -> None:
    doc = cleaner.clean(page("<h2>Before you sail</h2>", markup % (QUESTION, f"<p>{ANSWER}</p>")))
    assert all(ANSWER in view for view in (doc.text, doc.markdown, doc.html))


@pytest.mark.parametrize("markup", HIDDEN.values(), ids=HIDDEN.keys())
def test_what_is_no_part_of_the_article_stays_hidden(markup: str) -> None:
    doc = cleaner.clean(page(markup % (QUESTION, ANSWER)))
    assert ANSWER not in [block.text for block in doc.blocks]
    assert doc.text.split("\n\n")[:3] == STORY


def test_what_fades_in_is_shown_where_it_holds_a_sentence() -> None:
    late = '<div class="k1">%s</div><hr><div class="k2" style="visibility: hidden; animation: rise 1s">%s</div>'
    shown = [block.text for block in cleaner.clean(page(late % (QUESTION, ANSWER), late % (QUESTION, BRIEF))).blocks]
    assert ANSWER in shown
    assert BRIEF not in shown


def test_a_form_around_the_whole_page_hides_nothing_of_the_article() -> None:
    story = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    form = f"<form method='post'><h1>Last ferry sails</h1>{story}{UNFOLDING['heading'] % (QUESTION, ANSWER)}</form>"
    assert ANSWER in cleaner.clean(f'<html lang="en"><body>{form}</body></html>').text


def test_a_menu_around_the_whole_page_hides_nothing_of_the_article() -> None:
    story = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    article = f"<article><h1>Last ferry sails</h1>{story}{UNFOLDING['heading'] % (QUESTION, ANSWER)}</article>"
    doc = cleaner.clean(f'<html lang="en"><body><div class="offcanvas-inner">{article}</div></body></html>')
    assert ANSWER in doc.text


@pytest.mark.parametrize("name", ["subscriber-only", "c-paywall", "premium-content"])
def test_what_only_subscribers_see_goes_on_behind_what_all_do(name: str) -> None:
    rest = "".join(f'<div class="{name}" style="display:none"><p>{paragraph}</p></div>' for paragraph in STORY[1:])
    wall = "<div class='box'><p>Already a subscriber? Log in to read on.</p></div>"
    doc = cleaner.clean(f"<html lang='en'><body><h1>Last ferry sails</h1><p>{STORY[0]}</p>{wall}{rest}</body></html>")
    assert doc.text.split("\n\n") == STORY
    assert [ask.label for ask in doc.asks] == [Label.PAYWALL]


def test_a_hidden_wall_with_no_article_before_it_stays_hidden() -> None:
    wall = f"<div class='paywall' style='display:none'><p>{ANSWER}</p></div>"
    doc = cleaner.clean(f"<html lang='en'><body>{wall}<h1>Last ferry sails</h1><p>{' '.join(STORY)}</p></body></html>")
    assert ANSWER not in [block.text for block in doc.blocks]


FRAGMENTS = [*UNFOLDING.values(), *HIDDEN.values(), "<p>%s</p><div class='premium' hidden><p>%s</p></div>", "<div>%s%s"]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=8))
def test_unfolding_loses_nothing_and_is_done_once(fragments: list[str]) -> None:
    html = encode("<html><body>" + "".join(part % (QUESTION, ANSWER) for part in fragments) + "</body></html>")
    root, _ = parse(html)
    assert root is not None
    once = segment(root, 1000).text
    assert "\n".join(once).count(QUESTION) == len(fragments)
    settle_folded(root)
    assert segment(root, 1000).text == once
