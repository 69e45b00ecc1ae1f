"""Packed bytes as they unpack, in bounded memory and within a ratio; what is damaged is skipped where it can be."""

from __future__ import annotations

from cleaner.load.decoders import Decoder, decoder
from cleaner.load.stream import Broken, Reads, Stream, TooMuch

_CHUNK = 65_536
RATIO_FROM = 32 * 1024 * 1024
_GZIP_MEMBER = b"\x1f\x8b\x08"


class Unpacked:
    """Reads what is packed in a source: one packed stream after the other, or the first alone.

    read raises Broken at damage, at an end that comes too early, and past the ratio; :meth:`resume` goes on behind it.
    """

    def __init__(self, source: Reads, name: str, ratio: int, *, first: bool = False) -> None:
        self._source = source
        self._name = name
        self._ratio = ratio
        self._first = first
        self._ended = False
        self._decoder: Decoder | None = None
        self._data = b""
        self._fed = b""
        self._taken = self._given = 0
        self._broken: Broken | None = None
        self._is_bomb = False

    def read(self, size: int, /) -> bytes:
        """At most size bytes."""
        if self._broken is not None:
            raise self._broken
        try:
            return self._next(min(size, _CHUNK))
        except Broken as error:
            self._broken = error
            raise

    def resume(self) -> bool:
        """Go on at the next gzip member after a break; False where there is none, or no break that can be passed."""
        if self._broken is None or self._name != "gzip" or self._is_bomb:
            return False
        seen = self._fed[1:]
        while True:
            start = seen.find(_GZIP_MEMBER)
            if start >= 0:
                break
            chunk = self._source.read(_CHUNK)
            if not chunk:
                return False
            self._taken += len(chunk)
            seen = seen[-2:] + chunk
        self._data, self._decoder, self._broken = seen[start:], None, None
        return True

    def _next(self, size: int) -> bytes:
        while True:
            if self._decoder is None and not self._begin():
                return b""
            assert self._decoder is not None
            if self._decoder.needs_input and not self._data:
                self._data = self._more()
                if not self._data:
                    raise Broken("is cut short", self._taken)
            out = self._decode(self._decoder, size)
            if self._decoder.eof:
                self._data = self._decoder.unused_data
                self._decoder = None
                self._ended = self._first
            if out:
                self._check(len(out))
                return out

    def _decode(self, decoder: Decoder, size: int) -> bytes:
        self._fed, self._data = self._data or self._fed, b""
        try:
            return decoder.decompress(self._fed if decoder.needs_input else b"", size)
        except Exception as error:
            # Each library has exceptions of its own.
            raise Broken(f"is damaged: {self._name} data cannot be unpacked", self._taken - len(self._fed)) from error

    def _begin(self) -> bool:
        """Begin the next packed stream; False at the end, before which zeros may stand."""
        if self._ended:
            return False
        while not (data := self._data.lstrip(b"\0")):
            data = self._more()
            if not data:
                return False
            self._data = data
        self._data = data
        self._decoder = decoder(self._name)
        return True

    def _more(self) -> bytes:
        data = self._source.read(_CHUNK)
        if not data and isinstance(self._source, Stream) and (broken := self._source.untold()) is not None:
            raise broken
        self._taken += len(data)
        return data

    def _check(self, given: int) -> None:
        self._given += given
        if self._given > RATIO_FROM and self._given > self._ratio * self._taken:
            self._is_bomb = True
            raise TooMuch(f"would unpack to over {self._ratio} times its size: not opened further", self._taken)
