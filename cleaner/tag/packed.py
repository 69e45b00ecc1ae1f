"""Many short strings in little room: one run of bytes, each string cut from it when it is wanted."""

from __future__ import annotations

from array import array

import numpy as np

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
        between = np.frombuffer(self.data, np.uint8) == ord(BETWEEN)
        self.ends = array("I", [*(np.flatnonzero(between) + 1).tolist(), len(self.data) + 1])

    def __len__(self) -> int:
        return len(self.ends)

    def all(self) -> list[str]:
        """All of them at once, which is quicker than one by one."""
        return self.data.decode().split(BETWEEN)

    def __getitem__(self, i: int) -> str:
        return self.data[self.ends[i - 1] if i else 0 : self.ends[i] - 1].decode()
