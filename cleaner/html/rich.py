"""Rich text as data, turned into HTML: the trees that editors and content systems keep their articles in.

Contentful, Portable Text, Slate, ProseMirror, Lexical, Draft.js, Editor.js, Arc, JsonML, hast and the element rows of
React agree on one thing: a node has a name, and text or children under one of a few keys. So one table of names and
one list of keys read them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape, unescape
from typing import Any

MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
BLOCK_MARKUP = re.compile(r"<(?:p|div|h[1-6]|ul|ol|li|blockquote|table|section|article|figure|pre|br)\b", re.I)
_ESCAPED_MARKUP = re.compile(r"&lt;/?(?:p|div|br|h[1-6]|ul|ol|li|strong|em|a)\b", re.I)
_NOT_NAME = re.compile(r"[^a-z0-9]+")
_SENTENCE_END = re.compile(r"[.!?…。！？।؟۔][\"'”’»)]*$")
_BLANK_LINE = re.compile(r"\n[ \t\r\xa0]*\n\s*")
_CODE = re.compile(r"\$\S*|[!-~]*_[!-~]*")
"""A reference to another row, a class name: no word of a text."""
_DEEPEST = 60
_MOST_NODES = 200_000
_MOST_CHARACTERS = 5_000_000
_LONG_LINE = 12


def _names(text: str) -> list[str]:
    return text.split()


_NAME_KEYS = ("_type", "type", "nodeType", "tagName", "tag", "__typename", "kind", "name", "object", "component")
_STYLE_KEYS = ("style", "listItem", "tag", "tagName", "blockType")
_ORDER_KEYS = ("listType", "list_type", "style", "ordered", "format")
_CHILD_KEYS = _names(
    """children content contents nodes content_elements contentElements items listItems elements blocks paragraphs
    leaves body"""
)
_TEXT_KEYS = _names("text html content value copy textValue markup innerHTML body children caption")
_WRAPPER_KEYS = ("model", "data", "attributes", "attrs", "props", "fields", "primary", "value", "content", "root")

_PARAGRAPHS = _names("p para paragraph block unstyled normal textblock bodytext standfirst dek lede")
_ITEMS = _names("li listitem item uli oli unorderedlistitem orderedlistitem bulletlistitem numberedlistitem")
_LISTS = _names("ul list bulletlist unorderedlist bulletedlist menu")
_ORDERED = _names("ol orderedlist numberedlist numericlist")
_QUOTES = _names("blockquote quote bq")
_HEADS = _names("heading header subheading subheadline subhead subheader crosshead crossheading intertitle")
_INLINE = _names("""a abbr b bdi bdo big br cite code data del dfn em fragment i ins kbd link hyperlink mark q s
samp small span strong sub sup time tt u var text italic bold emphasis entryhyperlink leaf break hardbreak linebreak""")
_BOXES = _names("""doc document root element div section article main body richtext content story group column columns
figure html blocks textarea dl dt dd table tbody thead tr td th figcaption""")
_NUMBERS = ("one", "two", "three", "four", "five", "six")

TAGS: dict[str, str] = {
    **dict.fromkeys(_BOXES, ""),
    **dict.fromkeys(_INLINE, ""),
    **dict.fromkeys(_PARAGRAPHS, "p"),
    **dict.fromkeys(_ITEMS, "li"),
    **dict.fromkeys(_LISTS, "ul"),
    **dict.fromkeys(_ORDERED, "ol"),
    **dict.fromkeys(_QUOTES, "blockquote"),
    **dict.fromkeys(_HEADS, "h2"),
    **dict.fromkeys(("pre", "codeblock"), "pre"),
    **{f"{word}{level}": f"h{level}" for word in ("h", "heading", "header") for level in range(1, 7)},
    **{f"{word}{number}": f"h{level}" for word in ("header", "heading") for level, number in enumerate(_NUMBERS, 1)},
    **{tag: tag for tag in ("dl", "dt", "dd", "table", "tr", "td", "th", "figcaption")},
}
"""The HTML element for a node's name; empty for boxes and for what stands in a line."""
_IN_LINE = frozenset(_INLINE)
_BREAKS = frozenset({"br", "break", "hardbreak", "linebreak"})
_TEXT_BLOCKS = frozenset(name for name, tag in TAGS.items() if tag not in ("", "table", "tr", "td", "th")) | {"text"}
_TEXT_TAGS = frozenset(_names("p li blockquote pre dt dd td th figcaption h1 h2 h3 h4 h5 h6"))
_HEADINGS = frozenset(_names("h1 h2 h3 h4 h5 h6"))
_HTML_NAMES = frozenset(_names("p div section article h1 h2 h3 h4 h5 h6 ul ol li blockquote span a em strong i b main"))
_SKIPPED = re.compile(
    r"image|picture|photo|video|audio|media|embed|gallery|script|style$|iframe|advert|promo|relat|newsletter|teaser"
    r"|recommend|podcast|button|form$|social|interstitial|asset|pullquote|correction_log|comment|^ad$|^ads$"
)


