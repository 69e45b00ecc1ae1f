"""Parts of a page that unfold at a click: the panels of accordions and tabs, the answers to questions."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from cleaner.html.attributes import elements_by
from cleaner.html.hidden import HIDING, is_elsewhere, show
from cleaner.html.words import collapse, count_words

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMES = ("class", "id", "data-testid", "data-component")
_PANEL = re.compile(
    r"accordi?on|collaps|faq|tab-?(?:pane|content|panel)|toggle|expand|disclos|answer|spoiler|unfold|slide|carousel"
    r"|(?:read|show|view)-?(?:more|less)|\b(?:more|less)\b|_(?:more|less)\b",
    re.I,
)
_NONE = re.compile(r"display\s*:\s*none", re.I)
_ROLES = frozenset({"tabpanel", "region"})
_OPENERS = frozenset("h2 h3 h4 h5 h6 dt button summary".split())
_RESERVED = re.compile(r"subscri|abonn|paywall|premium|metered|member|locked", re.I)
_CONTROLS = frozenset({"button", "input", "select", "label"})
_MOST_OPENING = 30
_LEAST_WORDS = 1
_SENTENCE = 8
_LEAST_PARAGRAPH = 16
_REACH = 50
_LETTERS_A_WORD = 20
_MOST_STEPS = 1000
_QUESTION = ("?", "？", "؟")


def settle_folded(page: _Element) -> None:
    """Show the parts of a page that a reader unfolds, as if unfolded: no script can be run, and they are of the page.

    A part counts as one where its role, its names or what stands before it say so, as the patterns *accordion*,
    *disclosure* and *tabs* of the ARIA Authoring Practices have it, and where it holds more than links. So does what
    only subscribers see of an article, where the page has it. Menus, dialogs and what asks for consent stay hidden.
    """
    held, elements = elements_by(page, ("hidden", "style", "aria-controls"))
    controlled = {name for names in held["aria-controls"] for name in names.split()}
    numbers = {number for values in held["hidden"].values() for number in values}
    numbers.update(n for style, values in held["style"].items() if HIDING.search(style) for n in values)
    for element in [elements[number] for number in sorted(numbers)]:
        if element.tag in _CONTROLS or not (len(element) or element.text):
            continue
        unfolds = _is_panel(element, controlled) or _fades_in(element) or _goes_on(element)
        if unfolds and _has_words(element, _LEAST_WORDS) and not is_elsewhere(element):
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
    text = collapse(" ".join(map(str, islice(element.itertext(), _REACH))))
    if not text or count_words(text) > _MOST_OPENING:
        return False
    return text.endswith(_QUESTION) or any(
        part.get("aria-expanded") is not None for part in islice(element.iter(), _REACH)
    )


def _fades_in(element: _Element) -> bool:
    """Whether an element keeps its place unseen, as what slides or fades in does, and holds a sentence."""
    if element.get("hidden") is not None or _NONE.search(element.get("style") or ""):
        return False
    return _has_words(element, _SENTENCE)


def _goes_on(element: _Element) -> bool:
    """Whether an element is named as what only subscribers see, and goes on behind paragraphs that all do."""
    if not _RESERVED.search(element.get("class") or "") or not _holds_paragraph(element, _LEAST_WORDS):
        return False
    before = islice(element.itersiblings("p", "div", preceding=True), _REACH)
    return any(_holds_paragraph(part, _LEAST_PARAGRAPH) for part in before)


def _holds_paragraph(element: _Element, least: int) -> bool:
    parts = (element, *islice(element, _REACH))
    return any(_has_words(part, least) for part in parts if part.tag == "p")


def _has_words(element: _Element, least: int) -> bool:
    """Whether there are so many words outside of links in an element, as far as it is read."""
    from lxml import etree

    texts, size = [], 0
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, part in islice(walk, _MOST_STEPS):
        if event == "start" and part.tag == "a":
            walk.skip_subtree()
            continue
        text = part.text if event == "start" else part.tail
        if text and (text := text.strip()) and not (event == "end" and part is element):
            texts.append(text)
            size += len(text)
            if size > _LETTERS_A_WORD * least:
                break
    return count_words(" ".join(texts)) >= least
