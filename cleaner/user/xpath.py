"""XPath of strangers: run only where what it costs is bounded beforehand.

libxml2 evaluates some expressions in time that grows with the square or the cube of the page, or worse: ten thousand
paragraphs side by side and ``//p/following-sibling::p`` take minutes. So the cost is reckoned from the expression and
from the shape of the page, at its worst, and what is over the page's budget is not run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import TYPE_CHECKING, Any

from cleaner.user.xpath_syntax import Call, Node, Path, Step, Value, parse

if TYPE_CHECKING:
    from lxml.etree import XPath, _Element

BUDGET = 20_000_000
BUDGET_PER_ELEMENT = 3_000
"""What all expressions on one page may cost, in visits of a node: some nanoseconds each."""
_NODES = 3
"""Nodes an element: itself and the texts around it."""
_CHARACTERS = 50
"""Characters that are copied in the time of a visit."""
_MERGES = 10
"""Nodes that are compared in the time of a visit where a set grows; where two are joined, a fifth of that."""
_OPERATION = 4
"""What a function or an operator costs by itself."""
_TRANSLATING = 20
"""How much longer it takes to translate a character than to copy it."""
_OF_STRINGS = frozenset(
    "contains concat normalize-space number starts-with string string-length substring substring-after "
    "substring-before translate sum id lang".split()
)
_COMPARING = frozenset({"=", "!=", "<", "<=", ">", ">="})
_DOWN = frozenset({"child", "descendant", "descendant-or-self", "self", "attribute"})


@dataclass(frozen=True, slots=True)
class Shape:
    """How large, deep and wide a page is."""

    levels: tuple[tuple[int, int], ...]
    """Elements and characters at each depth."""
    named: dict[str, int]
    widest: int
    attributes: int
    """The most that one element has."""

    @classmethod
    def of(cls, root: _Element) -> Shape:
        """The shape of a tree; one pass over it."""
        levels: list[tuple[int, int]] = []
        named: dict[str, int] = {}
        widest = attributes = 1
        level = [root]
        while level:
            below: list[_Element] = []
            characters = 0
            for element in level:
                tag = str(element.tag)
                named[tag] = named.get(tag, 0) + 1
                characters += len(element.text or "") + len(element.tail or "")
                widest, attributes = max(widest, len(element)), max(attributes, len(element.keys()))
                below.extend(element)
            levels.append((len(level), characters))
            level = below
        return cls(tuple(levels), named, widest, attributes)

    @property
    def elements(self) -> int:
        """How many there are."""
        return sum(count for count, _ in self.levels)

    def chains(self, length: int) -> int:
        """Over all nodes the number of ways to choose *length* of their ancestors and themselves."""
        return _NODES * sum(count * comb(depth + length, length) for depth, (count, _) in enumerate(self.levels))

    def texts(self, length: int) -> float:
        """The same over all characters, as visits."""
        return sum(size * comb(depth + length, length) for depth, (_, size) in enumerate(self.levels)) / _CHARACTERS


@dataclass(frozen=True, slots=True)
class Places:
    """Where an expression is evaluated: at most count nodes, each at most *factor* times a chain of its ancestors."""

    count: float = 1
    factor: float = 1
    chain: int = 0


_ROOT = Places()


class _Cost:
    """What an expression costs on pages of one shape, in visits."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._nodes = shape.chains(0)
        self.total = 0.0

    def value(self, node: Node, at: Places) -> Places | None:
        """Add the cost of *node* at each of the places; return where its nodes are, None where it gives none."""
        if isinstance(node, Value):
            return None
        if isinstance(node, Path):
            return self._path(node, at)
        if isinstance(node, Call):
            self._call(node, at)
            return at if node.name == "id" else None
        left, right = self.value(node.left, at), self.value(node.right, at)
        self.total += _OPERATION * at.count
        if node.operator == "|" and left and right:
            self.total += 5 * left.count * right.count / _MERGES
            return Places(left.count + right.count, left.factor + right.factor, max(left.chain, right.chain))
        if node.operator in _COMPARING:
            for side, operand in ((left, node.left), (right, node.right)):
                if side and not _ends_in_attribute(operand):
                    self._strings(side)
            if left and right:
                self.total += left.count * right.count
        return None

    def _call(self, call: Call, at: Places) -> None:
        self.total += _OPERATION * at.count
        weight = self._weight(call)
        if call.name in _OF_STRINGS and not call.arguments:
            self._strings(at)
        for argument in call.arguments:
            places = self.value(argument, at)
            if places and call.name in ("sum", "id"):
                self._strings(places)
            elif places and call.name in _OF_STRINGS and not _ends_in_attribute(argument):
                # Of the first node only; downwards it is no longer than where the path starts.
                down = isinstance(argument, Path) and not argument.absolute and _goes_down(argument)
                self._strings(at if down else Places(at.count, at.count), weight)

    def _weight(self, call: Call) -> float:
        """How much longer a function takes than to read the text once: each character may be sought in another text."""
        if call.name not in ("contains", "substring-after", "substring-before", "translate") or len(call.arguments) < 2:
            return 1
        sought = call.arguments[1]
        size = sought.size if isinstance(sought, Value) else self._shape.texts(0) * _CHARACTERS
        return _TRANSLATING + size if call.name == "translate" else 1 + size / _CHARACTERS

    def _strings(self, places: Places, weight: float = 1) -> None:
        """The text of all places is read; weight is for what else is done with each character."""
        shape = self._shape
        nested = places.factor * (shape.chains(places.chain + 1) + weight * shape.texts(places.chain + 1))
        self.total += min(places.count * (self._nodes + weight * shape.texts(0)), nested)

    def _path(self, path: Path, at: Places) -> Places:
        alone = at is _ROOT
        first = True
        if path.start is not None:
            found = self.value(path.start, at)
            if found is None:
                return at
            at, first = found, False
        elif path.absolute:
            # From the root once for every place.
            at = at if alone else Places(at.count, at.count, 0)
        for step in path.steps:
            visits, found = self._step(step, at, from_root=path.absolute and first)
            self.total += visits
            if not first and step.axis not in ("child", "self"):
                self.total += found.count * min(found.count, self._named(step)) / _MERGES
            for predicate in step.predicates:
                self.value(predicate, found)
            at = Places(min(found.count, self._named(step))) if alone else found
            first = False
        return at

    def _named(self, step: Step) -> float:
        shape = self._shape
        if step.axis == "attribute":
            return shape.elements * (shape.attributes if step.test in ("*", "()") else 1)
        if step.test in ("*", "()"):
            return self._nodes if step.test == "()" else shape.elements
        return shape.named.get(step.test, 0)

    def _step(self, step: Step, at: Places, *, from_root: bool) -> tuple[float, Places]:
        """The nodes that are looked at, and those that are found."""
        shape, axis = self._shape, step.axis
        factor, chain = at.factor, at.chain
        if axis.startswith("descendant"):
            chain += not from_root
            visits = min(at.count * self._nodes, factor * shape.chains(chain))
        elif axis == "child":
            visits = min(at.count * _NODES * (shape.widest + 1), factor * shape.chains(chain))
        elif axis in ("self", "parent"):
            visits = at.count
            factor = factor * (shape.widest * _NODES if axis == "parent" else 1)
        elif axis == "attribute":
            # They are put in order by going from one to the next.
            visits = at.count * shape.attributes * (1 + shape.attributes / _MERGES)
        elif axis.endswith("sibling"):
            visits, factor = at.count * shape.widest * _NODES, factor * shape.widest * _NODES
        else:
            reach = len(shape.levels) if axis.startswith("ancestor") else self._nodes
            visits, factor, chain = at.count * reach, at.count, 0
        nested = factor * self._named(step) * comb(len(shape.levels) + chain, chain)
        return visits, Places(min(visits, nested), factor, chain)


