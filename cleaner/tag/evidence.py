"""Everything the rules see of a page, one entry a block: what its words, its place and its form say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from cleaner.document import ASKS, Kind, Label
from cleaner.html.blocks import Blocks
from cleaner.html.hints import Hints
from cleaner.tag.phrases import Hit, phrase_table
from cleaner.tag.structure import Sign, zones

PROSE_WORDS = 10
PROSE_LINKS = 0.4
SHORT = 6
DENSE_HINTS = 14
"""A hint speaks for a whole block where the block has at most this many words a hint."""
LONG = 60


@dataclass(slots=True)
class Cues:
    """What the phrases of one block say of asks: a weight for each label, and whether the block is a part of one."""

    weights: dict[Label, float]
    certain: bool = False
    part: bool = False
    hints: int = 0
    salutation: bool = False
    wall: bool = False

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

    def mass(self, container: int) -> int:
        """Words of prose inside a container."""
        containers = self.blocks.containers
        return self.total[containers.last[container]] - self.total[containers.first[container]]


def gather(blocks: Blocks, hints: Hints) -> Evidence:
    """Look at a page once."""
    link_share = [min(1.0, linked / len(text)) for linked, text in zip(blocks.link_chars, blocks.text, strict=True)]
    prose = [
        words if words >= PROSE_WORDS and share < PROSE_LINKS and kind is not Kind.CONTROL else 0
        for words, share, kind in zip(blocks.words, link_share, blocks.kind, strict=True)
    ]
    by_container = zones(blocks, prose)
    hits = phrase_table().find(blocks.text)
    return Evidence(
        blocks=blocks,
        hints=hints,
        prose=prose,
        link_share=link_share,
        zone=[by_container[container] for container in blocks.container],
        hits=hits,
        cues=[_cues(found, words) for found, words in zip(hits, blocks.words, strict=True)],
        total=[0, *accumulate(prose)],
    )


_NOTHING = Cues({})
_STRENGTH = {"certain": 3.0, "prefix": 3.0, "exact": 2.0, "hint": 1.0}


def _cues(hits: Sequence[Hit], words: int) -> Cues:
    if not hits:
        return _NOTHING
    cues = Cues({})
    seen = set()
    for hit in hits:
        phrase = hit.phrase
        name = "paywall" if phrase.label == "wall" else phrase.label
        if name == "part":
            cues.part = cues.part or phrase.strength == "exact"
        elif name not in ASKS:
            continue
        else:
            label = Label(name)
            cues.weights[label] = cues.weights.get(label, 0.0) + _STRENGTH[phrase.strength]
            cues.wall = cues.wall or phrase.label == "wall"
        if phrase.strength == "hint":
            seen.add((hit.start, hit.end))
        elif name != "part":
            cues.certain = True
            cues.salutation = cues.salutation or (phrase.strength == "prefix" and name == "donation")
    cues.hints = len(seen)
    return cues