def is_rich(items: list[Any]) -> bool:
    """Whether a list is an article's body as nodes: at least half of it is paragraphs, headings, lists and the like."""
    if _is_element(items):
        inner = _as_dict(items)["children"]
        return isinstance(inner, list) and not _is_element(inner) and is_rich(inner)
    hits = nodes = 0
    for item in items:
        name = _name(item)
        if name:
            nodes += 1
            hits += name in _TEXT_BLOCKS or _style(item) in _TEXT_BLOCKS
    return hits > 0 and 2 * hits >= nodes and 2 * nodes >= len(items)


def rich_html(items: list[Any]) -> str:
    """Return the nodes as HTML: what they say in paragraphs, headings and lists, media left out. Never raises."""
    return _Writer().children([items] if _is_element(items) else items, inside=False, depth=0)


def text_html(text: str, *, inside: bool = False) -> str:
    """Return a string of an article, HTML or plain, as HTML; *inside* a text block already, plain text stays a run."""
    if _ESCAPED_MARKUP.search(text) and not MARKUP.search(text):
        text = unescape(text)
    if MARKUP.search(text):
        return text if inside or BLOCK_MARKUP.search(text) else "".join(_paragraphs(text))
    text = escape(unescape(text), quote=False)
    return text if inside else "".join(_paragraphs(text))


