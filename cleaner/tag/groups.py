"""Asks made whole: the runs of ask blocks, with the scraps between them, as groups.

The tagger labels blocks one by one. An ask's amounts, field labels and dismissals say little by themselves, so they
take the label of the ask that they stand in; never a block of the article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cleaner.document import ARTICLE, ASKS, Label
from cleaner.html.blocks import Blocks
from cleaner.tag.verdict import Verdict

_SCRAP_WORDS = 8
_MOST_SCRAPS = 6
_MOST = 0.5
_SMALL_BOX = 40


def made_whole(labels: Sequence[Label], verdict: Verdict, blocks: Blocks) -> list[Label]:
    """The labels with the scraps of an ask labelled like the ask.

    A scrap is a short block that is neither of the article nor of an ask: inside a group of the rules that is mostly of
    one ask, or between two blocks of one ask that stand in a small box with it. A salutation goes with its letter.
    """
    whole, words = list(labels), blocks.words
    groups: dict[int, list[int]] = {}
    for i, group in enumerate(verdict.asks):
        if group >= 0:
            groups.setdefault(group, []).append(i)
    for members in groups.values():
        weight = Counter[Label]()
        for i in members:
            weight[labels[i]] += words[i] + 1
        label, most = weight.most_common(1)[0]
        if label in ASKS and most > _MOST * weight.total():
            _take(whole, [i for i in members if words[i] <= _SCRAP_WORDS], label)
    _close_gaps(whole, blocks)
    for i in verdict.greetings:
        if whole[i] in ASKS and Label.BODY in whole[i + 1 : i + 2]:
            whole[i] = Label.BODY
    return whole


def _take(labels: list[Label], blocks: Sequence[int], label: Label) -> None:
    for i in blocks:
        if labels[i] not in ARTICLE and labels[i] not in ASKS:
            labels[i] = label


def _close_gaps(labels: list[Label], blocks: Blocks) -> None:
    last = -1
    for i in [i for i, label in enumerate(labels) if label in ASKS]:
        label = labels[i]
        between = range(last + 1, i)
        near = last >= 0 and 0 < len(between) <= _MOST_SCRAPS and labels[last] is label
        scraps = near and all(labels[k] not in ARTICLE and blocks.words[k] <= _SCRAP_WORDS for k in between)
        if scraps and _in_small_box(last, i, blocks):
            _take(labels, between, label)
        last = i


def _in_small_box(first: int, last: int, blocks: Blocks) -> bool:
    """Whether two blocks stand in a box that holds few others; the lines of a plain text may stand in any."""
    if blocks.is_text:
        return True
    containers, container = blocks.containers, blocks.container[first]
    while container >= 0 and containers.last[container] <= last:
        container = containers.parent[container]
    return container >= 0 and containers.last[container] - containers.first[container] <= _SMALL_BOX


def grouped(labels: Sequence[Label], verdict: Verdict) -> list[int]:
    """The group that each ask block belongs to, -1 for none: a run of one label, parted where the rules part it."""
    asks = [-1] * len(labels)
    group = -1
    for i in [i for i, label in enumerate(labels) if label in ASKS]:
        label = labels[i]
        apart = i > 0 and verdict.asks[i] != verdict.asks[i - 1] and -1 not in verdict.asks[i - 1 : i + 1]
        if i == 0 or labels[i - 1] is not label or apart:
            group += 1
        asks[i] = group
    return asks
