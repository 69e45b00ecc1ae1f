"""Where the article is: the part of the page that holds most of its prose.

Each block weighs for or against the container it stands in: prose for it, links and scraps against it; the container
with the greatest sum frames the content (the idea of maximum subsequence segmentation, Pasternack and Roth 2009, on
the tree instead of the line). Inside the frame the core is the smallest container with nearly all of the prose.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from cleaner.document import Kind
from cleaner.tag.evidence import ALIKE, Evidence

CORE_SHARE = 0.75
_LINK_COST = 0.5
_LINKY = 0.5
_LINK_WORTH = 0.5
_LINK_WORDS = 3
_TWIN_WORDS = 20
_TITLE_WORTH = 20.0
_WHOLE_WORDS = 100
_HEAD_REACH = 12
_SCRAP_COST = 3.0
_HEADLINE_REACH = 6
_NEUTRAL = frozenset({Kind.HEADING, Kind.CODE, Kind.TABLE})
_HEADLINE_WORDS = (3, 30)


@dataclass(frozen=True, slots=True)
class Frame:
    """The range of blocks of the content (``first <= block < last``), its core, and the headline's block or -1."""

    first: int
    last: int
    core_first: int
    core_last: int
    headline: int


def find_frame(evidence: Evidence, cruft: list[bool], *, links: bool = False, title: int = -1) -> Frame:
    """Return where the content of a page stands.

    cruft says which blocks are known not to be of it; with *links*, links to other pages are what the page shows.
    title is the heading that says what the page's own title says, or -1: the article is likely to stand around it.
    """
    blocks, containers = evidence.blocks, evidence.blocks.containers
    weights = _weights(evidence, cruft, links)
    if blocks.is_text:
        return _run_frame(evidence, weights)
    total = [0.0, *accumulate(w + _TITLE_WORTH * (i == title) for i, w in enumerate(weights))]
    sums = [total[last] - total[first] for first, last in zip(containers.first, containers.last, strict=True)]
    if not sums:
        return Frame(0, len(blocks), 0, len(blocks), -1)
    # Of several as great the last, that is the innermost.
    frame = len(sums) - 1 - sums[::-1].index(max(sums))
    positive = [0.0, *accumulate(max(0.0, weight) for weight in weights)]
    core = _own_article(evidence, _core(evidence, frame, positive), title)
    first, last = _with_twins(evidence, core, positive)
    headline = find_headline(evidence, last)
    if headline < 0:
        headline = _headline_above(evidence, _first_prose(evidence, cruft, first, last))
    return Frame(containers.first[frame], containers.last[frame], first, last, headline)


def _own_article(evidence: Evidence, core: int, title: int) -> int:
    """Of several whole articles inside the core, the one under the page's own headline; else the core."""
    containers = evidence.blocks.containers
    whole = []
    for c in range(core + 1, len(containers)):
        if containers.parent[c] < core:
            break
        if containers.tag[c] == "article" and evidence.mass(c) >= _WHOLE_WORDS and _is_headed(evidence, c):
            whole.append(c)
    own = [c for c in whole if containers.first[c] <= title < containers.last[c]]
    if not own:
        return core
    best = own[-1]
    others = [
        c for c in whole if containers.first[c] >= containers.last[best] or containers.last[c] <= containers.first[best]
    ]
    return best if others else core


def _is_headed(evidence: Evidence, container: int) -> bool:
    containers = evidence.blocks.containers
    first = containers.first[container]
    return Kind.HEADING in evidence.blocks.kind[first : min(first + _HEAD_REACH, containers.last[container])]


def _with_twins(evidence: Evidence, core: int, positive: list[float]) -> tuple[int, int]:
    """The range of the core and of its twins: boxes of the same make beside it, as an article cut into pieces has."""
    containers = evidence.blocks.containers
    first, last = containers.first[core], containers.last[core]
    tag, parent, attributes = containers.tag[core], containers.parent[core], containers.attributes[core]
    if not attributes or parent < 0:
        return first, last
    for c in range(parent + 1, len(containers)):
        if containers.parent[c] < parent:
            break
        alike = containers.parent[c] == parent and containers.tag[c] == tag and containers.attributes[c] == attributes
        if alike and positive[containers.last[c]] - positive[containers.first[c]] >= _TWIN_WORDS:
            first, last = min(first, containers.first[c]), max(last, containers.last[c])
    return first, last


