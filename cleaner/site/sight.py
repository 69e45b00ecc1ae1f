"""What a profile sees of one page: the fingerprints of its blocks and of their clauses, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from cleaner.html.words import count_words
from cleaner.site.fingerprint import Keys, clauses, normal, numbers
from cleaner.site.paths import path_keys
from cleaner.site.tally import of_kind

if TYPE_CHECKING:
    from cleaner.document import Document
    from cleaner.html.blocks import Blocks

_Any = TypeVar("_Any", bound=np.generic)

LONG = 8
"""Words from which a text says something of its own."""
_LONG_QUESTION = 16
"""The same for one that leads on to what follows, as the questions of an interview do, which are asked again."""
_LEADS_ON = ("?", "؟", ":")
_LEAST_WORDS = 10
"""Texts of so many words are cut into clauses, too."""
_LETTER = re.compile(r"[^\W\d_]")
_MIX = np.uint64(0x9E3779B97F4A7C15)
_HOST = re.compile(r"^www\d?\.")


@dataclass(frozen=True, slots=True)
class Sight:
    """A page of n blocks as a profile sees it.

    entries are keys of all kinds, parts how many there are of each: of the n blocks; of the clauses of longer blocks,
    each of the block that of names; of n paths, none on plain text; of n - 1 pairs of blocks that follow each other.
    telling marks the blocks that have a letter, long those that say something of their own. sizes are characters. page
    tells pages apart by what they say.
    """

    blocks: Keys
    entries: Keys
    parts: tuple[int, ...]
    telling: NDArray[np.bool_]
    long: NDArray[np.bool_]
    words: NDArray[np.int32]
    sizes: NDArray[np.int32]
    of: NDArray[np.intp]
    clause_sizes: NDArray[np.int32]
    page: int

    @property
    def paths(self) -> Keys:
        """The entries that are paths."""
        first = self.parts[0] + self.parts[1]
        return self.entries[first : first + self.parts[2]]

    def split(self, rows: NDArray[_Any]) -> list[NDArray[_Any]]:
        """What belongs to blocks, clauses, paths and pairs, of something that has a row for each entry."""
        return np.split(rows, np.cumsum(self.parts[:-1]))


def seen_blocks(blocks: Blocks) -> Sight:
    """What is to be seen of a page that was cut into blocks."""
    paths = np.empty(0, np.uint64) if blocks.is_text else path_keys(blocks.containers, blocks.container)
    return _sight(blocks.text, blocks.words, paths)


def seen_document(document: Document) -> Sight:
    """What is to be seen of a document's page."""
    columns = document.columns
    words = columns.words or [count_words(text) for text in columns.texts]
    return _sight(columns.texts, words, np.asarray(columns.places, np.uint64))


def address_key(url: str | None) -> int | None:
    """What tells a page by its address: without scheme, ``www`` and fragment; None where there is none."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = _HOST.sub("", parts.netloc.lower())
    return _number(f"{host}{parts.path.rstrip('/')}?{parts.query}".encode("utf-8", "surrogatepass"))


def _sight(texts: Sequence[str], words: Sequence[int], paths: Keys) -> Sight:
    normals = [normal(text) for text in texts]
    blocks = numbers(normals)
    of: list[int] = []
    found: list[str] = []
    for i, count in enumerate(words):
        if count >= _LEAST_WORDS:
            own = clauses(normals[i])
            found += own
            of += [i] * len(own)
    pieces = numbers(found)
    keys = (blocks, pieces, paths, _pairs(blocks, pieces, np.asarray(of, np.intp)))
    return Sight(
        blocks=blocks,
        entries=np.concatenate([of_kind(own, kind) for kind, own in enumerate(keys)]),
        parts=tuple(map(len, keys)),
        telling=np.asarray([_LETTER.search(text) is not None for text in normals], bool),
        long=np.asarray(
            [
                count >= (_LONG_QUESTION if text.endswith(_LEADS_ON) else LONG)
                for text, count in zip(normals, words, strict=True)
            ],
            bool,
        ),
        words=np.asarray(words, np.int32),
        sizes=np.asarray([len(text) for text in normals], np.int32),
        of=np.asarray(of, np.intp),
        clause_sizes=np.asarray([len(clause) for clause in found], np.int32),
        page=_number(blocks.tobytes()),
    )


def _pairs(blocks: Keys, pieces: Keys, of: NDArray[np.intp]) -> Keys:
    """Blocks that follow each other: the end of the one, the beginning of the other."""
    heads, tails = blocks.copy(), blocks.copy()
    heads[of[::-1]] = pieces[::-1]
    tails[of] = pieces
    return np.asarray(tails[:-1] * _MIX ^ heads[1:], np.uint64)


def _number(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big")
