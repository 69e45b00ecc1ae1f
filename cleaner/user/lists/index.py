"""Many selectors at once: what a page's classes, ids and attributes leave of them to be looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cleaner.html.attributes import elements_by
from cleaner.tag.matcher import Matcher
from cleaner.user.lists.selectors import Attribute, Compound, Effort, Has, Selector, SpentError

if TYPE_CHECKING:
    from lxml.etree import _Element

_LONGEST_VALUE = 500
"""Longer values of attributes are data."""
_LEAST_PART = 3
"""Parts of values that are shorter stand on every page."""
_MANY = 16
"""From so many questions on, all words of a page are put in order."""
Numbered = tuple[int, Selector]
"""A selector with the number of its filter."""


class Page:
    """The elements of a page by their classes, ids and some attributes; one pass over it. The page must not change."""

    def __init__(self, root: _Element, names: frozenset[str] = frozenset()) -> None:
        """*names* are the attributes that are asked for beside class and id."""
        self.root = root
        self.named, self._elements = elements_by(root, names | {"class", "id"})
        """The values of each, and the numbers of the elements that have them."""
        self._classes = _Words(self.named["class"], str.split)
        self._ids = _Words(self.named["id"], lambda value: [value.strip()])
        self.classes = frozenset(" ".join(self.named["class"]).split())
        self.ids = frozenset(map(str.strip, self.named["id"]))

    def places(self, compound: Compound) -> Iterable[_Element]:
        """The elements that may be as a compound says."""
        numbers = self._numbers(compound)
        return self.root.iter(compound.tag or None) if numbers is None else map(self._elements.__getitem__, numbers)

    def _numbers(self, compound: Compound) -> Iterable[int] | None:
        """The same, by number; None for all of its tag."""
        if compound.ids:
            return self._ids.having(compound.ids[0])
        if compound.classes:
            return self._classes.having(_rarest(compound))
        for one in compound.conditions:
            if isinstance(one, Attribute) and one.name in self.named:
                held = self.named[one.name].items()
                return [number for value, found in held if one.fold or one.value in value for number in found]
        return None

    def values(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """The values of attributes, each once with its name, in order."""
        return [
            (name, value)
            for name in sorted(names)
            for value in self.named.get(name, ())
            if _LEAST_PART <= len(value) <= _LONGEST_VALUE
        ]


class _Words:
    """Elements by the words of an attribute. Pages have hundreds of them, and lists ask for a handful."""

    def __init__(self, held: dict[str, list[int]], words: Callable[[str], list[str]]) -> None:
        self._held = held
        self._words = words
        self._asked = 0

    def having(self, word: str) -> Iterable[int]:
        """The numbers of the elements that have a word."""
        self._asked += 1
        if self._asked > _MANY:
            return self._all.get(word, ())
        return [
            number
            for value, numbers in self._held.items()
            if word in value and word in self._words(value)
            for number in numbers
        ]

    @cached_property
    def _all(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for value, numbers in self._held.items():
            for word in self._words(value):
                found[word] += numbers
        return found


class Index:
    """Selectors by what a page must have for any of them to choose something there."""

    def __init__(self, selectors: Iterable[Numbered]) -> None:
        self._by_class: dict[str, list[Numbered]] = defaultdict(list)
        self._by_id: dict[str, list[Numbered]] = defaultdict(list)
        self._by_name: dict[str, list[Numbered]] = defaultdict(list)
        self._by_value: dict[tuple[str, str], list[Numbered]] = defaultdict(list)
        self._others: list[Numbered] = []
        self.names: set[str] = set()
        """The attributes that a page is asked for."""
        for number, selector in selectors:
            self._put((number, selector))
        self._sought = sorted(self._by_value)
        self._of_values = {name for name, _ in self._sought}
        self._matcher = self._made()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_matcher": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._matcher = self._made()

    def _made(self) -> Matcher | None:
        return Matcher([value for _, value in self._sought]) if self._sought else None

    def _put(self, one: Numbered) -> None:
        compounds = one[1].compounds
        self.names.update(
            condition.name
            for compound in compounds
            if not compound.ids and not compound.classes
            for condition in compound.conditions
            if isinstance(condition, Attribute)
        )
        for compound in reversed(compounds):
            if compound.ids:
                self._by_id[compound.ids[0]].append(one)
                return
            if compound.classes:
                self._by_class[_rarest(compound)].append(one)
                return
        attributes = [each for compound in compounds for each in compound.conditions if isinstance(each, Attribute)]
        best = max(attributes, key=_certainty, default=None)
        if best is None:
            self._others.append(one)
        elif _certainty(best):
            self._by_value[best.name, best.value].append(one)
        else:
            self._by_name[best.name].append(one)

    def candidates(self, page: Page) -> list[Numbered]:
        """The selectors that may choose something on a page, in order of their numbers."""
        found: list[Numbered] = [*self._others]
        for name in self._by_class.keys() & page.classes:
            found += self._by_class[name]
        for name in self._by_id.keys() & page.ids:
            found += self._by_id[name]
        for name in self._by_name:
            if page.named.get(name):
                found += self._by_name[name]
        if self._matcher is not None:
            values = page.values(self._of_values)
            for sought in {
                self._sought[pattern]
                for text, pattern, _, _ in self._matcher.find([value.replace("\n", " ") for _, value in values])
                if values[text][0] == self._sought[pattern][0]
            }:
                found += self._by_value[sought]
        found = [one for one in found if all(_may_hold(compound, page) for compound in one[1].compounds)]
        return sorted(found, key=number_of)


def number_of(one: Numbered) -> int:
    """The number of a selector's filter."""
    return one[0]


def _rarest(compound: Compound) -> str:
    return max(compound.classes, key=len)


def _certainty(attribute: Attribute) -> int:
    """How much a condition leaves out: the length of what the value must hold, 0 where that is not sought."""
    sought = not attribute.fold and len(attribute.value) >= _LEAST_PART and "\n" not in attribute.value
    return len(attribute.value) if sought else 0


def _may_hold(compound: Compound, page: Page) -> bool:
    """Whether a page has all classes and ids that a compound asks for, in it or below."""
    if not all(name in page.classes for name in compound.classes) or not all(one in page.ids for one in compound.ids):
        return False
    for condition in compound.conditions:
        if isinstance(condition, Has) and not any(
            all(_may_hold(inner, page) for inner in selector.compounds) for selector in condition.selectors
        ):
            return False
    return True


def chosen(candidates: Sequence[Numbered], page: Page, effort: Effort) -> dict[int, list[_Element]]:
    """What each filter chooses on a page, by its number; nothing more where the page's bound is reached."""
    found: dict[int, dict[_Element, None]] = {}
    try:
        for number, selector in candidates:
            for element in page.places(selector.subject):
                for place in selector.places(element, effort):
                    found.setdefault(number, {})[place] = None
    except SpentError:
        pass
    return {number: list(places) for number, places in found.items()}
