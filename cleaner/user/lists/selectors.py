"""CSS selectors as ad blockers know them, held against elements from right to left, with a bound on the work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from cleaner.html.words import collapse

if TYPE_CHECKING:
    from lxml.etree import XPath, _Element

    from cleaner.user.xpath import Budget, Expression

_CHARACTERS = 200
"""Characters that are read in the time of a test."""
_SIBLINGS = 20


class SpentError(Exception):
    """The page's bound on work is reached."""


class Effort:
    """What may still be done on a page, in tests of an element, and what its filters ask of it beside the tree."""

    def __init__(
        self, left: int, root: _Element, places: Callable[[Compound], Iterable[_Element]], address: str = ""
    ) -> None:
        """*places* gives the elements that may be as a compound says; address is the page's path and query."""
        self._left = left
        self._root = root
        self._places = places
        self.address = address
        self._budget: Budget | None = None
        self._anchors: dict[int, set[_Element]] = {}

    @property
    def spent(self) -> bool:
        """Whether more was asked of it than there was."""
        return self._left < 0

    def spend(self, tests: int = 1) -> None:
        """Take something from it. Raises SpentError where there is nothing left."""
        self._left -= tests
        if self._left < 0:
            raise SpentError

    def text(self, element: _Element) -> str:
        """All text in an element, on one line."""
        parts = [str(part) for part in element.itertext()]
        text = collapse("".join(parts))
        self.spend(1 + len(parts) // 4 + len(text) // _CHARACTERS)
        return text

    def found(self, expression: Expression, element: _Element) -> list[Any]:
        """What an XPath gives; nothing where it would take too long."""
        from cleaner.user.xpath import Budget

        if self._budget is None:
            self._budget = Budget(self._root, scale=0.25)
        return expression.run(element, self._budget) or []

    def anchors(self, selector: Selector) -> set[_Element]:
        """The elements from which a selector of ``:has()`` finds something; sought once a page."""
        found = self._anchors.get(id(selector))
        if found is None:
            found = self._anchors[id(selector)] = set()
            for element in self._places(selector.subject):
                selector.anchor(len(selector.compounds) - 1, element, self, found)
        return found


class Condition(Protocol):
    """What an element must be beside its name, classes and id."""

    def holds(self, element: _Element, effort: Effort) -> bool:
        """Whether it is."""


@dataclass(frozen=True, slots=True)
class Compound:
    """Conditions on one element."""

    tag: str = ""
    ids: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def holds(self, element: _Element, effort: Effort) -> bool:
        """Whether an element is as it says."""
        effort.spend()
        if self.tag and element.tag != self.tag:
            return False
        if self.ids:
            have_id = (element.get("id") or "").strip()
            if any(one != have_id for one in self.ids):
                return False
        if self.classes:
            have = (element.get("class") or "").split()
            if not all(name in have for name in self.classes):
                return False
        return all(condition.holds(element, effort) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Move:
    """From what was found to something around it: so many elements up, to the nearest that is such, or by XPath."""

    up: int = 0
    to: Selector | None = None
    xpath: Expression | None = None
    then: Compound = Compound()

    def places(self, element: _Element, effort: Effort) -> Iterator[_Element]:
        """The elements that it leads to."""
        if self.xpath is not None:
            found = [one for one in effort.found(self.xpath, element) if hasattr(one, "tag")]
        elif self.to is not None:
            to = self.to
            found = [next((one for one in element.iterancestors() if to.holds(one, effort)), None)]
        else:
            found = [next((one for n, one in enumerate(element.iterancestors(), 1) if n == self.up), None)]
        yield from (one for one in found if one is not None and self.then.holds(one, effort))


@dataclass(frozen=True, slots=True)
class Selector:
    """Compounds from left to right, with the combinator before each; the first is ``" "`` where nothing is said."""

    compounds: tuple[Compound, ...]
    combinators: tuple[str, ...]
    moves: tuple[Move, ...] = ()

    @property
    def subject(self) -> Compound:
        """What is said of the element itself."""
        return self.compounds[-1]

    def holds(self, element: _Element, effort: Effort) -> bool:
        """Whether it chooses an element."""
        return self._holds(len(self.compounds) - 1, element, effort)

    def places(self, element: _Element, effort: Effort) -> Iterable[_Element]:
        """What it chooses by way of an element: that, or where its moves lead from there."""
        if not self.holds(element, effort):
            return []
        found = [element]
        for move in self.moves:
            found = [place for one in found for place in move.places(one, effort)]
        return found

    def anchor(self, last: int, element: _Element, effort: Effort, into: set[_Element]) -> None:
        """Add the elements from which the first compounds, up to *last*, lead to an element."""
        if not self.compounds[last].holds(element, effort):
            return
        combinator = self.combinators[last]
        for one in _before(combinator, element):
            effort.spend()
            if last:
                self.anchor(last - 1, one, effort, into)
            elif combinator == " " and one in into:
                # And so is everything around it.
                return
            else:
                into.add(one)

    def _holds(self, last: int, element: _Element, effort: Effort) -> bool:
        if not self.compounds[last].holds(element, effort):
            return False
        return not last or any(self._holds(last - 1, one, effort) for one in _before(self.combinators[last], element))


def _before(combinator: str, element: _Element) -> Iterable[_Element]:
    """The elements that may stand to the left of a combinator."""
    if combinator == " ":
        return element.iterancestors()
    if combinator == "~":
        return element.itersiblings(preceding=True)
    one = element.getparent() if combinator == ">" else element.getprevious()
    return () if one is None else (one,)


@dataclass(frozen=True, slots=True)
class Attribute:
    """``[name operator value]``; without an operator the attribute need only be there."""

    name: str
    operator: str = ""
    value: str = ""
    fold: bool = False

    def holds(self, element: _Element, effort: Effort) -> bool:  # noqa: ARG002
        """Whether the element has it."""
        have = element.get(self.name)
        if have is None:
            return False
        value = self.value
        if self.fold:
            have, value = have.lower(), value.lower()
        match self.operator:
            case "":
                return True
            case "=":
                return have == value
            case "~=":
                return value in have.split()
            case "|=":
                return have == value or have.startswith(value + "-")
            case _ if not value:
                return False
            case "^=":
                return have.startswith(value)
            case "$=":
                return have.endswith(value)
            case _:
                return value in have


@dataclass(frozen=True, slots=True)
class Place:
    """A pseudo-class that tells where among its siblings an element stands, and the like."""

    css: str

    def holds(self, element: _Element, effort: Effort) -> bool:
        """Whether it stands there."""
        parent = element.getparent()
        effort.spend(1 + (len(parent) // _SIBLINGS if parent is not None else 0))
        return bool(place_test(self.css)(element))


@lru_cache(maxsize=1024)
def place_test(css: str) -> XPath:
    """The test as an XPath of the element. Raises cssselect.SelectorError for what is no such selector."""
    from cssselect import HTMLTranslator
    from lxml.etree import XPath

    return XPath(HTMLTranslator().css_to_xpath(css, prefix="self::"), regexp=False)


@dataclass(frozen=True, slots=True)
class Either:
    """``:is()``; with *none*, ``:not()``."""

    selectors: tuple[Selector, ...]
    none: bool = False

    def holds(self, element: _Element, effort: Effort) -> bool:
        """Whether any of the selectors chooses the element; or none."""
        return any(one.holds(element, effort) for one in self.selectors) is not self.none


@dataclass(frozen=True, slots=True)
class Has:
    """``:has()``."""

    selectors: tuple[Selector, ...]

    def holds(self, element: _Element, effort: Effort) -> bool:
        """Whether any of the selectors finds something from the element on."""
        return any(element in effort.anchors(one) for one in self.selectors)


@dataclass(frozen=True, slots=True)
class Text:
    """``:has-text()``: a text that stands in the element, or a regular expression that finds something there."""

    text: str = ""
    pattern: str = ""

    def holds(self, element: _Element, effort: Effort) -> bool:
        """Whether it does."""
        text = effort.text(element)
        return bool(compiled(self.pattern).search(text)) if self.pattern else self.text in text


@dataclass(frozen=True, slots=True)
class LongText:
    """``:min-text-length()``."""

    least: int

    def holds(self, element: _Element, effort: Effort) -> bool:
        """Whether the element's text has so many characters."""
        return len(effort.text(element)) >= self.least


@dataclass(frozen=True, slots=True)
class AnyAttribute:
    """``:matches-attr()``: an attribute by regular expressions of its name and value; the value may be missing."""

    name: str
    value: str

    def holds(self, element: _Element, effort: Effort) -> bool:
        """Whether the element has such a one."""
        effort.spend(len(element.keys()))
        name, value = compiled(self.name), compiled(self.value)
        return any(name.search(str(key)) and value.search(str(have)) for key, have in element.items())


@dataclass(frozen=True, slots=True)
class Address:
    """``:matches-path()``: a condition on the page's address."""

    text: str = ""
    pattern: str = ""

    def holds(self, element: _Element, effort: Effort) -> bool:  # noqa: ARG002
        """Whether it holds."""
        return bool(compiled(self.pattern).search(effort.address)) if self.pattern else self.text in effort.address


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Any:
    """A regular expression that takes time in proportion to the text. Raises re2.error for what is none."""
    import re2

    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)
