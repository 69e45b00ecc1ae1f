"""What a page's blocks did on the other pages of its site, as evidence for and against their being body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.document import ARTICLE, Label
from cleaner.site.fingerprint import REACH
from cleaner.site.sight import Sight
from cleaner.site.tally import LABELS
from cleaner.tag.advice import Advice

Numbers = NDArray[np.float64]

SURE = 9.0
"""Log-odds of a text of its own that stands on a fifth of the site's pages; more than any tagger has against it."""
SAID = 12.0
"""Log-odds of what a person said of the same text on another page."""
_COMMON, _RARE = 0.2, 0.02
"""Shares of the pages: from the one on a repeated text is surely no body, up to the other it may be what stories on one
matter have in common."""
_LEAST = 0.25
_TWICE = 1.0
_LEAST_PAGES = 2
"""A text on so many other pages repeats; on one other it may be quoted there."""
_NEAR, _NEAR_ALL = 0.5, 0.8
"""A text is nearly one of other pages where so much of its clauses stands there; the second on pages of other kinds."""
_CUT = 0.4
_NEAR_SHARE = 0.8
_OFTEN = 2
"""A text that stands on the page itself more often is a form that the page fills in."""
_TOGETHER = 0.7
"""A short text goes with a repeated neighbour that it has on so many of its pages."""
_PATH_ODDS = (1.0, 2.5)
_PATH_PAGES = (2, 10)
_PATH_SURE = 0.9
_COPY = 0.5
_ALL = 0.8
"""On pages of other kinds than articles a text must stand on so many of the site's pages: goods, entries and
explanations have much in common that is theirs."""
_BODY = tuple(Label).index(Label.BODY)
_ELSEWHERE = frozenset({Label.RELATED, Label.NAVIGATION, Label.TITLE, Label.CAPTION, Label.BYLINE, Label.COMMENTS})
"""What is so on other pages tells nothing: a teaser there is the standfirst here."""
_TELLS = np.asarray([label not in _ELSEWHERE for label in Label])
_IS_ARTICLE = np.asarray([label in ARTICLE for label in Label], np.bool_)
_LABELS = tuple(Label)


@dataclass(frozen=True, slots=True)
class Past:
    """What the other pages of a site showed of what a page shows: pages by label of each block, clause and path.

    pages: how many other pages there are. own: whether the page itself is in the profile, and in what is shown of it.
    of_prose: whether the page is an article, or another page of prose. pairs: pages of each pair of neighbours. said:
    labels as bits, of what a person said of each block; may be empty.
    """

    pages: int
    own: bool
    of_prose: bool
    blocks: Numbers
    clauses: Numbers
    paths: Numbers
    pairs: Numbers
    said: Sequence[int] = ()

    def repeats(self, pages: Numbers) -> NDArray[np.bool_]:
        """Whether what stands on so many of the others repeats on the site."""
        return (pages >= _LEAST_PAGES) & (self.of_prose | (pages >= _ALL * self.pages))


@dataclass(slots=True)
class _Evidence:
    """The odds, counts and kinds of reasons that are being found, an entry a block."""

    odds: Numbers
    pages: Numbers
    labels: Numbers
    why: list[str]


def weigh(sight: Sight, past: Past) -> Advice | None:
    """The evidence of the other pages for each block; None where there is none."""
    count = len(sight.blocks)
    if not count:
        return None
    found = _Evidence(np.zeros(count), past.blocks[:, _TELLS].sum(axis=1), past.blocks.copy(), [""] * count)
    _by_text(sight, past, found)
    _by_clauses(sight, past, found)
    _leave_copies(sight, past, found)
    _by_neighbours(sight, past, found)
    _by_path(past, found)
    _by_persons(past, found)
    if not found.odds.any():
        return None
    labels = _labels(found)
    reasons = [_reason(found, past, i) if found.odds[i] else "" for i in range(count)]
    return Advice(found.odds.tolist(), labels, reasons)


def strength(share: Numbers) -> Numbers:
    """The part of full odds that a text has by the share of pages that it stands on."""
    slope = (np.log(np.maximum(share, 1e-9)) - np.log(_RARE)) / (np.log(_COMMON) - np.log(_RARE))
    return np.asarray(np.clip(slope, _LEAST, 1.0), np.float64)


def _by_text(sight: Sight, past: Past, found: _Evidence) -> None:
    """Texts of their own that stand on other pages word for word."""
    _, which, times = np.unique(sight.blocks, return_inverse=True, return_counts=True)
    own = sight.telling & sight.long & (times[which] <= _OFTEN)
    repeated = own & past.repeats(found.pages)
    found.odds[repeated] = SURE * strength(found.pages[repeated] / past.pages)
    if past.of_prose and past.pages > 1:
        found.odds[own & (found.pages == 1)] = _TWICE
    for i in np.flatnonzero(found.odds).tolist():
        found.why[i] = "pages"


