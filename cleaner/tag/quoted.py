"""What stands between quotation marks: an ask that the article only quotes is none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.tag.fold import fold
from cleaner.tag.phrases import Hit

_QUOTATION = re.compile('[“„][^“”„]*[“”]?|«[^»]*»?|»[^«]*«|「[^」]*」?|『[^』]*』?|"[^"]*"?')
_MARKS = frozenset("“„«「『‘‹" + "”“»」』’›")
_MOST = 0.6


def is_quoted(text: str) -> bool:
    """Whether most of a text stands between quotation marks."""
    marks = [k for k, c in enumerate(text) if c == '"' or (c in _MARKS and not _is_apostrophe(text, k))]
    inside = sum(b - a for a, b in zip(marks[::2], marks[1::2], strict=False))
    if len(marks) % 2:
        inside += len(text) - marks[-1]
    return inside > _MOST * len(text)


def quotes(text: str, hits: Sequence[Hit]) -> bool:
    """Whether a text quotes the phrases of asks found in it, all of them."""
    spans = [found.span() for found in _QUOTATION.finditer(fold(text))]
    sure = [hit for hit in hits if hit.phrase.strength != "hint" and hit.phrase.label != "part"]
    return bool(spans and sure) and all(any(a <= hit.start < b for a, b in spans) for hit in sure)


def _is_apostrophe(text: str, k: int) -> bool:
    return text[k] in "’‘" and 0 < k < len(text) - 1 and text[k - 1].isalpha() and text[k + 1].isalpha()
