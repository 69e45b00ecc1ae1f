"""gzip, bzip2, xz and Zstandard: one file, packed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from cleaner.load.part import Options, Part
from cleaner.load.stream import Stream
from cleaner.load.unpack import Unpacked


def _unpack(name: str, part: Part, options: Options) -> Iterator[Part]:
    yield part.unpacked(Stream(Unpacked(part.stream, name, options.limits.ratio)))


READERS = {name: partial(_unpack, name) for name in ("gzip", "bzip2", "xz", "zstd")}
