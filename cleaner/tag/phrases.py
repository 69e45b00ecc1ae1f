"""What the words say: phrases of the lists in ``phrases/*.toml``, found in every block of a page."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import accumulate
from typing import Any, NamedTuple

from cleaner.html.words import is_unspaced
from cleaner.tag import scripts
from cleaner.tag.fold import bare, fold
from cleaner.tag.matcher import Matcher
from cleaner.tag.once import once
from cleaner.tag.packed import BETWEEN, Packed
from cleaner.twin import twin

GAP_WORDS = 6
GAP_CHARS = 24
_WINDOW = 90
_LONGEST_EXACT = 90
_PREFIX_KEYS = (5, 4, 3, 2, 1)
_NONE: dict[str, list[int]] = {}
SOUGHT = 10
"""Characters of a fragment that the matcher seeks."""
_OPEN, _LEFT, _RIGHT = 1, 2, 4
"""What a fragment's edges are: its word may go on; a word begins there; a word ends there."""


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


class Use(NamedTuple):
    """A phrase that a fragment is found for: the place of the fragment in it, its fragments, and its gaps."""

    phrases: list[Phrase]
    place: int
    parts: list[int]
    gaps: list[int]


class Beginnings(NamedTuple):
    """What the matcher seeks.

    strict: whether a word begins there; ends: where the anchors that begin like it end among the members. closed: for
    each anchor whether a word ends there. sought: the most characters that are sought.
    """

    strict: bytes
    ends: array[int]
    members: array[int]
    closed: bytes
    sought: int = SOUGHT


Match = tuple[int, int, int]
"""Number of a beginning, start, end."""
Found = tuple[int, int, int]
"""End, start, number of an anchor."""
Around = Callable[[str, Use, tuple[int, int]], tuple[int, int] | None]


def standing(
    joined: str,
    matches: list[Match],
    idle: bytes,
    idle_anchors: bytes,
    beginnings: Beginnings,
    word: Callable[[int], str],
) -> list[Found]:
    """The anchors that stand in a text as words, by where they end, the longest first.

    Neither the first nor the last character of the text is of a word or of a match.
    """
    strict, ends, members, closed, sought = beginnings
    found = []
    for number, start, end in matches:
        if idle[number]:
            continue
        # Most of what the matcher finds is a piece of a longer word.
        if strict[number] and _continues(joined[start - 1]):
            continue
        for anchor in members[ends[number - 1] if number else 0 : ends[number]]:
            if idle_anchors[anchor]:
                continue
            last = end
            if end - start == sought:
                text = word(anchor)
                last = start + len(text)
                if not joined.startswith(text, start):
                    continue
            if closed[anchor] and joined[last - 1].isalnum() and _continues(joined[last]):
                continue
            found.append((last, start, anchor))
    found.sort()
    return found


def note(
    found: list[Found],
    starts: list[int],
    folded: list[str],
    hits: list[list[Hit]],
    uses: Callable[[int], Sequence[Use]],
    around: Around,
) -> None:
    """Add the hits of the anchors that were found to those of each text; starts: where the texts begin, and the end."""
    current = 0
    for end, start, anchor in found:
        while starts[current + 1] < end:
            current += 1
        first = starts[current]
        for use in uses(anchor):
            if len(use.parts) == 1:
                hits[current] += [Hit(phrase, start - first, end - first) for phrase in use.phrases]
            elif span := around(folded[current], use, (start - first, end - first)):
                hits[current] += [Hit(phrase, *span) for phrase in use.phrases]


