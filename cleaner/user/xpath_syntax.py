"""XPath 1.0 as a tree, so that what an expression costs can be told before it is run."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 2_000
_LONGEST_LITERAL = 400
_DEEPEST = 24
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<literal>"[^"]*"|'[^']*')
  | (?P<number>\d+(?:\.\d*)?|\.\d+)
  | (?P<symbol>::|//|\.\.|!=|<=|>=|[()\[\].@,/|+=<>*-])
  | (?P<name>[^\W\d][\w.-]*)
    )""",
    re.X,
)
_OPERATORS = (frozenset({"or"}), frozenset({"and"}), frozenset({"=", "!="}), frozenset({"<", "<=", ">", ">="}))
_ARITHMETIC = (frozenset({"+", "-"}), frozenset({"*", "div", "mod"}))
_WORDS = frozenset({"and", "or", "div", "mod"})
_BEFORE_OPERAND = frozenset({"", "@", "::", "(", "[", ",", "/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">="})
_NODE_TYPES = frozenset({"node", "text", "comment", "processing-instruction"})
AXES = frozenset(
    "ancestor ancestor-or-self attribute child descendant descendant-or-self following following-sibling "
    "parent preceding preceding-sibling self".split()
)
FUNCTIONS = frozenset(
    "boolean ceiling concat contains count false floor id lang last local-name name normalize-space not number "
    "position round starts-with string string-length substring substring-after substring-before sum "
    "translate true".split()
)


@dataclass(frozen=True, slots=True)
class Value:
    """A literal or a number, and how long it is."""

    size: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: an axis, a name (``*`` for any, ``()`` for a kind of node), and its predicates."""

    axis: str
    test: str
    predicates: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the root, from what *start* gives, or from where the path is evaluated."""

    absolute: bool
    start: Node | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands."""

    operator: str
    left: Node
    right: Node


Node = Value | Path | Call | Binary


def parse(text: str) -> Node:
    """Return the tree of an expression. Raises ValueError, with what is wrong, for what is none or not allowed."""
    if len(text) > LONGEST:
        raise ValueError(f"an XPath of over {LONGEST:,} characters")
    reader = _Reader(_tokens(text))
    node = reader.binary(0)
    if reader.kind:
        raise ValueError(f"no XPath: nothing is expected before {reader.token!r}")
    return node


def _tokens(text: str) -> list[tuple[str, str]]:
    """Kind and text of each token; operators that are words, and ``*`` between operands, are of kind operator."""
    found: list[tuple[str, str]] = []
    place, text = 0, text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise ValueError(f"no XPath: {text[place:].strip()[:20]!r} is not understood")
        kind = str(match.lastgroup)
        token = match[kind]
        operand = (
            not found or found[-1][0] == "operator" or (found[-1][0] == "symbol" and found[-1][1] in _BEFORE_OPERAND)
        )
        if not operand and (token in _WORDS or token == "*"):
            kind = "operator"
        found.append((kind, token))
        place = match.end()
    return found


class _Reader:
    """Recursive descent, a method for each rule of the grammar, bounded in depth."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._place][0] if self._place < len(self._tokens) else ""

    @property
    def token(self) -> str:
        return self._tokens[self._place][1] if self._place < len(self._tokens) else ""

    def _next(self, offset: int = 1) -> str:
        place = self._place + offset
        return self._tokens[place][1] if place < len(self._tokens) else ""

    def _take(self, *wanted: str) -> bool:
        if self.kind in ("symbol", "operator") and self.token in wanted:
            self._place += 1
            return True
        return False

    def _expect(self, wanted: str) -> None:
        if not self._take(wanted):
            raise ValueError(f"no XPath: {wanted!r} is missing" + (f" before {self.token!r}" if self.token else ""))

    def binary(self, level: int) -> Node:
        levels = _OPERATORS + _ARITHMETIC
        if level == len(levels):
            while self._take("-"):
                pass
            return self._union()
        left = self.binary(level + 1)
        while self.token in levels[level] and self._take(token := self.token):
            left = Binary(token, left, self.binary(level + 1))
        return left

    def _union(self) -> Node:
        left = self._path()
        while self._take("|"):
            left = Binary("|", left, self._path())
        return left

    def _inner(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError(f"an XPath nested over {_DEEPEST} deep")
        node = self.binary(0)
        self._depth -= 1
        return node

    def _path(self) -> Node:
        if self._starts_primary():
            start, predicates = self._primary(), self._predicates()
            steps = [Step("self", "()", predicates)] if predicates else []
            steps += self._steps() if self.token in ("/", "//") else []
            return Path(False, start, tuple(steps)) if steps else start
        if self.token in ("/", "//"):
            if self.token == "/" and not self._starts_step(1):
                self._place += 1
                return Path(True, None, ())
            return Path(True, None, tuple(self._steps()))
        return Path(False, None, (self._step(), *self._steps()))

    def _starts_primary(self) -> bool:
        if self.kind in ("literal", "number"):
            return True
        call = self.kind == "name" and self._next() == "(" and self.token not in _NODE_TYPES
        return call or (self.kind == "symbol" and self.token == "(")

    def _starts_step(self, offset: int) -> bool:
        place = self._place + offset
        kind, token = self._tokens[place] if place < len(self._tokens) else ("", "")
        return kind == "name" or (kind == "symbol" and token in (".", "..", "@", "*"))

    def _primary(self) -> Node:
        if self.kind in ("literal", "number"):
            size = len(self.token)
            if size > _LONGEST_LITERAL:
                raise ValueError(f"an XPath with a text of over {_LONGEST_LITERAL} characters")
            self._place += 1
            return Value(size)
        if self._take("("):
            node = self._inner()
            self._expect(")")
            return node
        name = self.token
        if name not in FUNCTIONS:
            raise ValueError(f"no function {name}() in XPath 1.0")
        self._place += 2
        arguments: list[Node] = []
        while self.token != ")":
            arguments.append(self._inner())
            if not self._take(","):
                break
        self._expect(")")
        return Call(name, tuple(arguments))

    def _steps(self) -> list[Step]:
        steps: list[Step] = []
        while self._take("/", "//"):
            deep = self._tokens[self._place - 1][1] == "//"
            step = self._step()
            if deep and step.axis == "child":
                step = Step("descendant", step.test, step.predicates)
            elif deep:
                steps.append(Step("descendant-or-self", "()"))
            steps.append(step)
        return steps

    def _step(self) -> Step:
        if self._take("."):
            return Step("self", "()", self._predicates())
        if self._take(".."):
            return Step("parent", "()", self._predicates())
        axis = "child"
        if self._take("@"):
            axis = "attribute"
        elif self.kind == "name" and self._next() == "::":
            axis = self.token
            if axis not in AXES:
                raise ValueError(f"no axis {axis} in XPath 1.0")
            self._place += 2
        return Step(axis, self._test(), self._predicates())

    def _test(self) -> str:
        if self._take("*"):
            return "*"
        if self.kind != "name":
            raise ValueError(
                "no XPath: a name is missing" + (f" before {self.token!r}" if self.token else " at the end")
            )
        name = self.token
        self._place += 1
        if name in _NODE_TYPES and self._take("("):
            self._place += self.kind == "literal"
            self._expect(")")
            return "()"
        return name

    def _predicates(self) -> tuple[Node, ...]:
        found: list[Node] = []
        while self._take("["):
            found.append(self._inner())
            self._expect("]")
        return tuple(found)
