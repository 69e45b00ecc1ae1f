"""Normal form of texts, and the words they have."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner.html.words import collapse, count_words, is_unspaced, tidy


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("ferry", 1),
        ("the ferry left\nat noon", 5),
        ("Le bac a levé l’ancre", 5),
        ("Паром вышел в полдень", 4),
        ("غادرت العبارة الميناء", 3),
        ("המעבורת יצאה בצהריים", 3),
        ("नाव दोपहर को निकली", 4),
        ("마지막 나룻배가 떠났다", 3),
    ],
)
def test_words_of_scripts_with_spaces(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("最后一班渡船中午离港，船上有九名乘客。", 9, 14),
        ("渡し船は正午に出た。乗客は九人だった。", 9, 14),
        ("เรือข้ามฟากออกเดินทางตอนเที่ยงพร้อมผู้โดยสารเก้าคน", 8, 14),
        ("ເຮືອອອກເດີນທາງຕອນທ່ຽງ", 4, 7),
        ("船 with 9 passengers", 4, 5),
    ],
)
def test_words_of_scripts_without_spaces_by_their_length(text: str, least: int, most: int) -> None:
    assert least <= count_words(text) <= most


def test_is_unspaced() -> None:
    assert all(map(is_unspaced, "船ฟのក"))
    assert not any(map(is_unspaced, "한aяنक9。"))


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cروم",  # Persian: two parts of one word
        "کتاب\u200cها",
        "क्\u200dष",  # Devanagari half form
        "ක්\u200dෂ",  # Sinhala conjunct
        "ന്\u200d",  # Malayalam chillu
        "👩\u200d🚀",
        "👩🏽\u200d🚀",
        "❤\ufe0f\u200d🔥",
        "🏴\u200d☠\ufe0f",
    ],
)
def test_joiners_stay_where_they_carry_meaning(text: str) -> None:
    assert tidy(text) == collapse(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("har\u00adbour", "harbour"),
        ("goo\u200bgle", "google"),
        ("fi\u200cll", "fill"),
        ("a\u200db", "ab"),
        ("中\u200d文", "中文"),
        ("می\u200c.", "می."),
        ("\u200cمی", "می"),
        ("\u200ea\u200f\u202ab\u202c\u2066c\u2069", "abc"),
        ("\ufeffx\u2060y", "xy"),
        ("noon\u034f", "noon"),
        ("cafe\u0301", "café"),
        ("가", "가"),
        ("a\x00b\x1bc", "abc"),
    ],
)
def test_invisible_signs_go_and_the_rest_is_nfc(text: str, expected: str) -> None:
    assert tidy(text) == collapse(text) == expected


def test_tidy_leaves_white_space_and_collapse_makes_it_one_space() -> None:
    text = " a\u00a0\u00a0b\n\t c\u2003d\u00ad \u200b e "
    assert tidy(text) == " a\u00a0\u00a0b\n\t c\u2003d  e "
    assert collapse(text) == "a b c d e"


@given(st.text())
def test_normal_form_is_final(text: str) -> None:
    for form in (tidy, collapse):
        once = form(text)
        assert form(once) == once
        assert unicodedata.is_normalized("NFC", once)
    assert collapse(text) == " ".join(tidy(" ".join(text.split())).split())


def test_no_view_of_a_page_holds_what_is_invisible() -> None:
    said = "<p>The ferry\u00a0left\u200b the har&shy;bour\u034f at noon, می\u200cروم aboard.</p>"
    doc = cleaner.clean(f"<h1>The Har\u00adbour</h1>{said * 9}")
    for view in (doc.text, doc.markdown, doc.html):
        assert "The ferry left the harbour at noon, می\u200cروم aboard." in view
