"""Phrases: taken apart, sought, and found where they are meant."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.tag.compile import Compiler, compile_lists, fragments
from cleaner.tag.matcher import Matcher
from cleaner.tag.phrases import GAP_CHARS, GAP_WORDS, Hit, PhraseTable, find_phrases

DATA = sorted((Path(__file__).parent.parent / "phrases").glob("*.toml"))
ASKS = {"newsletter", "donation", "paywall", "wall"}


def table(*phrases: str, strength: str = "certain") -> PhraseTable:
    compiler = Compiler()
    for phrase in phrases:
        compiler.add("newsletter", strength, "xx", phrase)
    return PhraseTable(compiler.table())


def hits(phrase: str, text: str, strength: str = "certain") -> list[Hit]:
    return table(phrase, strength=strength).find([text])[0]


@given(
    st.lists(st.text("abé ", min_size=1, max_size=3), min_size=1, max_size=6, unique=True),
    st.lists(st.text("abé ", max_size=12), max_size=5),
)
def test_the_matcher_agrees_with_a_naive_search(patterns: list[str], texts: list[str]) -> None:
    naive = {
        (t, p, start, start + len(pattern))
        for t, text in enumerate(texts)
        for p, pattern in enumerate(patterns)
        for start in range(len(text))
        if text.startswith(pattern, start)
    }
    found = list(Matcher(patterns).find(texts))
    assert len(found) == len(naive)
    assert set(found) == naive
    assert [(text, end) for text, _, _, end in found] == sorted((text, end) for text, _, _, end in found)


@pytest.mark.parametrize(
    ("phrase", "parts"),
    [
        ("Sign up", [("sign up", False)]),
        ("get our ... newsletter", [("get our", False), ("newsletter", True)]),
        ("newsletter* every day", [("newsletter*", False), ("every day", False)]),
        ("Don’t ... miss* ... it", [("don't", False), ("miss*", True), ("it", True)]),
    ],
)
def test_fragments(phrase: str, parts: list[tuple[str, bool]]) -> None:
    assert fragments(phrase) == parts


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("sign up", "Now SIGN UP here", True),
        ("sign up", "Now (sign up).", True),
        ("sign up", "design up", False),
        ("sign up", "sign upper", False),
        ("sign up", "sign\nup", True),
        ("don't miss", "Don’t miss it", True),
        ("newsletter*", "our newsletters", True),
        ("newsletter*", "our e-newsletter", True),
        ("newsletter*", "xnewsletter", False),
        ("newsletter* today", "newsletters today", True),
        ("newsletter* today", "newsletters of today", False),
        ("get our ... newsletter", "Get our newsletter", True),
        ("get our ... newsletter", "get our free weekly newsletter", True),
        ("get our ... newsletter", "get our newsletters", False),
        ("get our ... newsletter", "newsletter: get our", False),
        ("get our ... newsletter", "get our " + "free " * GAP_WORDS + "newsletter", True),
        ("get our ... newsletter", "get our " + "free " * (GAP_WORDS + 1) + "newsletter", False),
        ("get our ... newsletter ... day", "get our daily newsletter every single day", True),
        ("a ... newsletter of ... day", "a newsletter a newsletter of the day", True),
        ("お届け", "毎日お届けします", True),
        ("订阅 ... 通讯", "订阅我们的每周通讯", True),
        ("订阅 ... 通讯", "订阅" + "我" * GAP_CHARS + "通讯", True),
        ("订阅 ... 通讯", "订阅" + "我" * (GAP_CHARS + 1) + "通讯", False),
        ("구독*", "뉴스레터를 구독하세요", True),
    ],
)
def test_where_a_phrase_is_found(phrase: str, text: str, found: bool) -> None:
    assert bool(hits(phrase, text)) is found


def test_a_hit_spans_the_phrase_in_the_folded_text() -> None:
    (hit,) = hits("get our ... newsletter", "Now get our free newsletter!")
    assert (hit.start, hit.end, str(hit.phrase)) == (4, 27, "newsletter.certain.xx")


@pytest.mark.parametrize(
    ("strength", "text", "found"),
    [
        ("exact", "Sign up", True),
        ("exact", "► Sign up!", True),
        ("exact", "Sign up now", False),
        ("prefix", "Sign up now", True),
        ("prefix", "Sign up: now", True),
        ("prefix", "Sign upper", False),
        ("prefix", "Now sign up", False),
    ],
)
def test_phrases_that_are_or_open_the_whole_text(strength: str, text: str, found: bool) -> None:
    assert bool(hits("sign up", text, strength)) is found


@given(st.lists(st.text("ab* .船", min_size=1).filter(lambda text: text.strip("* .")), max_size=5), st.text("ab .船"))
def test_any_list_can_be_sought(phrases: list[str], text: str) -> None:
    (found,) = table(*[phrase.replace("*", "").strip() for phrase in phrases]).find([text])
    assert all(0 <= hit.start < hit.end <= len(text) for hit in found)


def test_lists_are_compiled_by_script(tmp_path: Path) -> None:
    (tmp_path / "xx.toml").write_text(
        'language = "xx"\n[newsletter]\nexact = ["sign up"]\n[prefix]\nrelated = ["see"]\n'
    )
    (tmp_path / "yy.toml").write_text('language = "yy"\n[part]\nhint = ["письмо"]\n', "utf-8")
    tables = compile_lists(tmp_path)
    assert {script: found["names"] for script, found in tables.items()} == {
        "latin": ["newsletter.exact.xx", "related.prefix.xx"],
        "cyrillic": ["part.hint.yy"],
    }


def test_a_page_in_two_scripts_is_searched_in_both() -> None:
    (found,) = find_phrases(["Sign up for our newsletter! Подпишитесь на нашу рассылку"])
    assert {"en", "ru"} <= {hit.phrase.language for hit in found if hit.phrase.label == "newsletter"}


def rows(path: Path, name: str) -> list[dict[str, Any]]:
    return tomllib.loads(path.read_text("utf-8"))[name]  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.stem)
def test_no_list_of_another_language_takes_an_article_for_an_ask(path: Path) -> None:
    texts = [row["text"] for row in rows(path, "no_match")]
    for text, found in zip(texts, find_phrases(texts), strict=True):
        phrases = [hit.phrase for hit in found if hit.phrase.strength in ("certain", "exact")]
        assert not [str(phrase) for phrase in phrases if phrase.label in ASKS], text
