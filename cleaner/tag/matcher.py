"""Many literal strings sought in many texts at once, in time linear in the texts (Aho and Corasick 1975)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from ahocorasick_rs import AhoCorasick, Implementation

_BETWEEN = "\n"


class Matcher:
    """Finds every occurrence of every pattern, overlapping ones too. Patterns hold no line break."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._automaton = AhoCorasick(patterns, implementation=Implementation.ContiguousNFA, store_patterns=False)

    def all(self, text: str) -> list[tuple[int, int, int]]:
        """Return (pattern, start, end) of every occurrence in one text, which may hold line breaks."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True)

    def find(self, texts: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
        """Yield (text, pattern, start, end) in order of the place where the match ends, texts in order.

        text and pattern are indices; start and end are characters within the text.
        """
        if not texts:
            return
        joined = _BETWEEN.join(texts)
        starts = [0, *accumulate(len(text) + 1 for text in texts)]
        current = 0
        for pattern, start, end in self.all(joined):
            while starts[current + 1] < end:
                current += 1
            yield current, pattern, start - starts[current], end - starts[current]
