"""Teasers of other pages: the same small box again and again, each led by a link."""

from __future__ import annotations

from itertools import accumulate

from cleaner.tag.evidence import Evidence
from cleaner.tag.structure import MOST_OF_PAGE

_FEWEST = 3
_MOST_BLOCKS = 9
_MOST_WORDS = 100
_LINK_TITLE_WORDS = 3
_LINK_TITLE_SHARE = 0.7
_ALIKE = 0.7
_OF_TABLES = frozenset({"tr", "td", "th", "tbody"})
_ARTICLE_BEFORE = 100
_ENTRY_WORDS = 60


def find_cards(evidence: Evidence) -> list[bool]:
    """Return for each block whether it stands in one of at least three sibling boxes of teaser shape."""
    blocks, containers = evidence.blocks, evidence.blocks.containers
    words = [0, *accumulate(blocks.words)]
    titles = [
        0,
        *accumulate(
            share >= _LINK_TITLE_SHARE and count >= _LINK_TITLE_WORDS
            for share, count in zip(evidence.link_share, blocks.words, strict=True)
        ),
    ]
    siblings: dict[tuple[int, str, str], list[int]] = {}
    for c, (tag, parent, attributes) in enumerate(
        zip(containers.tag, containers.parent, containers.attributes, strict=True)
    ):
        if containers.last[c] > containers.first[c]:
            siblings.setdefault((parent, tag, attributes.partition(" ")[0]), []).append(c)
    cards = [False] * len(blocks)
    for members in siblings.values():
        if len(members) < _FEWEST or containers.tag[members[0]] in _OF_TABLES or _are_content(evidence, members):
            continue
        shaped = [c for c in members if _is_card(containers.first[c], containers.last[c], words, titles)]
        if len(shaped) >= max(_FEWEST, _ALIKE * len(members)):
            for c in members:
                cards[containers.first[c] : containers.last[c]] = [True] * (containers.last[c] - containers.first[c])
    return cards


def _are_content(evidence: Evidence, members: list[int]) -> bool:
    """Whether boxes alike hold so much of the page's prose that they are what it shows, as in a list of entries."""
    mass = sum(evidence.mass(c) for c in members)
    if mass <= MOST_OF_PAGE * evidence.total[-1]:
        return False
    before = evidence.total[evidence.blocks.containers.first[members[0]]]
    return before < _ARTICLE_BEFORE or mass > _ENTRY_WORDS * len(members)


def _is_card(first: int, last: int, words: list[int], titles: list[int]) -> bool:
    return (
        last - first <= _MOST_BLOCKS
        and words[last] - words[first] <= _MOST_WORDS
        and 1 <= titles[last] - titles[first] <= 3
    )
