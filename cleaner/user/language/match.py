"""Rules on a page: which blocks each of them holds for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast

from cleaner.user.language.ready import Ready
from cleaner.user.language.sites import Address
from cleaner.user.language.words import Words

if TYPE_CHECKING:
    from lxml.etree import _Element

    from cleaner.html.seen import Seen
    from cleaner.tag.verdict import Verdict
    from cleaner.user.language.conditions import Condition
    from cleaner.user.language.tree import Tree
    from cleaner.user.xpath import Budget, Expression


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule found on a page."""

    rule: Ready
    blocks: Sequence[int]
    elements: int | None = None
    """Found on the way to the blocks; None where it looks for none."""
    is_asked: bool = True
    """False where the page is too large for its XPath."""


class Matcher:
    """Rules, and what can be prepared for all of them together."""

    def __init__(self, rules: Sequence[Ready]) -> None:
        self.rules = tuple(rules)
        self._by_tail: dict[str, list[int]] = {}
        for place, rule in enumerate(rules):
            for tail in {site.tail for site in rule.sites} or {""}:
                self._by_tail.setdefault(tail, []).append(place)
        self._words = Words([rule.text for rule in rules], [rule.regex for rule in rules])

    def on(self, seen: Seen, verdict: Verdict) -> Iterator[Match]:
        """The rules that found anything on a page, in their order."""
        address = Address.of(seen.came.url or seen.hints.url)
        language = seen.hints.language.lower().replace("_", "-")
        page = _Page(seen, verdict.labels, self._words)
        # Most rules are for other sites: those are not even looked at.
        for place in sorted({*self._by_tail.get("", ()), *self._by_tail.get(address.tail, ())}):
            rule = self.rules[place]
            if rule.is_for(address, verdict.page_type, language):
                match = page.match(rule, place)
                if match is not None:
                    yield match


class _Page:
    """A page as rules look at it; what no rule asks for is not made."""

    def __init__(self, seen: Seen, labels: Sequence[str], words: Words) -> None:
        self._seen = seen
        self._labels = labels
        self._words = words

    def match(self, rule: Ready, place: int) -> Match | None:
        """What a rule finds; None for nothing at all."""
        if self._is_in_vain(rule, place):
            return None
        sets: list[frozenset[int]] = []
        if rule.text:
            sets.append(self._by_text[place])
        if rule.regex:
            sets.append(self._by_regex[place])
        if rule.was:
            sets.append(frozenset().union(*(self._by_label.get(label, ()) for label in rule.was)))
        counts: list[int] = []
        for look in self._looks(rule):
            elements = look()
            if elements is None:
                return Match(rule, (), is_asked=False)
            if not elements:
                return None
            counts.append(len(elements))
            sets.append(frozenset(self._seen.covered(elements)))
        blocks = sorted(frozenset.intersection(*sets))
        return Match(rule, blocks, min(counts, default=None)) if blocks or counts else None

    def _is_in_vain(self, rule: Ready, place: int) -> bool:
        """Whether a rule finds nothing for sure; quickly told, as that is what most rules find."""
        if rule.text and place not in self._by_text:
            return True
        if rule.regex and place not in self._by_regex:
            return True
        if not rule.needs:
            return False
        return not any(words <= self._names for words in rule.needs)

    def _looks(self, rule: Ready) -> Iterator[Callable[[], list[_Element] | None]]:
        """How a rule looks for elements: each gives those it finds, or None where the page is too large for it."""
        if rule.css is not None:
            yield partial(self._by_css, rule.css)
        if rule.xpath is not None:
            yield partial(self._by_xpath, rule.xpath)

    def _by_css(self, condition: Condition) -> list[_Element]:
        tree = self._tree
        if tree is None or condition.is_in_vain(tree):
            return []
        return [tree.elements[i] for i in condition.over(tree).nonzero()[0].tolist()]

    def _by_xpath(self, expression: Expression) -> list[_Element] | None:
        root = self._seen.root
        if root is None or self._budget is None:
            return []
        found = expression.run(root, self._budget)
        return None if found is None else [element for one in found if (element := _element(one)) is not None]

    @cached_property
    def _by_text(self) -> dict[int, frozenset[int]]:
        return self._words.texts(self._seen.blocks.text)

    @cached_property
    def _by_regex(self) -> dict[int, frozenset[int]]:
        return self._words.regexes(self._seen.blocks.text)

    @cached_property
    def _by_label(self) -> dict[str, list[int]]:
        blocks: dict[str, list[int]] = {}
        for i, label in enumerate(self._labels):
            blocks.setdefault(label, []).append(i)
        return blocks

    @cached_property
    def _names(self) -> frozenset[str]:
        from cleaner.user.language.names import names

        return names(self._seen)

    @cached_property
    def _tree(self) -> Tree | None:
        from cleaner.user.language.tree import Tree

        return None if self._seen.root is None else Tree(self._seen.root)

    @cached_property
    def _budget(self) -> Budget | None:
        from cleaner.user.xpath import Budget

        return None if self._seen.root is None else Budget(self._seen.root)


def _element(found: Any) -> _Element | None:
    """An element, or that which a text or an attribute is of."""
    if not isinstance(found, str):
        return cast("_Element", found)
    parent: _Element | None = found.getparent()  # type: ignore[attr-defined]
    return parent.getparent() if parent is not None and found.is_tail else parent  # type: ignore[attr-defined]
