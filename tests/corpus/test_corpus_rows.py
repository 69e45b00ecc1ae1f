"""What a row holds: the same as the document of its page, in whatever form; errors and damage as rows."""

from __future__ import annotations

import gzip
import os
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from corpora import FORMS, Row, address, article, captured, crawl_in, line, notices, pages_in, ran, rows, shards, titles

import cleaner
from cleaner.corpus import SCHEMA_VERSION, schema
from tests.conftest import SAMPLES, sample_folders

PAGES = [next(folder.glob("page.*")) for folder in sample_folders()]


@cache
def documents() -> list[cleaner.Document]:
    ours = cleaner.Cleaner()
    return [ours.clean(page) for path in PAGES for page in cleaner.load(path)]


@pytest.fixture(scope="module", params=FORMS)
def samples(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Row]]:
    """The shards of a run over all samples, and their rows."""
    folder = tmp_path_factory.mktemp("samples")
    state = ran(PAGES, folder, form=request.param, model=None)
    assert (state.pages, state.errors, state.tasks, state.all_tasks) == (len(PAGES), 0, 1, 1)
    return folder, rows(folder)


def test_a_row_says_what_the_document_says(samples: tuple[Path, list[Row]]) -> None:
    _, found = samples
    for path, row, doc in zip(PAGES, found, documents(), strict=True):
        assert (row["source"], row["start"], row["record"], row["name"]) == (str(path), 0, 0, str(path))
        assert (row["text"], row["title"], row["url"]) == (doc.text, doc.title, doc.url)
        assert (row["language"], row["page_type"], row["access"]) == (doc.language, doc.page_type, doc.access)
        assert (row["words"], row["asks"]) == (len(doc.text.split()), len(doc.asks))
        assert row["warnings"] == list(doc.warnings)
        assert row["error"] is None


def test_labels_and_lengths_are_those_of_the_blocks(samples: tuple[Path, list[Row]]) -> None:
    _, found = samples
    for row, doc in zip(found, documents(), strict=True):
        assert row["labels"] == [block.label for block in doc.blocks]
        assert row["lengths"] == [len(block.text) for block in doc.blocks]
        assert row["blocks"] == len(doc.blocks)


def test_a_row_has_the_columns_of_the_schema(samples: tuple[Path, list[Row]]) -> None:
    folder, found = samples
    assert all(list(row) == schema().names for row in found)
    (shard,) = shards(folder)
    if shard.suffix == ".parquet":
        said = pq.read_schema(shard)
        assert said.equals(schema())
        assert said.metadata[b"cleaner.schema"] == str(SCHEMA_VERSION).encode()


@pytest.mark.parametrize("form", FORMS)
def test_markdown_and_full_metadata_on_request(form: str, tmp_path: Path) -> None:
    some = PAGES[::6]
    ran(some, tmp_path, form=form, markdown=True, full_metadata=True)
    found = rows(tmp_path)
    assert len(found) == len(some)
    ours = cleaner.Cleaner(model=False)
    for path, row in zip(some, found, strict=True):
        (page,) = cleaner.load(path)
        doc = ours.clean(page)
        assert list(row) == schema(markdown=True).names
        assert row["markdown"] == doc.markdown
        assert (row["authors"], row["date"], row["site_name"]) == (list(doc.authors), doc.date, doc.site_name)


def test_a_digest_minds_neither_case_nor_white_space(tmp_path: Path) -> None:
    texts = [article("one"), article("one").upper().replace(" THE ", " \n THE "), article("two")]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.html").write_text(text)
    ran([tmp_path], tmp_path / "out")
    one, shouted, two = (row["digest"] for row in rows(tmp_path / "out"))
    assert one == shouted != two
    assert len(bytes.fromhex(one)) == 16


def test_the_pages_of_a_container_are_numbered(tmp_path: Path) -> None:
    crawl = crawl_in(tmp_path / "crawl.warc.gz", map(captured, "abc"))
    ran([crawl], tmp_path / "out")
    found = rows(tmp_path / "out")
    assert [(row["source"], row["start"], row["record"]) for row in found] == [(str(crawl), 0, n) for n in range(3)]
    assert [row["url"] for row in found] == [row["name"] for row in found] == [address(name) for name in "abc"]
    assert {row["saved"] for row in found} == {"2026-11-24T10:00:00Z"}
    assert titles(tmp_path / "out") == notices(*"abc")


