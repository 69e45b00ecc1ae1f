"""What a reader of records has read of a stream, so that it can go back to where the next record begins."""

from __future__ import annotations

from cleaner.load.stream import HEAD, Stream

_MOST = 8 * 1024 * 1024
_MAGIC = b"WARC/1."
_HEADER_END = b"\r\n\r\n"


class Window:
    """Reads a stream and keeps what was read since the last record began, up to 8 MB."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._again = b""
        self._kept = bytearray()
        self._start = 0
        """Where what is kept begins."""
        self._read = 0
        self.place = 0
        """Where the record after the last one ought to begin."""

    def read(self, size: int = -1, /) -> bytes:
        """At most size bytes."""
        if self._again:
            data, self._again = self._again[:size], self._again[size:]
        else:
            data = self._stream.read(size)
        self._read += len(data)
        self._kept += data
        if len(self._kept) > _MOST:
            self._forget(self._start + len(self._kept) - _MOST)
        return data

    def tell(self) -> int:
        """How many bytes were read."""
        return self._read

    def at(self, place: int, length: int) -> None:
        """Take note of a record that begins at a place, with so many bytes of content."""
        self._forget(place)
        header = self._kept.find(_HEADER_END)
        self.place = place + (header + 2 * len(_HEADER_END) + length if header >= 0 else len(_MAGIC))

    def clear(self) -> None:
        """Forget it all: the stream goes on elsewhere."""
        self._forget(self._read)
        self.place = self._read

    def skip(self) -> bool:
        """Go on where the next record after the damaged one begins; False where none does."""
        seen = bytes(self._kept) + self._again
        at = max(self.place + 1 - self._start, 0)
        while (found := seen.find(_MAGIC, at)) < 0:
            chunk = self._stream.read(HEAD)
            if not chunk:
                return False
            self._start += max(len(seen) - len(_MAGIC), 0)
            seen = seen[-len(_MAGIC) :] + chunk
            at = 0
        self._again = seen[found:]
        self._kept.clear()
        self._start = self._read = self.place = self._start + found
        return True

    def _forget(self, place: int) -> None:
        del self._kept[: max(place - self._start, 0)]
        self._start = max(self._start, place)
