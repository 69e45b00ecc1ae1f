"""The twins of fingerprints: the same normal form and the same clauses of any text."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.html.decode import decode
from cleaner.html.parse import parse
from cleaner.html.segment import segment
from cleaner.site import _fingerprint, fingerprint
from cleaner.tag.fold import fold
from tests.compiled.test_compiled_features import PAGES

WORDS = st.sampled_from(
    [*"sign up for our newsletter don't 3 2026 a_b".split(), "ü", "読者の皆さまへ", "ข่าว", "한국어", "½", "٣", "😀"]
)
MARKS = st.sampled_from([" ", " ", " ", " ", ". ", ", ", "…", "—", "\u00a0", "\n", "। ", "", "-", "\ud800", "·"])
TEXTS = st.lists(st.tuples(WORDS, MARKS).map("".join), max_size=150).map("".join)


def _agree(text: str) -> None:
    tidied = _fingerprint.tidied(text)
    assert tidied == fingerprint.tidied(text)
    assert _fingerprint.clauses(tidied) == fingerprint.clauses_reference(tidied)
    assert _fingerprint.clauses(text) == fingerprint.clauses_reference(text)


def test_the_twin_is_built_and_in_use() -> None:
    assert fingerprint.COMPILED is _fingerprint


@given(TEXTS)
def test_texts_of_words(text: str) -> None:
    _agree(text)


@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    _agree(text)


def test_every_character() -> None:
    for start in range(0, sys.maxunicode + 1, 64):
        characters = [chr(c) for c in range(start, min(start + 64, sys.maxunicode + 1))]
        for text in ("".join(characters), "1".join(characters), " a b c ".join(characters)):
            _agree(text)


@pytest.mark.parametrize("size", [0, 1, 249, 250, 251, 499, 500, 501, 502, 3000])
def test_long_texts(size: int) -> None:
    _agree(("here are some more words. " * size)[:size])
    _agree(("読者の皆さまへ" * size)[:size])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_samples(page: Path) -> None:
    root, _ = parse(decode(page.read_bytes())[0])
    assert root is not None
    for text in segment(root, 10_000).text:
        _agree(fold(text))


def test_no_text() -> None:
    for look in (_fingerprint.tidied, _fingerprint.clauses):
        for wrong in (None, b"text"):
            with pytest.raises(TypeError):
                look(wrong)  # type: ignore[arg-type]
