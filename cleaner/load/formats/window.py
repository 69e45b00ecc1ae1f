"""What a reader of records has read of a stream, so that it can go back to where the next record begins."""

from __future__ import annotations

import re

from cleaner.load.stream import HEAD, Stream

_MOST = 8 * 1024 * 1024
_BACK = 16 * _MOST
RECORD = re.compile(rb"WARC/1\.\d\r\n[A-Za-z]")
_LONGEST = 16
"""More than the beginning of a record takes."""
END = b"\r\n\r\n"
"""What stands behind the header of a record, and behind its content."""


class Window:
    """Reads a stream and keeps what was read since the last record began, up to 8 MB.

    record: where the last record begins.
    content: where its content does.
    next: where the record after it ought to begin.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._kept = bytearray()
        self._start = 0
        """Where what is kept begins."""
        self._at = 0
        """How much of it was read, since the reader last went back."""
        self._gone_back = 0
        self.record = self.content = self.next = 0

    def read(self, size: int, /) -> bytes:
        """At most size bytes."""
        if self._at == len(self._kept):
            self._kept += self._stream.read(size)
        data = bytes(self._kept[self._at : self._at + size])
        self._at += len(data)
        if self._at > _MOST:
            self._forget(self.tell() - _MOST)
        return data

    def tell(self) -> int:
        """How many bytes were read."""
        return self._start + self._at

    def at(self, place: int, length: int) -> None:
        """Take note of a record that begins at a place, with so many bytes of content."""
        self._forget(place)
        header = max(self._kept.find(END), 0)
        self.record, self.content = place, place + header + len(END)
        self.next = self.content + length + len(END)

    def clear(self) -> None:
        """Forget it all: the stream goes on elsewhere."""
        self._begin(self._start + len(self._kept))

    @property
    def is_cut(self) -> bool:
        """Whether the end came before that of the last record's content."""
        return self.tell() < self.next - len(END)

    def fits(self) -> bool:
        """Whether the last record ends where its header says, if there was one."""
        end = self.next - self._start
        return self.next == self.record or self._kept[end - len(END) : end] == END

    def inner(self) -> int | None:
        """Where another record begins before the last one should end: then its header is wrong."""
        end = max(self.next - self._start, 0)
        found = RECORD.search(self._kept, max(self.record + 1 - self._start, 0), end + _LONGEST)
        return self._start + found.start() if found is not None and found.start() < end else None

    def skip(self, place: int) -> bool:
        """Go on with the first record that begins at a place or behind it; False where none does."""
        if self._gone_back > _BACK + self.tell():
            # Each of many records that say too much of their length would be read again and again.
            place = max(place, self.next)
        at = max(place - self._start, 0)
        while (found := RECORD.search(self._kept, at)) is None:
            chunk = self._stream.read(HEAD)
            if not chunk:
                return False
            self._forget(self._start + max(at, len(self._kept) - _LONGEST))
            self._kept += chunk
            at = 0
        begun = self._start + found.start()
        self._gone_back += max(self.tell() - begun, 0)
        self._begin(begun)
        return True

    def _begin(self, place: int) -> None:
        """Read on from a place that is kept."""
        self._forget(place)
        self._at = 0
        self.record = self.content = self.next = place

    def _forget(self, place: int) -> None:
        gone = min(max(place - self._start, 0), len(self._kept))
        del self._kept[:gone]
        self._start += gone
        self._at = max(self._at - gone, 0)
