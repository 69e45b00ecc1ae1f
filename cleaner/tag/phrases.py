"""What the words say: phrases of the lists in ``phrases/*.toml``, found in every block of a page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, NamedTuple

from cleaner.html.words import is_unspaced
from cleaner.tag.fold import bare, fold
from cleaner.tag.matcher import Matcher
from cleaner.tag.once import once
from cleaner.tag.scripts import scripts_in

GAP_WORDS = 6
GAP_CHARS = 24
_WINDOW = 90
_LONGEST_EXACT = 90
_PREFIX_KEYS = (5, 4, 3, 2, 1)
_NONE: dict[str, list[int]] = {}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a list: whose label it speaks for (or ``part``), how strongly, in which language."""

    label: str
    strength: str
    language: str

    def __str__(self) -> str:
        return f"{self.label}.{self.strength}.{self.language}"


class Hit(NamedTuple):
    """A phrase found in a block; start and end are characters of the folded text."""

    phrase: Phrase
    start: int
    end: int


class PhraseTable:
    """The lists of one script, compiled into one matcher."""

    def __init__(self, table: dict[str, Any]) -> None:
        self._spoken = [Phrase(*name.split(".")) for name in table["names"]]
        self._fragments: list[str] = table["fragments"]
        self._anchors: list[int] = table["anchors"]
        self._matcher = Matcher([self._fragments[anchor] for anchor in self._anchors])
        edges: str = table["edges"]
        self._open = [edge in "1357" for edge in edges]
        self._left = [edge in "2367" for edge in edges]
        self._right = [edge in "4567" for edge in edges]
        self._rows: list[str] = table["phrases"]
        self._phrases: dict[int, tuple[list[int], list[int], list[int]]] = {}
        self._uses: list[str | list[int]] = table["uses"]
        self._hinted: list[str] = table["hints"]
        self._exact: dict[str, str] = table["exact"]
        self._prefixes: dict[str, dict[str, list[int]]] = table["prefix"]
        self._languages = {phrase.language for phrase in self._spoken}
        self._idle_by_language: dict[str, list[bool]] = {}
        self._openings = {prefix[:2] for prefix in self._prefixes}

    def find(self, texts: Sequence[str], language: str = "") -> list[list[Hit]]:
        """Return what each text holds, by the order of the lists' strengths: exact, prefix, then as found.

        With *language*, mere hints of other languages' lists are left out.
        """
        folded = [fold(text) for text in texts]
        idle = self._idle(language)
        hits = [self._whole(text) for text in folded]
        for i, anchor, start, end in self._matcher.find(folded):
            if idle[anchor]:
                continue
            text = folded[i]
            # Most of what the matcher finds is a piece of a longer word: told here, where no call is needed.
            if start and text[start - 1].isalnum() and not self._is_word(self._anchors[anchor], text, start, end):
                continue
            if end < len(text) and text[end].isalnum() and not self._is_word(self._anchors[anchor], text, start, end):
                continue
            uses = self._used(anchor)
            for number, place in zip(uses[::2], uses[1::2], strict=True):
                names, parts, gaps = self._phrases.get(number) or self._phrase(number)
                if len(parts) == 1:
                    hits[i] += [Hit(self._spoken[name], start, end) for name in names]
                elif span := self._around(text, parts, gaps, place, (start, end)):
                    hits[i] += self._hits(names, *span)
        return hits

    def known(self, language: str) -> str:
        """The language, if there is a list of it here; else an empty string."""
        return language if language in self._languages else ""

    def _idle(self, language: str) -> list[bool]:
        """For each anchor whether it serves hints of other languages alone."""
        known = self._idle_by_language.get(language)
        if known is None:
            foreign = {hinted: bool(language and hinted) and language not in hinted.split() for hinted in self._hinted}
            known = [foreign[hinted] for hinted in self._hinted]
            self._idle_by_language[language] = known
        return known

    def _used(self, anchor: int) -> list[int]:
        """The phrases that an anchor may stand for and its place in each, in turn."""
        uses = self._uses[anchor]
        if isinstance(uses, str):
            uses = self._uses[anchor] = _numbers(uses)
        return uses

    def _phrase(self, number: int) -> tuple[list[int], list[int], list[int]]:
        """The names, the fragments and the gaps of a phrase."""
        names, parts, gaps = map(_numbers, self._rows[number].split("|"))
        self._phrases[number] = names, parts, gaps
        return names, parts, gaps

    def _around(
        self, text: str, parts: list[int], gaps: list[int], place: int, anchor: tuple[int, int]
    ) -> tuple[int, int] | None:
        """The span of a phrase of several fragments, one of which was found; None where the others are not there."""
        first, last = anchor
        for k in range(place + 1, len(parts)):
            found = self._next(text, parts[k - 1], parts[k], bool(gaps[k]), last)
            if found < 0:
                return None
            last = found + len(self._fragments[parts[k]])
        for k in range(place - 1, -1, -1):
            first = self._previous(text, parts[k], bool(gaps[k + 1]), first)
            if first < 0:
                return None
        return first, last

    def _next(self, text: str, before: int, fragment: int, gap: bool, end: int) -> int:
        word = self._fragments[fragment]
        at = text.find(word, end, end + _WINDOW + len(word))
        while at >= 0:
            if self._is_word(fragment, text, at, at + len(word)) and self._near(before, text, end, at, gap):
                return at
            at = text.find(word, at + 1, end + _WINDOW + len(word))
        return -1

    def _previous(self, text: str, fragment: int, gap: bool, start: int) -> int:
        word = self._fragments[fragment]
        at = text.rfind(word, max(0, start - _WINDOW - len(word)), start)
        while at >= 0:
            end = at + len(word)
            if self._is_word(fragment, text, at, end) and self._near(fragment, text, end, start, gap):
                return at
            at = text.rfind(word, max(0, start - _WINDOW - len(word)), end - 1)
        return -1

    def _near(self, before: int, text: str, end: int, start: int, gap: bool) -> bool:
        """Whether what stands between two fragments is no more than the phrase allows there."""
        if self._open[before]:
            while end < start and text[end].isalnum():
                end += 1
        between = text[end:start]
        if not gap:
            return not between.strip()
        if not self._right[before]:
            return len(between) <= GAP_CHARS
        return len(between.split()) <= GAP_WORDS

    def _is_word(self, fragment: int, text: str, start: int, end: int) -> bool:
        """Whether a fragment begins and ends where words do; a script without spaces has none to mind."""
        if start and self._left[fragment] and text[start].isalnum() and _continues(text[start - 1]):
            return False
        if self._open[fragment] or not self._right[fragment] or end == len(text):
            return True
        return not (text[end - 1].isalnum() and _continues(text[end]))

    def _whole(self, text: str) -> list[Hit]:
        """The phrases that are the whole text, and those that open it."""
        hits = []
        if len(text) <= _LONGEST_EXACT:
            names = self._exact.get(text)
            if names is None and text and not (text[0].isalpha() and text[-1].isalpha()):
                names = self._exact.get(bare(text))
            hits = self._hits(_numbers(names) if names else [], 0, len(text))
        if text[:2] not in self._openings:
            return hits
        for length in _PREFIX_KEYS[max(0, _PREFIX_KEYS[0] - len(text)) :]:
            for prefix, named in self._prefixes.get(text[:length], _NONE).items():
                if text.startswith(prefix) and not _goes_on(text, prefix):
                    hits += self._hits(named, 0, len(prefix))
        return hits

    def _hits(self, names: list[int], start: int, end: int) -> list[Hit]:
        return [Hit(self._spoken[name], start, end) for name in names]


