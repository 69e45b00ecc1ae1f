"""Duplicates by address and by text: the first page of each stays, and it is said how many did not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from corpora import (
    FORMS,
    address,
    article,
    contents,
    files_of,
    left_over,
    line,
    notices,
    pages_in,
    ran,
    rows,
    shards,
    titles,
)

from cleaner.corpus import schema


def row_of(url: str | None, html: str) -> str:
    return json.dumps({"url": url, "html": html} if url else {"html": html}) + "\n"


def twice(folder: Path) -> list[Path]:
    """Pages whose addresses come again (a with another text), whose texts do (b), or both (c), and what has neither."""
    bare = "<!doctype html><nav><a href=/>Home</a> <a href=/news>News</a></nav>"
    lines = {
        "1.jsonl": [line("a"), line("b"), line("c"), row_of(address("bare-1"), bare), row_of(None, article("d"))],
        "2.jsonl": [row_of(address("a"), article("a-new")), row_of(address("b-2"), article("b").upper()), line("c")],
        "3.jsonl": [row_of(address("bare-2"), bare), row_of(None, article("e")), row_of(None, article("d"))],
        "4.jsonl": [line("c"), line("f"), "{broken\n", "{broken\n"],
    }
    for name, each in lines.items():
        (folder / name).write_text("".join(each))
    return [folder / name for name in lines]


STAYS = {
    "url": ["a", "b", "c", None, "d", "B", None, "e", "d", "f", None, None],
    "text": ["a", "b", "c", None, "d", "a-new", None, "e", "f", None, None],
}


def named(found: Sequence[str | None]) -> list[str | None]:
    return [title and title.removeprefix("Notice ").removeprefix("NOTICE ") for title in found]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("by", STAYS)
def test_the_first_page_stays(by: str, form: str, tmp_path: Path) -> None:
    inputs = twice(tmp_path)
    state = ran(inputs, tmp_path / "out", form=form, duplicates=by, group=1)
    assert (state.pages, state.errors, len(shards(tmp_path / "out"))) == (15, 2, 4)
    assert named(titles(tmp_path / "out")) == STAYS[by]
    assert state.duplicates == 15 - len(STAYS[by])
    assert left_over(tmp_path / "out") == []


@pytest.mark.parametrize("form", FORMS)
def test_what_stays_is_as_it_was(form: str, tmp_path: Path) -> None:
    inputs = twice(tmp_path)
    ran(inputs, tmp_path / "all", form=form, group=1, markdown=True)
    ran(inputs, tmp_path / "out", form=form, duplicates="url", group=1, markdown=True)
    kept = rows(tmp_path / "out")
    assert all(row in rows(tmp_path / "all") for row in kept)
    assert any(row["labels"] for row in kept)
    for shard in shards(tmp_path / "out"):
        if form == "parquet":
            said = pq.read_schema(shard)
            assert said.equals(schema(markdown=True))
            assert said.metadata[b"cleaner.schema"] == b"1"


def test_without_duplicates_no_shard_is_written_again(tmp_path: Path) -> None:
    pages_in(tmp_path / "pages", "abc")
    ran([tmp_path / "pages"], tmp_path / "plain", group=1)
    state = ran([tmp_path / "pages"], tmp_path / "out", group=1, duplicates="text")
    assert state.duplicates == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "plain")


def test_a_shard_of_nothing_but_duplicates_stays_as_an_empty_one(tmp_path: Path) -> None:
    for name in ("1.jsonl", "2.jsonl"):
        (tmp_path / name).write_text(line("a") + line("b"))
    inputs = [tmp_path / "1.jsonl", tmp_path / "2.jsonl"]
    for form in ("parquet", "jsonl"):
        assert ran(inputs, tmp_path / form, form=form, group=1, duplicates="url").duplicates == 2
        assert len(shards(tmp_path / form)) == 2
        assert titles(tmp_path / form) == notices("a", "b")
    # It is no shard that was lost.
    before = files_of(tmp_path / "parquet")
    ran(inputs, tmp_path / "parquet", group=1, duplicates="url", resume=True)
    assert files_of(tmp_path / "parquet") == before


def test_neither_workers_nor_resuming_make_a_difference(tmp_path: Path) -> None:
    inputs, by = twice(tmp_path), "text"
    one = ran(inputs, tmp_path / "one", duplicates=by, group=1)
    two = ran(inputs, tmp_path / "two", duplicates=by, group=1, workers=2)
    assert one.duplicates == two.duplicates
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    for number in (0, 2):
        shards(tmp_path / "two")[number].rename(tmp_path / "taken")
        ran(inputs, tmp_path / "two", duplicates=by, group=1, resume=True)
        assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_the_count_is_of_the_run_not_of_the_call(tmp_path: Path) -> None:
    inputs = twice(tmp_path)
    first = ran(inputs, tmp_path / "out", duplicates="text", group=1)
    again = ran(inputs, tmp_path / "out", duplicates="text", group=1, resume=True)
    assert (again.pages, again.duplicates) == (first.pages, first.duplicates)
