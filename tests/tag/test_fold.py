"""Texts and phrases in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.tag.fold import bare, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Don’t MISS\nit", "don't miss it"),
        ("Don`t", "don't"),
        ("L´ami l‘ami lʼami", "l'ami l'ami l'ami"),
        ("ＦＵＬＬ　Ｗｉｄｔｈ", "full width"),
        ("Straße", "strasse"),
        ("Ça ÉTÉ", "ça été"),
        ("ПОДПИШИТЕСЬ", "подпишитесь"),
        ("İSTEDİĞİNİZ", "istediğiniz"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_turkish_capitals_are_like_their_small_letters() -> None:
    assert fold("ÜCRETSİZ KAYIT OLUN") == fold("ücretsiz kayıt olun")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("► sign up! →", "sign up"),
        ("12. read more »", "read more"),
        ("🎉 join us 🎉", "join us"),
        ("❤️ donate ❤️", "donate"),
        ("❤ donate", "donate"),
        ("$ give €", "give"),
        ("«lire»", "lire"),
        ("「登録」", "登録"),
        ("हिन्दी।", "हिन्दी"),
        ("प्रतिक्रिया", "प्रतिक्रिया"),
        ("sign-up", "sign-up"),
        ("(3)", ""),
        ("…", ""),
        ("", ""),
    ],
)
def test_bare(text: str, expected: str) -> None:
    assert bare(text) == expected


@given(st.text())
def test_forms_are_final(text: str) -> None:
    folded = fold(text)
    assert "\n" not in folded
    assert bare(folded) in folded
    assert bare(bare(folded)) == bare(folded)
