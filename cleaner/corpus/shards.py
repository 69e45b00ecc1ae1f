"""Files of rows that are whole or not there."""

from __future__ import annotations

import io
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

import pyarrow as pa

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetWriter

SUFFIXES = {"parquet": ".parquet", "jsonl": ".jsonl", "jsonl.zst": ".jsonl.zst"}
TEMPORARY = ".tmp"
_LEVEL = 3


class _Writer(Protocol):
    def write(self, batch: pa.RecordBatch) -> None: ...

    def close(self) -> None: ...


class Shard:
    """A file of rows, under another name until it is whole."""

    def __init__(self, path: Path, form: str, schema: pa.Schema) -> None:
        self.path = path
        self._temporary = path.with_name(f".{path.name}-{secrets.token_hex(6)}{TEMPORARY}")
        self._file: BinaryIO = self._temporary.open("wb")
        self._writer: _Writer = _WRITERS[form](self._file, schema)

    def write(self, batch: pa.RecordBatch) -> None:
        """Append rows."""
        self._writer.write(batch)

    def finish(self) -> None:
        """Close the file and give it its name. Raises OSError where it cannot be written."""
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._temporary.replace(self.path)

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._temporary.unlink(missing_ok=True)


class _Parquet:
    def __init__(self, file: BinaryIO, schema: pa.Schema) -> None:
        from pyarrow.parquet import ParquetWriter

        self._inner: ParquetWriter = ParquetWriter(file, schema, compression="zstd", compression_level=_LEVEL)

    def write(self, batch: pa.RecordBatch) -> None:
        self._inner.write_batch(batch)

    def close(self) -> None:
        self._inner.close()


class _Lines:
    """A row a line; compressed by Arrow's own Zstandard."""

    def __init__(self, file: BinaryIO, schema: pa.Schema, codec: str | None) -> None:
        del schema
        # Arrow would close the file, which has to be flushed to the disk first.
        kept = SimpleNamespace(write=file.write, flush=file.flush, close=file.flush, closed=False)
        self._file: Any = pa.CompressedOutputStream(pa.PythonFile(kept, "w"), codec) if codec else file
        self._codec = codec

    def write(self, batch: pa.RecordBatch) -> None:
        lines = io.StringIO()
        for row in batch.to_pylist():
            row["digest"] = row["digest"].hex() if row["digest"] else None
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._file.write(lines.getvalue().encode("utf-8", "replace"))

    def close(self) -> None:
        if self._codec:
            self._file.close()


_WRITERS: dict[str, Callable[[BinaryIO, pa.Schema], _Writer]] = {
    "parquet": _Parquet,
    "jsonl": lambda file, schema: _Lines(file, schema, None),
    "jsonl.zst": lambda file, schema: _Lines(file, schema, "zstd"),
}
