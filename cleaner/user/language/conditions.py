"""Conditions on elements, as CSS has them, each answered for all elements of a page at once."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

import numpy as np

from cleaner.user.language.tree import Mask, Tree

Needs = tuple[frozenset[str], ...]
"""Classes and ids, in lower case, of an element for which a condition holds or of those around it: all of one set."""
NOTHING_NEEDED: Needs = (frozenset(),)
_MOST_NEEDS = 64


class Condition(ABC):
    """Holds for some elements of a page."""

    __slots__ = ()

    def over(self, tree: Tree) -> Mask:
        """The elements that it holds for."""
        mask = tree.known.get(self)
        if mask is None:
            mask = tree.known[self] = self._over(tree)
        return mask

    @property
    def needs(self) -> Needs:
        """Without which classes and ids the condition holds for nothing that is shown."""
        return NOTHING_NEEDED

    def is_in_vain(self, tree: Tree) -> bool:  # noqa: ARG002
        """Whether it holds for no element, where that is told without looking at all of them."""
        return False

    @abstractmethod
    def _over(self, tree: Tree) -> Mask: ...


@dataclass(frozen=True, slots=True)
class Tagged(Condition):
    """The element's name."""

    name: str

    def _over(self, tree: Tree) -> Mask:
        return np.asarray(tree.tag == tree.tags.get(self.name, -1))


@dataclass(frozen=True, slots=True)
class Classed(Condition):
    """A class."""

    name: str

    def _over(self, tree: Tree) -> Mask:
        return tree.having("class", lambda value: self.name in value and self.name in value.split())

    @property
    def needs(self) -> Needs:
        """The class."""
        return (frozenset({self.name.lower()}),)


@dataclass(frozen=True, slots=True)
class Identified(Condition):
    """An id."""

    name: str

    def _over(self, tree: Tree) -> Mask:
        return tree.having("id", self.name.__eq__)

    @property
    def needs(self) -> Needs:
        """The id."""
        return (frozenset(self.name.lower().split()),)


@dataclass(frozen=True, slots=True)
class Attributed(Condition):
    """An attribute, and what its value is like, of elements with a name, or of any."""

    name: str
    tag: str
    pattern: re.Pattern[str] | None
    lower: bool
    """Whether the pattern is of values in lower case."""
    or_absent: bool

    def is_in_vain(self, tree: Tree) -> bool:
        """Told by the elements with the name."""
        return not self.or_absent and self.tag != "*" and not any(map(self._fits(), tree.values(self.name, self.tag)))

    def _over(self, tree: Tree) -> Mask:
        found = tree.having(self.name, self._fits())
        return found | ~tree.having(self.name, lambda _: True) if self.or_absent else found

    def _fits(self) -> Callable[[str], object]:
        if self.pattern is None:
            return lambda _: True
        search = self.pattern.search
        return (lambda value: search(value.lower())) if self.lower else search


@dataclass(frozen=True, slots=True)
class Numbered(Condition):
    """The place among the siblings that are alike: ``step * n + offset`` for some n from 0 on."""

    step: int
    offset: int
    from_last: bool
    by_tag: bool
    among: Condition | None

    def _over(self, tree: Tree) -> Mask:
        among = np.ones(len(tree), np.bool_) if self.among is None else self.among.over(tree)
        rank = tree.ranks(among, from_last=self.from_last, by_tag=self.by_tag)
        over = rank - self.offset
        if self.step == 0:
            return np.asarray((rank > 0) & (over == 0))
        return np.asarray((rank > 0) & (over % self.step == 0) & (over // self.step >= 0))


@dataclass(frozen=True, slots=True)
class Hollow(Condition):
    """Neither elements nor text inside."""

    def _over(self, tree: Tree) -> Mask:
        hollow = (not len(element) and not (element.text or "").strip() for element in tree.elements)
        return np.fromiter(hollow, np.bool_, len(tree))


@dataclass(frozen=True, slots=True)
class Near(Condition):
    """An element that the condition holds for stands there, seen from this one."""

    where: str
    condition: Condition

    def _over(self, tree: Tree) -> Mask:
        return WAYS[self.where](tree, self.condition.over(tree))

    @property
    def needs(self) -> Needs:
        """What the other element needs, if it is around this one; elsewhere it may be one that is not shown."""
        return self.condition.needs if self.where in ("around", "above") else NOTHING_NEEDED


WAYS = {
    "around": Tree.descendants,
    "above": Tree.children,
    "before": Tree.later,
    "right before": Tree.next,
    "inside": Tree.ancestors,
    "below": Tree.parents,
    "after": Tree.earlier,
    "right after": Tree.previous,
}
"""Where the other element stands, and the way from there."""


@dataclass(frozen=True, slots=True)
class Every(Condition):
    """All of some conditions."""

    parts: tuple[Condition, ...]

    def is_in_vain(self, tree: Tree) -> bool:
        """Where any part is."""
        return any(part.is_in_vain(tree) for part in self.parts)

    def _over(self, tree: Tree) -> Mask:
        mask = np.ones(len(tree), np.bool_)
        for part in self.parts:
            mask = mask & part.over(tree)
            if not mask.any():
                break
        return mask

    @property
    def needs(self) -> Needs:
        """What all parts need together."""
        together = NOTHING_NEEDED
        for part in self.parts:
            together = _several({mine | theirs for mine in together for theirs in part.needs}, together)
        return together


@dataclass(frozen=True, slots=True)
class Either(Condition):
    """One of some conditions."""

    parts: tuple[Condition, ...]

    def is_in_vain(self, tree: Tree) -> bool:
        """Where every part is."""
        return all(part.is_in_vain(tree) for part in self.parts)

    def _over(self, tree: Tree) -> Mask:
        mask = np.zeros(len(tree), np.bool_)
        for part in self.parts:
            mask = mask | part.over(tree)
        return mask

    @property
    def needs(self) -> Needs:
        """What any part needs."""
        return _several((need for part in self.parts for need in part.needs), NOTHING_NEEDED)


@dataclass(frozen=True, slots=True)
class Opposite(Condition):
    """Not the condition."""

    of: Condition

    def _over(self, tree: Tree) -> Mask:
        return ~self.of.over(tree)


def _several(needs: Iterable[frozenset[str]], otherwise: Needs) -> Needs:
    """The needs, or fewer where they would be too many to look at."""
    found = tuple(islice(dict.fromkeys(needs), _MOST_NEEDS + 1))
    return found if len(found) <= _MOST_NEEDS else otherwise
