"""The text of a list: lines of any encoding and with any ends, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cleaner.html.decode import decode

MAX_BYTES = 32_000_000
MAX_LINES = 500_000
MOST_MESSAGES = 1_000


class Messages:
    """What is wrong with a list or was passed over in it, each with file and line; bounded."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._left_out = 0

    def add(self, place: str, what: str) -> None:
        """Say *what* of a place, as ``list.txt:12``."""
        if len(self._texts) < MOST_MESSAGES:
            self._texts.append(f"{place}: {what}")
        else:
            self._left_out += 1

    def all(self) -> tuple[str, ...]:
        """All messages, in order."""
        rest = (f"… and {self._left_out:,} more",) if self._left_out else ()
        return (*self._texts, *rest)


def lines(path: Path, name: str, mistakes: Messages) -> Iterator[tuple[int, str]]:
    """Yield each line that is not blank, with its number from 1. Raises OSError where the file cannot be read."""
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        mistakes.add(name, f"is over {MAX_BYTES:,} bytes long: the rest was left out")
    text = decode(content[:MAX_BYTES])[0].decode("utf-8", "replace")
    # Not splitlines: it also parts at characters that are no ends of lines in these files.
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if number > MAX_LINES:
            mistakes.add(name, f"has over {MAX_LINES:,} lines: the rest was left out")
            return
        if line := line.strip():
            yield number, line
