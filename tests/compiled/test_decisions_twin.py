"""The compiled twins decide as the references do: of samples, of pages of any shape, of any chances."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from copy import deepcopy
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.document import Label, PageType
from cleaner.html.blocks import Blocks, Containers
from cleaner.html.decode import decode
from cleaner.html.hints import Hints, page_hints
from cleaner.html.lines import segment_text
from cleaner.html.parse import parse
from cleaner.html.segment import segment
from cleaner.later import Later
from cleaner.tag import _asks, _cards, _decide, _page_type, _rules, asks, cards, decide, page_type, rules
from cleaner.tag.evidence import Evidence, gather
from cleaner.tag.rules import Rules
from cleaner.tag.tagger import Opinion
from cleaner.tag.verdict import Verdict
from tests.compiled.test_compiled_features import PAGES, TEXTS, pages
from tests.conftest import SAMPLES, Sample


def _agree(blocks: Blocks, hints: Hints, kind: PageType | None = None) -> Rules:
    table = page_type.signal_table()
    assert _page_type.shape(blocks, table) == page_type.shape(blocks, table)
    kind = kind or page_type.page_type(hints, blocks)
    evidence = gather(blocks, hints, kind)
    assert _cards.find_cards(evidence) == cards.reference(evidence)
    found = Rules(evidence, kind)
    assert _rules.cruft(found.cards, evidence.zone) == rules.cruft(found.cards, evidence.zone)
    assert _asks.candidates(evidence.zone, evidence.cues) == asks.candidates(evidence.zone, evidence.cues)
    heard = asks.heard(evidence.cues)
    assert _asks.heard(evidence.cues) == heard
    assert _asks.strangers(evidence.zone, heard[0]) == asks.strangers(evidence.zone, heard[0])
    assert asks.AskFinder(evidence, found.frame, asks).run() == found.groups
    twin, reference = (Verdict([], [], [], [], kind) for _ in range(2))
    _rules.decide_all(found, twin)
    found.decide_all(reference)
    assert twin == reference
    return found


def _agree_on_chances(blocks: Blocks, verdict: Verdict, opinion: Opinion) -> None:
    together = _decide.together(opinion.body, blocks)
    assert together is not None
    assert together.tobytes() == decide.together(opinion.body, blocks).tobytes()
    for bound in (0.5, 0.42 - 1e-6):
        labels = decide.choose(opinion, verdict, bound)
        assert _decide.choose(opinion, verdict, bound) == labels
        seconds = _decide.seconds(opinion, labels)
        assert seconds is not None
        assert [column.tolist() for column in seconds] == [
            column.tolist() for column in decide.seconds(opinion, labels)
        ]
        assert _decide.tagged(labels, verdict) == decide.tagged(labels, verdict)
        for of_article, neither in ((True, False), (False, True), (False, False)):
            expected = decide.overruled(labels, verdict, of_article, neither)
            assert _decide.overruled(labels, verdict, of_article, neither) == expected


def _opinion(size: int, seed: int, power: float = 3.0) -> Opinion:
    random = np.random.default_rng(seed)
    labels = random.random((size, len(Label))) ** power
    labels /= labels.sum(axis=1, keepdims=True)
    types = np.zeros(len(PageType), np.float32)
    return Opinion(random.random(size).astype(np.float32), labels.astype(np.float32), types)


def test_the_twins_are_built_and_in_use() -> None:
    twins = (_asks, _cards, _decide, _page_type, _rules)
    assert twins == tuple(module.COMPILED for module in (asks, cards, decide, page_type, rules))
    assert all(Path(twin.__file__ or "").suffix != ".py" for twin in twins)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(SAMPLES)))
def test_samples(page: Path) -> None:
    root, _ = parse(decode_(page))
    assert root is not None
    blocks = segment(root, 10_000)
    if not len(blocks):
        return
    verdict = _agree(blocks, page_hints(root)).run()
    for kind in PageType:
        _agree(blocks, page_hints(root), kind)
    for seed in range(3):
        _agree_on_chances(blocks, verdict, _opinion(len(blocks), seed))


def decode_(page: Path) -> bytes:
    return decode(page.read_bytes(), None)[0]


def test_samples_as_plain_text(sample: Sample) -> None:
    blocks = segment_text(sample.article, 10_000)
    verdict = _agree(blocks, Hints()).run()
    _agree_on_chances(blocks, verdict, _opinion(len(blocks), 5))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    pages(),
    st.builds(Hints, title=TEXTS, authors=st.lists(TEXTS, max_size=2).map(tuple)),
    st.sampled_from(PageType),
    st.integers(0, 99),
    st.sampled_from([0.1, 3.0, 40.0]),
)
def test_pages_of_any_shape(blocks: Blocks, hints: Hints, kind: PageType, seed: int, power: float) -> None:
    verdict = _agree(blocks, hints, kind).run()
    _agree_on_chances(blocks, verdict, _opinion(len(blocks), seed, power))


@given(st.text(st.sampled_from("$€£¥₹₽ 05٣\n\u2003a")) | st.text())
def test_sums_of_money(text: str) -> None:
    assert _page_type.sums(text) == page_type.sums(text)


PART = "product-card"
CLASSES = st.lists(st.sampled_from([PART, "post", "-body", "postbody", "p", "product", "é", "字", " ", "\U0001f600"]))


@given(
    st.lists(CLASSES.map("".join), max_size=5),
    st.lists(
        st.sampled_from(["Add to cart", "Reply", "12 kr", "CHF 5", "5 EUR", "Kč", "add to CART\nb", "É", "İ", ""])
    ),
)
def test_what_is_counted(classes: list[str], texts: list[str]) -> None:
    n = len(texts)
    kinds = [cleaner.Kind.PARAGRAPH] * n
    blocks = Blocks(texts, kinds, [0] * n, [1] * n, [0] * n, containers=Containers(attributes=classes))
    table = page_type.signal_table()
    assert _page_type.shape(blocks, table) == page_type.shape(blocks, table)


def test_chances_that_are_no_numbers_are_left_to_the_reference() -> None:
    opinion = _opinion(2, 1)
    opinion.body[1] = np.nan
    verdict = Verdict([Label.BODY] * 2, [0.5] * 2, ["rule"] * 2, [-1] * 2, PageType.ARTICLE)
    assert _decide.choose(opinion, verdict, 0.5) is None
    assert _decide.seconds(opinion, verdict.labels) is None


_texts = st.tuples(st.sampled_from([1, 2, 3, 8, 40, 120]), st.sampled_from([0.0, 0.7, 1.0]))
_box = st.tuples(st.sampled_from(["card wide", "card", "cards", ""]), st.lists(_texts, max_size=4))
_lists = st.tuples(st.sampled_from(["li", "td", "div"]), st.lists(_box, max_size=7), st.integers(0, 4))


@given(st.lists(_lists, max_size=4))
def test_boxes_in_a_row(lists: list[tuple[str, list[tuple[str, list[tuple[int, float]]]], int]]) -> None:
    evidence = _boxes(lists)
    found = cards.reference(evidence)
    assert _cards.find_cards(evidence) == found


def test_boxes_that_are_cards() -> None:
    for tag, wanted in (("li", True), ("td", False)):
        evidence = _boxes([("div", [], 20), (tag, [("card", [(8, 1.0), (40, 0.0)])] * 4, 0)])
        assert _cards.find_cards(evidence) == cards.reference(evidence) == [False] * 20 + [wanted] * 8


def _boxes(lists: Sequence[tuple[str, Sequence[tuple[str, Sequence[tuple[int, float]]]], int]]) -> Evidence:
    """A page of lists of boxes: their element, their classes and texts, and texts behind the list."""
    tree, words, shares = Containers(["body"], [-1], [""], first=[0], last=[0]), list[int](), list[float]()
    for tag, boxes, more in lists:
        own = len(tree)
        for parent, element, names, texts in ((0, "div", "", ()), *((own, tag, *box) for box in boxes)):
            tree.tag.append(element)
            tree.parent.append(parent)
            tree.attributes.append(names)
            tree.first.append(len(words))
            words += [count for count, _ in texts]
            shares += [share for _, share in texts]
            tree.last.append(len(words))
        tree.last[own] = len(words)
        words += [30] * more
        shares += [0.0] * more
    tree.last[0] = len(words)
    prose = [count if count >= 8 and share < 0.5 else 0 for count, share in zip(words, shares, strict=True)]
    n = len(words)
    blocks = Blocks(["text"] * n, [cleaner.Kind.PARAGRAPH] * n, [0] * n, words, [0] * n, containers=tree)
    total = [0, *accumulate(prose)]
    return Evidence(blocks, Hints(), prose, shares, [None] * n, [[] for _ in words], [], total, [0.0] * n, -1)


def test_what_does_not_fit_is_refused() -> None:
    verdict = Verdict([Label.BODY], [0.5], ["rule"], [-1], PageType.ARTICLE)
    with pytest.raises(ValueError, match="of one length"):
        _decide.choose(_opinion(2, 1), verdict, 0.5)
    with pytest.raises(ValueError, match="a row a block"):
        _decide.seconds(Opinion(*(np.zeros(shape, np.float32) for shape in (2, (2, 3), 8))), verdict.labels)
    with pytest.raises(ValueError, match="no label"):
        _decide.seconds(_opinion(1, 1), ["body"])  # type: ignore[list-item]
    verdict.speaking = {7}
    with pytest.raises(IndexError):
        _decide.choose(_opinion(1, 1), verdict, 0.5)
    with pytest.raises(ValueError, match="of one length"):
        _asks.candidates([None], [])
    with pytest.raises(TypeError):
        _page_type.sums(b"5")  # type: ignore[arg-type]
    evidence = _boxes([("li", [("card", [(8, 1.0)])] * 4, 0)])
    evidence.blocks.containers.last[2] = 9
    with pytest.raises(IndexError):
        _cards.find_cards(evidence)
    evidence.link_share.pop()
    with pytest.raises(ValueError, match="of one length"):
        _cards.find_cards(evidence)


def test_a_later_column_is_its_list() -> None:
    made: list[int] = []

    def make() -> list[str]:
        made.append(1)
        return ["a", "b", "c"]

    later = Later(3, make)
    assert len(later) == 3
    assert not made
    assert later == ["a", "b", "c"] == list(later)
    assert (later[1], later[1:], later == Later(3, make), later == ("a", "b", "c")) == ("b", ["b", "c"], True, False)
    copies = pickle.loads(pickle.dumps(later)), deepcopy(later)
    assert all(type(copy) is list and copy == later for copy in copies)
    later[0] = "x"
    del later[1]
    later.insert(1, "y")
    later.append("z")
    assert (list(later), len(later), repr(later)) == (["x", "y", "c", "z"], 4, "['x', 'y', 'c', 'z']")
    assert len(made) == 2


def test_documents_compare_and_pickle(sample: Sample) -> None:
    page = sample.page.read_bytes()
    document, other = cleaner.clean(page), cleaner.clean(page)
    assert document == pickle.loads(pickle.dumps(other))
    assert document.to_dict() == other.to_dict()
