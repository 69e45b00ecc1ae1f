"""Many short strings in little room: one run of bytes, each string cut from it when it is wanted."""

from __future__ import annotations

from array import array
from itertools import accumulate

BETWEEN = "\n"
"""What joins the strings; no string holds it."""


class Packed:
    """A sequence of strings that were joined by :data:`BETWEEN`."""

    __slots__ = ("_bytes", "_ends")

    def __init__(self, joined: str) -> None:
        self._bytes = joined.encode()
        self._ends = array("I", accumulate(len(text) + 1 for text in self._bytes.split(BETWEEN.encode())))

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, i: int) -> str:
        return self._bytes[self._ends[i - 1] if i else 0 : self._ends[i] - 1].decode()
