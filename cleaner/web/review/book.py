"""What a person changes: each change in the file at once, and each can be undone."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from threading import RLock

from cleaner import Document, Label
from cleaner.site.fingerprint import fingerprint
from cleaner.user.corrections import Came, Corrections
from cleaner.user.rows import Correction, Reviewed, Row, now

_UNDOABLE = 10_000
_NAMELESS = "-"


@dataclass(frozen=True, slots=True)
class Step:
    """What brings a page back to what it was before a change."""

    page: int
    rows: tuple[Row, ...]


class Book:
    """The corrections of the pages under review. Safe in threads."""

    def __init__(self, corrections: Corrections) -> None:
        self._corrections = corrections
        self._lock = RLock()
        self._steps: deque[Step] = deque(maxlen=_UNDOABLE)

    def standing(self, came: Came, document: Document) -> tuple[int, bool]:
        """How many blocks of a page are corrected, and whether it is done."""
        with self._lock:
            return len(self.labels(came, document)), self._corrections.reviewed(came) is not None

    def labels(self, came: Came, document: Document) -> dict[int, Label]:
        """The labels that a person set on a page's blocks."""
        with self._lock:
            return self._corrections.labels(came, document.columns.texts)

    def seen(self, came: Came) -> int:
        """The last block of a page that a person went through, -1 where the page is not done."""
        with self._lock:
            row = self._corrections.reviewed(came)
            return row.last if row is not None else -1

    def set(self, page: int, came: Came, document: Document, blocks: Sequence[int], label: Label | None) -> None:
        """Give blocks a label; None takes back what was set. Raises OSError where it cannot be written."""
        with self._lock:
            before = self.labels(came, document)
            rows = [_row(came, document, index, label) for index in blocks if before.get(index) is not label]
            back = [_row(came, document, row.index, before.get(row.index)) for row in rows]
            self._write(page, rows, back)

    def finish(self, page: int, came: Came, document: Document, last: int | None) -> None:
        """Note that a person went through a page, up to a block; None that nobody did. Raises OSError."""
        with self._lock:
            was = self._corrections.reviewed(came)
            row = _seen(came, document, last)
            self._write(page, [row], [was if was is not None else replace(row, done=False, labels=(), fingerprints=())])

    def undo(self) -> int | None:
        """Take the last change back; return the page that it was on, None where there is none. Raises OSError."""
        with self._lock:
            if not self._steps:
                return None
            step = self._steps[-1]
            self._corrections.append(*(replace(row, time=now()) for row in step.rows))
            self._steps.pop()
            return step.page

    @property
    def undoable(self) -> int:
        """How many changes can be undone."""
        return len(self._steps)

    def counts(self) -> tuple[int, int]:
        """How many corrections there are, and of how many pages."""
        with self._lock:
            return len(self._corrections), self._corrections.pages

    def _write(self, page: int, rows: Sequence[Row], back: Iterable[Row]) -> None:
        if rows:
            self._corrections.append(*rows)
            self._steps.append(Step(page, tuple(back)))


def corrected(document: Document, labels: dict[int, Label]) -> Document:
    """The document with the labels that a person set."""
    if not labels:
        return document
    columns = document.columns
    new = [labels.get(index, label) for index, label in enumerate(columns.labels)]
    return replace(document, columns=replace(columns, labels=new))


def _name(came: Came) -> str:
    return came.url or came.name or _NAMELESS


def _row(came: Came, document: Document, index: int, label: Label | None) -> Correction:
    columns = document.columns
    print_ = fingerprint(columns.texts[index])
    return Correction(_name(came), came.sha256, index, print_, label, columns.labels[index], now())


def _seen(came: Came, document: Document, last: int | None) -> Reviewed:
    if last is None:
        return Reviewed(_name(came), came.sha256, False, 0, 0, time=now())
    columns = document.columns
    labels, texts = tuple(columns.labels[: last + 1]), columns.texts[: last + 1]
    return Reviewed(_name(came), came.sha256, True, 0, last, labels, tuple(map(fingerprint, texts)), now())
