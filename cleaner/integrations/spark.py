"""Spark: pages in the rows of a DataFrame, cleaned by its Python workers in Arrow batches.

Needs the extra ``spark``, on the workers as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import pyarrow as pa
from pyspark.sql.pandas.functions import pandas_udf
from pyspark.sql.types import (
    ArrayType,
    BinaryType,
    DataType,
    IntegerType,
    LongType,
    StringType,
    StructField,
    StructType,
)

from cleaner import corpus
from cleaner.document import Labels
from cleaner.pipeline import Cleaner

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from cleaner.document import Label

Batches = Iterator[pa.RecordBatch]
Model = str | Path | Literal[False] | None
_KINDS = {pa.string(): StringType(), pa.int32(): IntegerType(), pa.int64(): LongType(), pa.binary(): BinaryType()}


def schema(*, markdown: bool = False) -> StructType:
    """The columns of :func:`cleaner.corpus.schema` as Spark has them."""
    fields = corpus.schema(markdown=markdown)
    return StructType([StructField(field.name, _spark(_plain(field.type))) for field in fields])


def clean(
    frame: DataFrame,
    *,
    html: str = "html",
    url: str = "url",
    charset: str | None = None,
    passing: Iterable[str] = (),
    markdown: bool = False,
    **options: Any,
) -> DataFrame:
    """Clean the pages of a frame: a row for each, with the columns of :func:`schema`.

    html, url, charset: the columns with the page (binary or string), its address and its declared encoding. One called
        url may be missing.
    passing: columns that come out as they went in, before the others.
    markdown: whether there is a column of Markdown, too.
    options: those of :func:`clean_udf`.

    A page that is null or cannot be cleaned gives a row with an error. Raises ValueError for a column that is not
    there, or one of passing that is among those of the schema.
    """
    names = _passing(passing, markdown=markdown)
    wanted = [name for name in (html, url, charset, *names) if name is not None]
    if missing := [name for name in wanted if name not in (*frame.columns, "url")]:
        raise ValueError(f"no column {', '.join(missing)}; there are {', '.join(frame.columns)}")
    given = clean_udf(html=html, url=url, charset=charset, passing=names, markdown=markdown, **options)
    fields = [*(frame.schema[name] for name in names), *schema(markdown=markdown)]
    # What is not asked for must not cross over to Python.
    needed = frame.select([name for name in frame.columns if name in wanted])
    return needed.mapInArrow(given, StructType(fields))


def clean_udf(
    *,
    html: str = "html",
    url: str = "url",
    charset: str | None = None,
    passing: Iterable[str] = (),
    markdown: bool = False,
    full_metadata: bool = False,
    keep: Labels = (),
    drop: Labels = (),
    model: Model = None,
) -> Callable[[Batches], Batches]:
    """The function for ``DataFrame.mapInArrow``: out come the columns in passing, and those of :func:`schema`.

    html, url, charset, passing, markdown: as for :func:`clean`.
    full_metadata: as in :func:`cleaner.corpus.clean_batch`.
    keep, drop, model: as in :class:`cleaner.Cleaner`; a model is a file that every worker has.

    Raises ValueError for a label that is none.
    """
    names = _passing(passing, markdown=markdown)
    # The labels are checked here already; the model is for the workers to open.
    labels = Cleaner(keep=keep, drop=drop)
    kept, dropped = labels.keep, labels.drop
    rows_of = partial(
        corpus.clean_batch, html=html, url=url, charset=charset, markdown=markdown, full_metadata=full_metadata
    )

    def clean(batches: Batches) -> Batches:
        ours = _cleaner(kept, dropped, model)
        for batch in batches:
            rows = rows_of(batch, cleaner=ours)
            yield _beside([(batch.schema.field(name), batch.column(name)) for name in names], rows)

    return clean


def text_udf(*, keep: Labels = (), drop: Labels = (), model: Model = None) -> Callable[[str | Column], Column]:
    """A ``pandas_udf``: from a column of pages (binary or string) to one of their texts; null for null.

    keep, drop, model: as for :func:`clean_udf`. Raises ValueError for a label that is none.
    """
    labels = Cleaner(keep=keep, drop=drop)
    kept, dropped = labels.keep, labels.drop

    def clean_text(pages: pd.Series) -> pd.Series:
        ours = _cleaner(kept, dropped, model)
        # Null is None, NaN or NA, by the version of pandas.
        texts = [ours.clean(page).text if isinstance(page, str | bytes) else None for page in pages]
        return pd.Series(texts, dtype=object)

    # Its stubs do not know functions that say their types themselves.
    make: Any = pandas_udf
    udf: Callable[[str | Column], Column] = make(clean_text, "string")
    return udf


@cache
def _cleaner(keep: frozenset[Label], drop: frozenset[Label], model: Model) -> Cleaner:
    """One a worker: Spark keeps its processes for later tasks."""
    return Cleaner(keep=keep, drop=drop, model=model)


def _passing(names: Iterable[str], *, markdown: bool) -> list[str]:
    names = [names] if isinstance(names, str) else list(dict.fromkeys(names))
    # Spark knows no capitals in names, unless it is told to.
    if taken := [name for name in names if name.lower() in corpus.schema(markdown=markdown).names]:
        raise ValueError(f"{', '.join(taken)} would be there twice: rename what is to pass")
    return names


def _beside(passing: list[tuple[pa.Field, pa.Array]], rows: pa.RecordBatch) -> pa.RecordBatch:
    """The rows as Spark can take them, which knows neither dictionaries nor binary of a fixed size."""
    fields = [pa.field(field.name, _plain(field.type)) for field in rows.schema]
    columns = [column.cast(field.type) for column, field in zip(rows.columns, fields, strict=True)]
    return pa.RecordBatch.from_arrays(
        [*(column for _, column in passing), *columns], schema=pa.schema([*(field for field, _ in passing), *fields])
    )


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        return pa.list_(_plain(kind.value_type))
    if pa.types.is_dictionary(kind):
        return kind.value_type
    return pa.binary() if pa.types.is_fixed_size_binary(kind) else kind


def _spark(kind: pa.DataType) -> DataType:
    return ArrayType(_spark(kind.value_type)) if pa.types.is_list(kind) else _KINDS[kind]


SCHEMA = schema()
"""The columns without Markdown."""
