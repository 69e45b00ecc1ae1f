"""A site's profile: what its pages have in common, learned from them, and what that says of one more of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Document, Label, PageType
from cleaner.later import Later
from cleaner.site.fingerprint import Keys
from cleaner.site.sight import Sight, address_key, seen_blocks, seen_document
from cleaner.site.store import MOST_BYTES, Contents, from_json, to_json
from cleaner.site.tally import KINDS, NO_DAY, Known, Tally
from cleaner.site.weigh import Past, weigh
from cleaner.tag.page_type import page_type

if TYPE_CHECKING:
    from cleaner.html.seen import Seen
    from cleaner.tag.advice import Advice

MOST = {"blocks": 1_000_000, "clauses": 200_000, "paths": 50_000, "pairs": 200_000}
MOST_SEEN = 1_000_000
"""How much of each is kept; what it takes does not grow from there on."""
_MOST = tuple(MOST[kind] for kind in KINDS)
_CODES = {label: code for code, label in enumerate(Label)}
_OF_PROSE = frozenset({PageType.ARTICLE, PageType.FORUM, PageType.OTHER})
_OF_TEASERS = frozenset({PageType.LISTING, PageType.COLLECTION})
_CORRECTED = "correction"
_REMEMBERED = 64
_FIRST_DAY = date(1970, 1, 1)
_LAST_DAY = 0xFFFF

Codes = NDArray[np.uint8]


class SiteProfile:
    """Learns from a site's finished documents; knows of a new page's blocks on how many others they stood, and as what.

    To be given to ``Cleaner(site=…)``. Safe in threads. Takes memory for about a million texts, however many pages.
    """

    def __init__(self) -> None:
        self._pages = 0
        self._seen = Known(MOST_SEEN)
        self._tally = Tally(_MOST)
        self._said: dict[int, int] = {}
        self._lock = RLock()
        self._looked_at: OrderedDict[int, tuple[Sequence[str], Sight]] = OrderedDict()
        """By the list of the texts itself, which is kept so that no other gets its number."""

    @classmethod
    def learn(cls, documents: Iterable[Document]) -> Self:
        """A profile of a site's documents: ``SiteProfile.learn(map(cleaner.clean, pages))``."""
        made = cls()
        for document in documents:
            made.observe(document)
        return made

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a profile's file, whoever wrote it. Raises OSError, or ValueError for what is no profile."""
        path = Path(path)
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"{path} is over {MOST_BYTES:,} bytes long")
        try:
            return cls.from_json(path.read_text("utf-8"))
        except ValueError as error:
            raise ValueError(f"{path} {error}") from None

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` gave. Raises ValueError for anything else."""
        return cls._of(from_json(text, MOST, MOST_SEEN))

    def to_json(self) -> str:
        """The profile as JSON, the same text for the same pages in whatever order; docs/sites.md has its schema."""
        return to_json(self._contents())

    @property
    def pages(self) -> int:
        """Pages that were learned from, each counted once."""
        return self._pages

    @property
    def repeated(self) -> int:
        """Texts of blocks that several of the pages show."""
        return self._tally.repeated(KINDS.index("blocks"))

    def observe(self, document: Document, saved: str | None = None) -> bool:
        """Learn from a finished document; return whether its page is new.

        A page is known by its address and by its text, and counts once. What a person corrected on it counts in any
        case, and more than all that the pages show. saved is the day that the page is from, ISO 8601.
        """
        columns = document.columns
        sight = self._sight(columns.texts) or seen_document(document)
        codes = np.asarray([_CODES[label] for label in columns.labels], np.uint8)
        reasons = columns.reasons
        # Who corrects a label writes a reason; where nobody looked at them nobody did.
        untouched = isinstance(reasons, Later) and not reasons.is_made
        corrected = [] if untouched else [i for i, reason in enumerate(reasons) if reason.startswith(_CORRECTED)]
        with self._lock:
            for key, code in zip(sight.blocks[corrected].tolist(), codes[corrected].tolist(), strict=True):
                if key in self._said or len(self._said) < MOST["blocks"]:
                    self._said[key] = self._said.get(key, 0) | 1 << code
            return self._take(sight, codes, document, _day(saved))

    def advise(self, seen: Seen) -> Advice | None:
        """What the site's other pages say of this one's blocks."""
        sight = seen_blocks(seen.blocks)
        of_prose = page_type(seen.hints, seen.blocks) in _OF_PROSE
        with self._lock:
            # Whoever learns as he cleans has this page observed next.
            self._looked_at[id(seen.blocks.text)] = seen.blocks.text, sight
            if len(self._looked_at) > _REMEMBERED:
                self._looked_at.popitem(last=False)
            return self._advise(sight, seen.came.url, of_prose)

    def merge(self, other: SiteProfile) -> Self:
        """A profile of the pages of both; in whatever order parts are merged, the same comes out.

        A page that both learned from counts twice.
        """
        one, two = self._contents(), other._contents()
        rows = Tally.of(_MOST, [one.rows, two.rows]).rows()
        said = {key: one.said.get(key, 0) | two.said.get(key, 0) for key in one.said | two.said}
        seen = Known.of(MOST_SEEN, [one.seen, two.seen]).keys()
        return self._of(Contents(one.pages + two.pages, seen, rows, said))

    def shares_pages(self, other: SiteProfile) -> bool:
        """Whether both learned from some page."""
        return bool(len(np.intersect1d(self._contents().seen, other._contents().seen)))

    def __len__(self) -> int:
        """Entries that are held: texts, clauses, places."""
        return len(self._tally)

    def __bool__(self) -> bool:
        return True

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).from_json, (self.to_json(),)

    def _sight(self, texts: Sequence[str]) -> Sight | None:
        """What was seen of a page when it was cleaned, if that was not long ago."""
        with self._lock:
            return self._looked_at.pop(id(texts), (texts, None))[1]

    def _take(self, sight: Sight, codes: Codes, document: Document, day: int) -> bool:
        url = document.source.url
        if self._knows(sight, url) or not len(codes):
            return False
        for key in _keys(sight, url):
            self._seen.add(key)
        self._pages += 1
        keep, own = np.ones(len(sight.entries), bool), codes
        keep[: len(codes)] = sight.telling
        if document.page_type in _OF_TEASERS:
            # The entries of a list of pages are its body, and teasers of the pages.
            own = np.where(codes == _CODES[Label.BODY], _CODES[Label.RELATED], codes).astype(np.uint8)
        every = np.concatenate([own, own[sight.of], _most(sight.paths, codes), own[1:]])[keep]
        unique, where = np.unique(sight.entries[keep], return_index=True)
        self._tally.add(unique, every[where], day)
        return True

    def _advise(self, sight: Sight, url: str | None, of_prose: bool) -> Advice | None:
        own = self._knows(sight, url)
        others = self._pages - own
        if others < 1:
            return None
        counts = self._tally.look(sight.entries).astype(np.float64)
        if own:
            # Which label the page itself had is not known: every label gives its share.
            pages = counts.sum(axis=1)
            counts *= (np.maximum(pages - 1, 0) / np.maximum(pages, 1))[:, None]
        blocks, clauses, paths, pairs = sight.split(counts)
        said = [self._said.get(key, 0) for key in sight.blocks.tolist()] if self._said else ()
        return weigh(sight, Past(others, own, of_prose, blocks, clauses, paths, pairs.sum(axis=1), said))

    def _knows(self, sight: Sight, url: str | None) -> bool:
        return any(key in self._seen for key in _keys(sight, url))

    def _contents(self) -> Contents:
        with self._lock:
            return Contents(self._pages, self._seen.keys(), self._tally.rows(), dict(self._said))

    @classmethod
    def _of(cls, contents: Contents) -> Self:
        made = cls()
        made._pages = contents.pages
        made._seen = Known.of(MOST_SEEN, [contents.seen])
        made._tally = Tally.of(_MOST, [contents.rows])
        made._said = dict(contents.said)
        return made


def _keys(sight: Sight, url: str | None) -> list[int]:
    """What tells the page from others."""
    address = address_key(url)
    return [sight.page] if address is None else [sight.page, address]


def _most(keys: Keys, codes: Codes) -> Codes:
    """For each key the label that it has most often; of several the first."""
    unique, which = np.unique(keys, return_inverse=True)
    times = np.bincount(which * len(Label) + codes[: len(keys)], minlength=len(unique) * len(Label))
    best: Codes = times.reshape(-1, len(Label)).argmax(axis=1).astype(np.uint8)
    return best[which]


def _day(saved: str | None) -> int:
    try:
        return min(max((date.fromisoformat((saved or "")[:10]) - _FIRST_DAY).days, NO_DAY), _LAST_DAY)
    except ValueError:
        return NO_DAY
