"""The compiled walk over the tree gives what the reference gives."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cleaner.html import _segment, segment
from cleaner.html.decode import decode
from cleaner.html.elements import FLOW, KINDS, LISTS
from cleaner.html.hidden import is_hidden
from cleaner.html.numbered import Numbered, numbered
from cleaner.html.parse import parse

SAMPLES = Path(__file__).parent.parent.parent / "samples"
PAGES = sorted(path for path in SAMPLES.rglob("*") if path.suffix in {".html", ".htm", ".xhtml"})
FAR = 100_000

TAGS = st.sampled_from(
    sorted({*FLOW, *KINDS, *LISTS, "table", "tr", "template", "div", "p", "section", "x-card", "form"})
)
NAMES = ["hidden", "style", "class", "id", "role", "aria-hidden", "aria-label", "name", "type", "value", "data-testid"]
VALUES = [
    *[
        "",
        " ",
        "true",
        "display: none",
        "DISPLAY:\tNONE;",
        "visibility :hidden",
        "display:\u00a0none",
        "display: block",
    ],
    *["vi\u017fibility:hidden", "sr-only", "Lead  sr-only", "sr-onlyx", "x\u2003sr-only", "katex-html", "MathJax"],
    *[
        "Ångström ΑΣ",
        "email",
        "submit",
        "Your E-Mail",
        "text",
        "math/tex; mode=display",
        "math/tex",
        "nav\x1chead",
        "A__B",
    ],
]
TEXTS = [
    *[
        "",
        " ",
        "\n\t",
        "\u00a0",
        "word",
        " two words ",
        "a\u00a0b",
        "e\u0301",
        "\u00ad",
        "\u200b",
        "x\u034fy",
        "x" * 300,
        *("Pages", "240", "Ena Brock", "mañana", "Él", "ναύς", "Πλοίο", "a", "HOKA", "3D", "ΝΑΎΣ"),
    ],
    *[
        "日本語の文",
        "ภาษาไทย และ",
        "漢字 kana カナ",
        "🙂",
        "né à l’été",
        "ﬁ",
        "\u212b",
        "각",
        "\u1100\u1161",
        "\u0627\u0653",
    ],
]
ATTRIBUTES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=3)
TEXT = st.one_of(st.sampled_from(TEXTS), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12))
MOST = st.sampled_from([0, 1, 2, 5, FAR])


def agree(root: Any, most: int = FAR) -> None:
    """Both give the same of a tree, or both leave it to the reference."""
    mine, theirs = numbered(), Numbered()
    assert segment.segment(root, most, mine) == segment.segment_reference(root, most, theirs)
    assert list(mine) == list(theirs)
    assert segment.segment(root, most) == segment.segment_reference(root, most)


def page_agrees(html: bytes, most: int = FAR) -> None:
    root, _ = parse(html)
    if root is not None:
        assert _segment.segment(root, most) is not None
        agree(root, most)


def test_the_twin_is_in_use() -> None:
    entered: list[str] = []

    def watch(frame: Any, event: str, _: object) -> None:
        if event == "call":
            entered.append(frame.f_code.co_name)

    assert segment.TWIN is _segment
    sys.setprofile(watch)
    try:
        segment.segment(etree.HTML("<p>text"), FAR)
    finally:
        sys.setprofile(None)
    assert "segment" in entered
    assert "segment_reference" not in entered


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(SAMPLES)))
def test_a_sample(page: Path) -> None:
    html = decode(page.read_bytes(), None)[0]
    for most in (FAR, 7):
        page_agrees(html, most)


def markup(tag: str, attributes: dict[str, str]) -> str:
    return f"<{tag}{''.join(f' {name}={chr(34)}{value}{chr(34)}' for name, value in attributes.items())}>"


PIECES = st.one_of(
    st.builds(markup, TAGS, ATTRIBUTES),
    st.builds("</{}>".format, TAGS),
    TEXT,
    st.sampled_from(
        ["<!-- c -->", "<![CDATA[ x ]]>", "&amp;", "&nbsp;", "&#1;", "&#13;", "&unknown;", "\x01", "\x1c", "<br>"]
    ),
    st.sampled_from(
        ["<math><mi>x</mi></math>", "<ruby>字<rt>じ</rt></ruby>", "<pre>\n  x\n\n y<br>z </pre>", "<svg:g>"]
    ),
    st.sampled_from(["<table><tr><td>", "<tr><td>a<td>b", "<span hidden><math alttext='a_1'>", "<td><p>a<p>b"]),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join), MOST)
def test_markup(html: str, most: int) -> None:
    page_agrees(html.encode("utf-8"), most)


Growth = Callable[[Any], Any]
"""Adds something to an element and returns where to go on."""


def child(tag: str, attributes: dict[str, str], text: str, tail: str, deeper: bool) -> Growth:
    def grow(parent: Any) -> Any:
        element = etree.SubElement(parent, tag)
        for name, value in attributes.items():
            element.set(name, value.replace("\x1c", " "))
        element.text, element.tail = text, tail
        return element if deeper else parent

    return grow


def other(make: Callable[[], Any]) -> Growth:
    def grow(parent: Any) -> Any:
        parent.append(make())
        return parent

    return grow


def up(parent: Any) -> Any:
    found = parent.getparent()
    return parent if found is None else found


GROWTH = st.lists(st.one_of(st.builds(child, TAGS, ATTRIBUTES, TEXT, TEXT, st.booleans()), st.just(up)), max_size=40)
ODD = st.one_of(
    GROWTH,
    st.lists(
        st.one_of(
            st.builds(child, TAGS, ATTRIBUTES, TEXT, TEXT, st.booleans()),
            st.builds(child, TAGS.map("{{urn:x}}{}".format), ATTRIBUTES, TEXT, TEXT, st.booleans()),
            st.sampled_from([up, other(lambda: etree.Comment("c")), other(lambda: etree.PI("a", "b"))]),
            st.sampled_from(
                [other(lambda: etree.Entity("nbsp")), child("i", {"{urn:x}class": "sr-only"}, "x", "", False)]
            ),
        ),
        max_size=20,
    ),
)


def grown(steps: Iterable[Growth]) -> Any:
    root = here = etree.Element("body")
    for step in steps:
        here = step(here)
    return root


@settings(max_examples=300, deadline=None)
@given(GROWTH, MOST)
def test_trees_that_no_parser_makes(steps: list[Growth], most: int) -> None:
    root = grown(steps)
    assert _segment.segment(root, most) is not None
    agree(root, most)


@settings(max_examples=150, deadline=None)
@given(ODD, MOST)
def test_trees_with_odd_nodes(steps: list[Growth], most: int) -> None:
    agree(grown(steps), most)


def test_xml_with_cdata_entities_and_namespaces() -> None:
    xml = b"""<!DOCTYPE d [<!ENTITY e "<p>in</p>"><!ENTITY t "text"><!ATTLIST p class CDATA "sr-only">]>
        <d xmlns:n="urn:n"><p id="a&t;b">one <![CDATA[ two ]]> three</p>&e;
        <n:p n:class="sr-only">four</n:p><q class="a&t;b">five</q>&t;<body>six<![CDATA[seven]]>&amp;<b/></body></d>"""
    for resolve in (False, True):
        agree(etree.fromstring(xml, etree.XMLParser(strip_cdata=False, resolve_entities=resolve)))


def test_text_in_pieces() -> None:
    root = etree.fromstring("<body><p>a<i/> b<i/>\u00a0<i/></p><a>x<i/> y<i/></a></body>")
    etree.strip_elements(root, "i", with_tail=False)
    agree(root)


def test_every_character_of_small_blocks() -> None:
    wide = [range(0x3400, 0xA000), range(0xAC00, 0xD800), range(0x10000, 0x1F000), range(0x1FA00, 0x30000)]
    dense = [range(1, 0x3400), range(0xA000, 0xAC00), range(0xE000, 0x10000), range(0x1F000, 0x1FA00)]
    codes = [code for block in dense for code in block] + [code for block in wide for code in block[::31]]
    characters = [chr(code) for code in codes if chr(code) not in "<&'"]
    html = "".join(f"<p>{c}</p><p class='A{c}'>a{c}<a>{c}b {c}</a><b aria-hidden=true>{c}.</b>" for c in characters)
    page_agrees(html.encode("utf-8"), FAR)


def test_characters_that_compose() -> None:
    pairs = [unicodedata.decomposition(chr(c)) for c in range(sys.maxunicode + 1)]
    texts = ["".join(chr(int(part, 16)) for part in pair.split()) for pair in pairs if pair and pair[0] != "<"]
    page_agrees("".join(f"<p>{text}\u1100\u1161\u11a8</p><p>{text}" for text in texts).encode("utf-8"), 10 * FAR)


@pytest.mark.parametrize("tag", ["div", "b", "a", "table", "li"])
def test_a_tree_that_is_very_deep(tag: str) -> None:
    root = here = etree.Element("body")
    for _ in range(5):
        here.append(etree.fromstring(f"<{tag}>x" * 1000 + f"</{tag}>" * 1000, etree.XMLParser(huge_tree=True)))
        while len(here):
            here = here[0]
    etree.SubElement(here, "p").text = "inside"
    agree(root)
    agree(root, 10)


def test_many_tags_and_long_texts() -> None:
    html = (
        "".join(f"<t{i}>a</t{i}>" for i in range(20_000)) + "<p>" + "long words, " * 100_000 + "<pre>" + "漢" * 100_000
    )
    page_agrees(html.encode("utf-8"))


@pytest.mark.parametrize(
    "html", ["", "<body>", "<html>", "<frameset>", "text", "<body hidden>x", "<p>a</p></body>b<body>c"]
)
def test_hardly_a_page(html: str) -> None:
    page_agrees(html.encode("utf-8"))


def test_a_tree_that_was_changed() -> None:
    root = etree.HTML("<p class=a>one<b>two</b>three</p><p>four</p>")
    other_root = etree.HTML("<section id=x><h2>five</h2><custom-tag>six</custom-tag></section>")
    root.find("body").append(other_root.find(".//section"))
    root.find(".//b").tag = "section"
    root.find(".//p").attrib.pop("class")
    del other_root
    agree(root)
    agree(root.find(".//p"))
    agree(root.find(".//section"))


@pytest.mark.parametrize("most", [-5, 0, 2**80, -(2**80)])
def test_any_bound(most: int) -> None:
    agree(etree.HTML("<p>a<p>b"), most)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("dDispLayvisbtyhen: \t:nNoOeE;x"), max_size=30))
def test_styles(style: str) -> None:
    root = etree.HTML("<p>a</p><p>b</p>")
    paragraph = root.find(".//p")
    paragraph.set("style", style)
    hidden = is_hidden(paragraph, dict(paragraph.items()))
    assert segment.segment(root, FAR).text == (["b"] if hidden else ["a", "b"])
    agree(root)
