"""Bytes that are read forward, whatever they come from."""

from __future__ import annotations

import io
import tempfile
from typing import BinaryIO, Protocol, cast

HEAD = 131_072
"""How many bytes a stream can look ahead, at its beginning."""
IN_MEMORY = 16 * 1024 * 1024
"""Bytes of a copy that are kept in memory; what is more goes to disk."""


class Broken(Exception):
    """What is being read is damaged, cut short, or more than the limits allow.

    reason stands after the name of what it is ("is cut short"); offset is its place in bytes.
    """

    def __init__(self, reason: str, offset: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class TooMuch(Broken):
    """More than the limits allow: what there was of it is not for use."""


class Reads(Protocol):
    """What a stream is made of: an open file, or what unpacks one."""

    def read(self, size: int, /) -> bytes:
        """At most size bytes, none at the end. Raises Broken, or OSError."""


class Stream(io.BufferedReader):
    """Bytes read forward. A break of the source ends it like its end would; :attr:`broken` then says what it was."""

    def __init__(self, source: Reads) -> None:
        self._raw = _Raw(source)
        self._told = False
        super().__init__(self._raw, HEAD)

    @classmethod
    def of(cls, content: bytes) -> Stream:
        """A stream of bytes that are there."""
        return cls(io.BytesIO(content))

    def read(self, size: int | None = -1, /) -> bytes:
        """At most size bytes, as many as there are."""
        if size is None or size <= HEAD:
            return super().read(size)
        # All at once it would take the memory of the largest page for each.
        whole = io.BytesIO()
        while (left := size - whole.tell()) and (chunk := super().read(min(left, HEAD))):
            whole.write(chunk)
        return whole.getvalue()

    @property
    def source(self) -> Reads:
        """What is read."""
        return self._raw.source

    @property
    def broken(self) -> Broken | None:
        """What ended it before its end."""
        return self._raw.broken

    def untold(self) -> Broken | None:
        """The break, the first time that somebody asks: whoever does reports it."""
        told, self._told = self._told, self._told or self.broken is not None
        return None if told else self.broken

    def resume(self) -> bool:
        """Go on behind the break, where the source knows how; False where it does not."""
        resume = getattr(self.source, "resume", None)
        if self.broken is None or resume is None or not resume():
            return False
        self._raw.broken, self._told = None, False
        return True

    def as_file(self, most: int) -> BinaryIO:
        """All of it as a file that can be read anywhere: the source itself, or a copy of at most so many bytes.

        Raises Broken for more. Only a stream of which nothing was read will do.
        """
        source = self.source
        if isinstance(source, io.IOBase) and self._raw.start == 0 and source.seekable():
            source.seek(0)
            return cast(BinaryIO, source)
        # Whoever uses the copy closes it.
        copy = cast(BinaryIO, tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115
        while chunk := self.read(HEAD):
            if copy.tell() + len(chunk) > most:
                raise TooMuch(f"is larger than {most:,} bytes")
            copy.write(chunk)
        copy.seek(0)
        return copy


class Slice:
    """Reads a stretch of a file, wherever others have left it. An end that never comes is a break; so is broken."""

    def __init__(self, file: BinaryIO, start: int, end: int | None, broken: Broken | None = None) -> None:
        self._file = file
        self._at = start
        self._end = end
        self._broken = broken

    def read(self, size: int, /) -> bytes:
        """At most size bytes."""
        self._file.seek(self._at)
        data = self._file.read(size if self._end is None else min(size, self._end - self._at))
        self._at += len(data)
        if not data and size and (self._broken is not None or self._at != self._end):
            raise self._broken or Broken("is cut short", self._at)
        return data


class _Raw(io.RawIOBase):
    """The source as io wants it; fills what it is given, so that the first look ahead is a long one."""

    def __init__(self, source: Reads) -> None:
        self.source = source
        self.broken: Broken | None = None
        self.start = source.tell() if isinstance(source, io.IOBase) and source.seekable() else None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        filled = 0
        while filled < len(buffer) and self.broken is None:
            try:
                chunk = self.source.read(len(buffer) - filled)
            except Broken as error:
                self.broken = error
                break
            except OSError as error:
                self.broken = Broken(f"cannot be read: {error.strerror or error}")
                break
            if not isinstance(chunk, bytes):
                raise TypeError("open the file for reading bytes (mode 'rb'), not text")
            if not chunk:
                break
            buffer[filled : filled + len(chunk)] = chunk
            filled += len(chunk)
        return filled
