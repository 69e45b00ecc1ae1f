"""Articles that a page holds without showing them: in its structured data, its scripts' data, or hidden elements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cleaner.html.decode import encode
from cleaner.html.elements import FLOW, Flow
from cleaner.html.hidden import HIDING, is_elsewhere, is_no_article, show
from cleaner.html.hydration import hydration, json_ld
from cleaner.html.parse import parse
from cleaner.html.prose import best_prose, plain, prose_words
from cleaner.html.rich import text_html
from cleaner.html.words import count_words

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEAST_HIDDEN = 60
_LEAST_RUN = 8
_OPENING = 40
_TWICE = 2
_LAST = 2
_PLAIN_RUN = re.compile("[A-Za-z ,.]{16,60}")
_DEEPEST = 60
_FRAME_TAGS = re.compile(r"</?(?:html|head|body|article)\b[^<>]*>", re.I)


@dataclass(frozen=True, slots=True)
class Embedded:
    """An article found in a page's data: where, and as HTML with its paragraphs in ``<p>``.

    alone says that the structured data has one such article and no other.
    """

    source: str
    html: str
    alone: bool = field(default=False, compare=False)


def embedded(root: _Element) -> Embedded | None:
    """Return the article that a page carries in JSON-LD or its scripts' data, or None.

    JSON-LD says that it is the article, so it wins, unless the scripts hold the same text whole or with its markup.
    The tree is only read; never raises on content.
    """
    bodies = dict.fromkeys(_declared(root))
    declared = max(bodies, key=prose_words, default="")
    words = prose_words(declared)
    best, most = Embedded("json-ld", declared, len(bodies) == 1), words
    opening = _opening(declared)
    for source, value in hydration(root):
        html = best_prose(value)
        found = prose_words(html)
        if found > most or (words and found >= 0.9 * words and "<p" in html and best.html is declared):
            if words and opening not in _squeezed(html):
                continue
            best, most = Embedded(source, html, bool(words) and best.alone), found
    return best if most else None


def may_go_on(html: bytes, shown: Sequence[str]) -> bool:
    """Whether a page may hold more of an article than is *shown*: it declares one, or has a passage in a second place.

    A quick look at the markup, before its data is read.
    """
    probe = max((run for passage in shown[-_LAST:] for run in _PLAIN_RUN.findall(passage)), key=len, default="")
    return not probe or html.count(probe.encode()) > 1 or b'"articleBody"' in html


def goes_on(found: Embedded, shown: Iterable[str], words: int) -> bool:
    """Whether an article found is one of whose *words* words a page shows little: over twice as long, and the same.

    It is the same where it holds the opening of a passage that is *shown*, or is all that the page declares.
    """
    if prose_words(found.html) <= _TWICE * words:
        return False
    whole = _squeezed(found.html)
    openings = [_opening(passage) for passage in shown]
    return found.alone or any(len(opening) == _OPENING and opening in whole for opening in openings)


def _declared(root: _Element) -> Iterator[str]:
    for value in json_ld(root):
        for body in _article_bodies(value):
            yield text_html(body)
    for meta in root.iter("meta"):
        if meta.get("itemprop") == "articleBody" and (content := meta.get("content")):
            yield text_html(content)


def _article_bodies(value: Any) -> Iterator[str]:
    stack = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(item, list):
            stack.extend((inner, depth + 1) for inner in reversed(item))
        elif isinstance(item, dict):
            body = item.get("articleBody")
            if isinstance(body, str):
                yield body
            elif isinstance(body, list):
                yield "\n\n".join(part for part in body if isinstance(part, str))
            stack.extend((inner, depth + 1) for inner in item.values() if isinstance(inner, (dict, list)))


def _opening(html: str) -> str:
    return _squeezed(html)[:_OPENING]


def _squeezed(html: str) -> str:
    return "".join(character for character in plain(html) if character.isalnum())


def with_embedded(root: _Element, found: Embedded) -> bytes:
    """Return the page as UTF-8 HTML with the article found at the end of its body. The tree given stays as it is."""
    from lxml import etree

    page = _copy(root)
    body = page.find("body")
    body = etree.SubElement(page, "body") if body is None else body
    article = etree.SubElement(body, "article", {"data-embedded": found.source})
    html = _FRAME_TAGS.sub("", found.html)
    fragment, _ = parse(encode(f"<html><body>{html}</body></html>"))
    inner = fragment.find("body") if fragment is not None else None
    if inner is not None:
        article.text = inner.text
        article.extend(list(inner))
    return etree.tostring(page, encoding="utf-8", method="html")


def unhidden(root: _Element) -> bytes | None:
    """Return the page as UTF-8 HTML with the elements shown that are hidden and hold prose, or None without any.

    The tree given stays as it is.
    """
    from lxml import etree

    if not any(True for _ in _hidden_prose(root)):
        return None
    page = _copy(root)
    for element in list(_hidden_prose(page)):
        show(element)
    return etree.tostring(page, encoding="utf-8", method="html")


def _copy(root: _Element) -> _Element:
    """A copy of the page without its scripts; structured data stays."""
    page = deepcopy(root)
    for script in list(page.iter("script")):
        if "ld+json" not in (script.get("type") or "").lower():
            script.text = None
            script.attrib.clear()
    return page


def _hidden_prose(root: _Element) -> Iterator[_Element]:
    """The hidden elements that hold enough prose, of those where an article may stand."""
    hidden = [element for element in root.iter() if _is_hidden(element)]
    if not hidden:
        return
    prose = _prose_inside(root)
    for element in hidden:
        if prose.get(element, 0) >= _LEAST_HIDDEN and not is_elsewhere(element):
            yield element


def _is_hidden(element: _Element) -> bool:
    return element.get("hidden") is not None or HIDING.search(element.get("style") or "") is not None


def _prose_inside(root: _Element) -> dict[_Element, int]:
    """The words of prose in each element: of its runs of text, links left out, those of some length."""
    runs: dict[_Element, int] = {}
    prose: dict[_Element, int] = {}
    for element in reversed(list(root.iter())):
        flow = FLOW.get(str(element.tag), Flow.BLOCK)
        run = runs.pop(element, 0)
        if flow in (Flow.INLINE, Flow.BLOCK):
            run += _count(element.text)
        parent = element.getparent()
        if flow is Flow.BLOCK and run >= _LEAST_RUN and not is_no_article(element):
            prose[element] = prose.get(element, 0) + run
        if parent is None:
            continue
        prose[parent] = prose.get(parent, 0) + prose.get(element, 0)
        runs[parent] = runs.get(parent, 0) + _count(element.tail)
        if flow is Flow.INLINE and element.tag != "a":
            runs[parent] += run
    return prose


def _count(text: str | None) -> int:
    return count_words(text.strip()) if text else 0