def _numbers(row: str) -> list[int]:
    return [int(number) for number in row.split()]


def _continues(character: str) -> bool:
    return character.isalnum() and (character < "\u0e00" or not is_unspaced(character))


def _goes_on(text: str, prefix: str) -> bool:
    """Whether a text's first word is longer than the prefix."""
    if len(text) == len(prefix) or is_unspaced(prefix[-1]):
        return False
    return prefix[-1].isalpha() and text[len(prefix)].isalpha()


_SAME = {"no": "nb", "nn": "nb", "iw": "he", "in": "id", "bs": "hr", "sh": "sr"}
"""Other codes of a language, and languages that the list of a near one serves."""


def main_language(tag: str) -> str:
    """The code that the lists know a language by, from the tag that a page declares: ``nn-NO`` is ``nb``."""
    code = tag.strip().lower().replace("_", "-").partition("-")[0]
    return _SAME.get(code, code)


def find_phrases(texts: Sequence[str], declared: str = "") -> list[list[Hit]]:
    """Return what each text holds of the lists whose script the texts use.

    declared is the language that the page says it is in: hints of other lists are not looked at, unless the surer
    phrases show that the page is in another language than it says.
    """
    hits = _find(texts, declared)
    if declared:
        counts = Counter(hit.phrase.language for found in hits for hit in found if hit.phrase.strength != "hint")
        if counts and counts[declared] < max(counts.values()):
            return _find(texts, "")
    return hits


def _find(texts: Sequence[str], language: str) -> list[list[Hit]]:
    hits: list[list[Hit]] = [[] for _ in texts]
    for script in sorted(scripts_in(texts)):
        table = phrase_table(script)
        if table is not None:
            for found, more in zip(hits, table.find(texts, table.known(language)), strict=True):
                found += more
    return hits


@once
def phrase_table(script: str) -> PhraseTable | None:
    """The lists of one script, read once a process; None where there are none."""
    file = resources.files("cleaner.tag").joinpath("compiled", f"{script}.json")
    return PhraseTable(json.loads(file.read_text("utf-8"))) if file.is_file() else None
