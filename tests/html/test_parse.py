"""Bytes to one tree, whatever the markup."""

from __future__ import annotations

import pytest
from trees import select, tree

import cleaner
from cleaner.html.parse import parse


@pytest.mark.parametrize("html", [b"", b"  \n ", b"<!-- only a comment -->", b"<?php only_code() ?>"])
def test_nothing_is_none(html: bytes) -> None:
    assert parse(html) == (None, [])


def test_the_parser_does_not_guess_the_encoding() -> None:
    root, _ = parse("<meta charset=koi8-r><p>Паром</p>".encode())
    assert root is not None
    assert select(root, "string(//p)") == "Паром"


def test_comments_and_instructions_are_left_out_and_their_neighbours_stay() -> None:
    root = tree("<p>The ferry<!-- left --> sailed<?pi at?> at noon</p>")
    assert select(root, "string(//p)") == "The ferry sailed at noon"
    assert select(root, "//p/*") == []


@pytest.mark.parametrize(
    ("html", "paragraphs"),
    [
        ("<html><body><p>one</p></body></html><html><body><p>two</p></body></html>", ["one", "two"]),
        ("<p>one</p></body></html><html><head><title>t</title></head><body><p>two", ["one", "two"]),
        ("<p>one</p></html>\n<p>two</p><html><p>three</p></html><p>four", ["one", "two", "three", "four"]),
    ],
)
def test_a_second_page_in_the_page_is_gathered(html: str, paragraphs: list[str]) -> None:
    root = tree(html)
    assert [p.text for p in root.iter("p")] == paragraphs
    assert len(root.findall("body")) == 1


def test_what_follows_the_end_of_the_body_is_gathered() -> None:
    root = tree("<body><p>one</p></body> two <div>three</div> four <p>five</html>")
    assert " ".join(select(root, "body//text()")).split() == ["one", "two", "three", "four", "five"]
    root = tree("<body>one<p>two</p></body><body>three<div>four</div></body>")
    assert " ".join(select(root, "body//text()")).split() == ["one", "two", "three", "four"]


def test_text_that_stands_bare_in_a_second_page_is_gathered() -> None:
    root = tree("<p>one</p></body></html><html><body class=x>two <p>three</p> four</body></html>")
    assert " ".join(select(root, "body//text()")).split() == ["one", "two", "three", "four"]


def test_an_article_in_the_second_page_comes_out() -> None:
    story = "<p>The last ferry of the year left at noon on Friday, with nine islanders aboard and two dogs.</p>" * 5
    page = f"<html><body><div>Menu</div></body></html><html><body><article>{story}</article></body></html>"
    assert cleaner.clean(page).text.count("nine islanders") == 5


@pytest.mark.parametrize(("depth", "warned"), [(200, False), (3000, True)])
def test_only_a_page_nested_too_deep_has_a_warning(depth: int, warned: bool) -> None:
    _, warnings = parse(b"<div>" * depth + b"<p>The end")
    assert bool(warnings) is warned
    assert all("nested too deep" in warning for warning in warnings)


def test_broken_markup_alone_is_no_warning() -> None:
    assert parse(b"<p <b>a</i></table><td>b</p></nonsense>")[1] == []


@pytest.mark.parametrize("code", [*range(0x21), 0x7F, 0x85, 0xD800, 0xFFFE, 0xFFFF, 0x10FFFF])
def test_references_to_control_characters_after_the_end(code: int) -> None:
    texts = [f"{part}&#{code};{part}" for part in ("one", "two", "three")]
    page = f"<body><p>zero</p></body>{texts[0]}<html>{texts[1]}<body>{texts[2]}</body></html>"
    assert cleaner.Cleaner(model=False).clean(page).html is not None
    found = "".join(select(tree(page), "body//text()"))
    assert all(found.count(part) == 2 for part in ("one", "two", "three"))


STREAMED = (
    '<p>top</p><template id="B:1"></template><p>end</p>'
    '<div hidden id="S:1"><p>one</p><template id="P:2"></template></div><div hidden id="S:2"><p>two</p></div> after'
)


def test_streamed_parts_stand_in_their_places() -> None:
    root = tree(f"<html><body>{STREAMED}</body></html>")
    assert [p.text for p in root.iter("p")] == ["top", "one", "two", "end"]
    assert select(root, "//*[@hidden]") == []
    assert "after" in select(root, "string(//body)")


@pytest.mark.parametrize(
    "html",
    [
        '<div hidden id="S:9"><p>no place</p></div>',
        '<div hidden id="S:3"><p>inside</p><template id="B:3"></template></div>',
        '<div hidden id="S:1"><p>one</p></div><div hidden id="S:1"><p>again</p></div><template id="B:1"></template>',
        '<template id="B:1"><div hidden id="S:1"><p>held</p></div></template>',
    ],
)
def test_streamed_parts_without_a_place_stay(html: str) -> None:
    root = tree(f"<html><body>{html}</body></html>")
    assert html.count("<p>") == len(list(root.iter("p")))
    assert select(root, "//*[@hidden]") == []
