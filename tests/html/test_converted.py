"""What pandoc adds to a page that it converts says nothing of the page's own boxes."""

from __future__ import annotations

from pathlib import Path

import pytest
from trees import select, tree

import cleaner
from cleaner import Label

SAMPLES = Path(__file__).parent.parent.parent / "samples"
BOOKS = sorted((SAMPLES / "formats" / "epub" / "pandoc").iterdir())
"""Pages of samples/ as ``<sample>.<form>-<level of splitting>.epub``."""

BEFORE = "The last ferry of the year left Tarrow at noon on Friday, with nine islanders, two dogs and a brass bed."
AFTER = "She had closed the ticket office in October and given the key to the postman, who lost it in the snow."
ASK = "<p>Sign up for our newsletter and get the stories of the week in your inbox.</p>"


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_a_book_of_a_page_comes_out_as_the_page(book: Path) -> None:
    chapters = [cleaner.clean(page).text for page in cleaner.load(book)]
    page = cleaner.clean((SAMPLES / book.name.partition(".")[0] / "page.html").read_bytes())
    assert lines("\n\n".join(chapters)) == lines(page.text)


def test_the_forms_of_a_book_are_all_there() -> None:
    assert {book.stem.partition(".")[2] for book in BOOKS} == {
        f"{form}-{level}" for form in ("epub2", "epub3") for level in (1, 2, 3)
    }


@pytest.mark.parametrize(
    ("opened", "closed"),
    [('<section class="level3 box">', "</section>"), ('<div class="section level3 box">', "</div>")],
)
def test_a_paragraph_behind_a_box_is_not_in_the_section_of_its_heading(opened: str, closed: str) -> None:
    box = f'{opened}<h3 class="box">Get our newsletter</h3>{ASK}<p>{AFTER}</p>{closed}'
    doc = cleaner.clean(f"<article><h1>The last ferry</h1><p>{BEFORE}</p>{box}</article>")
    labels = {block.text: block.label for block in doc.blocks}
    assert [labels[BEFORE], labels[AFTER]] == [Label.BODY, Label.BODY]
    assert labels["Get our newsletter"] is Label.NEWSLETTER


def test_sections_of_headings_alone_go() -> None:
    root = tree(
        '<section id="a" class="level1"><h1>One</h1><p>two</p><section class="level2 x"><h2 class="x">Three</h2>four'
        "</section> five</section>"
    )
    assert select(root, "count(//section)") == 0
    assert "".join(select(root, "//body//text()")) == "OnetwoThreefour five"
    assert select(root, "string(//h1/@id)") == "a"


@pytest.mark.parametrize(
    "box",
    [
        '<section class="level2 box"><h2>Own</h2><p>text</p></section>',
        '<section class="level2"><h3>Another level</h3></section>',
        '<section class="level2"><h2>A box that ends before the text does</h2></section><p>text</p>',
        '<section class="level2"><p>no heading</p></section>',
    ],
)
def test_boxes_of_the_page_stay(box: str) -> None:
    assert select(tree(box), "count(//section)") == 1


def test_the_title_that_is_filled_in_is_no_headline() -> None:
    filled = '<section class="level1 unnumbered"><h1 class="unnumbered">The last ferry - Tarrow Post</h1></section>'
    story = f'<section class="level1"><h1>The last ferry</h1><p>{BEFORE}</p><p>{AFTER}</p></section>'
    doc = cleaner.clean(f"<title>page.xhtml</title>{filled}{story}")
    assert doc.title == "The last ferry"
    assert lines(doc.text) == [BEFORE, AFTER]


def test_rows_that_are_told_apart_are_a_table_as_any() -> None:
    rows = '<tr class="header"><th>Fare</th></tr><tr class="odd"><td>4</td></tr><tr class="own even"><td>5</td></tr>'
    root = tree(f'<section class="level1"><h1>One</h1></section><table>{rows}</table>')
    assert [row.get("class") for row in root.iter("tr")] == [None, None, "own even"]