def test_every_format_gives_the_pages_that_load_gives(tmp_path: Path) -> None:
    formats = SAMPLES / "formats"
    names = ["mail/three.mbox", "maff/two-pages.maff", "wacz/crawl.wacz", "jsonl/pages.jsonl", "archives/nested.zip"]
    inputs = [formats / name for name in (*names, "wet/harbour.warc.wet.gz", "broken/damaged-member.zip")]
    ran(inputs, tmp_path)
    said = [(row["source"], row["record"], row["name"], row["saved"], row["error"]) for row in rows(tmp_path)]
    assert said == [
        (str(path), number, page.name, page.saved, page.error and str(page.error))
        for path in inputs
        for number, page in enumerate(cleaner.load(path))
    ]


def broken_inputs(folder: Path) -> dict[str, str]:
    """Files that are no page, and what a row must say of each."""
    (folder / "empty.html").touch()
    (folder / "empty.jsonl").touch()
    (folder / "report.html").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    said = {"empty.html": "is empty", "empty.jsonl": "is empty", "report.html": "is a PDF, not a web page"}
    return said | {"missing.html": "No such file or directory"}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_no_page_is_a_row_with_an_error(form: str, tmp_path: Path) -> None:
    said = broken_inputs(tmp_path)
    pages_in(tmp_path, ["a", "b"])
    names = ["a.html", *said, "b.html"]
    state = ran([tmp_path / name for name in names], tmp_path / "out", form=form)
    assert (state.pages, state.errors) == (len(names), len(said))
    found = rows(tmp_path / "out")
    assert [row["source"] for row in found] == [str(tmp_path / name) for name in names]
    assert [row["error"] for row in found] == [None, *said.values(), None]
    for row in found[1:-1]:
        assert {name for name, value in row.items() if value is not None} == {
            "source",
            "start",
            "record",
            "name",
            "error",
        }
    assert [found[0]["title"], found[-1]["title"]] == notices("a", "b")


def test_what_broke_off_is_a_row_with_text_and_error(tmp_path: Path) -> None:
    packed = gzip.compress(article("a", 400).encode())
    (tmp_path / "page.html.gz").write_bytes(packed[: len(packed) // 2])
    state = ran([tmp_path / "page.html.gz"], tmp_path / "out")
    (row,) = rows(tmp_path / "out")
    assert state.errors == 1
    assert "cut short" in row["error"]
    assert "So says notice a." in row["text"]
    assert row["warnings"]


def test_a_page_without_an_article_has_a_warning_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "bare.html").write_text("<!doctype html><nav><a href=/>Home</a> <a href=/news>News</a></nav>")
    state = ran([tmp_path], tmp_path / "out")
    (row,) = rows(tmp_path / "out")
    assert (state.errors, row["error"], row["text"], row["access"]) == (0, None, "", "empty")
    assert row["warnings"] == ["No article text was found."]


def test_the_fields_of_json_lines_can_have_other_names(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_text(line("a").replace('"url"', '"address"').replace('"html"', '"body"'))
    ran([tmp_path], tmp_path / "out", url_field="address", html_field="body")
    (row,) = rows(tmp_path / "out")
    assert (row["url"], row["title"]) == (address("a"), "Notice a")


def test_half_a_character_in_a_page_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_text(line("a").replace("Notice", "\\ud83d Notice"))
    ran([tmp_path], tmp_path / "out")
    (row,) = rows(tmp_path / "out")
    assert (row["error"], row["title"].endswith("Notice a")) == (None, True)


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_half_a_character_in_an_address_costs_no_other_page(form: str, tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_text(line("a") + line("b").replace("/b", "/b\\ud83d") + line("c"))
    ran([tmp_path / "pages.jsonl"], tmp_path / "out", form=form)
    found = rows(tmp_path / "out")
    assert len(found) == 3
    assert [found[0]["title"], found[2]["title"]] == notices("a", "c")


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_a_name_that_is_not_utf_8_costs_no_other_page(form: str, tmp_path: Path) -> None:
    pages_in(tmp_path, ["a", "c"])
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe9.html")).write_text(article("b"))
    ran([tmp_path], tmp_path / "out", form=form)
    assert titles(tmp_path / "out") == notices(*"abc")


WRONG: list[dict[str, Any]] = [{"form": "csv"}, {"duplicates": "title"}]


@pytest.mark.parametrize("options", WRONG, ids=str)
def test_a_wrong_option_raises(options: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"parquet.*url"):
        ran([], tmp_path / "out", **options)
