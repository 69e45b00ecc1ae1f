"""What a row of a corpus holds, and how rows become columns: docs/corpus.md describes it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from cleaner.document import Label

SCHEMA_VERSION = 1
LABELS = tuple(map(str, Label))
_LABEL = pa.dictionary(pa.int8(), pa.string())

_FIELDS: tuple[tuple[str, pa.DataType], ...] = (
    ("source", pa.string()),
    ("start", pa.int64()),
    ("record", pa.int64()),
    ("name", pa.string()),
    ("url", pa.string()),
    ("saved", pa.string()),
    ("title", pa.string()),
    ("authors", pa.list_(pa.string())),
    ("date", pa.string()),
    ("site_name", pa.string()),
    ("language", pa.string()),
    ("page_type", pa.string()),
    ("access", pa.string()),
    ("text", pa.string()),
    ("markdown", pa.string()),
    ("words", pa.int32()),
    ("blocks", pa.int32()),
    ("asks", pa.int32()),
    ("labels", pa.list_(_LABEL)),
    ("lengths", pa.list_(pa.int32())),
    ("digest", pa.binary(16)),
    ("warnings", pa.list_(pa.string())),
    ("error", pa.string()),
)


def schema(*, markdown: bool = False) -> pa.Schema:
    """The columns of a corpus, with the version in the metadata; the Markdown where it was asked for."""
    fields = [pa.field(name, kind) for name, kind in _FIELDS if markdown or name != "markdown"]
    return pa.schema(fields, metadata={"cleaner.schema": str(SCHEMA_VERSION)})


class Rows:
    """Rows gathered as columns."""

    def __init__(self, *, markdown: bool = False) -> None:
        self.schema = schema(markdown=markdown)
        self._columns: dict[str, list[Any]] = {name: [] for name in self.schema.names}
        self.characters = 0

    def __len__(self) -> int:
        return len(self._columns["source"])

    def add(self, row: dict[str, Any]) -> None:
        """Add a row; what it does not say is null."""
        for name, column in self._columns.items():
            column.append(row.get(name))
        self.characters += len(row.get("text") or "") + len(row.get("markdown") or "")

    def take(self) -> pa.RecordBatch:
        """The rows so far as a batch; none are left."""
        try:
            arrays = [self._array(field) for field in self.schema]
        finally:
            for column in self._columns.values():
                column.clear()
            self.characters = 0
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _array(self, field: pa.Field) -> pa.Array:
        values = self._columns[field.name]
        if field.name == "labels":
            return _labels(values)
        try:
            return pa.array(values, field.type)
        except UnicodeEncodeError:
            return pa.array(list(map(_sound, values)), field.type)


def _sound(value: Any) -> Any:
    """Text without halves of characters, which JSON can hold and UTF-8 cannot."""
    if isinstance(value, list):
        return list(map(_sound, value))
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _labels(rows: list[list[int] | None]) -> pa.Array:
    """Lists of the places of labels in :data:`LABELS`, as Arrow's dictionary has them."""
    codes = pa.array(rows, pa.list_(pa.int8()))
    values = pa.DictionaryArray.from_arrays(codes.values, pa.array(LABELS, pa.string()))
    return pa.ListArray.from_arrays(codes.offsets, values, mask=codes.is_null() if codes.null_count else None)
