"""Is the labelled article kept, and is the labelled cruft gone? For pages labelled block by block."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cleaner.training.sets import Row

ASKS = ("newsletter", "donation", "paywall")
CRUFT = (
    *ASKS,
    *("advertisement", "app_promo", "related", "social", "comments", "author_bio"),
    *("consent", "legal", "navigation", "other"),
)
CLEAN_KEEP = 0.95
"""The share of the body that a page must keep to count as clean."""
_WORD = re.compile(r"\w+")
_SHINGLE = 5
_SHORTEST = 3
_FIRST_UNSPACED = 0x2E80
"""From this code point on (CJK and after) words are not parted by spaces."""


@dataclass(frozen=True, slots=True)
class CruftScore:
    """The measure over a set; shares are in [0, 1]."""

    clean: float
    """Pages with at least 95 % of the body and no ask left."""
    asking: float
    """The same, only over the pages that hold an ask."""
    asking_pages: int
    keep: float
    """Body words whose block is present, mean over pages."""
    ask_leak: float
    """Ask blocks that are present."""
    ask_blocks: int
    cruft_leak: float
    """Cruft blocks of any label that are present."""
    leak: dict[str, float]
    """Present blocks of each cruft label."""


@dataclass(slots=True)
class _PageScore:
    keep: float
    shown: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))

    def asks(self) -> list[bool]:
        return [shown for label in ASKS for shown in self.shown.get(label, ())]

    def is_clean(self) -> bool:
        return self.keep >= CLEAN_KEEP and not any(self.asks())


class _Text:
    """A text that can be asked whether it holds a block."""

    def __init__(self, text: str) -> None:
        words = tokens(text)
        self._shingles = _shingles(words)
        self._line = f" {' '.join(words)} "

    def has(self, words: list[str]) -> bool:
        if len(words) <= _SHINGLE:
            return f" {' '.join(words)} " in self._line
        wanted = _shingles(words)
        return len(wanted & self._shingles) >= 0.5 * len(wanted)


def tokens(text: str) -> list[str]:
    """Split into lower-case words; scripts without spaces give a token a character."""
    found: list[str] = []
    for word in _WORD.findall(text.lower()):
        if ord(word[0]) >= _FIRST_UNSPACED:
            found.extend(word)
        else:
            found.append(word)
    return found


def has_block(text: str, block: str) -> bool:
    """Whether a text holds a block: its words in a row, or of a long one most runs of five words."""
    return _Text(text).has(tokens(block))


def cruft_score(outputs: Mapping[str, str], rows: Sequence[Row]) -> CruftScore:
    """Score outputs against labelled rows; a page without output has an empty one."""
    pages = [_score_page(outputs.get(row.id, ""), row) for row in rows]
    asking = [page for page in pages if page.asks()]
    shown = {label: [x for page in pages for x in page.shown.get(label, ())] for label in CRUFT}
    asks = [x for label in ASKS for x in shown[label]]
    return CruftScore(
        clean=_share([page.is_clean() for page in pages]),
        asking=_share([page.is_clean() for page in asking]),
        asking_pages=len(asking),
        keep=sum(page.keep for page in pages) / max(1, len(pages)),
        ask_leak=_share(asks),
        ask_blocks=len(asks),
        cruft_leak=_share([x for label in CRUFT for x in shown[label]]),
        leak={label: _share(shown[label]) for label in CRUFT},
    )


def _score_page(output: str, row: Row) -> _PageScore:
    text = _Text(output)
    article = _Text(" \n ".join(words for label, words in row.blocks if label in ("body", "title")))
    body = [words for words in (tokens(x) for label, x in row.blocks if label == "body") if len(words) >= _SHORTEST]
    kept = sum(len(words) for words in body if text.has(words))
    page = _PageScore(keep=kept / max(1, sum(len(words) for words in body)))
    for label, block in row.blocks:
        words = tokens(block)
        # Cruft that the article says too cannot be told from it in an output.
        if label in CRUFT and len(words) >= _SHORTEST and not article.has(words):
            page.shown[label].append(text.has(words))
    return page


def _shingles(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)}


def _share(marks: Sequence[bool]) -> float:
    return sum(marks) / max(1, len(marks))
