"""What each rule did on a page, for those who write rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleaner.document import Document, Label
from cleaner.user.rules import Rule, RuleSet

if TYPE_CHECKING:
    from cleaner.html.seen import Seen
    from cleaner.tag.advice import Advice
    from cleaner.tag.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Touch:
    """A block that a rule holds for."""

    block: int
    was: Label
    """Its label before these rules."""
    decided: bool
    """Whether no later rule of the file holds for it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one rule found on a page."""

    number: int
    """Of the rule, from 1."""
    touches: tuple[Touch, ...]
    elements: int | None
    """Elements that it selected; None where it has no selector."""
    is_asked: bool
    """False where the page is too large for its XPath."""


@dataclass(frozen=True, slots=True)
class Place:
    """A rule and where it stands."""

    number: int
    line: int
    rule: Rule


class Trace:
    """Rules that tell what they found. One page at a time: clean it, then ask :meth:`found`."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._seen: list[tuple[Sequence[str], tuple[Found, ...]]] = []

    @property
    def mistakes(self) -> tuple[str, ...]:
        """As of the rules."""
        return self.rules.mistakes

    def reason(self, number: int) -> str:
        """How blocks name the rule with that number."""
        return next(self.rules.reason(one) for one in self.rules.usable if one.number == number)

    @property
    def places(self) -> list[Place]:
        """The rules that can be used, in order."""
        return [Place(one.number, one.line, one.rule) for one in self.rules.usable]

    def advise(self, seen: Seen) -> Advice | None:
        """As the rules."""
        return self.rules.advise(seen)

    def overrule(self, seen: Seen, verdict: Verdict) -> None:
        """As the rules; what they found is kept."""
        matches = list(self.rules.matches(seen, verdict))
        last = {block: match.rule.written.number for match in matches for block in match.blocks}
        found = []
        for match in matches:
            number = match.rule.written.number
            touches = (Touch(block, verdict.labels[block], last[block] == number) for block in match.blocks)
            found.append(Found(number, tuple(touches), match.elements, match.is_asked))
        self._seen.append((list(seen.blocks.text), tuple(found)))
        self.rules.decide(matches, verdict)

    def found(self, document: Document) -> tuple[Found, ...]:
        """What the rules found on the page of a document that was just cleaned with them."""
        # A page that does not show its article is labelled several times; one of them became the document.
        of_it = [found for texts, found in self._seen if list(document.columns.texts) == texts]
        self._seen.clear()
        return of_it[-1] if of_it else ()
