"""Bodies in gzip and Brotli: requests unpacked within bounds, answers packed as the client likes it."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from cleaner.load.decoders import Decoder, decoder
from cleaner.load.stream import Broken
from cleaner.load.unpack import Unpacked
from cleaner.web.refusal import Refusal

PACKED = ("gzip", "br")
_BROTLI: Any = import_module("brotli")
_STEP = 65_536
_NO_RATIO = 1 << 62
"""The size bounds a body; how far it was packed does not matter."""
_WORTH = 1_000
"""Bytes under which packing saves nothing."""
_MOST_RATIO = 1_000
"""How far an endless body may unpack: text does not come near, bombs go far beyond."""


def coding_of(header: str | None) -> str | None:
    """The coding that a Content-Encoding header names, None for plain bytes. Raises Refusal for others."""
    name = (header or "").strip().lower().removeprefix("x-")
    if name in ("", "identity"):
        return None
    if name not in PACKED:
        raise Refusal(415, f"A body may be packed in {' or '.join(PACKED)}, not in {name[:40]}.")
    return name


def too_large(most: int) -> Refusal:
    """The refusal of a body over the limit."""
    return Refusal(413, f"The body is larger than {most:,} bytes, unpacked.")


def unpacked(body: bytes, coding: str | None, most: int) -> bytes:
    """The body as it was before it was packed. Raises Refusal past *most* bytes and where it is damaged."""
    if coding is None:
        return body
    source = Unpacked(io.BytesIO(body), coding, _NO_RATIO, first=coding == "br")
    whole = io.BytesIO()
    try:
        while chunk := source.read(_STEP):
            whole.write(chunk)
            if whole.tell() > most:
                raise too_large(most)
    except Broken as error:
        raise _damaged(coding, error) from error
    return whole.getvalue()


class Unpacking:
    """Unpacks a body of any length as it comes, a piece at a time."""

    def __init__(self, coding: str, most: int) -> None:
        self._coding = coding
        self._decoder: Decoder = decoder(coding)
        self._taken, self._given, self._most = 0, 0, most
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take packed bytes, give unpacked ones. Raises Refusal where they are damaged, or a bomb."""
        self._taken += len(data)
        while data or self._begun:
            if self._decoder.eof:
                if not data:
                    return
                self._decoder = decoder(self._coding)
            self._begun = True
            try:
                piece = self._decoder.decompress(data, _STEP)
            except Exception as error:
                # Each library has exceptions of its own.
                raise _damaged(self._coding) from error
            data = self._decoder.unused_data if self._decoder.eof else b""
            if piece:
                self._count(len(piece))
                yield piece
            elif not data and self._decoder.needs_input:
                return

    def end(self) -> None:
        """Say that all has come. Raises Refusal where something must follow."""
        if self._begun and not self._decoder.eof:
            raise Refusal(400, f"The {self._coding} data of the body is cut short.")

    def _count(self, size: int) -> None:
        self._given += size
        if self._given > self._most + _MOST_RATIO * self._taken:
            raise Refusal(413, f"The body unpacks to over {_MOST_RATIO:,} times its size.")


def _damaged(coding: str, error: Broken | None = None) -> Refusal:
    cut = error is not None and error.reason == "is cut short"
    return Refusal(400, f"The {coding} data of the body is {'cut short' if cut else 'damaged'}.")


def accepted(header: str | None) -> str | None:
    """The coding to answer in, by an Accept-Encoding header: the one that the client likes best, else None."""
    wishes: dict[str, float] = {}
    for part in (header or "").lower().split(","):
        name, _, parameters = part.partition(";")
        wishes[name.strip().removeprefix("x-")] = _quality(parameters)
    other = wishes.get("*", 0.0)
    # Where both are as good, gzip: it is packed in a third of the time.
    best = max(PACKED, key=lambda name: wishes.get(name, other))
    quality = wishes.get(best, other)
    return best if quality > 0 and quality >= wishes.get("identity", 0.0) else None


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def packed(body: bytes, coding: str | None) -> tuple[bytes, str | None]:
    """The body in a coding, and which it is now in: small ones stay as they are."""
    if coding is None or len(body) < _WORTH:
        return body, None
    if coding == "gzip":
        return zlib.compress(body, 6, 31), coding
    return bytes(_BROTLI.compress(body, quality=4)), coding


class Packing:
    """Packs an answer of any length as it is made; what was given so far can always be unpacked."""

    def __init__(self, coding: str | None) -> None:
        self._gzip: Any = zlib.compressobj(1, wbits=31) if coding == "gzip" else None
        self._brotli: Any = _BROTLI.Compressor(quality=1) if coding == "br" else None

    def add(self, data: bytes) -> bytes:
        """The next bytes of the answer."""
        if self._gzip is not None:
            return bytes(self._gzip.compress(data) + self._gzip.flush(zlib.Z_SYNC_FLUSH))
        if self._brotli is not None:
            return bytes(self._brotli.process(data) + self._brotli.flush())
        return data

    def end(self) -> bytes:
        """What closes it."""
        if self._gzip is not None:
            return bytes(self._gzip.flush())
        return bytes(self._brotli.finish()) if self._brotli is not None else b""
