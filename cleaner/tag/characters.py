"""Characters of some kinds counted over many texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.twin import twin

Floats = NDArray[np.float32]
_SPACE = np.uint32(32)
_DIGITS = np.uint32(10)
_CURRENCIES = np.asarray([ord(sign) for sign in "$€£¥₹₽₩₺"], np.uint32)
COMPILED = twin("cleaner.tag._characters")


class Characters(NamedTuple):
    """How many characters each text has of some kinds, and of others whether it has any."""

    size: Floats
    commas: Floats
    stops: Floats
    digits: Floats
    questions: Floats
    exclamations: Floats
    copyrights: Floats
    ats: Floats
    currencies: Floats
    breaks: Floats


def characters(texts: Sequence[str]) -> Characters:
    """Count over all texts at once."""
    if COMPILED is None:
        return reference(texts)
    return Characters(*COMPILED.counts(texts)[: len(Characters._fields)].astype(np.float32))


def reference(texts: Sequence[str]) -> Characters:
    """The same in Python."""
    sizes = np.asarray([len(text) for text in texts], np.int64)
    codes = np.frombuffer(("\0".join(texts) + "\0").encode("utf-32-le", "surrogatepass"), np.uint32)
    starts = np.cumsum(sizes + 1) - (sizes + 1)

    def count(mask: NDArray[np.bool_]) -> Floats:
        return np.add.reduceat(mask, starts, dtype=np.int32).astype(np.float32)

    def has(sign: str) -> Floats:
        return np.minimum(count(codes == ord(sign)), 1)

    spaced = np.append(codes[1:] == _SPACE, False)
    question = codes == ord("?")
    return Characters(
        size=sizes.astype(np.float32),
        commas=count((codes == ord(",")) | (codes == ord("、")) | (codes == ord("，"))),
        stops=count(((codes == ord(".")) & spaced) | (codes == ord("。")) | (question & spaced)),
        digits=count(codes - ord("0") < _DIGITS),
        questions=np.minimum(count(question), 1),
        exclamations=has("!"),
        copyrights=has("©"),
        ats=has("@"),
        currencies=np.minimum(count(np.isin(codes, _CURRENCIES)), 1),
        breaks=has("\n"),
    )
