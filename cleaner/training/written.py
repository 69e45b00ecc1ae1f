"""Asks, near misses and host articles that were written for the project, by language.

A folder holds ``asks/LANGUAGE.jsonl`` and ``hosts/LANGUAGE.jsonl``. A row of asks is ``{"id", "label", "kind",
"blocks"}`` with blocks as ``[role, text]``; one with the label body is a near miss: words of an ask in an article's own
paragraph. A row of hosts is an article with what stands around it. Every tenth row of asks and every third host are
held out: nothing is learnt from them, they are what is reported on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.document import Label

EVERY = 10
"""One in so many rows of a language's asks is held out."""
HOST_EVERY = 3
"""One in so many of a language's host articles is held out."""
ROLES = frozenset(
    ("heading", "text", "item", "quote", "amount", "field", "button", "link", "note", "dismiss", "thanks", "signature")
)
_TEXTS = ("site", "title", "byline", "date", "caption", "related_heading")
_LISTS = ("menu", "tags", "share", "related", "footer")
Block = tuple[str, str]
"""A role and a text."""


@dataclass(frozen=True, slots=True)
class Ask:
    """An ask, other cruft or a near miss, as a run of blocks of one label."""

    id: str
    language: str
    label: Label
    kind: str
    blocks: tuple[Block, ...]
    held_out: bool

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of its blocks."""
        return tuple(text for _, text in self.blocks)


@dataclass(frozen=True, slots=True)
class Host:
    """An article to plant into, with what stands around it on its page."""

    id: str
    language: str
    held_out: bool
    site: str
    title: str
    byline: str
    date: str
    caption: str
    related_heading: str
    blocks: tuple[Block, ...]
    menu: tuple[str, ...]
    tags: tuple[str, ...]
    share: tuple[str, ...]
    related: tuple[str, ...]
    footer: tuple[str, ...]


def read_asks(folder: Path) -> list[Ask]:
    """All asks of a folder, languages in order. Raises ValueError for a row that is none, OSError for no folder."""
    return [ask for path in _files(folder / "asks") for ask in _asks(path)]


def read_hosts(folder: Path) -> list[Host]:
    """All host articles of a folder. Raises like :func:`read_asks`."""
    return [host for path in _files(folder / "hosts") for host in _hosts(path)]


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise FileNotFoundError(f"no folder {folder}")
    return sorted(folder.glob("*.jsonl"))


def _asks(path: Path) -> Iterator[Ask]:
    for number, (line, row) in enumerate(_rows(path), 1):
        try:
            blocks = _blocks(row["blocks"])
            yield Ask(row["id"], path.stem, Label(row["label"]), row["kind"], blocks, number % EVERY == 0)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {line}: {error!r}") from None


def _hosts(path: Path) -> Iterator[Host]:
    for number, (line, row) in enumerate(_rows(path), 1):
        try:
            told: dict[str, Any] = {name: str(row[name]) for name in _TEXTS}
            told |= {name: tuple(map(str, row[name])) for name in _LISTS}
            yield Host(row["id"], path.stem, number % HOST_EVERY == 0, blocks=_blocks(row["blocks"]), **told)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {line}: {error!r}") from None


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from None


def _blocks(rows: Iterable[Iterable[str]]) -> tuple[Block, ...]:
    blocks = []
    for role, text in rows:
        if role not in ROLES or not text.strip():
            raise ValueError(f"no block: {role!r}, {text!r}")
        blocks.append((role, text))
    if not blocks:
        raise ValueError("no blocks")
    return tuple(blocks)
