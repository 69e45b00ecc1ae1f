"""Elements that end without an end tag, as the HTML standard has it."""

from __future__ import annotations

import pytest
from trees import select, tree

import cleaner
from cleaner import Label

BEFORE = "The last ferry of the year left Tarrow at noon on Friday, with nine islanders, two dogs and a brass bed."
BETWEEN = "Nobody on the quay had expected it to sail, least of all the harbour master, who was still asleep."
AFTER = "She had closed the ticket office in October and given the key to the postman, who lost it in the snow."
ASK = "<h3>Get our newsletter</h3><p>Sign up for our newsletter and get the stories of the week in your inbox."
SECTIONS = "article aside details dialog figcaption figure footer header hgroup main nav search section summary".split()


@pytest.mark.parametrize("tag", SECTIONS)
def test_a_section_ends_the_paragraph_before_it(tag: str) -> None:
    root = tree(f"<p>one<{tag}>two</{tag}>three")
    assert select(root, "string(//p[1])") == "one"
    assert [select(root, f"string(//{tag})"), select(root, f"count(//p//{tag})")] == ["two", 0]
    assert select(root, f"string(//{tag}/following::text())") == "three"


@pytest.mark.parametrize("tag", ["aside", "details", "footer", "header", "nav", "search", "section", "dialog"])
def test_a_box_takes_no_paragraph_with_it(tag: str) -> None:
    box = f'<{tag} class="newsletter" open>{ASK}</{tag}>'
    page = f"<article><h1>The last ferry</h1><p>{BEFORE}<p>{BETWEEN}{box}<p>{AFTER}</article>"
    closed = page.replace("<p>", "</p><p>").replace(f"<{tag} ", f"</p><{tag} ")
    doc = cleaner.clean(page)
    assert doc.text.split("\n\n")[-3:] == [BEFORE, BETWEEN, AFTER]
    assert [(block.label, block.text) for block in doc.blocks] == [
        (block.label, block.text) for block in cleaner.clean(closed).blocks
    ]
    assert any(block.label is Label.NEWSLETTER for block in doc.blocks)


def test_what_follows_the_section_stands_behind_the_paragraph() -> None:
    root = tree("<div><p>one<section>two</section> three <b>four</b></p>five</div>")
    assert select(root, "string(//div/p[1])") == "one"
    assert "".join(select(root, "//div//text()")) == "onetwo three fourfive"


def test_formatting_goes_on_behind_the_end_of_its_paragraph() -> None:
    root = tree('<div><p>one <a href="/x">two <b>three<aside>four</aside>five</b> six</a> seven</div>')
    assert select(root, "string(//p)") == "one two three"
    assert [link.get("href") for link in root.iter("a")] == ["/x", "/x"]
    assert select(root, "string((//a)[2])") == "fourfive six"
    assert select(root, "string(//aside/ancestor::b)") == "fourfive"


@pytest.mark.parametrize("around", ["button", "table><tr><td", "object"])
def test_a_paragraph_outside_of_a_closed_room_stays_open(around: str) -> None:
    name = around.split(">")[0]
    root = tree(f"<p>one <{around}><section>two</section></{name}>three")
    assert name == "table" or select(root, "string(//p)") == "one twothree"


def test_the_parts_of_ruby_end_each_other() -> None:
    root = tree("<p><ruby>島<rp>(<rt>しま<rp>)</ruby>の船")
    assert [rt.text for rt in root.iter("rt")] == ["しま"]
    closed = tree("<p><ruby>島<rp>(</rp><rt>しま</rt><rp>)</rp></ruby>の船</p>")
    assert [(e.tag, e.text, e.tail) for e in root.iter()] == [(e.tag, e.text, e.tail) for e in closed.iter()]


@pytest.mark.parametrize("end", ["</br>", "</BR>", "</Br >", "</br\n>"])
def test_the_end_of_a_line_break_is_a_line_break(end: str) -> None:
    assert cleaner.clean(f"<p>{BEFORE}{end}{BETWEEN}</p>").text == f"{BEFORE}\n{BETWEEN}"
    root = tree(f"<p>one{end}two")
    assert [len(list(root.iter("br"))), select(root, "string(//br/following::text())")] == [1, "two"]


@pytest.mark.parametrize("tag", ["article", "main", "section", "header", "figure", "x-story"])
def test_a_page_without_head_and_body_tags_begins_with_its_first_box(tag: str) -> None:
    page = f"<!doctype html><title>The last ferry</title><{tag}><h1>The last ferry</h1><p>{BEFORE}</{tag}><p>{AFTER}"
    assert select(tree(page), "count(/html/head/*)") == 1
    assert cleaner.clean(page).text == f"{BEFORE}\n\n{AFTER}"


def test_what_a_head_cannot_hold_begins_the_body() -> None:
    root = tree("<head><title>one</title><x-box>two</x-box><meta name=a></head><body class=b>three<p>four</p></body>")
    assert [select(root, "string(//head)"), select(root, "string(//body/@class)")] == ["one", "b"]
    assert "".join(select(root, "//body//text()")) == "twothreefour"


def test_rows_stand_in_the_same_element_whether_it_is_written_or_not() -> None:
    root = tree("<table><caption>a</caption><tr><td>b<tr><td>c<tfoot><tr><td>d</table><table><tbody><tr><td>e</table>")
    assert [part.tag for part in select(root, "//table/*")] == ["caption", "tbody", "tfoot", "tbody"]
    assert select(root, "count(//table[1]/tbody/tr)") == 2
