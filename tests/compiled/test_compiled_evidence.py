"""The compiled twins of evidence, structure and hints see what the references see."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from cleaner.document import Kind, Label, PageType
from cleaner.html import _hints, hints
from cleaner.html.blocks import Blocks, Containers
from cleaner.html.decode import decode
from cleaner.html.hints import Hints, page_hints
from cleaner.html.parse import parse
from cleaner.html.segment import segment
from cleaner.tag import _evidence, _structure, evidence, structure
from cleaner.tag.evidence import Cues, gather
from cleaner.tag.phrases import Hit, Phrase
from tests.compiled.test_compiled_features import MOST, PAGES, pages

WORDS = [
    "",
    "nav",
    "ad ads",
    "xad",
    "print:hidden nav",
    "comments",
    "comment-list",
    "[grid-area:nav]",
    "é nav-é",
    "日nav",
]
KINDS = PageType.ARTICLE, PageType.FORUM, PageType.PRODUCT
TEXTS = ["$5", "€ 10", "12", "1.000,00 kr", "٣ €", "5", "no sum", "日5", "1 2 3 4 5 6 7 8 9 £", "$" * 17]


def _agree(blocks: Blocks, told: Hints) -> None:
    for kind in KINDS:
        assert gather(blocks, told, kind) == evidence.reference(blocks, told, kind)
    _agree_on_zones(blocks)


def _agree_on_zones(blocks: Blocks) -> None:
    for kind in KINDS:
        table = structure.sign_table(kind)
        assert table.finder is not None
        assert table.finder.signs(blocks.containers) == table.signs(blocks.containers)
    _, prose, total = evidence.COMPILED.shares(blocks)  # type: ignore[union-attr]
    for kind in KINDS:
        for headline in (-1, 0):
            found = structure.zones(blocks, prose, headline, kind)
            assert found == structure.reference(blocks, total, headline, kind)


def test_the_twins_are_built_and_in_use() -> None:
    assert (_evidence, _structure, _hints) == (evidence.COMPILED, structure.COMPILED, hints.COMPILED)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_samples(page: object) -> None:
    root, _ = parse(decode(page.read_bytes(), None)[0])  # type: ignore[attr-defined]
    assert root is not None
    assert page_hints(root) == hints.reference(root)
    assert _hints.found_in(root, microdata=False) == hints.found_in(root, microdata=False)
    _agree(segment(root, MOST), page_hints(root))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(pages(), st.data())
def test_pages_of_any_shape(blocks: Blocks, data: st.DataObject) -> None:
    most = len(blocks.containers)
    tags = st.sampled_from(["div", "nav", "aside", "h2", "footer", "form"])
    names = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)
    blocks.containers.tag[1:] = data.draw(st.lists(tags, min_size=most - 1, max_size=most - 1))
    blocks.containers.attributes = data.draw(st.lists(names, min_size=most, max_size=most))
    blocks.containers.mail_fields = data.draw(st.sets(st.integers(0, most - 1), max_size=2))
    for i in range(0, len(blocks), 3):
        blocks.text[i] = data.draw(st.sampled_from(TEXTS))
    _agree(blocks, Hints(language=data.draw(st.sampled_from(["", "en", "de"]))))


_labels = st.sampled_from([*Label, "part", "wall", "salutation"])
_said = st.builds(
    Phrase, _labels, st.sampled_from(["certain", "prefix", "exact", "hint"]), st.sampled_from(["en", "de"])
)


@given(st.lists(st.builds(Hit, _said, st.integers(0, 3), st.just(4)), max_size=8), st.integers(1, 20))
def test_cues_of_any_phrases(hits: list[Hit], words: int) -> None:
    blocks = Blocks(["some words"], [Kind.PARAGRAPH], [0], [words], [0])
    for languages in (frozenset[str](), frozenset({"de"}), evidence._REFERENCE.languages([hits], "en")):
        assert _evidence.cues_of(blocks, [hits], languages) == evidence._REFERENCE.cues_of(blocks, [hits], languages)
    assert _evidence.languages([hits], "en") == evidence._REFERENCE.languages([hits], "en")
    assert Cues({}) == evidence._NOTHING


def test_what_is_no_page_is_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        _evidence.shares(Blocks(["one", "two"], [Kind.PARAGRAPH], [0], [1], [0]))
    with pytest.raises(IndexError):
        _evidence.zone_of(Blocks(["one"], [Kind.PARAGRAPH], [5], [1], [0]), [None])
    loop = Containers(tag=["p", "nav"], parent=[1, 0], attributes=["", ""], first=[0, 0], last=[1, 1])
    finder = structure.sign_table(PageType.ARTICLE).finder
    assert finder is not None
    with pytest.raises(IndexError):
        finder.zones(Blocks(["one"], containers=loop), [0, 1], -1, PageType.ARTICLE)
    far = Containers(tag=["body", "nav"], parent=[-1, 0], attributes=["", ""], first=[0, 7], last=[1, 9])
    with pytest.raises(IndexError):
        finder.zones(Blocks(["one"], containers=far), [0, 1], -1, PageType.ARTICLE)


HEADS = [
    '<meta name="Author" content=" A  B "><meta property="og:title" name="author" content="T"><meta content=x>',
    '<link rel="Canonical"><link rel=canonical href=" a "><link rel=canonical href="b">',
    '<script type="application/LD+JSON">{"@type": "NewsArticle"}</script><script type="application/ld+json"></script>',
    '<script>1</script><script type="module">2</script><meta name=author><meta name=author content=late>',
    '<p itemtype="http://schema.org/Article http://x/Y">a<b itemtype="">c</b></p>',
    '<svg><meta name="author" content="drawn"></svg><math><script type="a/ld+json">{"@type":"M"}</script></math>',
]


@given(st.lists(st.sampled_from(HEADS), max_size=6).map("".join), st.booleans())
def test_heads_of_all_kinds(head: str, microdata: bool) -> None:
    root = html.document_fromstring(f"<html><head>{head}</head><body>x{head}</body></html>")
    assert page_hints(root, microdata=microdata) == hints.reference(root, microdata=microdata)
    assert _hints.found_in(root, microdata) == hints.found_in(root, microdata)


def test_trees_that_no_page_is() -> None:
    spaced = etree.fromstring(
        '<html xmlns:x="u"><x:meta name="author" content="a"/><meta x:name="author" content="b"/><!-- c --><?p i?>'
        '<script type="ld+json">a<!-- b -->c</script><p x:itemtype="n" itemtype="m"/></html>'
    )
    assert _hints.found_in(spaced, True) == hints.found_in(spaced, True)
    pieces = etree.fromstring(
        '<!DOCTYPE html [<!ENTITY e "ld+json">]><html><script type="&e;">x</script></html>',
        etree.XMLParser(resolve_entities=False),
    )
    assert page_hints(pieces) == hints.reference(pieces)
    assert _hints.found_in(spaced[0], True) is None
    assert page_hints(spaced[0]) == hints.reference(spaced[0])
