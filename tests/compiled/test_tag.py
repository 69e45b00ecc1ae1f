"""The compiled twins of the tagger's room say what their references say, and break as politely."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.html.decode import decode
from cleaner.html.parse import parse
from cleaner.html.segment import segment
from cleaner.html.words import is_unspaced
from cleaner.tag import _phrases, _trie, phrases
from cleaner.tag.compile import COMPILED
from cleaner.tag.fold import bare, fold
from cleaner.tag.phrases import Hit, Phrase, PhraseTable, phrase_table
from cleaner.tag.scripts import scripts_in
from cleaner.twin import twin

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "samples").glob("*/page.html"))
SCRIPTS = sorted(path.stem for path in COMPILED.glob("*.json"))
WRITTEN = [
    row["text"]
    for path in sorted((ROOT / "tests" / "phrases").glob("*.toml"))
    for row in tomllib.loads(path.read_text("utf-8"))["match"]
]


def _table(script: str) -> PhraseTable:
    table = phrase_table(script)
    assert table is not None
    return table


def _agree(texts: list[str], language: str) -> int:
    """How many phrases of all scripts' lists the texts hold, by the twin and by the reference."""
    found = 0
    for script in SCRIPTS:
        table = _table(script)
        known = table.known(language)
        by_twin = table.find(texts, known)
        assert by_twin == table.find(texts, known, pure=True)
        assert all(type(hit) is Hit for hits in by_twin for hit in hits)
        found += sum(map(len, by_twin))
    return found


def test_the_twin_is_built_and_wanted() -> None:
    assert twin("cleaner.tag._phrases") is not None


@pytest.mark.parametrize("language", ["", "en", "de"])
def test_samples(language: str) -> None:
    texts = []
    for path in SAMPLES:
        texts += segment(parse(decode(path.read_bytes(), None)[0])[0], 100_000).text
    assert _agree(texts, language) > 1_000


def test_what_publishers_write() -> None:
    assert _agree(WRITTEN, "") > len(WRITTEN)


_piece = st.one_of(
    st.sampled_from(WRITTEN), st.text(max_size=12), st.sampled_from(["\n", " ", "’", "ß", "İ", "字", "ก", "\x00"])
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(_piece, max_size=5).map("".join), max_size=6), st.sampled_from(["", "en", "tr", "th", "zh", "ru"])
)
def test_any_texts(texts: list[str], language: str) -> None:
    _agree(texts, language)


ALL_CHARACTERS = [chr(c) for c in range(sys.maxunicode + 1)]


def test_any_character() -> None:
    for c in ALL_CHARACTERS:
        unspaced = is_unspaced(c)
        assert _phrases.kinds_of(c) == (unspaced, c.isalnum() and not unspaced), hex(ord(c))
        if not 0xD800 <= ord(c) < 0xE000:
            assert _phrases.fold(c) == fold(c), hex(ord(c))
            assert _phrases.scripts_in([c]) == scripts_in([c]), hex(ord(c))


_near_latin = st.text(
    st.characters(max_codepoint=0x52F) | st.sampled_from("ıi\u0307\u0301\u0345´`’‘ʼ…½ßſﬁ™№ΆάςΣşţ\n"), max_size=12
)


@given(_near_latin | st.text(max_size=12))
def test_texts_are_folded_alike(text: str) -> None:
    assert _phrases.fold(text) == fold(text)
    assert _phrases.bare(text) == bare(text)
    assert _phrases.scripts_in([text, ""]) == scripts_in([text, ""])


@given(
    st.lists(st.text("abc日é😀", min_size=1, max_size=4), unique=True, max_size=30), st.text("abcd日é😀", max_size=30)
)
def test_the_tree_finds_what_stands_there(patterns: list[str], text: str) -> None:
    stands = [
        (number, start, start + len(pattern))
        for start in range(len(text))
        for number, pattern in sorted(enumerate(patterns), key=lambda row: len(row[1]))
        if text.startswith(pattern, start)
    ]
    assert sorted(_trie.Trie(patterns).find(text)) == sorted(stands)


def test_a_tree_of_many_characters() -> None:
    patterns = [a + b for a in ALL_CHARACTERS[0x100:0x200] for b in ("a", "\u3042", "\U0001f600")]
    tree = _trie.Trie(patterns)
    assert [found for pattern in patterns for found in tree.find(pattern)] == [(i, 0, 2) for i in range(len(patterns))]


def test_a_tree_holds_no_string_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        _trie.Trie(["one", "two", "one"])


def test_the_language_that_more_phrases_are_of() -> None:
    sure, mere = Phrase("newsletter", "certain", "de"), Phrase("newsletter", "hint", "fr")
    for phrases_said in ([], [sure], [mere], [sure, mere], [mere, mere, sure], [Phrase("part", "exact", "en"), sure]):
        hits = [[Hit(phrase, 0, 1)] for phrase in phrases_said]
        for declared in ("en", "de", "fr", ""):
            assert _phrases.is_of_another(hits, declared) == phrases._is_of_another(hits, declared)
