"""Asks as groups: the letter, its amounts, its button and its fine print belong together.

A seed is a block that surely asks the reader for something. In a box of its own the whole box goes with it; in a flat
run of blocks, and in plain text, the group grows from the seed over what speaks of asks, up to the article's next run.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from cleaner.document import Kind, Label
from cleaner.tag.content import Frame
from cleaner.tag.evidence import DENSE_HINTS, GROUPED, LONG, SHORT, Cues, Evidence
from cleaner.tag.quoted import is_quoted, quotes
from cleaner.tag.structure import Sign
from cleaner.twin import twin

_MOST_BLOCKS = 60
_MOST_WORDS = 700
_BOX_NEUTRAL = 1.0
_WIDER_NEUTRAL = 0.3
_FEW = 16
_FORM_BOX = 12
_FORM_NEUTRAL = 60
_HIGHEST = 12
_LETTER_REACH = 8
_MENU_ITEMS = 5
_LINK_SHARE = 0.5
_SALUTATION_WORDS = 8
_BOX_SCRAPS = 2.0
_GAP = 2
_ZONE_WEIGHT = 2.0
_ELSEWHERE = frozenset({Label.NAVIGATION, Label.COMMENTS, Label.CONSENT, Label.LEGAL, Label.RELATED})
_HINTS_AS_ONE = 3.0
_FLANKED = 30
_PARAGRAPH = 40


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that make one ask, in page order, what began it, and whether it only greets: nothing in it surely asks."""

    label: Label
    blocks: tuple[int, ...]
    seed: int
    greets: bool = False


class _Sums:
    """Running sums over the blocks: words that speak of asks, words of prose that does not, blocks that do."""

    def __init__(self, finder: AskFinder, speaks: list[bool]) -> None:
        words, prose = finder.blocks.words, finder.evidence.prose
        self._speaking = [0, *accumulate([w if s else 0 for w, s in zip(words, speaks, strict=True)])]
        self._neutral = [0, *accumulate([0 if s else p for p, s in zip(prose, speaks, strict=True)])]
        self._speakers = [0, *accumulate(speaks)]

    def speaking(self, first: int, last: int) -> int:
        return self._speaking[last] - self._speaking[first]

    def neutral(self, first: int, last: int) -> int:
        return self._neutral[last] - self._neutral[first]

    def speakers(self, first: int, last: int) -> int:
        return self._speakers[last] - self._speakers[first]


def candidates(zones: Sequence[Sign | None], cues: Sequence[Cues]) -> list[int]:
    """The blocks that could be seeds: most have nothing that could make them one."""
    rows = enumerate(zip(zones, cues, strict=True))
    return [
        i for i, (zone, said) in rows if said.certain or (zone is not None and not zone.weak and zone.label in GROUPED)
    ]


def heard(cues: Sequence[Cues]) -> tuple[list[bool], list[bool], list[bool]]:
    """For each block whether it says anything of asks; whether it is an act of one; whether it is of a form."""
    speaking = [said.speaks for said in cues]
    return speaking, [said.part or said.salutation for said in cues], [said.form for said in cues]


def strangers(zones: Sequence[Sign | None], speaking: Sequence[bool]) -> list[bool]:
    """For each block whether its markup is surely of something else than asks, and so are its words."""
    rows = zip(zones, speaking, strict=True)
    return [zone is not None and not zone.weak and zone.label not in GROUPED and not speaks for zone, speaks in rows]


