"""Teasers of other pages: the same small box again and again, each led by a link."""

from __future__ import annotations

from itertools import accumulate

from cleaner.html.blocks import Containers
from cleaner.tag.evidence import Evidence
from cleaner.tag.structure import MOST_OF_PAGE
from cleaner.twin import twin

_FEWEST = 3
_MOST_BLOCKS = 9
_MOST_WORDS = 100
_MOST_TITLES = 3
_LINK_TITLE_WORDS = 3
_LINK_TITLE_SHARE = 0.7
_ALIKE = 0.7
_OF_TABLES = frozenset({"tr", "td", "th", "tbody"})
_ARTICLE_BEFORE = 100
_ENTRY_WORDS = 60


def find_cards(evidence: Evidence) -> list[bool]:
    """Return for each block whether it stands in one of at least three sibling boxes of teaser shape."""
    return COMPILED.find_cards(evidence) if COMPILED is not None else reference(evidence)


def reference(evidence: Evidence) -> list[bool]:
    """:func:`find_cards` in Python."""
    blocks, containers = evidence.blocks, evidence.blocks.containers
    words = [0, *accumulate(blocks.words)]
    titles = [
        0,
        *accumulate(
            share >= _LINK_TITLE_SHARE and count >= _LINK_TITLE_WORDS
            for share, count in zip(evidence.link_share, blocks.words, strict=True)
        ),
    ]
    shaped = {
        c
        for c, (first, last) in enumerate(zip(containers.first, containers.last, strict=True))
        if first < last <= first + _MOST_BLOCKS
        and 1 <= titles[last] - titles[first] <= _MOST_TITLES
        and words[last] - words[first] <= _MOST_WORDS
    }
    if len(shaped) < _FEWEST:
        return [False] * len(blocks)
    cards = [False] * len(blocks)
    for members in _siblings(containers, {containers.parent[c] for c in shaped}):
        if len(members) < _FEWEST or containers.tag[members[0]] in _OF_TABLES:
            continue
        if sum(c in shaped for c in members) < max(_FEWEST, _ALIKE * len(members)) or _are_content(evidence, members):
            continue
        for c in members:
            cards[containers.first[c] : containers.last[c]] = [True] * (containers.last[c] - containers.first[c])
    return cards


def _siblings(containers: Containers, parents: set[int]) -> list[list[int]]:
    """The boxes in each of some containers that hold any text, boxes of one make together."""
    alike: dict[tuple[int, str, str], list[int]] = {}
    first, last, attributes, tag = containers.first, containers.last, containers.attributes, containers.tag
    for c, parent in enumerate(containers.parent):
        if parent in parents and first[c] < last[c]:
            alike.setdefault((parent, tag[c], attributes[c].partition(" ")[0]), []).append(c)
    return list(alike.values())


def _are_content(evidence: Evidence, members: list[int]) -> bool:
    """Whether boxes alike hold so much of the page's prose that they are what it shows, as in a list of entries."""
    mass = sum(evidence.mass(c) for c in members)
    if mass <= MOST_OF_PAGE * evidence.total[-1]:
        return False
    before = evidence.total[evidence.blocks.containers.first[members[0]]]
    return before < _ARTICLE_BEFORE or mass > _ENTRY_WORDS * len(members)


COMPILED = twin("cleaner.tag._cards")
