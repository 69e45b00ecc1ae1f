"""The article as Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.document import Document

_FENCE = re.compile(r"(?:[ >]|- |\d+\. )*(`{3,})")


def markdown(document: Document) -> str:
    """Return the document's HTML as Markdown: GitHub's tables and fences, ``$…$`` mathematics as it is."""
    from cleaner.render.convert import Converter

    return _tidied(Converter().convert(document.html))


def _tidied(text: str) -> str:
    """One blank line between blocks, no white space at the ends of lines; code stays as it is."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1] == fence else fence
            lines.append(line)
            continue
        fence = mark[1] if mark else ""
        line = line.rstrip()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n")
