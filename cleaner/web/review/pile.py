"""The pages under review: read and labelled one after the other beside the work, known as far as that has come."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from threading import Condition, Event, Thread

from cleaner import Cleaner, Document, Label, Page
from cleaner.html.words import count_words
from cleaner.render.report.model import doubt, plain
from cleaner.user.corrections import Came, came_of
from cleaner.web.review.shelf import Place, Shelf

Named = tuple[str, Page]
"""A page, and how it is called."""
_OPEN = 6
"""Documents that are kept: the one in work, those before and the next."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a page in the pile.

    came: where it is from; doubt: how unsure its labels are, from 0 to 1; corrected: how many of its blocks have a
    label that a person set; done: whether a person went through it; change: the number of the change that made it so.
    """

    id: int
    name: str
    came: Came
    title: str = ""
    page_type: str = ""
    blocks: int = 0
    words: int = 0
    doubt: float = 0.0
    corrected: int = 0
    done: bool = False
    error: str = ""
    change: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading has come: the entries that changed since some change, and whether more pages come."""

    change: int
    entries: tuple[Entry, ...]
    reading: bool
    problems: tuple[str, ...]


Standing = Callable[[Came, Document], tuple[int, bool]]
"""Tells of a page how many of its blocks are corrected, and whether it is done."""


class Pile:
    """Reads pages, labels them, and gives them out again."""

    def __init__(self, cleaner: Cleaner, standing: Standing, tell: Callable[[str, str], None]) -> None:
        self._cleaner = cleaner
        self._standing = standing
        self._tell = tell
        self._shelf = Shelf()
        self._places: list[Place] = []
        self._entries: list[Entry] = []
        self._problems: list[str] = []
        self._documents: OrderedDict[int, Document] = OrderedDict()
        self._changed = Condition()
        self._change = 0
        self._reading = True
        self._stopped = Event()
        self._reader: Thread | None = None

    def start(self, pages: Iterable[Named]) -> None:
        """Begin to read, in a thread of its own."""
        self._reader = Thread(target=self._read, args=(pages,), name="review", daemon=True)
        self._reader.start()

    def stop(self) -> None:
        """Stop reading, and let go of the pages."""
        self._stopped.set()
        if self._reader is not None:
            self._reader.join(timeout=5)
        if self._reader is None or not self._reader.is_alive():
            self._shelf.close()

    def _complain(self, name: str, what: str) -> None:
        """Note what could not be read."""
        self._tell(name, what)
        with self._changed:
            self._problems.append(f"{plain(name)}: {plain(what)}")

    def progress(self, since: int, seconds: float = 0.0) -> Progress:
        """What changed since a change; waits so long for a first page, where there is none yet."""
        with self._changed:
            self._changed.wait_for(lambda: self._entries or not self._reading, seconds)
            entries = tuple(entry for entry in self._entries if entry.change > since)
            return Progress(self._change, entries, self._reading, tuple(self._problems))

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, number: int) -> Entry:
        """A page of the pile. Raises LookupError where there is none."""
        if not 0 <= number < len(self._entries):
            raise LookupError(f"no page {number}")
        return self._entries[number]

    def document(self, number: int) -> Document:
        """The labelled page, as it is without corrections. Raises LookupError, or OSError where it cannot be had."""
        self.entry(number)
        with self._changed:
            if number in self._documents:
                self._documents.move_to_end(number)
                return self._documents[number]
        document = self._cleaner.clean(self._shelf.get(self._places[number]))
        self._keep(number, document)
        return document

    def refresh(self, number: int) -> tuple[Entry, ...]:
        """Note that the corrections of a page have changed; it and all with the same content, as they are now."""
        document = self.document(number)
        with self._changed:
            came = self._entries[number].came
            corrected, done = self._standing(came, document)
            self._change += 1
            same = [number, *(one.id for one in self._entries if one.came.sha256 == came.sha256 and one.id != number)]
            for one in same:
                entry = replace(self._entries[one], corrected=corrected, done=done, change=self._change)
                self._entries[one] = entry
            return tuple(self._entries[one] for one in same)

    def _read(self, pages: Iterable[Named]) -> None:
        try:
            for name, page in pages:
                if self._stopped.is_set():
                    return
                self._take(name, page)
        except Exception as error:
            # A reader of some format failed: the pages before it are still there to be worked on.
            self._complain("review", f"reading stopped: {type(error).__name__}: {error}")
        finally:
            with self._changed:
                self._reading = False
                self._changed.notify_all()

    def _take(self, name: str, page: Page) -> None:
        if page.error is not None:
            self._complain(name, str(page.error))
            if not page.content:
                return
            page = replace(page, error=None)
        try:
            document = self._cleaner.clean(page)
            place = self._shelf.put(page)
        except Exception as error:
            self._complain(name, f"could not be cleaned: {type(error).__name__}: {error}")
            return
        came = came_of(page)
        corrected, done = self._standing(came, document)
        texts, confidences = document.columns.texts, document.columns.confidences
        words = [count_words(text) for text in texts]
        entry = Entry(
            id=len(self._entries),
            name=plain(name),
            came=came,
            title=plain(_title(document)),
            page_type=str(document.page_type),
            blocks=len(texts),
            words=sum(words),
            doubt=round(doubt(zip(confidences, words, strict=True)), 4),
            corrected=corrected,
            done=done,
        )
        with self._changed:
            self._change += 1
            self._places.append(place)
            self._entries.append(replace(entry, change=self._change))
            self._changed.notify_all()
        if len(self._documents) < _OPEN:
            self._keep(entry.id, document)

    def _keep(self, number: int, document: Document) -> None:
        with self._changed:
            self._documents[number] = document
            self._documents.move_to_end(number)
            while len(self._documents) > _OPEN:
                self._documents.popitem(last=False)


def _title(document: Document) -> str:
    """The headline; what else the page says of itself takes as long to read as the page to label."""
    columns = document.columns
    shown = (text for text, label in zip(columns.texts, columns.labels, strict=True) if label is Label.TITLE)
    return next(shown, "") or document.title or ""
