"""The scripts of the phrase lists: lists whose script a page does not use need not be loaded or sought in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable

LATIN = "latin"
# Where the Unicode blocks of each script begin, in order; what has no list of its own counts as none.
_STARTS: tuple[tuple[int, str], ...] = (
    (0x0000, ""),
    (0x0370, "greek"),
    (0x0400, "cyrillic"),
    (0x0530, ""),
    (0x0590, "hebrew"),
    (0x0600, "arabic"),
    (0x0780, ""),
    (0x0900, "devanagari"),
    (0x0980, "bengali"),
    (0x0A00, ""),
    (0x0B80, "tamil"),
    (0x0C00, "telugu"),
    (0x0C80, ""),
    (0x0E00, "thai"),
    (0x0E80, ""),
    (0x1100, "hangul"),
    (0x1200, ""),
    (0x3040, "cjk"),
    (0x3130, "hangul"),
    (0x3190, ""),
    (0x3400, "cjk"),
    (0xA000, ""),
    (0xAC00, "hangul"),
    (0xD7B0, ""),
    (0xF900, "cjk"),
    (0xFB00, ""),
    (0xFB1D, "hebrew"),
    (0xFB50, "arabic"),
    (0xFE00, ""),
)
_OTHER = re.compile(
    "["
    + "".join(
        f"{chr(start)}-{chr(end - 1)}"
        for (start, script), (end, _) in zip(_STARTS, (*_STARTS[1:], (0x10000, "")), strict=True)
        if script
    )
    + "]"
)
_POINTS = [start for start, _ in _STARTS]


def script_of(character: str) -> str:
    """Return the script of a character, an empty string for Latin, marks and scripts without lists."""
    return _STARTS[bisect_right(_POINTS, ord(character)) - 1][1]


def scripts_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the scripts that texts use, Latin always among them."""
    characters: set[str] = set()
    for text in texts:
        if not text.isascii() and _OTHER.search(text):
            characters.update(text)
    return frozenset(filter(None, map(script_of, characters))) | {LATIN}


def main_script(text: str) -> str:
    """Return the script that most letters of a text are of."""
    counts = Counter(script_of(character) or LATIN for character in text if character.isalpha())
    return counts.most_common(1)[0][0] if counts else LATIN
