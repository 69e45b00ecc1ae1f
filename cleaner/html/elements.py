"""How HTML elements lay out: the standard's rendering section, as tables.

Source: HTML Living Standard, section 15.3 (flow content); void and hidden elements by section 15.3.1.
"""

from __future__ import annotations

from enum import IntEnum

from cleaner.document import Kind


class Flow(IntEnum):
    """What an element does to the run of text around it."""

    INLINE = 0
    BLOCK = 1
    SKIP = 2
    BREAK = 3
    RULE = 4
    FIELD = 5
    MATH = 6
    RUBY = 7


_INLINE = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark meter nobr output picture "
    "progress q rb rtc ruby s samp slot small span strike strong sub sup time tt u var"
).split()
_VOID = ("embed", "keygen", "source", "track", "wbr")
"""Void elements that the parser takes for others: what follows them stands inside them in the tree."""
_SKIP = (
    "area audio base canvas col colgroup datalist frame frameset head iframe link map meta noembed noframes object "
    "option optgroup param rp script select style svg textarea title video"
).split()

FLOW: dict[str, Flow] = {
    **dict.fromkeys(_INLINE, Flow.INLINE),
    **dict.fromkeys(_VOID, Flow.INLINE),
    **dict.fromkeys(_SKIP, Flow.SKIP),
    "br": Flow.BREAK,
    "img": Flow.SKIP,
    "hr": Flow.RULE,
    "input": Flow.FIELD,
    "math": Flow.MATH,
    "rt": Flow.RUBY,
}
"""Every element that is not named here is a block, custom elements too."""

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}

LISTS = frozenset({"ul", "ol", "dl", "menu"})

KINDS: dict[str, Kind] = {
    **dict.fromkeys(HEADINGS, Kind.HEADING),
    "li": Kind.LIST_ITEM,
    "dt": Kind.LIST_ITEM,
    "dd": Kind.LIST_ITEM,
    "td": Kind.TABLE,
    "th": Kind.TABLE,
    "blockquote": Kind.QUOTE,
    "pre": Kind.CODE,
    "listing": Kind.CODE,
    "xmp": Kind.CODE,
    "plaintext": Kind.CODE,
    "figcaption": Kind.CAPTION,
    "button": Kind.CONTROL,
}
"""The kind that an element gives the blocks in it; a paragraph or a div leaves the kind as it is."""

BUTTONS = frozenset({"submit", "button", "reset"})
"""The types of ``<input>`` whose value is visible text."""
