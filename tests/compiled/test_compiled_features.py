"""The compiled twins see what the references see, bit by bit."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cleaner.document import Kind
from cleaner.html.blocks import Blocks, Containers
from cleaner.html.decode import decode
from cleaner.html.hints import Hints, page_hints
from cleaner.html.lines import segment_text
from cleaner.html.parse import parse
from cleaner.html.segment import segment
from cleaner.html.words import count_words
from cleaner.tag import _characters, _containers, _features, _numbers, characters, features, numbers
from cleaner.tag.evidence import gather
from cleaner.tag.page_type import page_type
from cleaner.tag.rules import Rules
from tests.conftest import SAMPLES, Sample

MOST = 10_000
PAGES = sorted(page for page in SAMPLES.rglob("*") if page.suffix in (".html", ".htm", ".xhtml"))
# Case that more than one character tells, or that makes more of them; spaces of all kinds; figures; pairs; signs.
LETTERS = (
    "aZéßẞµÿŸΣσςİıſKÅǅﬁДяԱևႠაאبयাกຂကក日あアー한ꀀ豈𠀀𝐀😀"
    " \t\n\x0b\x0c\r\x1c\x1f\x85\xa0\u1680\u2003\u2028\u3000\u200b\u200d\u0301\u00ad\x00"
    "0123456789٣๓५².,:?!。、，：！？…\"'“”«»‘„「।؟۔©@$€£¥₹₽₩₺/-月日年월일"
)
WORDS = st.sampled_from(
    ["March", "2026", "12", "min", "€5", "3 / 12", "ΟΔΟΣ", "İstanbul", "ข่าว", "ニュース", "newsletter"]
)
TEXTS = st.lists(WORDS | st.text(LETTERS, max_size=30) | st.text(max_size=12), max_size=60).map(" ".join)
ANY_TEXTS = TEXTS | st.text(st.characters()) | st.text(LETTERS + "\ud800\udfff", max_size=900)


def _same(one: NDArray[np.generic], other: NDArray[np.generic]) -> bool:
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()


def _differing(blocks: Blocks, hints: Hints) -> list[str]:
    """The arrays that the twins fill otherwise than the references."""
    kind = page_type(hints, blocks)
    rules = Rules(gather(blocks, hints, kind), kind)
    verdict = rules.run()
    found, expected = features.features(rules, verdict), features.reference(rules, verdict)
    arrays = [field.name for field in fields(expected) if field.name != "is_text"]
    return [name for name in arrays if not _same(getattr(found, name), getattr(expected, name))]


def test_the_twins_are_built_and_in_use() -> None:
    assert (_features, _numbers, _characters) == (features.COMPILED, numbers.COMPILED, characters.COMPILED)
    assert all(
        Path(module.__file__ or "").suffix != ".py" for module in (_features, _numbers, _characters, _containers)
    )


def test_the_references_run_where_they_are_wanted() -> None:
    code = "from cleaner.tag import characters, features, numbers\n"
    code += "print(features.COMPILED, numbers.COMPILED, characters.COMPILED)"
    pure = {**os.environ, "CLEANER_PURE": "1"}
    run = subprocess.run([sys.executable, "-c", code], env=pure, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["None"] * 3


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(SAMPLES)))
def test_samples(page: Path) -> None:
    root, _ = parse(decode(page.read_bytes(), None)[0])
    assert root is not None
    blocks = segment(root, MOST)
    assert not len(blocks) or not _differing(blocks, page_hints(root))


def test_samples_as_plain_text(sample: Sample) -> None:
    blocks = segment_text(sample.article, MOST)
    assert len(blocks)
    assert not _differing(blocks, Hints())


@st.composite
def pages(draw: st.DrawFn) -> Blocks:
    """Blocks in containers of any shape."""
    texts = draw(st.lists(TEXTS.filter(bool), min_size=1, max_size=12))
    n = len(texts)
    parents = [-1, *(draw(st.integers(0, c)) for c in range(draw(st.integers(0, 12))))]
    most = len(parents)
    around = sorted(draw(st.lists(st.integers(0, most - 1), min_size=n, max_size=n)))
    tags = ["body", *(draw(st.sampled_from(["div", "p", "form", "li", "x-é"])) for _ in parents[1:])]
    names = st.sampled_from(["", "box", "box top", "a b c d e f g", "Ünï \u2003 " + "long" * 20])
    containers = Containers(tags, parents, [draw(names) for _ in parents], [1] * most, [""] * most)
    inside: list[list[int]] = [[] for _ in parents]
    for i, container in enumerate(around):
        for c in containers.path(container):
            inside[c].append(i)
    containers.first = [min(held, default=0) for held in inside]
    containers.last = [max(held, default=-1) + 1 for held in inside]
    kinds = [draw(st.sampled_from(list(Kind))) for _ in texts]
    links = [draw(st.integers(0, len(text))) for text in texts]
    words = [count_words(text) for text in texts]
    return Blocks(texts, kinds, around, words, links, [-1] * n, [-1] * n, [-1] * n, containers)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(pages(), st.builds(Hints, title=TEXTS, body=TEXTS, description=TEXTS, posts=TEXTS))
def test_pages_of_any_shape(blocks: Blocks, hints: Hints) -> None:
    assert not _differing(blocks, hints)


@given(st.lists(ANY_TEXTS, min_size=1, max_size=6))
def test_words_of_any_text(texts: list[str]) -> None:
    blocks = Blocks(text=texts)
    for one, other in zip(_features.words_inside(blocks), features.words_inside(blocks), strict=True):
        assert _same(one, other)


@given(st.lists(ANY_TEXTS, min_size=1, max_size=6))
def test_characters_of_any_text(texts: list[str]) -> None:
    for one, other in zip(characters.characters(texts), characters.reference(texts), strict=True):
        assert _same(one, other)


def test_what_any_character_is() -> None:
    texts = ["".join(map(chr, range(first, first + 0x100))) for first in range(0, sys.maxunicode, 0x100)]
    decimal = [any(map(str.isdecimal, text)) for text in texts]
    assert _characters.counts(texts)[-1].tolist() == decimal
    alone = Blocks(text=[f"{a}{b}{c}" for text in texts[:0x400] for a, b, c in zip(*[iter(text)] * 3, strict=False)])
    for one, other in zip(_features.words_inside(alone), features.words_inside(alone), strict=True):
        assert _same(one, other)


@pytest.mark.parametrize("token", ["the", "<div>", "café", "日本", "", "😀", "\ud800", "\0"])
@pytest.mark.parametrize("buckets", [2, features.MARKUP_BUCKETS, features.TEXT_BUCKETS, features.STEM_BUCKETS])
def test_buckets(token: str, buckets: int) -> None:
    assert _features.bucket(token, buckets) == features.bucket(token, buckets)


LONG = {
    "words": "word " * 40_000,
    "pairs": "ニュース" * 40_000,
    "sigmas": "ΟΔΟΣ, " * 40_000,
    "one token": "x" * 1_000_000,
    "lines": "\n".join(f"Line {i} of a long text, and 12 March 2026.\n" for i in range(3_000)),
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_long_texts(text: str) -> None:
    assert not _differing(segment_text(text, MOST), Hints())


def test_what_is_no_page_is_refused() -> None:
    text = ["One", "Two"]
    containers = Containers(tag=["body"], parent=[-1], attributes=[""], first=[0], last=[2])
    for container in ([0], [0, 1], [0, -1]):
        with pytest.raises(ValueError, match=r"needed|stands in"):
            _containers.boxes(Blocks(text=text, container=container, containers=containers), 6)
    loop = Containers(tag=["p", "p"], parent=[1, 0], attributes=["", ""], first=[0, 0], last=[2, 2])
    with pytest.raises(ValueError, match="opens after"):
        _containers.makes(Blocks(text=text, container=[0, 0], containers=loop), 6)
    with pytest.raises(TypeError):
        _features.words_inside(Blocks(text=[None]))  # type: ignore[list-item]