def _paragraphs(text: str) -> Iterator[str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n\n").replace("\u2028", "\n")
    parts = _BLANK_LINE.split(text) if _BLANK_LINE.search(text.strip()) else text.split("\n")
    for part in parts:
        if part.strip():
            yield f"<p>{part.strip()}</p>"


class _Writer:
    """Writes nodes as HTML; one use each, so that what it may write is bounded."""

    def __init__(self) -> None:
        self._left = _MOST_NODES
        self._room = _MOST_CHARACTERS

    def children(self, items: Iterable[Any], *, inside: bool, depth: int, items_tag: str = "") -> str:
        parts: list[str] = []
        run: list[str] = []
        for item in items:
            html, in_line = self.node(item, inside=inside, depth=depth + 1)
            if not html:
                continue
            if inside or in_line:
                run.append(html)
                if not inside and _SENTENCE_END.search(html) and html.count(" ") >= _LONG_LINE:
                    parts.append(_wrapped(run))
            else:
                parts.append(_wrapped(run))
                parts.append(f"<li>{html}</li>" if items_tag and not html.startswith("<li>") else html)
        if inside:
            return "".join(run)
        parts.append(_wrapped(run) if not items_tag else "".join(f"<li>{html}</li>" for html in run))
        return _listed(parts) if not items_tag else "".join(parts)

    def node(self, item: Any, *, inside: bool, depth: int) -> tuple[str, bool]:
        """The HTML of a node, and whether it stands in a line."""
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            return "", True
        if isinstance(item, str):
            return ("", True) if _CODE.fullmatch(item) or not self._fits(item) else _string(item, inside)
        if isinstance(item, list):
            if not _is_element(item):
                return self.children(item, inside=inside, depth=depth), inside
            item = _as_dict(item)
        if not isinstance(item, dict):
            return "", True
        return self._dict(item, inside, depth)

    def _fits(self, text: str) -> bool:
        self._room -= len(text)
        return self._room >= 0

    def _dict(self, item: dict[str, Any], inside: bool, depth: int) -> tuple[str, bool]:
        name = _name(item)
        if name in _BREAKS:
            return "<br>", True
        if name and name not in TAGS and _SKIPPED.search(name):
            return "", True
        tag = _tag(item, name)
        in_line = name in _IN_LINE and not tag
        children, text = _content(item)
        if children is not None:
            items_tag = tag if tag in ("ul", "ol") else ""
            in_line = in_line and not _holds_blocks(children)
            within = inside or in_line or tag in _HEADINGS or (tag in _TEXT_TAGS and not _holds_blocks(children))
            html = self.children(children, inside=within, depth=depth, items_tag=items_tag)
            if within and not inside and not in_line and not tag:
                return (f"<p>{html}</p>" if html.strip() else ""), False
        elif text and self._fits(text):
            block = bool(tag) or inside
            html, line = _string(text, block)
            if not tag:
                # Where the string is a whole paragraph by its key, it is no run of a line.
                return (html, line) if "text" in item or "value" in item or inside else (text_html(text), False)
            if not inside and tag == "p":
                return text_html(text), False
        else:
            return "", True
        if not html.strip():
            return "", True
        if not tag or (tag == "p" and (inside or BLOCK_MARKUP.match(html))):
            return html, in_line
        return f"<{tag}>{html}</{tag}>", False


def _string(text: str, inside: bool) -> tuple[str, bool]:
    html = text_html(text, inside=True)
    if not inside and (BLOCK_MARKUP.search(html) or "\n\n" in html):
        return text_html(text), False
    return html, True


def _wrapped(run: list[str]) -> str:
    html = "".join(run).strip()
    run.clear()
    return f"<p>{html}</p>" if html else ""


def _listed(parts: list[str]) -> str:
    """Items that stand in no list get one."""
    html: list[str] = []
    is_open = False
    for part in filter(None, parts):
        is_item = part.startswith("<li>")
        if is_item != is_open:
            html.append("<ul>" if is_item else "</ul>")
            is_open = is_item
        html.append(part)
    return "".join(html) + ("</ul>" if is_open else "")


def _is_element(items: list[Any]) -> bool:
    """Whether a list is one element: ``["$", "p", null, {…}]`` of React or ``["p", {…}, …]`` of JsonML."""
    if len(items) < 2 or not isinstance(items[0], str):
        return False
    if items[0] == "$":
        return len(items) >= 4 and isinstance(items[1], str) and isinstance(items[3], dict)
    return items[0] in _HTML_NAMES


def _as_dict(items: list[Any]) -> dict[str, Any]:
    if items[0] == "$":
        return {"tag": items[1], "children": items[3].get("children", [])}
    return {"tag": items[0], "children": [item for item in items[1:] if not isinstance(item, dict)]}


def _name(item: Any) -> str:
    """A node's name, lower case letters and digits only; empty where it has none that is known or telling."""
    if isinstance(item, list):
        return _plain(item[1] if item[0] == "$" else item[0]) if _is_element(item) else ""
    if not isinstance(item, dict):
        return ""
    first = ""
    for key in _NAME_KEYS:
        value = item.get(key)
        if isinstance(value, str) and value:
            name = _plain(value)
            if name != "element" and name in TAGS:
                return name
            first = first or name
    return first


def _plain(name: str) -> str:
    name = _NOT_NAME.sub("", name[:40].lower())
    return name[4:] if name.startswith("core") and name[4:] in TAGS else name


def _style(item: Any) -> str:
    if isinstance(item, dict):
        for key in _STYLE_KEYS:
            value = item.get(key)
            if isinstance(value, str) and _plain(value) in TAGS:
                return _plain(value)
    return ""


def _tag(item: dict[str, Any], name: str) -> str:
    """The HTML element of a node: by its name, made exact by its level, style or kind of list."""
    tag = TAGS.get(name, "")
    inner: dict[str, Any] = next((item[key] for key in _WRAPPER_KEYS if isinstance(item.get(key), dict)), {})
    if tag == "p" and isinstance(item.get("listItem"), str):
        return "li"
    if tag in ("p", "h2") and (style := TAGS.get(_style(item), "")) and style != "p":
        return style
    if tag == "h2":
        level = item.get("level", inner.get("level"))
        return f"h{level}" if level in (1, 2, 3, 4, 5, 6) else tag
    if tag == "ul":
        kinds = [holder.get(key) for holder in (item, inner) for key in _ORDER_KEYS]
        return "ol" if any(kind in ("ordered", "number", "numbered", "ol", True) for kind in kinds) else tag
    return tag


def _content(item: dict[str, Any]) -> tuple[list[Any] | None, str]:
    """A node's children, else its text: its own, or those of the object it wraps them in."""
    for holder in (item, *(item[key] for key in _WRAPPER_KEYS if isinstance(item.get(key), dict))):
        for key in _CHILD_KEYS:
            value = holder.get(key)
            if isinstance(value, list) and value:
                return ([value] if _is_element(value) else value), ""
        for key in _TEXT_KEYS:
            value = holder.get(key)
            if isinstance(value, str) and value:
                return None, value
    for key in _WRAPPER_KEYS:
        value = item.get(key)
        if isinstance(value, dict) and (_name(value) or key == "root"):
            return [value], ""
    return None, ""


def _holds_blocks(children: list[Any]) -> bool:
    return any(TAGS.get(_name(child)) for child in children)
