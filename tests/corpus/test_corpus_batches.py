"""Arrow batches of pages in, batches of rows out: what engines call."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from corpora import address, article, notices

import cleaner
from cleaner.corpus import clean_batch, clean_batches, schema

OURS = cleaner.Cleaner(model=False)
POLISH = "Łódź wróciła do portu po jedenastu tygodniach napraw, powiedział kapitan portu w poniedziałek."


def batch_of(pages: Any, urls: list[str | None] | None = None, **more: Any) -> pa.RecordBatch:
    columns = {"html": pages} | ({} if urls is None else {"url": pa.array(urls, pa.string())}) | more
    return pa.record_batch(columns)


def cleaned(batch: pa.RecordBatch, **options: Any) -> list[dict[str, Any]]:
    found = clean_batch(batch, **{"cleaner": OURS} | options)
    found.validate(full=True)
    assert isinstance(found, pa.RecordBatch)
    assert found.schema.equals(schema(markdown=options.get("markdown", False)), check_metadata=True)
    assert found.num_rows == batch.num_rows
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


STRINGS = [pa.string(), pa.large_string(), pa.string_view()]
BINARIES = [pa.binary(), pa.large_binary(), pa.binary_view()]
CATEGORIES = pa.dictionary(pa.int32(), pa.string())


@pytest.mark.parametrize("kind", [*STRINGS, *BINARIES, CATEGORIES], ids=str)
def test_pages_are_strings_or_bytes(kind: pa.DataType) -> None:
    pages: list[Any] = [article("a"), None, article("b")]
    if kind in BINARIES:
        pages = [page and page.encode() for page in pages]
    a, missing, b = cleaned(batch_of(pa.array(pages, kind), [address("a"), address("x"), None]))
    assert [a["title"], b["title"]] == notices("a", "b")
    assert (a["url"], a["error"], b["url"], b["error"]) == (address("a"), None, None, None)
    assert (missing["url"], missing["error"]) == (address("x"), "is missing")
    assert missing["text"] is missing["labels"] is None


def test_a_row_says_what_the_document_says() -> None:
    (row,) = cleaned(batch_of([article("a").encode()], [address("a")]), markdown=True)
    doc = OURS.clean(cleaner.Page(article("a").encode(), url=address("a")))
    assert (row["text"], row["title"], row["url"]) == (doc.text, doc.title, address("a"))
    assert row["markdown"] == doc.markdown
    assert row["labels"] == [block.label for block in doc.blocks]
    assert row["lengths"] == [len(block.text) for block in doc.blocks]
    assert (row["source"], row["start"], row["record"]) == ("", None, None)


def test_the_order_stays() -> None:
    names = [str(number) for number in range(300)]
    rows = cleaned(batch_of([article(name) for name in names]))
    assert [row["title"] for row in rows] == notices(*names)


def test_the_columns_can_have_other_names() -> None:
    page = f"<!doctype html><h1>Port</h1><p>{POLISH}</p><p>{POLISH}</p>".encode("iso-8859-2")
    batch = pa.record_batch({"body": [page, page], "where": [address("a"), None], "encoding": ["iso-8859-2", None]})
    named = {"html": "body", "url": "where", "charset": "encoding"}
    known, guessed = cleaned(batch, **named)
    assert POLISH in known["text"]
    assert (known["url"], guessed["url"], guessed["error"]) == (address("a"), None, None)
    assert [row["error"] for row in cleaned(batch, html="body", charset="no such column")] == [None, None]


DECLARED = f"<!doctype html><meta charset=iso-8859-2><h1>Port</h1><p>{POLISH}</p><p>{POLISH}</p>"


@pytest.mark.parametrize("kind", STRINGS, ids=str)
def test_the_encoding_that_a_string_declares_is_not_believed(kind: pa.DataType) -> None:
    (row,) = cleaned(batch_of(pa.array([DECLARED], kind)))
    assert POLISH in row["text"]


def test_the_encoding_that_a_string_came_in_is_not_believed() -> None:
    encodings = ["iso-8859-2", "utf-16", "shift_jis"]
    for row in cleaned(batch_of([DECLARED] * 3, None, charset=encodings), charset="charset"):
        assert POLISH in row["text"]


def test_an_encoding_that_does_not_exist_is_not_believed() -> None:
    batch = batch_of([POLISH.join(("<p>", "</p>")).encode()], None, charset=["utf-99"])
    (row,) = cleaned(batch, charset="charset")
    assert (row["text"], row["error"]) == (POLISH, None)


def test_the_address_may_be_missing() -> None:
    for row in (cleaned(batch_of([article("a")])), cleaned(batch_of([article("a")], [None]))):
        assert (row[0]["url"], row[0]["title"]) == (None, "Notice a")


def test_without_pages_there_are_no_rows() -> None:
    assert cleaned(batch_of(pa.array([], pa.string()), [])) == []
    assert cleaned(batch_of(pa.array([], pa.binary()))) == []
    assert [row["error"] for row in cleaned(batch_of(pa.nulls(2)))] == ["is missing"] * 2


def test_a_batch_without_the_column_raises() -> None:
    with pytest.raises(KeyError, match=r"no column html.*page"):
        clean_batch(pa.record_batch({"page": [article("a")]}))
    with pytest.raises(KeyError, match="no column page"):
        clean_batch(batch_of([article("a")]), html="page")


@pytest.mark.parametrize("kind", [pa.string(), pa.binary()], ids=str)
def test_slices_are_read_from_where_they_begin(kind: pa.DataType) -> None:
    names = "abcdef"
    pages: list[Any] = [article(name) if kind == pa.string() else article(name).encode() for name in names]
    batch = batch_of(pa.array(pages, kind), [address(name) for name in names])
    for start, length in ((0, 2), (2, 3), (5, 1), (3, 0)):
        rows = cleaned(batch.slice(start, length))
        assert [row["title"] for row in rows] == notices(*names[start : start + length])
        assert [row["url"] for row in rows] == [address(name) for name in names[start : start + length]]


def test_the_batches_of_a_table() -> None:
    names = "abcdefg"
    table = pa.concat_tables(
        pa.table({"html": [article(name) for name in part], "url": [address(name) for name in part]})
        for part in (names[:3], names[3:4], names[4:])
    )
    found = pa.Table.from_batches(clean_batches(table.to_batches(max_chunksize=2), cleaner=OURS), schema())
    assert found.column("title").to_pylist() == notices(*names)
    assert found.column("url").to_pylist() == [address(name) for name in names]
    assert pa.Table.from_batches(clean_batches([], cleaner=OURS), schema()).num_rows == 0


def test_batches_come_as_they_are_asked_for() -> None:
    def endless() -> Any:
        while True:
            yield batch_of([article("a")])

    found = clean_batches(endless(), cleaner=OURS, markdown=True)
    for _ in range(3):
        assert next(found).column("title").to_pylist() == notices("a")


def test_the_model_is_the_default() -> None:
    (row,) = clean_batch(batch_of([article("a")])).to_pylist()
    assert row["labels"] == [block.label for block in cleaner.clean(article("a"))]


def test_nothing_that_a_page_may_hold_raises() -> None:
    odd = ["", " ", "\0", "<", "<p>&#xd800;&#0;</p>", "<a href='http://[x'>y</a>", "x" * 100_000, "<div>" * 5_000]
    rows = cleaned(batch_of(odd, ["", "nonsense", "http://[x", "\0", None, "javascript:x", "http://é", "//x"]))
    assert [row["error"] for row in rows] == [
        "is empty",
        "is empty",
        "is binary data, not a web page",
        *[None] * (len(odd) - 3),
    ]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
def test_what_is_no_page_is_the_same_error_as_in_a_file(content: bytes) -> None:
    (row,) = cleaned(batch_of([content]))
    (page,) = cleaner.load(content)
    assert row["error"] == str(page.error)
