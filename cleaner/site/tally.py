"""How many pages of a site show something, and with which labels: a bounded table of fingerprints of several kinds.

The last two bits of a key tell its kind: a block's text, a clause, a path, a pair of blocks.

What one page showed is by far the most, and takes 15 bytes in arrays; what came again has a row of counts. Updates are
kept apart, in arrays that stay small, and go into the large ones some thousands at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Label
from cleaner.site.fingerprint import Keys

LABELS = len(Label)
KINDS = ("blocks", "clauses", "paths", "pairs")
_KIND_BITS = np.uint64(3)
Counts = NDArray[np.uint32]
"""Pages by label, a row for each key."""
_DAY, _TURN = LABELS, LABELS + 1
_GONE = 255
_WAITING = (512, 8_000)
"""Updates that wait: a quarter of what there is, at least and at most so many."""
_MOST_AGAIN = 5
"""One part in so many of what is kept may have come again."""
NO_DAY = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """What a tally holds, by key: the day when it was last seen (days since 1970, 0 unknown) and its counts."""

    keys: Keys
    days: NDArray[np.uint16]
    counts: Counts


class Tally:
    """Counts pages by fingerprint and label. Each page is told once, with every key once.

    most: how many keys of each kind are held; past them the oldest go that one page showed.
    """

    def __init__(self, most: Sequence[int]) -> None:
        self.most = tuple(most)
        self._turn = 0
        self._once = np.empty(0, np.uint64)
        self._once_label = np.empty(0, np.uint8)
        self._once_day = np.empty(0, np.uint16)
        self._once_turn = np.empty(0, np.uint32)
        self._again = np.empty(0, np.uint64)
        self._again_counts = np.empty((0, LABELS), np.uint32)
        self._again_day = np.empty(0, np.uint16)
        self._again_turn = np.empty(0, np.uint32)
        self._new = np.empty(0, np.uint64)
        self._new_packed = np.empty(0, np.uint64)
        """Keys that came once since: label, day and turn in one number."""
        self._new_rows: dict[int, list[int]] = {}
        """Keys that came again since: their counts, then the day and the turn."""

    def __len__(self) -> int:
        gone = int((self._once_label == _GONE).sum())
        return len(self._once) - gone + len(self._again) + self._waiting()

    def repeated(self, kind: int) -> int:
        """How many keys of a kind several pages showed."""
        return int((kinds(self._again) == kind).sum()) + sum(key & int(_KIND_BITS) == kind for key in self._new_rows)

    def add(self, keys: Keys, labels: NDArray[np.uint8], day: int = NO_DAY) -> None:
        """Count a page that shows these keys, no two the same, each with a label (its number in :class:`Label`)."""
        self._turn += 1
        places, known = _find(self._again, keys)
        again, rest = places[known], ~known
        self._again_counts[again, labels[known]] += 1
        self._again_day[again] = np.maximum(self._again_day[again], day)
        self._again_turn[again] = self._turn
        keys, labels = keys[rest], labels[rest]
        places, seen = _find(self._once, keys)
        known_once = self._once_label[places[seen]] | self._once_day[places[seen]].astype(np.uint64) << np.uint64(8)
        self._add(keys[seen], labels[seen], known_once, day)
        self._once_label[places[seen]] = _GONE
        keys, labels = keys[~seen], labels[~seen]
        places, seen = _find(self._new, keys)
        self._add(keys[seen], labels[seen], self._new_packed[places[seen]], day)
        self._new_packed[places[seen]] |= np.uint64(_GONE)
        fresh, packed = keys[~seen], labels[~seen] | np.uint64((self._turn << 24) | (day << 8))
        order = np.argsort(fresh)
        at = np.searchsorted(self._new, fresh[order])
        self._new = np.insert(self._new, at, fresh[order])
        self._new_packed = np.insert(self._new_packed, at, packed[order])
        if self._waiting() > _patience(len(self._once)):
            self._settle()

    def look(self, keys: Keys) -> Counts:
        """The counts of each key; zeros for what was never seen."""
        counts = np.zeros((len(keys), LABELS), np.uint32)
        places, known = _find(self._again, keys)
        counts[known] = self._again_counts[places[known]]
        rest = np.flatnonzero(~known)
        places, known = _find(self._once, keys[rest])
        labels = self._once_label[places[known]]
        there = labels != _GONE
        counts[rest[known][there], labels[there]] = 1
        waiting = rest[~known]
        places, recent = _find(self._new, keys[waiting])
        labels = _labels(self._new_packed[places[recent]])
        alone = labels != _GONE
        counts[waiting[recent][alone], labels[alone]] = 1
        for i in np.concatenate([rest[known][~there], waiting[recent][~alone]]).tolist():
            counts[i] = self._new_rows[int(keys[i])][:LABELS]
        return counts

    def rows(self) -> Rows:
        """All that is held, by key in ascending order."""
        self._settle()
        counts = np.zeros((len(self._once), LABELS), np.uint32)
        counts[np.arange(len(self._once)), self._once_label] = 1
        keys = np.concatenate([self._once, self._again])
        order = np.argsort(keys)
        days = np.concatenate([self._once_day, self._again_day])[order]
        return Rows(keys[order], days, np.concatenate([counts, self._again_counts])[order])

    @classmethod
    def of(cls, most: Sequence[int], parts: Sequence[Rows]) -> Self:
        """The sum of what several tallies hold."""
        keys = np.concatenate([part.keys for part in parts])
        unique, which = np.unique(keys, return_inverse=True)
        counts = np.zeros((len(unique), LABELS), np.uint32)
        np.add.at(counts, which, np.concatenate([part.counts for part in parts]))
        days = np.zeros(len(unique), np.uint16)
        np.maximum.at(days, which, np.concatenate([part.days for part in parts]))
        made = cls(most)
        once = counts.sum(axis=1) == 1
        made._once, made._once_day = unique[once], days[once]
        made._once_label = counts[once].argmax(axis=1).astype(np.uint8)
        made._once_turn = np.zeros(len(made._once), np.uint32)
        made._again = unique[~once]
        made._again_counts, made._again_day = counts[~once], days[~once]
        made._again_turn = np.zeros(len(made._again), np.uint32)
        made._shrink()
        return made

    def _waiting(self) -> int:
        """How many keys are not in the large arrays yet, or no longer count there."""
        return int((_labels(self._new_packed) != _GONE).sum()) + len(self._new_rows)

    def _add(self, keys: Keys, labels: NDArray[np.uint8], before: Keys, day: int) -> None:
        """Count keys that came before: label and day of the only page until now in one number, or 255 and a row."""
        for key, label, packed in zip(keys.tolist(), labels.tolist(), before.tolist(), strict=True):
            row = self._new_rows.get(key)
            if row is None:
                row = self._new_rows[key] = [0] * (LABELS + 2)
                row[packed & 0xFF] = 1
                row[_DAY] = (packed >> 8) & 0xFFFF
            row[label] += 1
            row[_DAY], row[_TURN] = max(row[_DAY], day), self._turn

    def _settle(self) -> None:
        """Bring what waits into the arrays."""
        there = self._once_label != _GONE
        if not there.all():
            self._keep(there)
        if len(self._new):
            alone = _labels(self._new_packed) != _GONE
            keys, packed = self._new[alone], self._new_packed[alone]
            self._new = self._new_packed = np.empty(0, np.uint64)
            at = np.searchsorted(self._once, keys)
            self._once = np.insert(self._once, at, keys)
            self._once_label = np.insert(self._once_label, at, _labels(packed))
            self._once_day = np.insert(self._once_day, at, ((packed >> np.uint64(8)) & np.uint64(0xFFFF)).astype("u2"))
            self._once_turn = np.insert(self._once_turn, at, (packed >> np.uint64(24)).astype(np.uint32))
        if self._new_rows:
            keys = np.fromiter(self._new_rows, np.uint64, len(self._new_rows))
            values = np.asarray(list(self._new_rows.values()))
            self._new_rows.clear()
            order = np.argsort(keys)
            keys, values = keys[order], values[order]
            at = np.searchsorted(self._again, keys)
            self._again = np.insert(self._again, at, keys)
            self._again_counts = np.insert(self._again_counts, at, values[:, :LABELS], axis=0)
            self._again_day = np.insert(self._again_day, at, values[:, _DAY])
            self._again_turn = np.insert(self._again_turn, at, values[:, _TURN])
        self._shrink()

    def _shrink(self) -> None:
        """Let go of what was seen once and longest ago, then of what few pages showed again."""
        once, again = (np.bincount(kinds(keys), minlength=len(KINDS)) for keys in (self._once, self._again))
        for kind in np.flatnonzero(once + again > self.most).tolist():
            most_again = self.most[kind] // _MOST_AGAIN
            if again[kind] > most_again:
                own = np.flatnonzero(kinds(self._again) == kind)
                pages = self._again_counts[own].sum(axis=1)
                order = np.lexsort((self._again[own], self._again_day[own], self._again_turn[own], pages))
                kept = np.ones(len(self._again), bool)
                kept[own[order[: len(order) - most_again // 2]]] = False
                self._again, self._again_counts = self._again[kept], self._again_counts[kept]
                self._again_day, self._again_turn = self._again_day[kept], self._again_turn[kept]
                again[kind] = most_again // 2
            room = self.most[kind] - int(again[kind])
            if once[kind] > room:
                own = np.flatnonzero(kinds(self._once) == kind)
                order = np.lexsort((self._once[own], self._once_day[own], self._once_turn[own]))
                kept = np.ones(len(self._once), bool)
                kept[own[order[: len(order) - room // 2]]] = False
                self._keep(kept)

    def _keep(self, kept: NDArray[np.bool_]) -> None:
        self._once, self._once_label = self._once[kept], self._once_label[kept]
        self._once_day, self._once_turn = self._once_day[kept], self._once_turn[kept]


class Known:
    """Keys of pages that were seen, at most about *most*: past them the older half is forgotten."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._old = np.empty(0, np.uint64)
        self._young = np.empty(0, np.uint64)
        self._new: set[int] = set()

    def __contains__(self, key: int) -> bool:
        wanted = np.asarray([key], np.uint64)
        return key in self._new or any(_find(keys, wanted)[1][0] for keys in (self._young, self._old))

    def add(self, key: int) -> None:
        """Remember a key."""
        self._new.add(key)
        if len(self._new) > _patience(len(self._young)):
            self._settle()

    def keys(self) -> Keys:
        """All that are known, in ascending order."""
        self._settle()
        return np.union1d(self._old, self._young)

    @classmethod
    def of(cls, most: int, parts: Sequence[Keys]) -> Self:
        """What several know."""
        made = cls(most)
        keys = np.unique(np.concatenate(parts))
        made._old, made._young = np.empty(0, np.uint64), keys[: most // 2] if len(keys) > most else keys
        return made

    def _settle(self) -> None:
        self._young = np.union1d(self._young, np.fromiter(self._new, np.uint64, len(self._new)))
        self._new.clear()
        if len(self._young) > self.most // 2 and len(self._old) + len(self._young) > self.most:
            self._old, self._young = self._young, np.empty(0, np.uint64)


def of_kind(keys: Keys, kind: int) -> Keys:
    """The keys with the bits of a kind."""
    return np.asarray((keys & ~_KIND_BITS) | np.uint64(kind), np.uint64)


def kinds(keys: Keys) -> NDArray[np.intp]:
    """The kind of each key."""
    return (keys & _KIND_BITS).astype(np.intp)


def _labels(packed: Keys) -> NDArray[np.uint8]:
    return (packed & np.uint64(0xFF)).astype(np.uint8)


def _patience(size: int) -> int:
    least, most = _WAITING
    return min(max(size // 4, least), most)


def _find(table: Keys, keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Where each key stands in a sorted table, and whether it does."""
    if not len(table):
        return np.zeros(len(keys), np.intp), np.zeros(len(keys), bool)
    places = np.minimum(np.searchsorted(table, keys), len(table) - 1)
    return places, table[places] == keys
