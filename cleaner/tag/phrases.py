"""What the words say: phrases of the lists in ``phrases/*.toml``, found in every block of a page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from cleaner.html.words import is_unspaced
from cleaner.tag.fold import bare, fold
from cleaner.tag.matcher import Matcher

GAP_WORDS = 6
GAP_CHARS = 24
_LONGEST_EXACT = 90


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a list: whose label it speaks for (or ``part``), how strongly, in which language."""

    label: str
    strength: str
    language: str

    def __str__(self) -> str:
        return f"{self.label}.{self.strength}.{self.language}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a block; start and end are characters of the folded text."""

    phrase: Phrase
    start: int
    end: int


class PhraseTable:
    """All lists, compiled into one matcher."""

    def __init__(self, table: dict[str, Any]) -> None:
        self._fragments: list[str] = table["fragments"]
        self._matcher = Matcher([fragment.rstrip("*") for fragment in self._fragments])
        self._open = [fragment.endswith("*") for fragment in self._fragments]
        self._left = [not is_unspaced(fragment[0]) for fragment in self._fragments]
        self._right = [not is_unspaced(fragment.rstrip("*")[-1]) for fragment in self._fragments]
        self._phrases: list[tuple[tuple[Phrase, ...], list[tuple[int, bool]]]] = []
        self._uses: list[list[tuple[int, int]]] = [[] for _ in self._fragments]
        for number, (names, parts) in enumerate(table["phrases"]):
            self._phrases.append((_phrases(names), [(fragment, gap) for fragment, gap in parts]))
            for place, (fragment, _) in enumerate(parts):
                self._uses[fragment].append((number, place))
        self._exact = {text: _phrases(names) for text, names in table["exact"].items()}
        self._prefixes: dict[str, list[tuple[str, tuple[Phrase, ...]]]] = {}
        for text, names in table["prefix"].items():
            self._prefixes.setdefault(text[:2], []).append((text, _phrases(names)))

    def find(self, texts: Sequence[str]) -> list[list[Hit]]:
        """Return what each text holds, by the order of the lists' strengths: exact, prefix, then as found."""
        folded = [fold(text) for text in texts]
        hits = [self._whole(text) for text in folded]
        begun: dict[tuple[int, int], tuple[int, int]] = {}
        current = -1
        for text, fragment, start, end in self._matcher.find(folded):
            if not self._is_word(fragment, folded[text], start, end):
                continue
            if text != current:
                begun.clear()
                current = text
            for number, place in self._uses[fragment]:
                self._advance(number, place, folded[text], start, end, begun, hits[text])
        return hits

    def _advance(
        self,
        number: int,
        place: int,
        text: str,
        start: int,
        end: int,
        begun: dict[tuple[int, int], tuple[int, int]],
        hits: list[Hit],
    ) -> None:
        """A fragment of a phrase was found: note how far the phrase has come, and a hit where it is whole."""
        phrases, parts = self._phrases[number]
        first = start
        if place:
            before = begun.get((number, place - 1))
            if before is None or not self._near(parts[place - 1][0], text, before[1], start, parts[place][1]):
                return
            first = before[0]
        if place == len(parts) - 1:
            hits.extend(Hit(phrase, first, end) for phrase in phrases)
        else:
            begun[number, place] = (first, end)

    def _near(self, before: int, text: str, end: int, start: int, gap: bool) -> bool:
        if start < end:
            return False
        if self._open[before]:
            while end < start and text[end].isalnum():
                end += 1
        between = text[end:start]
        if not gap:
            return not between.strip()
        if not self._right[before]:
            return len(between) <= GAP_CHARS
        return len(between) <= 12 * (GAP_WORDS + 1) and len(between.split()) <= GAP_WORDS

    def _is_word(self, fragment: int, text: str, start: int, end: int) -> bool:
        if start and self._left[fragment] and text[start - 1].isalnum() and text[start].isalnum():
            return False
        if self._open[fragment] or not self._right[fragment] or end == len(text):
            return True
        return not (text[end].isalnum() and text[end - 1].isalnum())

    def _whole(self, text: str) -> list[Hit]:
        """The phrases that are the whole text, and those that open it."""
        hits = []
        if len(text) <= _LONGEST_EXACT:
            exact = self._exact.get(text) or self._exact.get(bare(text), ())
            hits = [Hit(phrase, 0, len(text)) for phrase in exact]
        for prefix, phrases in self._prefixes.get(text[:2], ()):
            if text.startswith(prefix) and not (
                len(text) > len(prefix) and prefix[-1].isalpha() and text[len(prefix)].isalpha() and self._spaced(prefix)
            ):
                hits.extend(Hit(phrase, 0, len(prefix)) for phrase in phrases)
        return hits

    @staticmethod
    def _spaced(text: str) -> bool:
        return not is_unspaced(text[-1])


def _phrases(names: Sequence[str]) -> tuple[Phrase, ...]:
    return tuple(_phrase(name) for name in names)


@lru_cache(maxsize=None)
def _phrase(name: str) -> Phrase:
    return Phrase(*name.split("."))


@lru_cache(maxsize=1)
def phrase_table() -> PhraseTable:
    """The table, read once a process."""
    text = resources.files("cleaner.tag").joinpath("phrases.json").read_text("utf-8")
    return PhraseTable(json.loads(text))