def _by_clauses(sight: Sight, past: Past, found: _Evidence) -> None:
    """Texts most of whose clauses stand on other pages, with another number, month or ending."""
    if not len(sight.of):
        return
    pages = past.clauses[:, _TELLS].sum(axis=1)
    repeated = past.repeats(pages)
    count = len(sight.blocks)
    sizes = sight.clause_sizes * repeated
    every = np.bincount(sight.of, sight.clause_sizes, count)
    shared = np.bincount(sight.of, sizes, count)
    weighed = np.bincount(sight.of, sizes * pages, count) / np.maximum(shared, 1)
    # Of a long text only the ends are cut into clauses: if they repeat, what is between does.
    near = (
        (every > 0)
        & (shared >= (_NEAR if past.of_prose else _NEAR_ALL) * every)
        & (every >= _CUT * np.minimum(sight.sizes, 2 * REACH))
    )
    near &= sight.long & (weighed > found.pages)
    odds = SURE * _NEAR_SHARE * strength(weighed / past.pages)
    for i in np.flatnonzero(near & (odds > found.odds)).tolist():
        own = sight.of == i
        found.odds[i], found.pages[i], found.why[i] = odds[i], np.floor(weighed[i]), "near"
        found.labels[i] = (past.clauses[own] * sizes[own][:, None]).sum(axis=0)


def _leave_copies(sight: Sight, past: Past, found: _Evidence) -> None:
    """No evidence on a page most of whose text stands on others: they are copies of it, or reports of one form."""
    body = found.labels[:, _BODY] > found.labels.sum(axis=1) / 2
    near = np.asarray([why == "near" for why in found.why], bool)
    alike = (found.odds > 0) & body & (near | (found.pages < _COPY * past.pages))
    fresh = (found.odds == 0) & (found.pages == 0) & sight.long
    if sight.words[alike].sum() > _COPY * sight.words[alike | fresh].sum():
        found.odds[alike] = 0.0


def _by_neighbours(sight: Sight, past: Past, found: _Evidence) -> None:
    """Short texts that nearly always stand with a repeated one: its heading, its button."""
    strong = found.odds >= SURE / 2
    short = ~strong & ~sight.long & sight.telling & (found.pages >= _LEAST_PAGES)
    together = np.append(past.pairs, 0.0) >= np.maximum(_TOGETHER * found.pages, _LEAST_PAGES)
    before = np.append(False, past.pairs >= np.maximum(_TOGETHER * found.pages[1:], _LEAST_PAGES))
    for order, step, pair in ((range(len(strong) - 2, -1, -1), 1, together), (range(1, len(strong)), -1, before)):
        for i in order:
            if short[i] and pair[i] and strong[i + step] and not strong[i]:
                strong[i], found.odds[i], found.why[i] = True, found.odds[i + step], "pages"
                if not found.labels[i][~_IS_ARTICLE].any():
                    found.labels[i] = found.labels[i + step]


def _by_path(past: Past, found: _Evidence) -> None:
    """Blocks where nearly all of other pages was cruft. That it was body says nothing: the tagger sees as much."""
    if not len(past.paths) or not past.of_prose:
        return
    pages = past.paths.sum(axis=1)
    cruft = past.paths[:, ~_IS_ARTICLE].sum(axis=1)
    here = (found.odds == 0) & (pages >= _PATH_PAGES[0]) & (cruft >= _PATH_SURE * pages)
    odds = np.interp(np.log(np.maximum(pages, 1)), np.log(_PATH_PAGES), _PATH_ODDS)
    for i in np.flatnonzero(here).tolist():
        found.odds[i], found.labels[i], found.pages[i], found.why[i] = odds[i], past.paths[i], pages[i], "path"


def _by_persons(past: Past, found: _Evidence) -> None:
    """What a person said of the same text on another page; where that was not the same each time, nothing."""
    for i, bits in enumerate(past.said):
        if bits and not bits & (bits - 1):
            code = bits.bit_length() - 1
            found.odds[i] = -SAID if code == _BODY else SAID
            found.labels[i] = np.eye(LABELS)[code]
            found.why[i] = "said"


def _labels(found: _Evidence) -> list[Label | None]:
    """The labels of cruft that most pages gave; None for body, and where all took it for the article's."""
    counts = found.labels.copy()
    of_pages = np.asarray([why != "said" for why in found.why], bool)
    counts[of_pages[:, None] & _IS_ARTICLE] = 0.0
    there = (found.odds > 0) & counts.any(axis=1)
    return [
        _LABELS[k] if known else None for k, known in zip(counts.argmax(axis=1).tolist(), there.tolist(), strict=True)
    ]


def _reason(found: _Evidence, past: Past, block: int) -> str:
    why, pages = found.why[block], int(found.pages[block]) + past.own
    if why == "said":
        return "site correction"
    if why == "path":
        return f"site container on {pages} pages"
    return f"site {'about ' if why == 'near' else ''}{pages}/{past.pages + past.own} pages"
