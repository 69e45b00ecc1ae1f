"""Many short strings in little room: one run of bytes, each string cut from it when it is wanted."""

from __future__ import annotations

from array import array
from itertools import accumulate

BETWEEN = "\n"
"""What joins the strings; no string holds it."""


class Packed:
    """A sequence of strings that were joined by :data:`BETWEEN`."""

    __slots__ = ("data", "ends")

    data: bytes
    ends: array[int]
    """Where in the bytes each string ends, what joins it to the next counted."""

    def __init__(self, joined: str) -> None:
        self.data = joined.encode()
        self.ends = array("I", accumulate(len(text) + 1 for text in self.data.split(BETWEEN.encode())))

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, i: int) -> str:
        return self.data[self.ends[i - 1] if i else 0 : self.ends[i] - 1].decode()
