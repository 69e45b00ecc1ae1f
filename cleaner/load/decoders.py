"""One way to unpack for all compressions: gzip, deflate, bzip2, xz, Zstandard, Brotli."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol

from cleaner import install
from cleaner.load.stream import Broken


class Decoder(Protocol):
    """What the decompressors of bz2, lzma and zstd have in common: one packed stream."""

    @property
    def eof(self) -> bool:
        """Whether the packed stream has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether it gives nothing more without more data."""

    @property
    def unused_data(self) -> bytes:
        """What came after the end."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Take data, give at most so many bytes."""


def decoder(name: str) -> Decoder:
    """A new decoder. Raises Broken where the library for it is missing, KeyError for a name that is not known."""
    return _DECODERS[name]()


def missing(what: str) -> Broken:
    """What to raise where an optional library is missing; what is how it would be of use."""
    return Broken(f"is {what}: to read it, {install.command('formats')}")


def is_known(name: str) -> bool:
    """Whether there is a decoder of this name."""
    return name in _DECODERS


class _Inflate:
    """zlib's decompressor with the face of the others."""

    def __init__(self, wbits: int) -> None:
        self._inner = zlib.decompressobj(wbits)
        self._full = False

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._full and not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        out = self._inner.decompress(self._inner.unconsumed_tail + data, max(max_length, 0))
        # It may hold back output with all its input taken.
        self._full = len(out) == max_length
        return out


class _Brotli:
    """Brotli's decompressor with the face of the others."""

    unused_data = b""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._inner = make()
        self._full = False

    @property
    def eof(self) -> bool:
        return bool(self._inner.is_finished())

    @property
    def needs_input(self) -> bool:
        return not self._full

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        limit = {"output_buffer_limit": max_length} if max_length > 0 else {}
        out = bytes(self._inner.process(data, **limit))
        # It may hold back more, whatever it says of more data.
        self._full = bool(out)
        return out


def _brotli() -> Decoder:
    try:
        return _Brotli(import_module("brotli").Decompressor)
    except ImportError:
        raise missing("packed by Brotli") from None


def _zstd() -> Decoder:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            made: Decoder = import_module(name).ZstdDecompressor()
        except ImportError:
            continue
        return made
    raise missing("packed by Zstandard")


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": lambda: _Inflate(31),
    "zlib": lambda: _Inflate(15),
    "deflate": lambda: _Inflate(-15),
    "bzip2": bz2.BZ2Decompressor,
    "xz": lzma.LZMADecompressor,
    "zstd": _zstd,
    "br": _brotli,
}
