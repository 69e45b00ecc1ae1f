"""Labels that a person set: a file of them, kept row by row, and the last word on the pages that they are about."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.document import Label
from cleaner.html.seen import Came
from cleaner.load import Page
from cleaner.tag.verdict import Verdict
from cleaner.user.cut import Cut
from cleaner.user.lines import append_lines, read_lines
from cleaner.user.rows import Correction, Reviewed, Row, as_line, parse_row

if TYPE_CHECKING:
    from cleaner.html.seen import Seen

__all__ = ["REASON", "Came", "Corrections", "came_of"]

REASON = "correction"
_NAMELESS = frozenset({"", "-", "<stdin>"})
"""Names that say nothing of which page it is."""


@dataclass(slots=True)
class _Version:
    """What is known of a page with one content: the last row of each block, and of the page."""

    blocks: dict[int, Correction] = field(default_factory=dict)
    reviewed: Reviewed | None = None


class Corrections:
    """Labels that a person set on blocks of pages, and the pages that a person went through.

    The last row about a block counts. A row is for the page with its content: by the block's index, and where another
    text stands there now, for the nearest block with its text. It is also for another content under the same address or
    name: there for the block with its text, the nearest where it repeats.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._versions: dict[str, _Version] = {}
        self._named: dict[str, dict[str, None]] = {}
        """The versions of each address or name, in the order they came."""

    @classmethod
    def load(cls, path: str | Path) -> Corrections:
        """Read a file. Raises OSError, or ValueError with the line that is no row.

        A last line that was cut short as it was written is no mistake: it is passed over, and the next row replaces it.
        """
        corrections = cls(Path(path))
        for number, line in read_lines(Path(path)):
            try:
                corrections._take(parse_row(line))
            except ValueError as error:
                raise ValueError(f"{path}:{number}: {error}") from None
        return corrections

    @classmethod
    def open(cls, path: str | Path) -> Corrections:
        """Read a file, or begin one that is made with its first row. Raises OSError or ValueError."""
        return cls.load(path) if os.path.lexists(path) else cls(Path(path))

    def append(self, *rows: Row) -> None:
        """Add rows, to the file first: all of them or none, on the disk when this returns. Raises OSError."""
        if self.path is not None and rows:
            append_lines(self.path, [as_line(row) for row in rows])
        for row in rows:
            self._take(row)

    def __len__(self) -> int:
        return sum(row.label is not None for version in self._versions.values() for row in version.blocks.values())

    def __iter__(self) -> Iterator[Correction]:
        """The corrections that count, by page."""
        for version in self._versions.values():
            yield from (row for row in version.blocks.values() if row.label is not None)

    @property
    def pages(self) -> int:
        """How many pages hold a correction or were gone through, each content for itself."""
        return sum(
            any(row.label is not None for row in version.blocks.values()) or _is_done(version.reviewed)
            for version in self._versions.values()
        )

    def knows(self, came: Came) -> bool:
        """Whether any row is for the page."""
        return came.sha256 in self._versions or any(name in self._named for name in _names(came))

    def labels(self, came: Came, texts: Sequence[str]) -> dict[int, Label]:
        """The labels set on the blocks of a page, by index; texts are its blocks' texts."""
        if not self.knows(came):
            return {}
        cut = Cut(texts)
        found = self._from_others(came, cut)
        own = self._versions.get(came.sha256)
        for index, row in cut.placed(own.blocks.values() if own is not None else ()):
            if row.label is None:
                found.pop(index, None)
            else:
                found[index] = row.label
        return dict(sorted(found.items()))

    def gold(self, came: Came, texts: Sequence[str]) -> dict[int, Label | None]:
        """What a person says of the blocks of a page: the labels set, and those left as they were.

        The latter only where the page was gone through with this content: None where its row does not name the label.
        """
        found: dict[int, Label | None] = {}
        version = self._versions.get(came.sha256)
        if version is not None and _is_done(version.reviewed):
            found.update(_left(version.reviewed, Cut(texts)))
        found.update(self.labels(came, texts))
        return dict(sorted(found.items()))

    def reviewed(self, came: Came) -> Reviewed | None:
        """The row that says that the page was gone through, None where it was not, or was changed since."""
        version = self._versions.get(came.sha256)
        return version.reviewed if version is not None and _is_done(version.reviewed) else None

    def overrule(self, seen: Seen, verdict: Verdict) -> None:
        """Give the blocks of a page the labels that were set on them."""
        for index, label in self.labels(seen.came, seen.blocks.text).items():
            verdict.overrule(index, label, REASON)

    def _from_others(self, came: Came, cut: Cut) -> dict[int, Label]:
        """What was set on the same page with another content."""
        keys = {key: None for name in _names(came) for key in self._named.get(name, ()) if key != came.sha256}
        found: dict[int, Label] = {}
        for key in keys:
            rows = [row for row in self._versions[key].blocks.values() if row.label is not None]
            found.update({i: row.label for i, row in cut.moved(rows) if row.label is not None})
        return found

    def _take(self, row: Row) -> None:
        key = row.sha256 or f"name {row.page}"
        version = self._versions.setdefault(key, _Version())
        if isinstance(row, Reviewed):
            version.reviewed = row
        else:
            # The last row comes last, so that it wins where two meet.
            version.blocks.pop(row.index, None)
            version.blocks[row.index] = row
        if row.page not in _NAMELESS:
            self._named.setdefault(row.page, {})[key] = None


def came_of(page: Page) -> Came:
    """What tells a page from others: its address, its name, and the digest of its content."""
    content = page.content.encode("utf-8", "surrogatepass") if isinstance(page.content, str) else page.content
    return Came(page.url, page.name, sha256(content).hexdigest())


def _names(came: Came) -> list[str]:
    return [name for name in (came.url, came.name) if name and name not in _NAMELESS]


def _is_done(row: Reviewed | None) -> bool:
    return row is not None and row.done


def _left(row: Reviewed | None, cut: Cut) -> Iterator[tuple[int, Label | None]]:
    """The blocks that a person saw, with the labels they had."""
    if row is None:
        return
    for index in range(row.first, min(row.last + 1, len(cut))):
        place = index - row.first
        if not row.labels:
            yield index, None
        elif place < len(row.labels) and (not row.fingerprints or cut.at(index) == row.fingerprints[place]):
            yield index, row.labels[place]
