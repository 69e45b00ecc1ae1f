"""The struct of arrays that a page is cut into: one entry a block, one entry a container."""

from __future__ import annotations

from dataclasses import dataclass, field

from cleaner.document import Kind


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
    mail_fields: list[int] = field(default_factory=list)
    """Fields directly inside that take an e-mail address."""
    text_areas: list[int] = field(default_factory=list)
    """Fields directly inside that take a text of several lines, as comments are written in."""

    def __len__(self) -> int:
        return len(self.tag)

    def add(self, tag: str, parent: int, attributes: str, position: int, step: str, first: int = 0) -> int:
        """Open a container and return its number; its last block is set when it closes."""
        self.tag.append(tag)
        self.parent.append(parent)
        self.attributes.append(attributes)
        self.position.append(position)
        self.step.append(step)
        self.first.append(first)
        self.last.append(first)
        self.mail_fields.append(0)
        self.text_areas.append(0)
        return len(self.tag) - 1

    def path(self, container: int) -> list[int]:
        """The container and its ancestors, innermost first."""
        chain = []
        while container >= 0:
            chain.append(container)
            container = self.parent[container]
        return chain

    def xpaths(self) -> list[str]:
        """The XPath of every container."""
        paths: list[str] = []
        for tag, parent, position, step in zip(self.tag, self.parent, self.position, self.step, strict=True):
            paths.append(f"{paths[parent] if parent >= 0 else ''}{step}/{tag}[{position}]")
        return paths


@dataclass(slots=True)
class Blocks:
    """The visible blocks of a page in document order, as parallel lists."""

    text: list[str] = field(default_factory=list)
    kind: list[Kind] = field(default_factory=list)
    container: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    link_chars: list[int] = field(default_factory=list)
    """Characters of the block inside ``<a>``."""
    links: list[int] = field(default_factory=list)
    strong_chars: list[int] = field(default_factory=list)
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

    def add(
        self,
        text: str,
        kind: Kind,
        container: int,
        words: int,
        *,
        link_chars: int = 0,
        links: int = 0,
        strong_chars: int = 0,
        group: int = -1,
        row: int = -1,
        image: int = -1,
    ) -> None:
        """Append a block."""
        self.text.append(text)
        self.kind.append(kind)
        self.container.append(container)
        self.words.append(words)
        self.link_chars.append(link_chars)
        self.links.append(links)
        self.strong_chars.append(strong_chars)
        self.group.append(group)
        self.row.append(row)
        self.image.append(image)
