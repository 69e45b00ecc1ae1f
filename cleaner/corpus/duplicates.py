"""Duplicate pages out of finished shards: of the pages with one address or one text, the first stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa

from cleaner.corpus.schema import schema
from cleaner.corpus.shards import Shard

_KEY_BYTES = 8
BY = ("url", "text")


def drop_duplicates(shards: list[Path], by: str, form: str, *, markdown: bool) -> int:
    """Write again each shard that holds duplicates, without them; return how many rows are left.

    by is ``url``, or ``text`` for pages whose texts differ in case and white space only. What has neither stays. The
    order of the shards says which page is the first. Broken off and begun again, it comes to the same shards.
    """
    seen: set[bytes] = set()
    left = 0
    for path in shards:
        keep = [_is_new(key, seen) for key in _keys(path, by, form)]
        left += keep.count(True)
        if not all(keep):
            _write(path, keep, form, markdown=markdown)
    return left


def _is_new(key: bytes | None, seen: set[bytes]) -> bool:
    if key is None:
        return True
    if key in seen:
        return False
    seen.add(key)
    return True


def _keys(path: Path, by: str, form: str) -> Iterator[bytes | None]:
    """Eight bytes for each row: among a billion pages one may be taken for another."""
    for row in _rows(path, form, ["url", "digest", "words"]):
        if by == "url":
            url = row["url"]
            yield blake2b(url.encode("utf-8", "replace"), digest_size=_KEY_BYTES).digest() if url else None
        else:
            digest = row["digest"]
            digest = bytes.fromhex(digest) if isinstance(digest, str) else digest
            yield digest[:_KEY_BYTES] if digest and row["words"] else None


def _write(path: Path, keep: list[bool], form: str, *, markdown: bool) -> None:
    shard = Shard(path, form, schema(markdown=markdown))
    at = 0
    try:
        for batch in _batches(path, form, markdown=markdown):
            mask = pa.array(keep[at : at + batch.num_rows])
            at += batch.num_rows
            shard.write(batch.filter(mask))
        shard.finish()
    except BaseException:
        shard.abandon()
        raise


def _batches(path: Path, form: str, *, markdown: bool) -> Iterator[pa.RecordBatch]:
    if form == "parquet":
        from pyarrow.parquet import ParquetFile

        yield from ParquetFile(path).iter_batches(batch_size=1000)
        return
    wanted = schema(markdown=markdown)
    for line in _lines(path):
        row = json.loads(line)
        row["digest"] = bytes.fromhex(row["digest"]) if row["digest"] else None
        yield pa.RecordBatch.from_pylist([row], schema=wanted)


def _rows(path: Path, form: str, columns: list[str]) -> Iterator[dict[str, Any]]:
    if form == "parquet":
        from pyarrow.parquet import ParquetFile

        for batch in ParquetFile(path).iter_batches(batch_size=10_000, columns=columns):
            yield from batch.to_pylist()
        return
    yield from map(json.loads, _lines(path))


def _lines(path: Path) -> Iterator[bytes]:
    codec = "zstd" if path.suffix == ".zst" else None
    with pa.input_stream(str(path), compression=codec) as stream:
        rest = b""
        while chunk := stream.read(1 << 20):
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines
        if rest:
            yield rest
