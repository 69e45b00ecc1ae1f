"""A page's tree with nothing left in it that acts: allow lists of elements and attributes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.html.elements import BUTTONS
from cleaner.html.hidden import is_hidden, is_inert
from cleaner.html.math import tex
from cleaner.render.facsimile.styles import harmless_style

if TYPE_CHECKING:
    from lxml.etree import _Element

_KEPT = frozenset(
    # boxes
    "html body div p section article main header footer aside nav figure figcaption address hgroup search center "
    "h1 h2 h3 h4 h5 h6 ul ol li dl dt dd menu blockquote pre hr details summary fieldset legend dir "
    "table caption colgroup col thead tbody tfoot tr td th "
    # in a line of text
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark meter nobr output picture "
    "progress q rb rp rt rtc ruby s samp small span strike strong sub sup time tt u var wbr button input".split()
)
_RENAMED = {
    **dict.fromkeys("form noscript dialog optgroup".split(), "div"),
    **dict.fromkeys("xmp listing plaintext".split(), "pre"),
    # What follows these void elements stands inside them in the tree.
    **dict.fromkeys("slot math embed keygen source track".split(), "span"),
}
"""What acts, or is read in another way than its text suggests, and what is shown in its place."""
_GONE = frozenset(
    "applet area audio base basefont bgsound canvas command datalist fencedframe frame frameset head iframe "
    "image link map meta noembed noframes object option param portal rp script select style svg template "
    "textarea title video".split()
)
_CUSTOM = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
_ATTRIBUTES = frozenset(
    "class id dir lang title alt width height colspan rowspan align valign bgcolor border cellpadding cellspacing "
    "color face size nowrap span start reversed hidden".split()
)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif|bmp|svg\+xml)[;,]", re.I)
_TICKS = frozenset({"checkbox", "radio"})


def make_harmless(root: _Element) -> None:
    """Take out of a tree whatever runs, loads, leads anywhere or sends. Text stays where it is."""
    for element in list(root.iter("*")):
        tag, was = element.tag, {str(name): str(value) for name, value in element.items()}
        if tag == "template" and not is_inert(tag, was):
            tag = "div"
        if tag in ("math", "rt"):
            # As a block has it: a formula as TeX, a reading without markup.
            text = tex(element) if tag == "math" else "".join(map(str, element.itertext()))
            _empty(element, tag)
            element.text = text
        if tag in _GONE:
            # It leaves a gap, since what stands behind it is its tail; this one may stand anywhere.
            _empty(element, "template")
            continue
        element.tag = _RENAMED.get(tag, tag if tag in _KEPT or _CUSTOM.fullmatch(tag) else "div")
        # What the page hides with a style sheet that is not here: it is none of its blocks.
        _strip(element, was, is_hidden(element, was))


def _empty(element: _Element, tag: str) -> None:
    """Leave nothing of an element but its place, under another name."""
    tail = element.tail
    element.clear()
    element.tag, element.tail = tag, tail


def _strip(element: _Element, was: dict[str, str], hidden: bool) -> None:
    """Leave the attributes that only say how an element looks."""
    element.attrib.clear()
    for name, value in was.items():
        if name in _ATTRIBUTES:
            element.set(name, value)
    if hidden:
        element.set("hidden", "")
    if style := harmless_style(was.get("style", "")):
        element.set("style", style)
    if element.tag == "img" and _PICTURE.match(was.get("src", "").strip()):
        element.set("src", was["src"].strip())
    elif element.tag == "input":
        _strip_field(element, was)
    elif element.tag == "button":
        element.set("type", "button")
    elif element.tag == "details":
        # Its blocks are blocks of the page.
        element.set("open", "")


def _strip_field(element: _Element, was: dict[str, str]) -> None:
    kind = was.get("type", "text").lower()
    if kind == "hidden":
        _empty(element, "template")
    elif kind in BUTTONS:
        element.set("type", "button")
        element.set("value", was.get("value", ""))
    else:
        element.set("type", kind if kind in _TICKS else "text")
        element.set("placeholder", was.get("placeholder", ""))
        element.set("disabled", "")