class PhraseTable:
    """The lists of one script, compiled into one matcher.

    Sought are the beginnings of the fragments: what one of them begins is looked at where it was found. Most strings
    stay joined for ever.
    """

    def __init__(self, table: dict[str, Any]) -> None:
        self._spoken = [Phrase(*name.split(".")) for name in table["names"]]
        self._fragments = Packed(table["fragments"])
        self._edges = table["edges"].encode()
        self._rows = Packed(table["phrases"])
        self._uses = Packed(table["uses"])
        self._anchors = array("I", _numbers(table["anchors"]))
        self._used: dict[int, list[Use]] = {}
        self._words: dict[int, str] = {}
        self._exact = _shared(table["exact"])
        self._prefixes: dict[str, dict[str, list[int]]] = table["prefix"]
        self._openings = _by_opening(prefix for prefixes in self._prefixes.values() for prefix in prefixes)
        self._languages = {phrase.language for phrase in self._spoken}
        self._idle_by_language: dict[str, tuple[bytes, bytes]] = {}
        self._number_hints(table["hints"].split(BETWEEN))
        self._matcher: Matcher | None = None
        self._begin()
        limits = (_LONGEST_EXACT, _WINDOW, _PREFIX_KEYS)
        self._finder = _compiled.Finder(self, self._beginnings, Hit, limits) if _compiled else None

    def _number_hints(self, hints: list[str]) -> None:
        """Keep for each anchor the number of what it hints at; 0 for nothing."""
        numbers = {"": 0}
        self._hints = array("H", [numbers.setdefault(hinted, len(numbers)) for hinted in hints])
        self._hinted = list(numbers)

    def beginnings(self) -> list[str]:
        """What is sought, by number."""
        return list(dict.fromkeys(self._sought()))

    def _sought(self) -> list[str]:
        """How the fragment of each anchor begins."""
        return list(map([fragment[:SOUGHT] for fragment in self._fragments.all()].__getitem__, self._anchors))

    def _begin(self) -> None:
        """Tell which anchors begin like each beginning."""
        numbers: dict[str, int] = {}
        of = array("I", [numbers.setdefault(begun, len(numbers)) for begun in self._sought()])
        counts = Counter(of)
        # Only where all hint at the same a beginning may be idle.
        hints: dict[int, int] = {}
        for number, hint in zip(of, self._hints, strict=False):
            hints[number] = hint if hints.get(number, hint) == hint else 0
        self._shared_hints = array("H", hints.values())
        self._beginnings = Beginnings(
            bytes(beginning[0].isalnum() and not is_unspaced(beginning[0]) for beginning in numbers),
            array("I", accumulate(counts[number] for number in range(len(numbers)))),
            array("I", sorted(range(len(of)), key=of.__getitem__)),
            bytes(self._edges[fragment] & (_OPEN | _RIGHT) == _RIGHT for fragment in self._anchors),
        )

    def find(self, texts: Sequence[str], language: str = "", *, pure: bool = False) -> list[list[Hit]]:
        """Return what each text holds, by the order of the lists' strengths: exact, prefix, then as found.

        With *language*, mere hints of other languages' lists are left out; *pure* does without the compiled twin.
        """
        if self._finder is not None and not pure:
            hits_of_all: list[list[Hit]] = self._finder.find(texts, *self._idle(language))
            return hits_of_all
        if self._matcher is None:
            self._matcher = Matcher(self.beginnings())
        folded = [fold(text) for text in texts]
        hits = [self._whole(text) for text in folded]
        # Between line breaks every text has something before it and behind it that is of no word.
        joined = "\n".join(["", *folded, ""])
        starts = list(accumulate((len(text) + 1 for text in folded), initial=1))
        found = standing(joined, self._matcher.all(joined), *self._idle(language), self._beginnings, self._word)
        note(found, starts, folded, hits, self._uses_of, self._around)
        return hits

    def _word(self, anchor: int) -> str:
        word = self._words.get(anchor)
        if word is None:
            word = self._words[anchor] = self._fragments[self._anchors[anchor]]
        return word

    def known(self, language: str) -> str:
        """The language, if there is a list of it here; else an empty string."""
        return language if language in self._languages else ""

    def _idle(self, language: str) -> tuple[bytes, bytes]:
        """For each beginning and each anchor whether it serves hints of other languages alone."""
        known = self._idle_by_language.get(language)
        if known is None:
            foreign = [bool(language and hinted) and language not in hinted.split() for hinted in self._hinted]
            known = bytes(map(foreign.__getitem__, self._shared_hints)), bytes(map(foreign.__getitem__, self._hints))
            self._idle_by_language[language] = known
        return known

    def _uses_of(self, anchor: int) -> list[Use]:
        """The phrases that an anchor may stand for, with its place in each."""
        uses = self._used.get(anchor)
        if uses is None:
            row = _numbers(self._uses[anchor])
            uses = self._used[anchor] = [self._made(*pair) for pair in zip(row[::2], row[1::2], strict=True)]
        return uses

    def _made(self, number: int, place: int) -> Use:
        names, parts, gaps = map(_numbers, self._rows[number].split("|"))
        phrases = [self._spoken[name] for name in names]
        return Use(phrases, place, parts, gaps)

    def _around(self, text: str, use: Use, anchor: tuple[int, int]) -> tuple[int, int] | None:
        """The span of a phrase of several fragments, one of which was found; None where the others are not there."""
        first, last = anchor
        parts, gaps = use.parts, use.gaps
        for k in range(use.place + 1, len(parts)):
            found = self._next(text, parts[k - 1], parts[k], bool(gaps[k]), last)
            if found < 0:
                return None
            last = found + len(self._fragments[parts[k]])
        for k in range(use.place - 1, -1, -1):
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
        if self._edges[before] & _OPEN:
            while end < start and text[end].isalnum():
                end += 1
        between = text[end:start]
        if not gap:
            return not between.strip()
        if not self._edges[before] & _RIGHT:
            return len(between) <= GAP_CHARS
        return len(between.split()) <= GAP_WORDS

    def _is_word(self, fragment: int, text: str, start: int, end: int) -> bool:
        """Whether a fragment begins and ends where words do; a script without spaces has none to mind."""
        if start and self._edges[fragment] & _LEFT and text[start].isalnum() and _continues(text[start - 1]):
            return False
        if self._edges[fragment] & (_OPEN | _RIGHT) != _RIGHT or end == len(text):
            return True
        return not (text[end - 1].isalnum() and _continues(text[end]))

    def _whole(self, text: str) -> list[Hit]:
        """The phrases that are the whole text, and those that open it."""
        hits: list[Hit] = []
        if len(text) <= _LONGEST_EXACT:
            names = self._exact.get(text)
            if names is None and text and not (text[0].isalpha() and text[-1].isalpha()):
                names = self._exact.get(bare(text))
            if names:
                hits = self._hits(names, 0, len(text))
        if not text.startswith(self._openings.get(text[:2], ())):
            return hits
        for length in _PREFIX_KEYS[max(0, _PREFIX_KEYS[0] - len(text)) :]:
            for prefix, named in self._prefixes.get(text[:length], _NONE).items():
                if text.startswith(prefix) and not _goes_on(text, prefix):
                    hits += self._hits(named, 0, len(prefix))
        return hits

    def _hits(self, names: Sequence[int], start: int, end: int) -> list[Hit]:
        return [Hit(self._spoken[name], start, end) for name in names]