def _first_prose(evidence: Evidence, cruft: list[bool], first: int, last: int) -> int:
    return next((i for i in range(first, last) if evidence.prose[i] and not cruft[i]), first)


def _weights(evidence: Evidence, cruft: list[bool], links: bool) -> list[float]:
    """How much each block speaks for the container it stands in."""
    blocks = evidence.blocks
    weights = []
    rows = zip(cruft, evidence.prose, blocks.words, evidence.link_share, blocks.kind, strict=True)
    for is_cruft, prose, words, share, kind in rows:
        if is_cruft:
            weight = 0.0
        elif prose:
            weight = words * (1.0 - share)
        elif links:
            weight = _LINK_WORTH * words if words >= _LINK_WORDS else 0.0
        elif share > _LINKY:
            weight = -_LINK_COST * words - 1.0
        else:
            weight = 0.0 if kind in _NEUTRAL else -1.0
        weights.append(weight)
    return weights


def _core(evidence: Evidence, frame: int, positive: list[float]) -> int:
    containers = evidence.blocks.containers

    def mass(container: int) -> float:
        return positive[containers.last[container]] - positive[containers.first[container]]

    # Containers stand in document order, children behind their parent: one pass follows the chain down.
    core = frame
    for container in range(frame + 1, len(containers)):
        if containers.parent[container] == core and mass(container) >= CORE_SHARE * mass(core):
            core = container
    return core


def _run_frame(evidence: Evidence, weights: list[float]) -> Frame:
    """The frame of plain text: the run of lines with the greatest sum, scraps weighing more against it."""
    best = current = 0.0
    first = last = start = 0
    for i, weight in enumerate(weights):
        if current <= 0.0:
            current, start = 0.0, i
        current += weight if weight > 0.0 else _SCRAP_COST * weight
        if current > best:
            best, first, last = current, start, i + 1
    if best == 0.0:
        # Nothing reads like prose: all of a short text is what there is.
        first, last = 0, len(weights)
    return Frame(first, last, first, last, _headline_above(evidence, first))


def _headline_above(evidence: Evidence, first: int) -> int:
    """The line that is a headline without markup: a short one over the first prose, no sentence and no cruft."""
    blocks = evidence.blocks
    for i in range(first - 1, max(-1, first - 1 - _HEADLINE_REACH), -1):
        if evidence.zone[i] is not None or evidence.link_share[i] > _LINKY or blocks.kind[i] is Kind.LIST_ITEM:
            continue
        if evidence.cues[i].speaks or any(hit.phrase.strength != "hint" for hit in evidence.hits[i]):
            continue
        if _HEADLINE_WORDS[0] <= blocks.words[i] <= _HEADLINE_WORDS[1] and not blocks.text[i].endswith((".", ",", ":")):
            return i
    return -1


def find_headline(evidence: Evidence, end: int) -> int:
    """Return the block that is the page's headline, or -1: the heading most like the page's own title."""
    blocks = evidence.blocks
    best, best_score = -1, 0.0
    heading = Kind.HEADING
    for i in [i for i, kind in enumerate(blocks.kind[: max(0, end)]) if kind is heading]:
        level = _level(evidence, i)
        alike = evidence.alike[i]
        if level > 1 and alike < ALIKE:
            continue
        zone = evidence.zone[i]
        score = (
            3.0 * alike
            + _covered(blocks.text[i], evidence.hints.title)
            + 1.0 / level
            - (0.9 if zone and not zone.weak and alike < ALIKE else 0.0)
        )
        if score > best_score + 0.05:
            best, best_score = i, score
    return best


def _covered(text: str, title: str) -> float:
    """How much of the page's own title a heading is as long as: a site's name is a short part of it."""
    return min(1.0, len(text) / max(1, len(title)))


def _level(evidence: Evidence, i: int) -> int:
    containers = evidence.blocks.containers
    container = evidence.blocks.container[i]
    while container >= 0:
        tag = containers.tag[container]
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            return int(tag[1])
        container = containers.parent[container]
    return 6
