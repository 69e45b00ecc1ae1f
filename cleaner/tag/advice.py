"""What somebody who knows more than the page says of its blocks: evidence beside the tagger's, not a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cleaner.document import Label
from cleaner.tag.characters import Floats
from cleaner.tag.tagger import Opinion
from cleaner.tag.verdict import Verdict

_EVEN = 0.5
_LEAST = 1e-4
"""Nobody is surer than this."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What is known of each block of a page, in parallel sequences.

    odds are natural logarithms: by how much likelier the block is cruft than the page alone says; negative for body, 0
    where nothing is known. labels say which cruft, None where that is not known; reasons are for people to read.
    """

    odds: Sequence[float]
    labels: Sequence[Label | None]
    reasons: Sequence[str]
    warnings: tuple[str, ...] = ()

    @classmethod
    def none(cls, size: int) -> Advice:
        """No advice on a page of so many blocks."""
        return cls([0.0] * size, [None] * size, [""] * size)


def advised(opinion: Opinion, advice: Sequence[Advice]) -> Opinion:
    """The tagger's opinion with all advice weighed in."""
    odds = np.sum([np.asarray(one.odds, np.float32) for one in advice], axis=0)
    places = np.flatnonzero(odds)
    body = opinion.body.astype(np.float32)
    body[places] = _shifted(body[places], odds[places])
    return replace(opinion, body=body)


def counselled(verdict: Verdict, advice: Sequence[Advice]) -> None:
    """Weigh the advice where the written rules alone decide."""
    odds = np.sum([np.asarray(one.odds, np.float32) for one in advice], axis=0)
    sure = np.asarray(verdict.confidences, np.float32)
    body = np.asarray([label is Label.BODY for label in verdict.labels])
    chances = _shifted(np.where(body, sure, 1.0 - sure).astype(np.float32), odds)
    for i in np.nonzero((odds != 0) & (body != (chances > _EVEN)))[0].tolist():
        was = verdict.labels[i]
        if was is Label.TITLE:
            continue
        label, reason = told(advice, i)
        to_body = bool(chances[i] > _EVEN)
        verdict.labels[i] = Label.BODY if to_body else label or Label.OTHER
        verdict.confidences[i] = round(float(chances[i] if to_body else 1.0 - chances[i]), 4)
        verdict.reasons[i] = reason


def told(advice: Sequence[Advice], block: int) -> tuple[Label | None, str]:
    """The label and the reason of the strongest advice on a block."""
    strongest = max(advice, key=lambda one: abs(one.odds[block]))
    return strongest.labels[block], strongest.reasons[block]


def _shifted(chances: Floats, odds: Floats) -> Floats:
    clipped = np.clip(chances, _LEAST, 1.0 - _LEAST)
    return np.asarray(1.0 / (1.0 + (1.0 - clipped) / clipped * np.exp(odds)), np.float32)
