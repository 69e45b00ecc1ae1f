"""The lines between a headline and its article that say what it is about: standfirst, deck, summary."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from cleaner.document import Label
from cleaner.tag.content import Frame
from cleaner.tag.evidence import ALIKE, Evidence, likeness

LEAD_REACH = 14
"""Blocks after a headline in which its standfirst is looked for: bylines, dates and buttons may come before it."""
_MOST = 2
"""Blocks of one standfirst. More of them reach into the article, where the tagger knows better."""


def find_standfirsts(evidence: Evidence, frame: Frame, labels: Sequence[Label]) -> set[int]:
    """The first prose after the headline of what the rules take for body, but for what says the headline again."""
    if frame.headline < 0:
        return set()
    texts = evidence.blocks.text
    headline = texts[frame.headline]
    after = range(frame.headline + 1, min(len(labels), frame.headline + 1 + LEAD_REACH))
    prose = (i for i in after if labels[i] is Label.BODY and evidence.prose[i])
    return set(islice((i for i in prose if evidence.alike[i] < ALIKE and likeness(texts[i], headline) < ALIKE), _MOST))