def _goes_down(path: Path) -> bool:
    return path.start is None and all(step.axis in _DOWN for step in path.steps)


def _ends_in_attribute(node: Node) -> bool:
    return isinstance(node, Path) and bool(node.steps) and node.steps[-1].axis == "attribute"


def cost(node: Node, shape: Shape) -> float:
    """What an expression costs at worst on a page of that shape, in visits of a node."""
    reckoned = _Cost(shape)
    found = reckoned.value(node, _ROOT)
    return reckoned.total + (found.count if found else 0)


class Budget:
    """What may still be spent on a page."""

    def __init__(self, root: _Element, scale: float = 1.0) -> None:
        self.shape = Shape.of(root)
        self._prices: dict[int, tuple[Node, float]] = {}
        self._left = scale * (BUDGET + BUDGET_PER_ELEMENT * self.shape.elements)

    def affords(self, node: Node, times: int = 1) -> bool:
        """Whether an expression may be run that often; then it is paid for."""
        known = self._prices.get(id(node))
        if known is None:
            # With the expression itself, so that nothing else can have its number meanwhile.
            known = self._prices[id(node)] = (node, cost(node, self.shape))
        price = known[1] * times
        if price > self._left:
            return False
        self._left -= price
        return True


@dataclass(frozen=True, slots=True)
class Expression:
    """An XPath that was read."""

    text: str
    tree: Node

    @classmethod
    def read(cls, text: str) -> Expression:
        """Read an expression. Raises ValueError, with what is wrong."""
        from lxml import etree

        tree = parse(text)
        try:
            _compiled(text)
        except etree.XPathError as error:
            raise ValueError(f"no XPath: {error}") from None
        return cls(text, tree)

    def run(self, element: _Element, budget: Budget) -> list[Any] | None:
        """What it gives: elements, and texts as strings; None where the page is too large for it."""
        from lxml import etree

        if not budget.affords(self.tree):
            return None
        try:
            found = _compiled(self.text)(element)
        except etree.XPathError:
            return []
        return found if isinstance(found, list) else [found] if isinstance(found, str) else []


@lru_cache(maxsize=4096)
def _compiled(text: str) -> XPath:
    from lxml.etree import XPath

    return XPath(text, regexp=False)
