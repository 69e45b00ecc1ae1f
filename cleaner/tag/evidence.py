"""Everything the rules see of a page, one entry a block: what its words, its place and its form say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Protocol

from cleaner.document import ASKS, Kind, Label, PageType
from cleaner.html.blocks import Blocks
from cleaner.html.hints import Hints
from cleaner.tag.phrases import Hit, find_phrases, main_language
from cleaner.tag.stamps import is_amount
from cleaner.tag.structure import FOOT, Sign, zones
from cleaner.twin import twin

PROSE_WORDS = 8
PROSE_LINKS = 0.5
SHORT = 6
ALIKE = 0.6
DENSE_HINTS = 14
"""A hint speaks for a whole block where the block has at most this many words a hint."""
LONG = 60
GROUPED = ASKS | {Label.APP_PROMO}
"""What comes in groups: a heading, words, a button. An app's promotion is built like an ask, though it is none."""


@dataclass(slots=True)
class Cues:
    """What the phrases of one block say of asks: a weight for each label, and whether the block is a part of one."""

    weights: dict[Label, float]
    certain: bool = False
    sure: int = 0
    """How many places of the text alone decide for an ask."""
    part: bool = False
    hints: int = 0
    salutation: bool = False
    wall: bool = False
    form: bool = False
    """Whether it stands in a small box that takes an e-mail address."""

    @property
    def speaks(self) -> bool:
        """Whether the block says anything of asks."""
        return bool(self.certain or self.part or self.hints)


@dataclass(slots=True)
class Evidence:
    """The blocks of a page with what is known of each before anything is decided."""

    blocks: Blocks
    hints: Hints
    prose: list[int]
    """The words of a block that reads like prose, else 0."""
    link_share: list[float]
    zone: list[Sign | None]
    hits: list[list[Hit]]
    cues: list[Cues]
    total: list[int]
    """Running sum of prose: ``total[j] - total[i]`` words of prose stand in blocks i to j."""
    alike: list[float]
    """How like the page's own title each heading is, as by :func:`likeness`; of other blocks 0."""
    title: int
    """The heading that says what the page's own title says, or -1."""

    def mass(self, container: int) -> int:
        """Words of prose inside a container."""
        containers = self.blocks.containers
        return self.total[containers.last[container]] - self.total[containers.first[container]]


def gather(blocks: Blocks, hints: Hints, kind: PageType) -> Evidence:
    """Look at a page once."""
    return _gathered(blocks, hints, kind, COMPILED or _REFERENCE)


def reference(blocks: Blocks, hints: Hints, kind: PageType) -> Evidence:
    """What :func:`gather` gives, without its twin."""
    return _gathered(blocks, hints, kind, _REFERENCE)


class _Ways(Protocol):
    """What there is a twin of."""

    def shares(self, blocks: Blocks) -> tuple[list[float], list[int], list[int]]: ...
    def zone_of(
        self, blocks: Blocks, by_container: list[Sign | None]
    ) -> tuple[list[Sign | None], list[str | None]]: ...
    def languages(self, hits: list[list[Hit]], declared: str) -> frozenset[str]: ...
    def cues_of(self, blocks: Blocks, hits: list[list[Hit]], languages: frozenset[str]) -> list[Cues]: ...


def _gathered(blocks: Blocks, hints: Hints, kind: PageType, ways: _Ways) -> Evidence:
    link_share, prose, total = ways.shares(blocks)
    alike = _all_alike(blocks, hints.title)
    title = next((i for i, much in enumerate(alike) if much >= ALIKE), -1)
    zone, asked = ways.zone_of(blocks, zones(blocks, prose, title, kind))
    language = main_language(hints.language)
    found = iter(find_phrases([text for text in asked if text is not None], language))
    hits: list[list[Hit]] = [[] if text is None else next(found) for text in asked]
    cues = ways.cues_of(blocks, hits, ways.languages(hits, language))
    _add_forms(blocks, cues)
    return Evidence(blocks, hints, prose, link_share, zone, hits, cues, total, alike, title)


class _Reference:
    """The ways of the reference."""

    def shares(self, blocks: Blocks) -> tuple[list[float], list[int], list[int]]:
        """The share of links in each block, its words of prose, and their running sum."""
        link_share = [min(1.0, linked / len(text)) for linked, text in zip(blocks.link_chars, blocks.text, strict=True)]
        prose = [
            words if words >= PROSE_WORDS and share < PROSE_LINKS and kind is not Kind.CONTROL else 0
            for words, share, kind in zip(blocks.words, link_share, blocks.kind, strict=True)
        ]
        return link_share, prose, [0, *accumulate(prose)]

    def zone_of(self, blocks: Blocks, by_container: list[Sign | None]) -> tuple[list[Sign | None], list[str | None]]:
        """The sign of each block, and its text; None where its place says what its words could say.

        Menus are half of all blocks.
        """
        zone = [by_container[container] for container in blocks.container]
        rows = zip(blocks.text, zone, blocks.words, strict=True)
        return zone, [None if _is_menu(sign) and words <= SHORT else text for text, sign, words in rows]

    def languages(self, hits: list[list[Hit]], declared: str) -> frozenset[str]:
        """The languages whose hints count: the declared one, and the one that most phrases are of."""
        counts = Counter([hit.phrase.language for found in hits for hit in found])
        most = [language for language, _ in counts.most_common(1)]
        return frozenset([declared, *most])

    def cues_of(self, blocks: Blocks, hits: list[list[Hit]], languages: frozenset[str]) -> list[Cues]:
        """The cues of each block, the forms left out."""
        cues = [_cues(found, words, languages) for found, words in zip(hits, blocks.words, strict=True)]
        for i, (text, words) in enumerate(zip(blocks.text, blocks.words, strict=True)):
            if words <= SHORT and is_amount(text):
                cues[i] = replace(cues[i], part=True)
        return cues


