"""What stands twice on a page comes out once; what repeats itself beside itself stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import STORY, paragraphs

import cleaner
from cleaner import Document, Label, PageType

REASON = "rule repeats what stands before"
REFRAIN = "Row the boat home, Ena, row the boat home, for the ice is on the harbour and the lamp is on the wall."
CAVEAT = "The price holds for one grown person and one dog, from Monday to Thursday, and not in the winter months."


def page(body: str, head: str = "") -> Document:
    return cleaner.clean(
        f"<html lang=en><head><title>Last ferry sails</title>{head}</head><body><nav><a href=/>Home</a></nav>"
        f"<main><h1>Last ferry sails</h1>{body}</main></body></html>"
    )


def repeats(doc: Document) -> list[str]:
    return [block.text for block in doc.blocks if block.reason == REASON]


def test_an_article_shown_for_two_widths_comes_out_once() -> None:
    story = paragraphs(STORY)
    doc = page(f"<div class=wide><div>{story}</div></div><div class=narrow><div>{story}</div></div>")
    assert doc.text == "\n\n".join(STORY)
    assert repeats(doc) == STORY
    assert {block.label for block in doc.removed if block.reason == REASON} == {Label.OTHER}


def thread(*posts: str) -> Document:
    kind = "<script type=application/ld+json>{'@type': 'DiscussionForumPosting'}</script>".replace("'", '"')
    rows = "".join(
        f"<div class='post topic-post'><div class=author>ena{i}</div><div class='post-content'>{post}</div></div>"
        for i, post in enumerate(posts)
    )
    return page(f"<div class='forum thread'>{rows}</div>", kind)


def test_a_reply_comes_without_the_post_that_it_quotes() -> None:
    doc = thread(
        paragraphs(STORY[:2]),
        f"<blockquote><p>{STORY[0]}</p></blockquote>{paragraphs(STORY[2:4])}",
        paragraphs(STORY[4:]),
    )
    assert doc.page_type is PageType.FORUM
    assert repeats(doc) == [STORY[0]]
    assert all(doc.text.count(sentence) == 1 for sentence in STORY)


@pytest.mark.parametrize(
    "body",
    [
        f"<div>{paragraphs([STORY[0], REFRAIN, STORY[1], REFRAIN, STORY[2], REFRAIN, *STORY[3:]])}</div>",
        "<div>" + "".join(f"<div>{paragraphs([line, REFRAIN])}</div>" for line in STORY) + "</div>",
        "<div>"
        + "".join(f"<div class=fare><div>{paragraphs([line, CAVEAT])}</div></div>" for line in STORY)
        + "</div>",
        f"<div>{paragraphs(STORY)}<div><pre>{REFRAIN}</pre></div><section><div><pre>{REFRAIN}</pre></div></section></div>",
    ],
    ids=["one box", "verses", "cards", "code"],
)
def test_what_repeats_itself_beside_itself_stays(body: str) -> None:
    assert repeats(page(body)) == []


def test_a_manual_may_repeat_itself() -> None:
    generator = "<meta name=generator content='Docusaurus v3'>"
    twice = f"<div class=markdown>{paragraphs(STORY)}</div><section><div>{paragraphs(STORY[:3])}</div></section>"
    doc = page(f"<div class='docs docs-content theme-doc-markdown'>{twice}</div>", generator)
    assert doc.page_type is PageType.DOCUMENTATION
    assert repeats(doc) == []


def test_the_lines_of_a_plain_text_stay() -> None:
    text = "\n\n".join([STORY[0], REFRAIN, *STORY[1:4], REFRAIN, *STORY[4:]])
    assert repeats(cleaner.clean(text)) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from([*STORY, REFRAIN, CAVEAT]), min_size=1, max_size=4), min_size=1, max_size=6))
def test_what_goes_as_a_repeat_is_in_the_text(boxes: list[list[str]]) -> None:
    doc = page("".join(f"<section class=s{i}><div>{paragraphs(box)}</div></section>" for i, box in enumerate(boxes)))
    assert set(repeats(doc)) <= set(doc.text.split("\n\n"))
