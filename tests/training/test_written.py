"""Asks, near misses and articles written for training, and the pages made of them."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from cleaner.document import ASKS, Label
from cleaner.training.align import UNKNOWN, align_labels
from cleaner.training.examples import look
from cleaner.training.plain import varied, visible_text
from cleaner.training.written import Ask, Host, read_asks, read_hosts
from cleaner.training.written_pages import STYLES, deal, skin_names, written_example, written_page

FOLDER = Path(__file__).parents[2] / "training"
LANGUAGES = (
    "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl pl pt ro ru sk sl sr sv ta te th "
    "tr uk ur vi zh-Hans zh-Hant"
).split()


@pytest.fixture(scope="module")
def asks() -> list[Ask]:
    return read_asks(FOLDER)


@pytest.fixture(scope="module")
def hosts() -> list[Host]:
    return read_hosts(FOLDER)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_asks_near_misses_and_articles(
    language: str, asks: list[Ask], hosts: list[Host]
) -> None:
    own = [ask for ask in asks if ask.language == language]
    kinds = Counter(ask.label is not Label.BODY for ask in own)
    assert kinds[True] >= 60
    assert kinds[False] >= 30
    assert {ask.label for ask in own} >= {*ASKS, Label.APP_PROMO, Label.RELATED, Label.ADVERTISEMENT, Label.BODY}
    assert len({ask.id for ask in own}) == len(own)
    assert len({ask.texts for ask in own}) == len(own)
    held = [ask for ask in own if ask.held_out]
    assert len(own) // 10 == len(held)
    assert any(ask.label in ASKS for ask in held)
    assert any(ask.label is Label.BODY for ask in held)
    at_home = [host for host in hosts if host.language == language]
    assert len(at_home) >= 3
    assert sum(host.held_out for host in at_home) == len(at_home) // 3


@pytest.mark.parametrize("skin", skin_names())
@pytest.mark.parametrize("style", STYLES)
def test_a_written_page_is_cut_into_the_blocks_that_it_was_made_of(
    skin: str, style: str, asks: list[Ask], hosts: list[Host]
) -> None:
    chance = random.Random(f"{skin} {style}")
    for host in chance.sample(hosts, 3):
        plants = chance.sample([ask for ask in asks if ask.language == host.language], 4)
        page = written_page(host, plants, chance, skin=skin, style=style)
        seen = look(page.html, None)
        assert seen is not None
        labels, first, last = align_labels(seen.blocks.text, page.blocks)
        assert (first, last, UNKNOWN in labels) == (0, len(seen.blocks), False)
        assert "".join(seen.blocks.text).replace(" ", "") == "".join(t for _, t in page.blocks).replace(" ", "")


def test_a_wall_may_end_the_article_and_a_near_miss_stands_inside(asks: list[Ask], hosts: list[Host]) -> None:
    host = hosts[0]
    wall = next(ask for ask in asks if ask.language == host.language and ask.kind == "hard wall")
    near = next(ask for ask in asks if ask.language == host.language and ask.label is Label.BODY)
    lengths = set()
    for seed in range(12):
        page = written_page(host, [wall, near], random.Random(seed))
        texts = [text for _, text in page.blocks]
        body = [i for i, (label, _) in enumerate(page.blocks) if label == Label.BODY]
        lengths.add(len(body))
        assert body[0] < texts.index(near.texts[0])
        assert texts.index(near.texts[-1]) <= body[-1]
    assert len(lengths) > 1


def test_what_is_held_out_is_not_dealt_and_all_else_is(asks: list[Ask], hosts: list[Host]) -> None:
    told = [ask for ask in asks if not ask.held_out]
    deals = deal([host for host in hosts if not host.held_out], told, random.Random(1))
    for is_text in (False, True):
        dealt = Counter(ask.id for one in deals if one.is_text is is_text for ask in one.plants)
        assert dealt == Counter(ask.id for ask in told)


def test_examples_of_written_pages_know_every_block_and_are_of_no_fold(asks: list[Ask], hosts: list[Host]) -> None:
    deals = deal(hosts[:2], [ask for ask in asks if ask.language == hosts[0].language][:12], random.Random(3))
    assert {one.is_text for one in deals} == {True, False}
    for one in map(written_example, deals):
        assert not one.folds
        assert np.mean(one.labels == UNKNOWN) < 0.1
        assert (one.body == 1).any()
        assert (one.labels[one.body == 1] == list(Label).index(Label.BODY)).all()


def test_plain_text_keeps_its_words_however_it_varies() -> None:
    html = "<p>One story.</p><ul><li>first</li><li>second</li></ul><p>The end.</p>"
    text = visible_text(html)
    assert "•" in text
    assert {"\n\n" in varied(text, random.Random(seed)) for seed in range(20)} == {True, False}
    for seed in range(20):
        assert varied(text, random.Random(seed)).replace("•", "").split() == text.replace("•", "").split()


@pytest.mark.parametrize(
    "row",
    [
        "{",
        '{"id": "xx-1"}',
        '{"id": "xx-1", "label": "nonsense", "kind": "", "blocks": [["text", "a"]]}',
        '{"id": "xx-1", "label": "body", "kind": "", "blocks": [["shout", "a"]]}',
        '{"id": "xx-1", "label": "body", "kind": "", "blocks": []}',
    ],
)
def test_a_row_that_is_none_is_named_with_its_place(row: str, tmp_path: Path) -> None:
    (tmp_path / "asks").mkdir()
    well = {"id": "xx-0", "label": "body", "kind": "how-to", "blocks": [["text", "Fine."]]}
    (tmp_path / "asks" / "xx.jsonl").write_text(json.dumps(well) + "\n\n" + row + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"xx\.jsonl, line 3"):
        read_asks(tmp_path)


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_hosts(tmp_path)
