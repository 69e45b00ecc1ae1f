"""Rows about blocks, and the blocks of a page as it is now: which is which."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from cleaner.user.rows import Correction


class Cut:
    """The blocks of a page, known by their texts. A fingerprint is made when it is asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._prints: dict[int, str] = {}
        self._places: dict[str, list[int]] | None = None

    def __len__(self) -> int:
        return len(self._texts)

    def at(self, index: int) -> str:
        """The fingerprint of a block."""
        from cleaner.site.fingerprint import fingerprint

        if index not in self._prints:
            self._prints[index] = fingerprint(self._texts[index])
        return self._prints[index]

    def placed(self, rows: Iterable[Correction]) -> Iterator[tuple[int, Correction]]:
        """Rows about this content, each with its block: the one at its index, else as :meth:`moved`."""
        here: list[Correction] = []
        elsewhere: list[Correction] = []
        for row in rows:
            stands = row.index < len(self) and self.at(row.index) == row.fingerprint
            (here if stands else elsewhere).append(row)
        # Where two are for one block, the row at its own index comes last and so wins.
        yield from self.moved(elsewhere)
        yield from ((row.index, row) for row in here)

    def moved(self, rows: Iterable[Correction]) -> Iterator[tuple[int, Correction]]:
        """Rows about another content, each with the block of its text; a block takes the nearest row.

        Of a text that repeats it is the nearest block, counted from where the row's neighbours stand now.
        """
        rows = [row for row in rows if row.fingerprint in self.places]
        single = [(row.index, self.places[row.fingerprint][0]) for row in rows if self._is_single(row)]
        moves = sorted((old, new - old) for old, new in single)
        taken: dict[int, tuple[int, Correction]] = {}
        for row in rows:
            wanted = row.index + _nearest_move(moves, row.index)
            places = self.places[row.fingerprint]
            after = bisect_left(places, wanted)
            index = min(places[max(0, after - 1) : after + 1], key=lambda place: abs(place - wanted))
            away = abs(index - wanted)
            if index not in taken or away <= taken[index][0]:
                taken[index] = away, row
        yield from ((index, row) for index, (_, row) in taken.items())

    @property
    def places(self) -> dict[str, list[int]]:
        """The blocks of each fingerprint, in page order."""
        if self._places is None:
            self._places = {}
            for index in range(len(self)):
                self._places.setdefault(self.at(index), []).append(index)
        return self._places

    def _is_single(self, row: Correction) -> bool:
        return len(self.places[row.fingerprint]) == 1


def _nearest_move(moves: Sequence[tuple[int, int]], index: int) -> int:
    """How far the single text has moved that stood nearest; moves are sorted by where texts stood."""
    if not moves:
        return 0
    after = bisect_left(moves, (index, 0))
    return min(moves[max(0, after - 1) : after + 1], key=lambda move: abs(move[0] - index))[1]
