"""One label, one confidence and one reason for every block."""

from __future__ import annotations

from collections.abc import MutableSequence
from dataclasses import dataclass, field

from cleaner.document import Label, Metadata, PageType


@dataclass(slots=True)
class Verdict:
    """The decision for every block, in parallel lists, and what follows for the page."""

    labels: list[Label]
    confidences: MutableSequence[float]
    reasons: MutableSequence[str]
    asks: list[int]
    page_type: PageType
    walls: list[tuple[int, int]] = field(default_factory=list)
    """First and last block of each group that shuts readers out."""
    reported: set[int] = field(default_factory=set)
    """Blocks of the article that quote an ask: sentences that tell of one."""
    greetings: set[int] = field(default_factory=set)
    """Salutations after which nothing surely asks: of a letter that asks in words of its own, or of the article."""
    standfirsts: set[int] = field(default_factory=set)
    """The article's first prose after the headline, where nothing speaks of asks."""
    speaking: set[int] = field(default_factory=set)
    """Blocks whose words, place or markup say anything of asks."""
    told: Metadata = field(default_factory=Metadata)
    """What the user's lists say of the article, as the page writes it."""
    warnings: list[str] = field(default_factory=list)
    """What of the user's lists could not be done on this page, as sentences."""

    def overrule(self, block: int, label: Label, reason: str, confidence: float = 1.0) -> None:
        """Decide otherwise for a block."""
        self.labels[block], self.confidences[block], self.reasons[block] = label, confidence, reason