def _all_alike(blocks: Blocks, title: str) -> list[float]:
    """The likeness of every heading to the page's own title."""
    wanted = _tokens(title)
    if not wanted:
        return [0.0] * len(blocks)
    rows = zip(blocks.text, blocks.kind, strict=True)
    return [_alike(_tokens(text), wanted) if kind is Kind.HEADING else 0.0 for text, kind in rows]


def likeness(text: str, title: str) -> float:
    """How much of the shorter of two titles stands in the other, from 0 to 1; nothing for a single word."""
    return _alike(_tokens(text), _tokens(title))


def _alike(words: set[str], others: set[str]) -> float:
    return len(words & others) / min(len(words), len(others)) if len(words) > 1 and others else 0.0


def _tokens(text: str) -> set[str]:
    """The words of a text; its pairs of characters where it has no spaces between words."""
    text = text.lower()
    tokens = text.replace("’", "'").split()
    if len(tokens) <= 2 and len(text) > 8 and not text.isascii():
        return {text[i : i + 2] for i in range(len(text) - 1)}
    return set(tokens)


_NOTHING = Cues({})
_MENUS = frozenset({Label.NAVIGATION, Label.SOCIAL, Label.RELATED})
_MEANS = {"wall": "paywall", "salutation": "donation"}
_SALUTATION_WORDS = 12
_FORM_WEIGHT = 1.5
_FORM_BLOCKS = 12
_FORM_WORDS = 90
_STRENGTH = {"certain": 3.0, "prefix": 3.0, "exact": 2.0, "hint": 1.0}


def _is_menu(sign: Sign | None) -> bool:
    return sign is not None and not sign.weak and sign.label in _MENUS and sign is not FOOT


def _add_forms(blocks: Blocks, cues: list[Cues]) -> None:
    for first, last in _mail_forms(blocks):
        for i in range(first, last):
            weights = {Label.NEWSLETTER: _FORM_WEIGHT, **cues[i].weights}
            cues[i] = replace(cues[i], weights=weights, certain=True, part=True, form=True)


def _mail_forms(blocks: Blocks) -> Iterator[tuple[int, int]]:
    """The blocks of each small box that asks for an e-mail address and not for a comment."""
    containers = blocks.containers
    for container in sorted(containers.mail_fields):
        best = None
        while container >= 0:
            first, last = containers.first[container], containers.last[container]
            if last - first > _FORM_BLOCKS or sum(blocks.words[first:last]) > _FORM_WORDS:
                break
            if _takes_text(blocks, container):
                best = None
                break
            best = first, last
            if containers.tag[container] == "form" and last > first:
                break
            container = containers.parent[container]
        if best is not None:
            yield best


def _takes_text(blocks: Blocks, container: int) -> bool:
    containers = blocks.containers
    for inner in range(container, len(containers)):
        if inner > container and containers.parent[inner] < container:
            break
        if inner in containers.text_areas:
            return True
    return False


def _cues(hits: Sequence[Hit], words: int, languages: frozenset[str]) -> Cues:
    if not hits:
        return _NOTHING
    cues = Cues({})
    hints, counted, sure = set(), set(), set()
    for hit in hits:
        phrase = hit.phrase
        is_hint = phrase.strength == "hint"
        if is_hint and phrase.language not in languages:
            continue
        name = _MEANS.get(phrase.label, phrase.label)
        if name == "part":
            cues.part = cues.part or phrase.strength == "exact"
        elif name not in GROUPED or (phrase.label == "salutation" and words > _SALUTATION_WORDS):
            continue
        else:
            label = Label(name)
            if (label, hit.start, is_hint) not in counted:
                cues.weights[label] = cues.weights.get(label, 0.0) + _STRENGTH[phrase.strength]
                counted.add((label, hit.start, is_hint))
            cues.wall = cues.wall or phrase.label == "wall"
        if is_hint:
            hints.add(hit.start)
        elif name != "part":
            cues.certain = True
            sure.add(hit.start)
            opens = phrase.label == "salutation" or (phrase.strength == "prefix" and name == "donation")
            cues.salutation = cues.salutation or (opens and words <= _SALUTATION_WORDS)
    cues.hints, cues.sure = len(hints), len(sure)
    return cues


_REFERENCE = _Reference()
COMPILED = twin("cleaner.tag._evidence")
