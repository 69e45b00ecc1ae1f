"""The compiled twins of the tagger's room say what their references say, and break as politely."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.html.decode import decode
from cleaner.html.parse import parse
from cleaner.html.segment import segment
from cleaner.tag.compile import COMPILED
from cleaner.tag.phrases import Beginnings, Hit, PhraseTable, phrase_table
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


@given(
    st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50), st.integers(-5, 50)), max_size=4),
    st.text(max_size=12),
)
def test_matches_that_are_none_break_nothing(matches: list[tuple[int, int, int]], joined: str) -> None:
    from cleaner.tag import _phrases, phrases

    beginnings = Beginnings(b"\x01\x00", *_members(), b"\x01\x00\x01", 3)
    inside = [match for match in matches if match[0] >= 0 and match[1] > 0 and match[2] > 0]
    said = []
    for ways in (phrases, _phrases):
        try:
            said.append(ways.standing(joined, list(inside), b"\x00\x00", b"\x00" * 3, beginnings, lambda _: "abcd"))
        except IndexError:
            said.append(None)
    assert said[0] == said[1]


def _members() -> tuple[object, object]:
    from array import array

    return array("I", [2, 3]), array("I", [0, 1, 2])
