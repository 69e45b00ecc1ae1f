"""A page's visible text, all of it, as crawl archives and other extractors give it: what plain text is learnt from."""

from __future__ import annotations

import random
import re
from importlib import import_module
from typing import TYPE_CHECKING

from cleaner.html.words import collapse

if TYPE_CHECKING:
    from cleaner.training.examples import Seen

_SHARE = 0.3
"""Of texts: without empty lines; without marks of list items; cut down to the article and a little around it."""
_AROUND = 16
_MARK = re.compile(r"^\s*(?:•|\d+\.)\s+", re.M)
_EMPTY = re.compile(r"\n\s*\n+")


def visible_text(html: str) -> str:
    """All visible text of a page: a block a line, list items marked, paragraphs apart by an empty line."""
    plain = import_module("resiliparse.extract.html2text").extract_plain_text
    return str(plain(html, preserve_formatting=True, main_content=False, alt_texts=False))


def varied(text: str, chance: random.Random) -> str:
    """The text as it may come from elsewhere: some texts lose their empty lines, some the marks of their lists."""
    if chance.random() < _SHARE:
        text = _EMPTY.sub("\n", text)
    if chance.random() < _SHARE:
        text = _MARK.sub("", text)
    return text


def cut_down(text: str, seen: Seen, body: list[int], chance: random.Random) -> str:
    """Some texts with only a few lines left before and after the article, as another extractor leaves them."""
    inside = [i for i, mark in enumerate(body) if mark == 1]
    if not inside or chance.random() > _SHARE:
        return text
    lines = text.split("\n")
    tidy = [collapse(line) for line in lines]
    try:
        first = tidy.index(seen.blocks.text[inside[0]])
        last = len(tidy) - 1 - tidy[::-1].index(seen.blocks.text[inside[-1]])
    except ValueError:
        return text
    return "\n".join(lines[max(0, first - chance.randrange(_AROUND)) : last + 1 + chance.randrange(_AROUND)])
