"""Every shape of rich text comes out as the same HTML."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.html.prose import best_prose, prose_words

FERRY = (
    "The last ferry of the year left Tarrow at noon on Friday, with nine islanders, two dogs and a brass bed aboard."
)
QUAY = "Nobody on the quay had expected it to sail, least of all the harbour master, Ena Brock, who was asleep."
KEY = "She had closed the ticket office in October and given the key to the postman, who lost it."
WHOLE = f"<p>{FERRY}</p><h2>The key</h2><p>{QUAY}</p><ul><li>one bed</li></ul><p>{KEY}</p>"


def contentful(name: str, *inner: Any) -> dict[str, Any]:
    return {"nodeType": name, "data": {}, "content": [_leaf(part) for part in inner]}


def _leaf(part: Any) -> Any:
    return {"nodeType": "text", "value": part, "marks": []} if isinstance(part, str) else part


def slate(name: str, *inner: Any, **more: Any) -> dict[str, Any]:
    return {"type": name, "children": [{"text": part} if isinstance(part, str) else part for part in inner], **more}


def tiptap(name: str, *inner: Any, **attrs: Any) -> dict[str, Any]:
    content = [{"type": "text", "text": part} if isinstance(part, str) else part for part in inner]
    return {"type": name, "attrs": attrs, "content": content}


def portable(text: str, style: str = "normal", **more: Any) -> dict[str, Any]:
    spans = [{"_type": "span", "text": text[:5], "marks": []}, {"_type": "span", "text": text[5:], "marks": ["em"]}]
    return {"_type": "block", "style": style, "children": spans, **more}


def react(tag: str, children: Any) -> list[Any]:
    return ["$", tag, None, {"className": "c_x1", "children": children}]


SHAPES: dict[str, Any] = {
    "contentful": {
        "fields": {
            "body": contentful(
                "document",
                contentful("paragraph", FERRY[:30], contentful("hyperlink", FERRY[30:40]), FERRY[40:]),
                contentful("heading-2", "The key"),
                contentful("embedded-asset-block"),
                contentful("paragraph", QUAY),
                contentful("unordered-list", contentful("list-item", contentful("paragraph", "one bed"))),
                contentful("paragraph", KEY),
            )
        }
    },
    "portable text": {
        "body": [
            portable(FERRY),
            portable("The key", "h2"),
            {"_type": "image", "asset": {"_ref": "image-1"}},
            portable(QUAY),
            portable("one bed", listItem="bullet", level=1),
            portable(KEY),
        ]
    },
    "slate": {
        "content": [
            slate("paragraph", FERRY[:20], slate("link", FERRY[20:30], url="/x"), FERRY[30:]),
            slate("heading-two", "The key"),
            slate("paragraph", QUAY),
            slate("bulleted-list", slate("list-item", "one bed")),
            slate("paragraph", KEY),
        ]
    },
    "prosemirror": tiptap(
        "doc",
        tiptap("paragraph", FERRY),
        tiptap("heading", "The key", level=2),
        tiptap("paragraph", QUAY),
        tiptap("bulletList", tiptap("listItem", tiptap("paragraph", "one bed"))),
        tiptap("paragraph", KEY),
    ),
    "lexical": {
        "root": slate(
            "root",
            slate("paragraph", FERRY),
            slate("heading", "The key", tag="h2"),
            slate("paragraph", QUAY),
            slate("list", slate("listitem", "one bed"), listType="bullet", tag="ul"),
            slate("paragraph", KEY),
        )
    },
    "draft": {
        "blocks": [
            {"key": "a", "type": "unstyled", "text": FERRY},
            {"key": "b", "type": "header-two", "text": "The key"},
            {"key": "c", "type": "unstyled", "text": QUAY},
            {"key": "d", "type": "unordered-list-item", "text": "one bed"},
            {"key": "e", "type": "unstyled", "text": KEY},
        ]
    },
    "editor.js": {
        "blocks": [
            {"type": "paragraph", "data": {"text": FERRY}},
            {"type": "header", "data": {"text": "The key", "level": 2}},
            {"type": "paragraph", "data": {"text": QUAY}},
            {"type": "list", "data": {"style": "unordered", "items": ["one bed"]}},
            {"type": "paragraph", "data": {"text": KEY}},
        ]
    },
    "arc": {
        "content_elements": [
            {"type": "text", "content": FERRY},
            {"type": "header", "level": 2, "content": "The key"},
            {"type": "image", "caption": "The ferry at the pier of Tarrow, seen from the hill."},
            {"type": "interstitial_link", "content": "Read more: the winter timetable"},
            {"type": "text", "content": QUAY},
            {"type": "list", "list_type": "unordered", "items": [{"type": "text", "content": "one bed"}]},
            {"type": "text", "content": KEY},
        ]
    },
    "jsonml": {
        "body": ["div", ["p", FERRY], ["h2", "The key"], ["p", QUAY], ["ul", ["li", "one bed"]], ["p", KEY]],
    },
    "react rows": [
        react("div", [react("p", FERRY), react("h2", "The key"), react("p", [QUAY[:9], react("b", QUAY[9:])])]),
        react("ul", [react("li", "one bed")]),
    ],
    "gutenberg": [
        {"name": "core/paragraph", "attributes": {"content": FERRY}},
        {"__typename": "CoreHeading", "attributes": {"level": 2, "content": "The key"}},
        {"name": "core/paragraph", "attributes": {"content": QUAY}},
    ],
    "wrapped in models": [
        {"type": "text", "model": {"blocks": [{"type": "paragraph", "model": {"text": FERRY}}]}},
        {"type": "subheadline", "model": {"blocks": [{"type": "paragraph", "model": {"text": "The key"}}]}},
        {"type": "text", "model": {"blocks": [{"type": "paragraph", "model": {"text": QUAY}}]}},
    ],
    "references": {
        "Post:1": {"paragraphs": [{"__ref": "Line:1"}, {"__ref": "Line:2"}, {"__ref": "Line:3"}]},
        "Line:1": {"__typename": "Line", "type": "P", "text": FERRY},
        "Line:2": {"__typename": "Line", "type": "H2", "text": "The key"},
        "Line:3": {"__typename": "Line", "type": "P", "text": QUAY},
    },
    "slices": [
        {"slice_type": "text", "primary": {"text": [{"type": "paragraph", "text": FERRY}]}},
        {"slice_type": "text", "primary": {"text": [{"type": "heading2", "text": "The key"}]}},
        {"slice_type": "text", "primary": {"text": [{"type": "paragraph", "text": QUAY}]}},
    ],
    "html by piece": {
        "elements": [{"html": f"<p>{FERRY}</p>"}, {"html": "<h2>The key</h2>"}, {"html": f"<p>{QUAY}</p>"}],
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_shape(shape: str) -> None:
    html = best_prose(SHAPES[shape]).replace("<li><p>one bed</p></li>", "<li>one bed</li>")
    html = html.replace("<p></p>", "").replace("<h2><p>The key</p></h2>", "<h2>The key</h2>")
    assert WHOLE.startswith(html.removesuffix("<ul><li>one bed</li></ul>"))
    assert QUAY in html


def test_plain_text_is_split_and_escaped() -> None:
    html = best_prose({"body": f"{FERRY}\n{QUAY}\nTea < coffee & cake."})
    assert html == f"<p>{FERRY}</p><p>{QUAY}</p><p>Tea &lt; coffee &amp; cake.</p>"
    assert best_prose({"body": f"{FERRY}\n\n{QUAY}\r\n\r\n{KEY}"}) == f"<p>{FERRY}</p><p>{QUAY}</p><p>{KEY}</p>"


def test_escaped_html_is_html() -> None:
    assert best_prose({"body": f"&lt;p&gt;{FERRY} {QUAY} {KEY}&lt;/p&gt;"}) == f"<p>{FERRY} {QUAY} {KEY}</p>"


def test_paragraphs_of_one_array_belong_together() -> None:
    assert best_prose({"article": {"paragraphs": [FERRY, QUAY, KEY]}}) == f"<p>{FERRY}</p><p>{QUAY}</p><p>{KEY}</p>"


def test_other_articles_do_not() -> None:
    entries = [
        {"title": "One", "url": "/1", "body": f"{FERRY} {QUAY} {KEY}"},
        {"title": "Two", "url": "/2", "body": KEY},
    ]
    assert best_prose({"articles": entries}) == f"<p>{FERRY} {QUAY} {KEY}</p>"


@pytest.mark.parametrize("key", ["relatedArticles", "comments", "author_bio", "cookieNotice", "i18n", "seoText"])
def test_what_is_elsewhere_is_left_out(key: str) -> None:
    body = f"<p>{FERRY}</p><p>{QUAY}</p><p>{KEY}</p>"
    assert best_prose({key: {"text": body * 5}, "article": {"body": body}}) == body
    assert best_prose({key: {"text": body * 5}}) == ""


def test_state_inside_a_string() -> None:
    import json

    body = f"<p>{FERRY}</p><p>{QUAY}</p><p>{KEY}</p>"
    assert best_prose({"cache": json.dumps({"data": json.dumps({"article": {"body": body}})})}) == body


@pytest.mark.parametrize(
    "text",
    [
        "word " * 100,
        "var a = {b: 1}; if (a) { return a.b; } " * 20,
        ".card { color: red; } .card p { margin: 0 } " * 20,
        "Ten words of prose are too few to be it.",
    ],
)
def test_no_prose(text: str) -> None:
    assert prose_words(text) == 0


def test_scripts_without_spaces() -> None:
    assert prose_words("今年最後のフェリーは正午に島を出た。桟橋にいた誰もが、船が出るとは思っていなかった。" * 4) > 40


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                ["type", "_type", "children", "content", "text", "body", "listItem", "attrs", "level", "$", "__ref"]
            )
            | st.text(max_size=8),
            inner | st.sampled_from(["p", "paragraph", "text", "list", "heading", "doc", "$", FERRY, f"<p>{QUAY}</p>"]),
        )
    ),
    max_leaves=40,
)


@given(JSON)
def test_never_raises(value: Any) -> None:
    assert isinstance(best_prose(value), str)