def _shared(exact: tuple[str, str]) -> dict[str, tuple[int, ...]]:
    """Texts with the numbers of their names; texts of the same names share them."""
    texts, rows = (joined.split(BETWEEN) if joined else [] for joined in exact)
    known = {row: tuple(_numbers(row)) for row in set(rows)}
    return dict(zip(texts, map(known.__getitem__, rows), strict=True))


def _by_opening(prefixes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Prefixes by their first two characters."""
    known: dict[str, tuple[str, ...]] = {}
    for prefix in prefixes:
        known[prefix[:2]] = (*known.get(prefix[:2], ()), prefix)
    return known


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
    other = _compiled.is_of_another if _compiled else _is_of_another
    return _find(texts, "") if declared and other(hits, declared) else hits


def _is_of_another(hits: list[list[Hit]], declared: str) -> bool:
    """Whether more phrases that are no hints are of another language."""
    said = [hit.phrase for found in hits for hit in found]
    counts = Counter([phrase.language for phrase in said if phrase.strength != "hint"])
    return bool(counts) and counts[declared] < max(counts.values())


def _find(texts: Sequence[str], language: str) -> list[list[Hit]]:
    hits: list[list[Hit]] = []
    for script in sorted((_compiled or scripts).scripts_in(texts)):
        table = phrase_table(script)
        more = table.find(texts, table.known(language)) if table else []
        hits = [found + added for found, added in zip(hits, more, strict=True)] if hits and more else hits or more
    return hits or [[] for _ in texts]


@once
def phrase_table(script: str) -> PhraseTable | None:
    """The lists of one script, read once a process; None where there are none."""
    file = resources.files("cleaner.tag").joinpath("compiled", f"{script}.json")
    return PhraseTable(json.loads(file.read_text("utf-8"))) if file.is_file() else None


_compiled = twin("cleaner.tag._phrases")
