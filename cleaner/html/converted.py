"""What pandoc adds to a page that it converts: a section around every heading, a title, classes of rows."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from cleaner.html.implied import unwrap

if TYPE_CHECKING:
    from lxml.etree import _Element

MARK = re.compile(rb'class="(?:section )?level[1-6]')
"""What a page with such sections holds."""
_CLASS = re.compile(r"(?:section )?level([1-6])(?: (.+))?")
"""Their classes: the level and the heading's own."""
_FILLED_IN = "unnumbered"
"""The only class of the heading that pandoc gives to what stands before the first heading: the title of the book."""
_ROWS = frozenset({"header", "odd", "even"})
"""The classes that pandoc gives to the rows of tables."""
_HEADINGS = ("h1", "h2", "h3")
_MOST_NESTED = 12
"""Sections around a section that is taken away: bounds the time on deep pages; pandoc's nest up to 6."""


def settle_converted(page: _Element) -> None:
    """Take away what pandoc added to a page: it says nothing of the page's own boxes.

    pandoc nests each heading with all that follows it in ``<section class="level2">``, or ``<div class="section
    level2">`` (EPUB, ``--section-divs``): where a box has a heading, the article goes on inside of the box's section.
    """
    sections = [section for section in page.iter("section", "div") if _is_made(section)]
    headings = [section[0] for section in sections]
    for section, heading in zip(reversed(sections), reversed(headings), strict=True):
        if (name := section.get("id")) and not heading.get("id"):
            heading.set("id", name)
        unwrap(section)
    if headings and headings[0].get("class") == _FILLED_IN:
        _drop_title(headings[0], page)
    for row in page.iter("tr"):
        if row.get("class") in _ROWS:
            row.attrib.pop("class")


def _is_made(section: _Element) -> bool:
    """Whether a section was made of a heading alone.

    It then has the heading's classes and goes on to the next heading. Otherwise it was a box of the page as well.
    """
    found = _CLASS.fullmatch(section.get("class") or "")
    if not found or not len(section) or section[0].tag != f"h{found[1]}":
        return False
    if (found[2] or "") != (section[0].get("class") or ""):
        return False
    if (following := section.getnext()) is not None and not _CLASS.fullmatch(following.get("class") or ""):
        return False
    return len(list(islice(section.iterancestors(section.tag), _MOST_NESTED + 1))) <= _MOST_NESTED


def _drop_title(filled_in: _Element, page: _Element) -> None:
    """Make the heading that was filled in the title of the page, where the page has a headline of its own."""
    title, parent = _text(filled_in), filled_in.getparent()
    others = [heading for heading in page.iter(*_HEADINGS) if heading is not filled_in]
    if parent is None or not any(_says_again(_text(heading), title) for heading in others):
        return
    parent.remove(filled_in)
    for declared in page.iter("title"):
        declared.text = title


def _says_again(headline: str, title: str) -> bool:
    """Whether a title is a headline, alone or with the name of the publisher, or shares half of its words with it."""
    words, others = set(headline.split()), set(title.split())
    return bool(headline) and (title.startswith(headline) or 2 * len(words & others) >= max(len(words), 3))


def _text(element: _Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
