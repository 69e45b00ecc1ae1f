"""What is known of pages beyond what they say themselves: rules, what their site taught, corrections."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from cleaner.document import Label

if TYPE_CHECKING:
    from cleaner.html.seen import Came, Seen
    from cleaner.tag.advice import Advice
    from cleaner.tag.tagger import Tagger
    from cleaner.tag.verdict import Verdict
    from cleaner.user.corrections import Corrections
    from cleaner.user.sources import Source


class Adviser(Protocol):
    """Knows more of a page than it says itself, and says so before the decision."""

    def advise(self, seen: Seen) -> Advice | None:
        """What is known of the blocks; None where nothing is."""


class Overruler(Protocol):
    """Has the last word on some blocks."""

    def overrule(self, seen: Seen, verdict: Verdict) -> None:
        """Change the verdict."""


@runtime_checkable
class Preparer(Protocol):
    """Changes the markup of some pages before it is parsed."""

    def prepare(self, html: bytes, came: Came) -> bytes:
        """The markup (UTF-8) to be parsed; the same where there is nothing to change."""


class Known:
    """All that a :class:`cleaner.Cleaner` was told; most were told nothing."""

    def __init__(
        self,
        rules: str | Path | Source | Iterable[str | Path | Source] = (),
        site: str | Path | Adviser | None = None,
        corrections: str | Path | Corrections | None = None,
    ) -> None:
        self.rules = _rules(rules)
        self.site = _site(site)
        self.corrections = _corrections(corrections)
        self.preparers = [one for one in self.rules if isinstance(one, Preparer)]
        self.advisers: list[Adviser] = [*self.rules, *([self.site] if self.site is not None else ())]
        self.overrulers: list[Overruler] = [*self.rules, *([self.corrections] if self.corrections is not None else ())]

    def __bool__(self) -> bool:
        return bool(self.advisers or self.overrulers)

    def prepare(self, html: bytes, came: Came) -> bytes:
        """The markup that is to be parsed."""
        for preparer in self.preparers:
            html = preparer.prepare(html, came)
        return html

    def decide(self, seen: Seen, tagger: Tagger | None) -> Verdict:
        """Label the blocks of a page: by the written rules and the tagger, with what the advisers know."""
        from cleaner.tag.decide import decide

        advice = [said for adviser in self.advisers if (said := adviser.advise(seen)) is not None]
        verdict = decide(seen.blocks, seen.hints, tagger, advice)
        verdict.warnings += [warning for one in advice for warning in one.warnings]
        return verdict

    def overrule(self, seen: Seen, verdict: Verdict) -> None:
        """Give the overrulers the last word."""
        if not self.overrulers:
            return
        from cleaner.tag.groups import grouped

        before = list(verdict.labels)
        for overruler in self.overrulers:
            overruler.overrule(seen, verdict)
        if verdict.labels != before:
            verdict.asks = grouped(verdict.labels, verdict)
            verdict.walls = [wall for wall in verdict.walls if Label.PAYWALL in verdict.labels[wall[0] : wall[1] + 1]]


def _rules(given: str | Path | Source | Iterable[str | Path | Source]) -> tuple[Source, ...]:
    if given == ():
        return ()
    from cleaner.user.sources import sources

    return sources(given)


def _site(given: str | Path | Adviser | None) -> Adviser | None:
    if not isinstance(given, str | Path):
        return given
    from cleaner.site.profile import SiteProfile

    return SiteProfile.load(given)


def _corrections(given: str | Path | Corrections | None) -> Corrections | None:
    if not isinstance(given, str | Path):
        return given
    from cleaner.user.corrections import Corrections

    return Corrections.load(given)