class AskFinder:
    """Finds the asks of one page. Sums over the page are made for the first seed: many pages have none."""

    def __init__(self, evidence: Evidence, frame: Frame, ways: Any = None) -> None:
        self.evidence = evidence
        self.frame = frame
        self.blocks = evidence.blocks
        self._cues = evidence.cues
        self._ways = ways or COMPILED or sys.modules[__name__]
        self._greetings: set[int] = set()

    @cached_property
    def _heard(self) -> tuple[list[bool], list[bool], list[bool]]:
        found: tuple[list[bool], list[bool], list[bool]] = self._ways.heard(self._cues)
        return found

    @cached_property
    def _says(self) -> list[bool]:
        return [said and self._speaks(i) for i, said in enumerate(self._heard[0])]

    @cached_property
    def _dense(self) -> _Sums:
        return _Sums(self, self._says)

    @cached_property
    def _loose(self) -> _Sums:
        return _Sums(self, self._heard[0])

    @cached_property
    def _acts(self) -> list[int]:
        return [0, *accumulate(self._heard[1])]

    @cached_property
    def _forms(self) -> list[int]:
        return [0, *accumulate(self._heard[2])]

    @cached_property
    def _strangers(self) -> list[int]:
        return [0, *accumulate(self._ways.strangers(self.evidence.zone, self._heard[0]))]

    @cached_property
    def _words(self) -> list[int]:
        return [0, *accumulate(self.blocks.words)]

    def run(self) -> list[Group]:
        """Return the groups, in page order, no block in two of them."""
        members: dict[int, int] = {}
        for seed in self._ways.candidates(self.evidence.zone, self._cues):
            if seed in members or not self.is_seed(seed):
                continue
            for i in self._grow(seed):
                members.setdefault(i, seed)
        return self._groups(members)

    def greetings(self, groups: Sequence[Group]) -> set[int]:
        """The salutations of the groups that only greet."""
        return {i for group in groups if group.greets for i in group.blocks if self._cues[i].salutation}

    def is_seed(self, i: int) -> bool:
        """Whether a block alone surely asks the reader for something."""
        zone = self.evidence.zone[i]
        if zone is not None and not zone.weak:
            if zone.label in GROUPED:
                return True
            if zone.label in _ELSEWHERE and self.blocks.words[i] <= SHORT and not self._cues[i].form:
                return False
        cues = self._cues[i]
        return cues.certain and bool(cues.weights) and not self._is_menu_item(i) and not self._is_story(i)

    def _is_menu_item(self, i: int) -> bool:
        """Whether a block is a short link among many in a list away from the article."""
        blocks = self.blocks
        if self.frame.first <= i < self.frame.last or blocks.group[i] < 0 or blocks.words[i] > SHORT:
            return False
        if self._cues[i].form or self.evidence.link_share[i] < _LINK_SHARE:
            return False
        near = range(max(0, i - _MENU_ITEMS), min(len(blocks), i + _MENU_ITEMS))
        return (
            sum(blocks.group[k] == blocks.group[i] and self.evidence.link_share[k] > _LINK_SHARE for k in near)
            >= _MENU_ITEMS
        )

    def _is_story(self, i: int) -> bool:
        """Whether the phrases stand in a sentence of the article: quoted, or lost in a long paragraph."""
        cues = self._cues[i]
        longest = _FLANKED if self._is_flanked(i) else LONG
        bound = longest * max(1.0, cues.sure + cues.hints / _HINTS_AS_ONE)
        if self.blocks.words[i] > bound and not cues.salutation and not cues.form:
            return True
        return self.is_reported(i)

    def is_reported(self, i: int) -> bool:
        """Whether a block gives what others say: a quotation, or a table or listing."""
        text = self.blocks.text[i]
        of_others = self.blocks.kind[i] in (Kind.QUOTE, Kind.CODE, Kind.TABLE)
        return of_others or is_quoted(text) or quotes(text, self.evidence.hits[i])

    def _is_flanked(self, i: int) -> bool:
        """Whether a paragraph of the article stands next to a block, in the like place."""
        return any(
            self.evidence.prose[k] > 0 and not self.evidence.cues[k].speaks and self._shell(k) == self._shell(i)
            for k in (*range(max(0, i - 2), i), *range(i + 1, min(i + 3, len(self.blocks))))
        )

    def _shell(self, i: int) -> int:
        return self.blocks.containers.parent[self.blocks.container[i]]

    def _speaks(self, i: int) -> bool:
        cues = self.evidence.cues[i]
        if cues.certain or cues.part:
            return True
        return cues.hints > 0 and self.blocks.words[i] <= DENSE_HINTS * cues.hints

    # Growing.

    def _grow(self, seed: int) -> list[int]:
        box = self._box(seed)
        if box is not None:
            return [i for i in range(*self._trimmed(*box)) if i != self.frame.headline]
        run = self._run(seed)
        # Columns of advice and open letters greet too: it is surely an ask where something after it asks.
        if self._cues[seed].salutation and not any(self._says[seed + 1 : run[-1] + 1]):
            self._greetings.add(seed)
        return run

    def _trimmed(self, first: int, last: int) -> tuple[int, int]:
        """A box without the paragraphs of the article that it begins with, up to a wall, or ends with, after a button.

        A letter keeps all of its own.
        """
        cues = self._cues[first:last]
        if any(said.salutation for said in cues):
            return first, last
        begin, end = first, last
        while self._is_silent_prose(begin):
            begin += 1
        while self._is_silent_prose(end - 1):
            end -= 1
        walled = any(said.wall for said in cues)
        return begin if walled else first, end if self._words[last] - self._words[end] > _PARAGRAPH else last

    def _is_silent_prose(self, i: int) -> bool:
        return self.evidence.prose[i] > 0 and not self._says[i]

    def _box(self, seed: int) -> tuple[int, int] | None:
        """The range of the largest container around the seed that holds the ask and nothing else, if over one block."""
        containers = self.blocks.containers
        best = seed, seed + 1
        container = self.blocks.container[seed]
        for _ in range(_HIGHEST):
            if container < 0:
                break
            first, last = containers.first[container], containers.last[container]
            if last - first > best[1] - best[0]:
                if self._is_box(first, last, best):
                    best = first, last
                # The paragraphs of a letter may say little of asks: its amounts and buttons, further out, do.
                elif self._is_too_wide(first, last) or Label.DONATION not in self._cues[seed].weights:
                    break
            container = containers.parent[container]
        return best if best[1] - best[0] > 1 else None

    def _is_box(self, first: int, last: int, inner: tuple[int, int]) -> bool:
        """Whether a container is a box of the ask: little in it, beyond the box inside, that does not speak of asks."""
        if self._is_too_wide(first, last):
            return False
        # Where a button, an amount or a salutation shows that it is one, a hint counts in a block of any length.
        sums = self._loose if self._acts[last] > self._acts[first] else self._dense
        scraps = last - first - sums.speakers(first, last) + self._strangers[last] - self._strangers[first]
        if scraps > _BOX_SCRAPS * sums.speakers(first, last) + 2:
            return False
        neutral, speaking = sums.neutral(first, last), sums.speaking(first, last)
        if inner[1] - inner[0] == 1:
            return neutral <= max(_FEW, _BOX_NEUTRAL * speaking)
        if self._forms[inner[1]] > self._forms[inner[0]] and last - first <= _FORM_BOX and neutral <= _FORM_NEUTRAL:
            return True
        return neutral - sums.neutral(*inner) <= max(_FEW, _WIDER_NEUTRAL * (speaking - sums.speaking(*inner)))

    def _is_too_wide(self, first: int, last: int) -> bool:
        if last - first > _MOST_BLOCKS or self._words[last] - self._words[first] > _MOST_WORDS:
            return True
        # A box that holds all there is would leave no page around it.
        if last - first == len(self.blocks):
            return True
        return first <= self.frame.headline < last

    def _run(self, seed: int) -> list[int]:
        """The seed with what belongs to it before and after in the line of blocks."""
        opening = self._letter_opening(seed)
        last = self._forward(seed, letter=opening < seed or self._cues[seed].salutation)
        first = self._backward(opening)
        return list(range(first, last + 1))

    def _letter_opening(self, seed: int) -> int:
        """The salutation of the letter that a plea for money stands in, told by its form: short, a comma at its end."""
        if Label.DONATION not in self._cues[seed].weights or self._is_salutation(seed):
            return seed
        for i in range(seed - 1, max(-1, seed - _LETTER_REACH), -1):
            if i == self.frame.headline or self._belongs_elsewhere(i) or self.blocks.kind[i] is Kind.HEADING:
                break
            if self._is_salutation(i):
                return i
        return seed

    def _is_salutation(self, i: int) -> bool:
        return self.blocks.words[i] <= _SALUTATION_WORDS and self.blocks.text[i].endswith((",", "，", "،"))

    def _forward(self, seed: int, *, letter: bool) -> int:
        last, missed = seed, 0
        for i in range(seed + 1, min(len(self.blocks), seed + _MOST_BLOCKS)):
            if i == self.frame.headline or self._belongs_elsewhere(i):
                break
            cues = self._cues[i]
            acts = cues.part or (cues.hints > 0 and self.blocks.words[i] <= SHORT and not cues.salutation)
            letter = (letter or cues.salutation) and not acts
            if (self._says[i] or (letter and cues.hints)) and (letter or not self.is_reported(i)):
                last, missed = i, 0
                continue
            if self.evidence.prose[i] and not letter:
                break
            missed += 1
            if missed > _GAP:
                break
        return last

    def _backward(self, seed: int) -> int:
        """A heading over the seed, and short lines that speak of the ask, go with it."""
        first = seed
        for i in range(seed - 1, max(-1, seed - 4), -1):
            if i == self.frame.headline or self._belongs_elsewhere(i):
                break
            short = self.blocks.words[i] <= 2 * SHORT
            announces = self.blocks.text[i].endswith((":", "：")) or self._is_salutation(i + 1)
            if not short or not (self._says[i] or announces) or (self._cues[i].certain and self._is_story(i)):
                break
            first = i
        return first

    def _belongs_elsewhere(self, i: int) -> bool:
        zone = self.evidence.zone[i]
        return zone is not None and not zone.weak and zone.label not in GROUPED and not self._cues[i].speaks

    # Which ask it is.

    def _groups(self, members: dict[int, int]) -> list[Group]:
        runs: list[list[int]] = []
        for i in sorted(members):
            if runs and i == runs[-1][-1] + 1 and not self._begins_another(runs[-1], i, members):
                runs[-1].append(i)
            else:
                runs.append(self._introduced(runs, i))
        return [
            Group(self._label(run), tuple(run), members[run[0]], members[run[-1]] in self._greetings)
            for run in runs
            if run
        ]

    def _begins_another(self, run: list[int], i: int, members: dict[int, int]) -> bool:
        """Whether a block right behind a group begins an ask for something else, or what only greets begins or ends."""
        if (members[i] in self._greetings) is not (members[run[-1]] in self._greetings):
            return True
        weights = self._cues[i].weights
        if not weights:
            return False
        label = max(weights, key=weights.__getitem__)
        if weights[label] < 3.0 or not self._weights(run) or label is self._label(run):
            return False
        return self._cues[i].salutation or self.blocks.kind[i] is Kind.HEADING or members[i] != members[run[-1]]

    def _introduced(self, runs: list[list[int]], i: int) -> list[int]:
        """A new group from block i on; a line that announces it ("A message from us:") comes over to it."""
        before = runs[-1] if runs else []
        announced = len(before) > 1 and before[-1] == i - 1 and self.blocks.text[i - 1].endswith((":", "："))
        return [before.pop(), i] if announced else [i]

    def _label(self, run: list[int]) -> Label:
        weights = self._weights(run)
        return max(weights, key=weights.__getitem__) if weights else Label.NEWSLETTER

    def _weights(self, run: list[int]) -> dict[Label, float]:
        weights: dict[Label, float] = {}
        for i in run:
            for label, weight in self._cues[i].weights.items():
                weights[label] = weights.get(label, 0.0) + weight
            zone = self.evidence.zone[i]
            if zone is not None and zone.label in GROUPED:
                weights[zone.label] = weights.get(zone.label, 0.0) + (_ZONE_WEIGHT if not zone.weak else 1.0)
        return weights


# Last, for the twin takes names from here.
COMPILED: Any = twin("cleaner.tag._asks")
