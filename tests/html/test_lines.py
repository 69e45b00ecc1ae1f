"""Plain text to blocks."""

from __future__ import annotations

from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner.document import Kind
from cleaner.html.lines import segment_text

FERRY = (
    "The last ferry of the year left the harbour at noon on Friday, with nine islanders aboard, two dogs and a brass "
    "bed, and nobody on the quay had expected it to sail so late, least of all the harbour master, who was asleep."
)
LATER = (
    "A second ferry will follow on Monday, the company says, if the weather holds until then. Passengers with bicycles "
    "are asked to come to the quay early, as there is room for six of them and no more, and the sea will be rough."
)

MAIL = [FERRY, LATER, LATER, FERRY]


def lines(text: str) -> list[str]:
    return segment_text(text, 1000).text


@pytest.mark.parametrize("width", [60, 72, 80, 98])
@pytest.mark.parametrize("quote", ["", "  "])
def test_wrapped_paragraphs_are_joined(width: int, quote: str) -> None:
    mail = "\n\n".join("\n".join(quote + line for line in wrap(text, width)) for text in MAIL)
    assert lines(mail) == MAIL


def test_in_wrapped_text_bullets_and_short_lines_stay_apart() -> None:
    mail = "\n".join([*wrap(FERRY, 66), "", *wrap(LATER, 66), "- one bed made of brass", "- two dogs", "", "Ena Brock"])
    assert lines(mail) == [FERRY, LATER, "- one bed made of brass", "- two dogs", "Ena Brock"]


def test_one_block_a_line_where_nothing_was_wrapped() -> None:
    assert lines(f"{FERRY}\n{LATER}\nThe Wick\n\n{FERRY}\nBy Ena Brock") == [
        FERRY, LATER, "The Wick", FERRY, "By Ena Brock",
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x0c", "\x85", "\n \n\n"])
def test_every_line_end_ends_a_line(end: str) -> None:
    assert lines(f"  One{end}two\u00a0{end}\tthree") == ["One", "two", "three"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("- an item", Kind.LIST_ITEM),
        ("  * an item", Kind.LIST_ITEM),
        ("• an item", Kind.LIST_ITEM),
        ("12) an item", Kind.LIST_ITEM),
        ("3. an item", Kind.LIST_ITEM),
        ("2026. A year", Kind.PARAGRAPH),
        ("-5 degrees", Kind.PARAGRAPH),
        ("3.5 metres", Kind.PARAGRAPH),
        ("-", Kind.PARAGRAPH),
    ],
)
def test_bullets_make_list_items(line: str, kind: Kind) -> None:
    assert segment_text(line, 10).kind == [kind]


def test_the_bound_leaves_the_rest_out_with_a_warning() -> None:
    found = segment_text("\n".join(f"Line {i}" for i in range(2000)), 1000)
    assert len(found) == 1000
    assert found.text[-1] == "Line 999"
    assert ["1,000 lines" in warning for warning in found.warnings] == [True]
    assert segment_text("Line\n\n" * 1000, 1000).warnings == []


@given(st.text(alphabet=st.sampled_from("ab .-*1)\n\r\x0c\u2028\u00a0\u200b"), max_size=300))
def test_no_word_is_lost(text: str) -> None:
    found = segment_text(text, 1000)
    assert "".join("".join(found.text).split()) == "".join(text.replace("\u200b", "").split())
    assert {len(found.kind), len(found.words), len(found.group), len(found.container)} == {len(found)}


def test_a_mail_comes_out_of_clean_text_in_whole_paragraphs() -> None:
    mail = "\n\n".join("\n".join(wrap(text, 70)) for text in MAIL)
    assert cleaner.clean_text(mail).text == "\n\n".join(MAIL)
    assert {block.xpath for block in cleaner.clean_text(mail)} == {""}
