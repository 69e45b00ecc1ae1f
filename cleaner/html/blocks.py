"""The struct of arrays that a page is cut into: one entry a block, one entry a container."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from cleaner.document import Kind
from cleaner.later import Later

_NAME = re.compile(r"[a-z][\w.-]*", re.A | re.I)
"""Element names that need no quotes in an XPath."""


@dataclass(slots=True)
class Containers:
    """The block-level elements of a page, in the order they open; entry 0 is the body.

    attributes holds the words of class, id, role and the like, lower case, apart by spaces. first and last are the
    range of blocks inside: ``first <= block < last``.
    """

    tag: list[str] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    position: list[int] = field(default_factory=list)
    """The place among the siblings of one tag, from 1."""
    step: list[str] = field(default_factory=list)
    """Inline elements between the parent container and this one, as a piece of an XPath."""
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    mail_fields: set[int] = field(default_factory=set)
    """Containers with a field directly inside that takes an e-mail address."""
    text_areas: set[int] = field(default_factory=set)
    """Containers with a field directly inside that takes a text of several lines, as comments are written in."""

    def __len__(self) -> int:
        return len(self.tag)

    @classmethod
    def of(
        cls, opened: Sequence[tuple[Any, ...]], last: list[int], mail_fields: set[int], text_areas: set[int]
    ) -> Containers:
        """The columns of rows ``(tag, parent, attributes, position, step, first)``."""
        columns = [list(column) for column in zip(*opened, strict=True)] or [[] for _ in range(6)]
        tag, parent, attributes, position, step, first = columns
        return cls(tag, parent, attributes, position, step, first, last, mail_fields, text_areas)

    def path(self, container: int) -> list[int]:
        """The container and its ancestors, innermost first."""
        chain = []
        while container >= 0:
            chain.append(container)
            container = self.parent[container]
        return chain

    def xpaths(self, wanted: Iterable[int]) -> dict[int, str]:
        """The XPaths of the containers *wanted* and of their ancestors, by number."""
        numbers: set[int] = set()
        for container in wanted:
            while container >= 0 and container not in numbers:
                numbers.add(container)
                container = self.parent[container]
        paths = {-1: "/html[1]" if self.tag and self.tag[0] == "body" else ""}
        for number in sorted(numbers):
            tag = self.tag[number]
            name = tag if tag.isidentifier() or _NAME.fullmatch(tag) else f"*[name()={_quoted(tag)}]"
            paths[number] = f"{paths[self.parent[number]]}{self.step[number]}/{name}[{self.position[number]}]"
        return paths


def _quoted(text: str) -> str:
    """Text as an XPath string; XPath knows no escapes."""
    if "'" not in text:
        return f"'{text}'"
    return "concat(" + ', "\'", '.join(f"'{part}'" for part in text.split("'")) + ")"


_COLUMNS = (
    "text",
    "kind",
    "container",
    "words",
    "link_chars",
    "group",
    "row",
    "image",
)


@dataclass(slots=True)
class Blocks:
    """The visible blocks of a page in document order, as parallel lists."""

    text: list[str] = field(default_factory=list)
    kind: list[Kind] = field(default_factory=list)
    container: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    link_chars: list[int] = field(default_factory=list)
    """Characters of the block inside ``<a>``."""
    group: list[int] = field(default_factory=list)
    """The list or table the block stands in: its container's number, -1 for none."""
    row: list[int] = field(default_factory=list)
    """The table row the block stands in: its container's number, -1 for none."""
    image: list[int] = field(default_factory=list)
    """The container of the image that stands right before the block, -1 for none."""
    containers: Containers = field(default_factory=Containers)
    warnings: list[str] = field(default_factory=list)
    is_text: bool = False
    """Whether the blocks are lines of plain text, with no markup to lean on."""

    def __len__(self) -> int:
        return len(self.text)

    def xpaths(self) -> Sequence[str]:
        """The XPath of each block's container, made when they are looked at; empty for plain text."""
        if self.is_text:
            return [""] * len(self)
        containers = self.containers
        held = Containers(containers.tag, containers.parent, [], containers.position, containers.step)
        return Later(len(self), partial(_xpaths, held, self.container))

    @classmethod
    def of(cls, rows: Sequence[tuple[Any, ...]], containers: Containers, *, is_text: bool = False) -> Blocks:
        """The columns of rows with the fields from text to image, in their order."""
        columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(8)]
        blocks = cls(containers=containers, is_text=is_text)
        for name, column in zip(_COLUMNS, columns, strict=True):
            setattr(blocks, name, column)
        return blocks


def _xpaths(containers: Containers, around: Sequence[int]) -> list[str]:
    paths = containers.xpaths(around)
    return [paths[container] for container in around]
