"""Parts of a page that unfold at a click: the panels of accordions and tabs, the answers to questions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.html.attributes import elements_by
from cleaner.html.hidden import HIDING, is_elsewhere, show
from cleaner.html.words import collapse, count_words

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMES = ("class", "id", "data-testid", "data-component")
_PANEL = re.compile(
    r"accordi?on|collaps|faq|tab-?(?:pane|content|panel)|toggle|expand|disclos|answer|spoiler|unfold", re.I
)
_ROLES = frozenset({"tabpanel", "region"})
_OPENERS = frozenset("h2 h3 h4 h5 h6 dt button summary".split())
_CONTROLS = frozenset({"button", "input", "select", "label"})
_MOST_OPENING = 30
_LEAST_PROSE = 8
_LEAST_PARAGRAPH = 16
_QUESTION = ("?", "？", "؟")


def settle_folded(page: _Element) -> None:
    """Show the parts of a page that a reader unfolds, as if unfolded: no script can be run, and they are of the page.

    A part counts as one where its role, its names or what stands before it say so, as the patterns *accordion*,
    *disclosure* and *tabs* of the ARIA Authoring Practices have it, and where it holds a sentence. Menus, dialogs and
    what asks for consent stay hidden.
    """
    held, elements = elements_by(page, ("hidden", "style", "aria-controls"))
    controlled = {name for names in held["aria-controls"] for name in names.split()}
    numbers = {number for values in held["hidden"].values() for number in values}
    numbers.update(n for style, values in held["style"].items() if HIDING.search(style) for n in values)
    for element in [elements[number] for number in sorted(numbers)]:
        if element.tag in _CONTROLS:
            continue
        unfolds = _is_panel(element, controlled) or _goes_on(element)
        if unfolds and _prose(element) >= _LEAST_PROSE and not is_elsewhere(element):
            show(element)


def _is_panel(element: _Element, controlled: set[str]) -> bool:
    if element.get("role") in _ROLES or element.get("id") in controlled:
        return True
    if _PANEL.search(" ".join(element.get(name) or "" for name in _NAMES)):
        return True
    return _is_opener(element.getprevious())


def _is_opener(element: _Element | None) -> bool:
    """Whether an element is what a part unfolds at: a heading, a question, or something short with a button in it."""
    if element is None:
        return False
    if element.tag in _OPENERS:
        return True
    text = collapse(" ".join(map(str, element.itertext())))
    if not text or count_words(text) > _MOST_OPENING:
        return False
    return text.endswith(_QUESTION) or any(part.get("aria-expanded") is not None for part in element.iter())


def _goes_on(element: _Element) -> bool:
    """Whether an element holds paragraphs that stand behind others which are shown: the rest, for subscribers."""
    return _holds_paragraph(element) and any(
        _holds_paragraph(before) and not HIDING.search(before.get("style") or "")
        for before in element.itersiblings("p", "div", preceding=True)
    )


def _holds_paragraph(element: _Element) -> bool:
    return any(_is_paragraph(inner) for inner in (element, *element) if inner.tag == "p")


def _is_paragraph(element: _Element) -> bool:
    return _prose(element) >= _LEAST_PARAGRAPH


def _prose(element: _Element) -> int:
    """The words of an element that stand in no link."""
    words = count_words(" ".join(map(str, element.itertext())))
    return words - sum(count_words(" ".join(map(str, link.itertext()))) for link in element.iter("a"))
