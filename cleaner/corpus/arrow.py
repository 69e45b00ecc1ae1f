"""Batches of pages in, batches of rows out: what Ray, Spark, DuckDB, Polars and Dask have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from cleaner.corpus.rows import row
from cleaner.corpus.schema import Rows
from cleaner.load import Page
from cleaner.load.sniff import recognise
from cleaner.load.source import MAX_BYTES
from cleaner.pipeline import Cleaner


def clean_batch(
    batch: pa.RecordBatch,
    *,
    html: str = "html",
    url: str = "url",
    charset: str | None = None,
    markdown: bool = False,
    full_metadata: bool = False,
    cleaner: Cleaner | None = None,
) -> pa.RecordBatch:
    """Clean the pages of a batch: a row for each, in the same order, by :func:`cleaner.corpus.schema`.

    html, url, charset: the columns with the page (binary or string), its address and its declared encoding; the last
        two may be missing.

    A null page gives a row with an error. Raises KeyError for a batch without pages.
    """
    if html not in batch.schema.names:
        raise KeyError(f"no column {html}; there are {', '.join(batch.schema.names)}")
    ours = cleaner or Cleaner()
    rows = Rows(markdown=markdown)
    contents = batch.column(html)
    if pa.types.is_dictionary(contents.type):
        contents = contents.dictionary_decode()
    addresses = _column(batch, url)
    charsets = _column(batch, charset)
    for content, address, encoding in zip(contents, addresses, charsets, strict=True):
        if content.is_valid:
            content_bytes = content.as_buffer().to_pybytes()
            page = recognise(content_bytes, name="", url=address, max_bytes=MAX_BYTES, charset=encoding)
            rows.add({"source": "", **_row(page, ours, markdown=markdown, full=full_metadata)})
        else:
            rows.add({"source": "", "url": address, "error": "is missing"})
    return rows.take()


def clean_batches(batches: Iterable[pa.RecordBatch], **options: Any) -> Iterator[pa.RecordBatch]:
    """:func:`clean_batch` over many, as ``mapInArrow`` and the like want it, with one Cleaner."""
    options.setdefault("cleaner", Cleaner())
    for batch in batches:
        yield clean_batch(batch, **options)


def _row(page: Page, ours: Cleaner, *, markdown: bool, full: bool) -> dict[str, Any]:
    try:
        return row(page, ours.clean, markdown=markdown, full=full)
    except Exception as error:
        # A fault of ours must not cost a cluster its job.
        return {"url": page.url, "error": f"could not be cleaned: {type(error).__name__}: {error}"}


def _column(batch: pa.RecordBatch, name: str | None) -> Iterator[str | None]:
    """The texts of a column; None for what is no text."""
    if name is None or name not in batch.schema.names:
        return iter([None] * batch.num_rows)
    column = batch.column(name)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return iter([None] * batch.num_rows)
    # Spark lets any bytes be text.
    return (value.as_buffer().to_pybytes().decode("utf-8", "replace") if value.is_valid else None for value in column)
