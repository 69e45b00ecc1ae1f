"""What always holds, on content of every kind."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

import cleaner
from cleaner import Document, Label

from .conftest import SAMPLES

PAGE = (SAMPLES / "wordpress-local-news" / "page.html").read_bytes()
PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<div class='newsletter'>", "</div>", "<h1>", "</h1>", "<table><tr><td>", "</table>", "<ul><li>",
        "<br>", "<br><br>", "<script>", "</script>", "<a href='javascript:x'>", "</a>", "<!--", "-->", "<math>",
        "<ruby>", "<rt>", "<template shadowrootmode='open'>", "</template>", "<noscript>", "&#0;", "&#1;", "&nbsp;",
        "\0", "\x01",
        "\ud800", "Subscribe to our newsletter", "Dear readers,", "\u200b", "\u00ad", "<pre>\n  x\n</pre>", "{", "}",
    ]
)  # fmt: skip
MARKUP = st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=40).map("".join)


def whole(doc: Document) -> None:
    """Every view can be had, and the columns agree."""
    assert isinstance(doc.text, str)
    assert isinstance(doc.markdown, str)
    assert isinstance(doc.html, str)
    assert len(doc.to_dict()["blocks"]) == len(doc.blocks)
    assert all(isinstance(block.label, Label) for block in doc.blocks)
    assert {block.index for ask in doc.asks for block in ask.blocks} <= {block.index for block in doc.removed}


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=400), MARKUP, st.text(max_size=300)))
def test_no_content_raises(content: bytes | str) -> None:
    whole(cleaner.clean(content))


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=500))
def test_no_text_raises(text: str) -> None:
    whole(cleaner.clean_text(text))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(PAGE)), st.integers(0, len(PAGE) - 1), st.integers(0, 255))
def test_broken_pages_give_a_document(cut: int, place: int, byte: int) -> None:
    broken = bytearray(PAGE[:cut])
    if place < len(broken):
        broken[place] = byte
    whole(cleaner.clean(bytes(broken)))


@settings(max_examples=60, deadline=None)
@given(MARKUP)
def test_views_hold_nothing_invisible(markup: str) -> None:
    doc = cleaner.clean("<html><body><article>" + markup + "</article></body></html>", keep=list(Label))
    for view in (doc.text, doc.markdown, doc.html):
        assert not any(sign in view for sign in ("\u00ad", "\u200b", "\u2060", "\ufeff", "\u00a0"))


@settings(max_examples=60, deadline=None)
@given(MARKUP)
def test_what_we_write_is_safe_to_open(markup: str) -> None:
    doc = cleaner.clean("<html><body><article>" + markup + "</article></body></html>", keep=list(Label))
    tree = lxml_html.fromstring(f"<div>{doc.html}</div>")
    for element in tree.iter():
        assert element.tag not in ("script", "style", "iframe", "object", "svg")
        for name, value in element.items():
            assert not name.startswith("on")
            assert not value.strip().lower().startswith(("javascript:", "data:"))


def test_same_input_same_output_in_threads_and_after_pickling() -> None:
    cleaner_of_all = cleaner.Cleaner()
    expected = cleaner_of_all.clean(PAGE).to_dict()
    with ThreadPoolExecutor(4) as pool:
        for doc in pool.map(cleaner_of_all.clean, [PAGE] * 16):
            assert doc.to_dict() == expected
            assert pickle.loads(pickle.dumps(doc)).to_dict() == expected


def test_every_form_of_a_page_gives_the_same_text() -> None:
    text = cleaner.clean(PAGE).text
    tree = lxml_html.document_fromstring(PAGE)
    before = lxml_html.tostring(tree)
    assert cleaner.clean(PAGE.decode()).text == text
    assert cleaner.clean(tree).text == text
    assert cleaner.clean(tree.getroottree()).text == text
    assert cleaner.clean(BeautifulSoup(PAGE, "lxml")).text == text
    assert cleaner.clean(cleaner.Page(PAGE)).text == text
    assert lxml_html.tostring(tree) == before


@pytest.mark.parametrize("page", [None, 1, ["<p>a</p>"], {"html": ""}, object()])
def test_only_a_wrong_type_raises(page: object) -> None:
    with pytest.raises(TypeError):
        cleaner.clean(page)  # type: ignore[arg-type]


def test_unknown_labels_are_named() -> None:
    with pytest.raises(ValueError, match="newsletters"):
        cleaner.Cleaner(keep=["newsletters"])


def test_keep_and_drop_change_every_view() -> None:
    plain = cleaner.clean(PAGE)
    asked = next(block.text for block in plain.removed if block.label is Label.DONATION and len(block.text) > 20)
    kept = cleaner.clean(PAGE, keep={"donation"})
    assert asked not in plain.text
    assert asked in kept.text
    assert asked in kept.markdown
    assert all(block.label is not Label.DONATION for block in kept.removed)
    assert cleaner.clean(PAGE, drop={"body"}).text == ""


def test_bounds_leave_the_rest_out_with_a_warning() -> None:
    page = "<html><body>" + "".join(
        f"<p>Paragraph number {i} tells of nothing in particular, at length.</p>" for i in range(300)
    )
    doc = cleaner.Cleaner(max_blocks=100).clean(page)
    assert len(doc.blocks) == 100
    assert any("100 blocks" in warning for warning in doc.warnings)
    doc = cleaner.Cleaner(max_bytes=2_000).clean(page.encode())
    assert 0 < len(doc.blocks) < 60
    assert any("2,000 bytes" in warning for warning in doc.warnings)


@pytest.mark.parametrize(
    "page",
    [
        b"<div>" * 100_000 + b"<p>The end of it all.</p>",
        b"<p>" + b"word " * 400_000,
        b"<table>" * 3_000 + b"<tr><td>cell",
        b"<a href='#'><b><i>" * 20_000 + b"deep",
        b"<p " + b"x=1 " * 100_000 + b">text</p>",
    ],
    ids=["nested", "one line", "tables", "inline", "attributes"],
)
def test_hostile_pages_end(page: bytes) -> None:
    whole(cleaner.clean(page))


def test_a_page_nested_too_deep_says_so() -> None:
    assert any("nested" in warning for warning in cleaner.clean(b"<div>" * 100_000 + b"<p>The end.</p>").warnings)


def test_a_file_name_as_content_gets_a_warning(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    assert any("cleaner.load" in warning for warning in cleaner.clean(str(path)).warnings)


def test_no_body_is_no_error() -> None:
    for content in (b"", "", b"<html></html>", "   "):
        doc = cleaner.clean(content)
        assert (doc.text, doc.access) == ("", "empty")
        assert doc.warnings
