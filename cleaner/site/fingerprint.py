"""What texts have in common that differ in case, figures and white space only: fingerprints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from cleaner.html.words import is_unspaced
from cleaner.tag.fold import fold
from cleaner.twin import twin

Keys = NDArray[np.uint64]
"""Fingerprints as numbers, an entry for each text."""

_SIZE = 8
_SHORT = 80
_FIGURES = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+")
CLAUSE_ENDS = '.!?;:,…|—–()"“”„«»。！？；：，、·؟،؛।'
_CLAUSE_END = re.compile(f"[{CLAUSE_ENDS}]+")
LEAST_WORDS = 4
"""Clauses of fewer words tell nothing: too many texts have them."""
LEAST_CHARACTERS = 8
"""The same for a clause in a script that writes no spaces between words."""
LONG = 2
"""A clause of so many times the least is cut in itself, after one word in three."""
ONE_IN = 3
REACH = 250
"""Characters at either end of a text that are looked at for clauses."""
MOST_CLAUSES = 8
"""Of a longer text its first and its last clauses are kept."""


def fingerprint(text: str) -> str:
    """The fingerprint of a text: 16 hexadecimal digits, 64 bits of BLAKE2b of its normal form.

    Texts share it that differ in case, compatibility forms, white space and figures only: each run of figures counts
    as ``0``.
    """
    return _digest(normal(text)).hex()


def normal(text: str) -> str:
    """The form of a text that its fingerprint is made of."""
    return _short(text) if len(text) <= _SHORT else _normal(text)


def _normal(text: str) -> str:
    return (COMPILED.tidied if COMPILED else tidied)(fold(text))


def tidied(folded: str) -> str:
    """A folded text with runs of figures as ``0`` and of white space as one space, none around it."""
    return " ".join(_FIGURES.sub("0", folded).split())


def numbers(normals: Iterable[str]) -> Keys:
    """The fingerprints of texts in their normal form."""
    digests = [_short_digest(text) if len(text) <= _SHORT else _digest(text) for text in normals]
    return np.frombuffer(b"".join(digests), ">u8").astype(np.uint64)


def clauses(normal_text: str) -> list[str]:
    """The clauses of a text in its normal form, words only: texts that are nearly the same share most of them.

    Clauses end where the text says so, and long ones in themselves after certain words: so a word more or less changes
    one piece and those behind it stay the same (content-defined chunking: Muthitacharoen, Chen and Mazières 2001).
    """
    return (COMPILED.clauses if COMPILED else clauses_reference)(normal_text)


def clauses_reference(normal_text: str) -> list[str]:
    """:func:`clauses` in Python."""
    if len(normal_text) > 2 * REACH:
        normal_text = f"{normal_text[:REACH]}.{normal_text[-REACH:]}"
    found = [piece for clause in _CLAUSE_END.split(normal_text) for piece in _pieces(_WORD.findall(clause))]
    if len(found) > MOST_CLAUSES:
        found = found[: MOST_CLAUSES // 2] + found[-MOST_CLAUSES // 2 :]
    return found


def _pieces(words: list[str]) -> Iterator[str]:
    least, between = LEAST_WORDS, " "
    if words and is_unspaced(words[0][0]):
        words, least, between = list("".join(words)), LEAST_CHARACTERS, ""
    if len(words) < LONG * least:
        if len(words) >= least:
            yield between.join(words)
        return
    start = 0
    for end, word in enumerate(words, 1):
        last = end == len(words)
        if end - start >= least and (last or crc32(word.encode("utf-8", "replace")) % ONE_IN == 0):
            yield between.join(words[start:end])
            start = end


def _digest(normal_text: str) -> bytes:
    return blake2b(normal_text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()


# Menus and the like are the same on every page of a site.
_short = lru_cache(maxsize=8192)(_normal)
_short_digest = lru_cache(maxsize=8192)(_digest)

COMPILED = twin("cleaner.site._fingerprint")
"""The twin of ``tidied`` and ``clauses``."""
