"""Users' rules: what they say of a site, of a kind of page, of elements and texts, and what becomes of the blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.document import ARTICLE, Label
from cleaner.user.language.as_lines import read_lines
from cleaner.user.language.as_toml import is_toml, read_toml
from cleaner.user.language.reading import decoded
from cleaner.user.language.rule import Mistake, Rule, Written

if TYPE_CHECKING:
    from cleaner.html.seen import Seen
    from cleaner.tag.advice import Advice
    from cleaner.tag.verdict import Verdict
    from cleaner.user.language.match import Match, Matcher

__all__ = ["Rule", "RuleSet"]

_ENOUGH = 10
"""Mistakes that are told of a file of which nothing can be used."""


@dataclass(frozen=True)
class RuleSet:
    """Rules in order; of those that hold for a block the last one decides. See ``docs/rules.md`` for the language.

    A rule that cannot be used is left out and named in ``mistakes``. It pickles, and is safe in threads.
    """

    written: tuple[Written, ...] = ()
    """The rules as they were read."""
    name: str = ""
    """The file that they are from; none where they were made in Python."""
    is_one_of_several: bool = False
    """Whether its reasons must name the file, too."""
    _is_toml: bool = field(default=False, repr=False)
    _unread: tuple[Mistake, ...] = field(default=(), repr=False)

    @classmethod
    def read(cls, path: str | Path) -> RuleSet:
        """Read a file of rules: TOML where it is named or looks so, else a rule a line. Raises OSError."""
        path = Path(path)
        text = decoded(path.read_bytes())
        return cls._of(text, str(path), is_toml(text) or path.suffix.lower() == ".toml")

    @classmethod
    def parse(cls, text: str, name: str = "rules") -> RuleSet:
        """Read rules from a text, in either form; mistakes and reasons call it by *name*."""
        return cls._of(text, name, is_toml(text))

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> RuleSet:
        """Rules that were made in Python."""
        return cls(tuple(Written(number, number, rule) for number, rule in enumerate(rules, 1)))

    @classmethod
    def _of(cls, text: str, name: str, as_toml: bool) -> RuleSet:
        written, unread = (read_toml if as_toml else read_lines)(text)
        return cls(tuple(written), name, _is_toml=as_toml, _unread=tuple(unread))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that can be used."""
        return tuple(one.rule for one in self.usable)

    @property
    def usable(self) -> tuple[Written, ...]:
        """The same, with where they stand."""
        return tuple(rule.written for rule in self._matcher.rules)

    @cached_property
    def mistakes(self) -> tuple[str, ...]:
        """What could not be used, each with file and line, as ``site.rules:12: no label "advert"``."""
        mistakes = sorted(chain(self._unread, self._made[1]))
        place = f"{self.name}:" if self.name else "rule "
        said = [f"{place}{mistake.line}: {' '.join(mistake.what.split())}" for mistake in mistakes]
        if said and self.name and not self.usable:
            form = "in TOML" if self._is_toml else "one a line"
            said = [f"{self.name}: was taken for rules, {form}, and none of it can be used", *said]
            if len(said) > _ENOUGH:
                said = [*said[:_ENOUGH], f"{self.name}: … and {len(said) - _ENOUGH:,} more"]
        return tuple(said)

    def advise(self, seen: Seen) -> Advice | None:  # noqa: ARG002
        """Rules decide; they give no evidence."""
        return None

    def overrule(self, seen: Seen, verdict: Verdict) -> None:
        """Give each block that a rule holds for what the last such rule says."""
        self.decide(self.matches(seen, verdict), verdict)

    def matches(self, seen: Seen, verdict: Verdict) -> Iterator[Match]:
        """The rules that found anything on a page, in their order. Labels are looked at as they are by then."""
        return self._matcher.on(seen, verdict)

    def decide(self, matches: Iterable[Match], verdict: Verdict) -> None:
        """Change the verdict as the matches say."""
        last = {}
        for match in matches:
            last.update(dict.fromkeys(match.blocks, match.rule))
            if not match.is_asked:
                why = f"The page is too large for the XPath of {self.reason(match.rule.written)}: it was not asked."
                verdict.warnings.append(why)
        for block, rule in last.items():
            was, reason = verdict.labels[block], self.reason(rule.written)
            if rule.label is not None:
                verdict.overrule(block, rule.label, reason)
            elif was in ARTICLE:
                verdict.overrule(block, Label.OTHER, reason)
            else:
                # What it is stays known; it is left out already.
                verdict.overrule(block, was, reason, verdict.confidences[block])

    def reason(self, written: Written) -> str:
        """How blocks name a rule: ``user rule 3 (support box)``."""
        of = f" of {Path(self.name).name}" if self.is_one_of_several and self.name else ""
        name = f" ({' '.join(written.rule.name.split())})" if written.rule.name else ""
        return f"user rule {written.number}{of}{name}"

    def among_others(self) -> RuleSet:
        """The same rules, their reasons with the name of their file."""
        return replace(self, is_one_of_several=True)

    @cached_property
    def _made(self) -> tuple[Matcher, Sequence[Mistake]]:
        from cleaner.user.language.match import Matcher
        from cleaner.user.language.ready import made_ready

        ready, mistakes = made_ready(self.written)
        return Matcher(ready), mistakes

    @property
    def _matcher(self) -> Matcher:
        return self._made[0]

    def __getstate__(self) -> dict[str, object]:
        return {one.name: self.__dict__[one.name] for one in fields(self)}
