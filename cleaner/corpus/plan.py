"""What is to be done: the inputs as tasks of about the same size, each of which becomes one shard."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cleaner.load.inputs import Input, identity

SPLIT = 64 * 1024 * 1024
"""Bytes of a part of a large archive."""
GROUP = 16 * 1024 * 1024
"""Bytes of small inputs that make a task together."""
_MOST_PARTS = 1000
_CHUNK = 1024 * 1024
_GZIP = b"\x1f\x8b\x08"
_WARC = b"WARC/1."
_PROBE = 16_384
_SPLITS = {".warc.gz": "gzip", ".warc": "warc", ".warc.wet.gz": "gzip", ".jsonl": "lines", ".ndjson": "lines"}
"""Formats that can be read from any record on, and by what a record is told."""


@dataclass(frozen=True, slots=True)
class Part:
    """An input, or a stretch of one from byte start up to end; None is its end."""

    source: str
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What one shard is made of; size in bytes, 0 where it is not known."""

    number: int
    parts: tuple[Part, ...]
    size: int


def plan(inputs: Iterable[Input], *, split: int = SPLIT, group: int = GROUP) -> Iterator[Task]:
    """The tasks, in the order of the inputs: the same inputs give the same tasks."""
    number, size = 0, 0
    gathered: list[Part] = []
    for item in inputs:
        for part, length in _parts(item.name, split):
            if gathered and (size + length > group or len(gathered) >= _MOST_PARTS):
                yield Task(number, tuple(gathered), size)
                number, gathered, size = number + 1, [], 0
            gathered.append(part)
            size += length
    if gathered:
        yield Task(number, tuple(gathered), size)


def _parts(name: str, split: int) -> Iterator[tuple[Part, int]]:
    """An input, cut where its format allows it."""
    path = Path(name)
    size = path.stat().st_size if "://" not in name and name != "-" and identity(path) is not None else 0
    kind = next((kind for suffix, kind in _SPLITS.items() if name.lower().endswith(suffix)), None)
    if kind is None or size <= split:
        yield Part(name), size
        return
    start = 0
    while start < size:
        end = _boundary(path, start + split, size, kind)
        yield Part(name, start, None if end >= size else end), end - start
        start = end


def _boundary(path: Path, place: int, size: int, kind: str) -> int:
    """Where the first record begins that does not begin before a place; the size where none does."""
    mark = {"gzip": _GZIP, "warc": _WARC, "lines": b"\n"}[kind]
    with path.open("rb") as file:
        while place < size:
            file.seek(place)
            seen = file.read(_CHUNK)
            at = -1
            while (at := seen.find(mark, at + 1)) >= 0:
                found = place + at
                if kind == "lines":
                    return found + 1
                if _begins_record(path, found, kind):
                    return found
            if len(seen) < len(mark):
                break
            place += len(seen) - len(mark) + 1
    return size


def _begins_record(path: Path, place: int, kind: str) -> bool:
    with path.open("rb") as file:
        file.seek(max(place - 4, 0))
        before, head = file.read(min(4, place)), file.read(_PROBE)
    if kind == "warc":
        return before.endswith(b"\n\n") or before == b"\r\n\r\n"
    try:
        return zlib.decompressobj(31).decompress(head, len(_WARC)) == _WARC
    except zlib.error:
        return False


class Stretch:
    """Reads a stretch of a file as if it were all of it. Raises OSError where it cannot be opened."""

    def __init__(self, part: Part) -> None:
        self.name = part.source
        self._file = Path(part.source).open("rb", buffering=0)  # noqa: SIM115
        self._file.seek(part.start)
        self._left = None if part.end is None else part.end - part.start

    def read(self, size: int = -1, /) -> bytes:
        """At most size bytes."""
        if self._left is not None:
            size = self._left if size < 0 else min(size, self._left)
        data = self._file.read(size) or b""
        if self._left is not None:
            self._left -= len(data)
        return data

    def close(self) -> None:
        """Close the file."""
        self._file.close()
