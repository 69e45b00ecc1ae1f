"""Passages of the body that stand on the page a second time: what replies quote, and what is shown in two places.

Pages hold one text for wide screens and one for narrow ones, a description in two tabs, the clones of a carousel;
replies of a forum quote the posts before them. A reader wants it once. What repeats itself beside itself stays:
refrains, the steps of a plan, a phrase that is in many cards of a list, tables, code, and all of a manual.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from cleaner.document import Kind, Label
from cleaner.html.blocks import Blocks
from cleaner.tag.conventions import ARTICLE, CONVENTIONS
from cleaner.tag.verdict import Verdict

_REASON = "rule repeats what stands before"
_CONFIDENCE = 0.9
_STAYS = frozenset({Kind.CODE, Kind.TABLE})

Pair = tuple[int, int]
"""A block, and the earlier one that it repeats."""


def drop_repeats(verdict: Verdict, blocks: Blocks) -> None:
    """Take from the body what repeats earlier blocks of it word for word and in order, in another part of the page."""
    convention = CONVENTIONS.get(verdict.page_type, ARTICLE)
    runs = list(_runs(verdict, blocks)) if convention.repeated else []
    if not runs:
        return
    repeats = {i for run in runs for i, _ in run}
    own = (label is Label.BODY and i not in repeats for i, label in enumerate(verdict.labels))
    before = list(accumulate(own, initial=0))
    for run in runs:
        long = sum(blocks.words[i] for i, _ in run) >= convention.repeated
        if long and (convention.quotes or not _is_phrase_of_cards(*run[0], before, blocks)):
            for i, _ in run:
                verdict.overrule(i, Label.OTHER, _REASON, _CONFIDENCE)


def _runs(verdict: Verdict, blocks: Blocks) -> Iterator[list[Pair]]:
    """Stretches of the body whose blocks repeat earlier ones, in the order in which those stand."""
    run: list[Pair] = []
    first: dict[str, int] = {}
    for i in [i for i, label in enumerate(verdict.labels) if label is Label.BODY]:
        earlier = first.setdefault(blocks.text[i], i)
        repeats = earlier != i and blocks.kind[i] not in _STAYS and not _side_by_side(earlier, i, blocks)
        if run and not (repeats and earlier > run[-1][1]):
            yield run
            run = []
        if repeats:
            run.append((i, earlier))
    if run:
        yield run


def _side_by_side(one: int, other: int, blocks: Blocks) -> bool:
    """Whether two blocks stand in one box, or in boxes that are siblings."""
    parent, boxes = blocks.containers.parent, (blocks.container[one], blocks.container[other])
    return boxes[0] == boxes[1] or parent[boxes[0]] == parent[boxes[1]]


def _is_phrase_of_cards(block: int, earlier: int, before: Sequence[int], blocks: Blocks) -> bool:
    """Whether two blocks stand in boxes of one make, and that of the later one says something of its own as well.

    before has for each block how many blocks before it are of the body and repeat nothing.
    """
    containers = blocks.containers
    one, other = blocks.container[earlier], blocks.container[block]
    here = there = -1
    while one != other:
        if one < other:
            here, other = other, containers.parent[other]
        else:
            there, one = one, containers.parent[one]
    tag, attributes = containers.tag, containers.attributes
    alike = here >= 0 <= there and (tag[here], attributes[here]) == (tag[there], attributes[there])
    return alike and before[containers.last[here]] > before[containers.first[here]]
