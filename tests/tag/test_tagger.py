"""The model in the package, and files that are no model."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cleaner
from cleaner import Cleaner
from cleaner.tag.decide import threshold
from cleaner.tag.tagger import ModelError, Tagger

SHIPPED = Path(str(resources.files("cleaner.tag"))) / "model" / "tagger.onnx"
PAGES = sorted((Path(__file__).parents[2] / "samples").glob("*/page.html"))
LARGEST = 10_000_000


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped model in a folder of its own."""
    for path in (SHIPPED, SHIPPED.with_suffix(".json")):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path / SHIPPED.name


def _edit(card: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(card.read_text("utf-8"))
    change(content)
    card.write_text(json.dumps(content), encoding="utf-8")


def test_the_model_is_small_and_says_what_it_is() -> None:
    card = json.loads(SHIPPED.with_suffix(".json").read_text("utf-8"))
    assert SHIPPED.stat().st_size == card["bytes"] < LARGEST
    assert card["trained"]["sets"]


def test_a_copy_does_as_the_original(copy: Path) -> None:
    page = PAGES[0].read_bytes()
    assert Cleaner(model=copy).clean(page).to_dict() == cleaner.clean(page).to_dict()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda card: card.update(sha256="0" * 64), "not the one that its card describes"),
        (lambda card: card.update(bytes=7), "not the one that its card describes"),
        (lambda card: card.update(features=0), "features of version 0"),
        (lambda card: card.update(labels=["body"]), "other labels"),
        (lambda card: card.update(schema=99), "schema 99"),
        (lambda card: card.clear(), "schema None"),
        (lambda card: card.pop("conventions"), "conventions"),
        (lambda card: card.update(conventions=[]), "conventions"),
    ],
)
def test_a_card_that_does_not_fit(copy: Path, change: Callable[[dict[str, Any]], object], message: str) -> None:
    _edit(copy.with_suffix(".json"), change)
    with pytest.raises(ModelError, match=message):
        Cleaner(model=copy)


def test_a_file_that_was_changed(copy: Path) -> None:
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    copy.write_bytes(content)
    with pytest.raises(ModelError, match="card describes"):
        Tagger.load(copy)


def test_a_card_that_is_no_json(copy: Path) -> None:
    copy.with_suffix(".json").write_text("no card", encoding="utf-8")
    with pytest.raises(ModelError, match="no JSON"):
        Tagger.load(copy)


def test_a_card_that_vouches_for_what_is_no_model(copy: Path) -> None:
    from hashlib import sha256

    copy.write_bytes(b"no model")
    _edit(copy.with_suffix(".json"), lambda card: card.update(bytes=8, sha256=sha256(b"no model").hexdigest()))
    with pytest.raises(ModelError, match="cannot be read"):
        Tagger.load(copy)


def test_no_file_at_all(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Cleaner(model=tmp_path / "nothing.onnx")


def test_threads_agree() -> None:
    pages = [path.read_bytes() for path in PAGES[:12]]
    ours = Cleaner()
    alone = [ours.clean(page).columns for page in pages]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda page: ours.clean(page).columns, pages * 3))
    assert together == alone * 3


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_every_block_has_a_confidence_and_a_reason(path: Path) -> None:
    for block in cleaner.clean(path.read_bytes()).blocks:
        assert 0.0 <= block.confidence <= 1.0
        assert block.reason.startswith(("tagger ", "rule "))


def test_the_threshold_is_half_of_the_best_f1_where_nothing_is_sure() -> None:
    chances = np.full(20, 0.4, np.float32)
    words = np.ones(20, np.float32)
    assert threshold(chances, words) < 0.4
    sure = np.array([0.99] * 10 + [0.01] * 10, np.float32)
    assert 0.01 < threshold(sure, words) < 0.99


@pytest.mark.parametrize("paragraphs", [30, 700, 4000])
def test_a_text_of_any_length_comes_out_whole(paragraphs: int) -> None:
    sentences = (Path(__file__).parents[2] / "samples" / "magazine-longread" / "article.txt").read_text("utf-8")
    texts = [text for text in sentences.split("\n\n") if text.count(" ") > 20 and "\n" not in text]
    book = [f"{texts[i % len(texts)]} So ended day {i}." for i in range(paragraphs)]
    body = "".join(f"<p>{text}</p>" for text in book)
    page = f"<html lang=en><title>The long watch</title><body><article><h1>The long watch</h1>{body}</article></body>"
    found = cleaner.clean(page).text.split("\n\n")
    assert len(set(book) & set(found)) >= 0.98 * len(book)
