"""The article as sanitised HTML."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from cleaner.document import IN_MARKUP, Label
from cleaner.render.outline import outline
from cleaner.render.page import read

if TYPE_CHECKING:
    from cleaner.document import Document

_IN_LINE = ("a", "br", "code", "del", "em", "img", "mark", "q", "strong", "sub", "sup")
_BOXES = ("blockquote", "dd", "dl", "dt", "figcaption", "figure", "li", "ol", "p", "pre", "ul")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TABLES = ("caption", "table", "tbody", "td", "th", "tr")
TAGS = frozenset({*_IN_LINE, *_BOXES, *_HEADINGS, *_TABLES})
"""The only elements that :func:`html` writes."""
ATTRIBUTES = {
    "a": {"href"},
    "code": {"class"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
"""The only attributes, by element; ``class`` on code names its language, ``language-python``."""
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_LANGUAGE = re.compile(r"language-[\w.+#-]{1,40}")
_NUMBER = re.compile(r"\d{1,6}")


def html(document: Document) -> str:
    """Return title, body and captions as HTML that is safe to open: see :data:`TAGS` and :data:`ATTRIBUTES`."""
    shown = document.shown(IN_MARKUP)
    page = read(document)
    return sanitise(_paragraphs(document, shown) if page is None else outline(page, shown))


def sanitise(markup: str) -> str:
    """Return *markup* with nothing in it but what the allow lists name."""
    import nh3

    return nh3.clean(
        markup,
        tags=set(TAGS),
        clean_content_tags={"script", "style"},
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=set(SCHEMES),
        link_rel=None,
    ).strip()


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "code":
        return value if _LANGUAGE.fullmatch(value) else None
    if name in ("start", "colspan", "rowspan"):
        return value if _NUMBER.fullmatch(value) else None
    if tag == "img" and name == "src" and not value.lower().startswith(("http:", "https:")) and ":" in value[:12]:
        return None
    return value


def _paragraphs(document: Document, shown: frozenset[Label]) -> str:
    columns = document.columns
    title, rest = "", []
    for text, label in zip(columns.texts, columns.labels, strict=True):
        if label not in shown:
            continue
        lines = escape(text, quote=False).replace("\n", "<br>")
        if label is not Label.TITLE:
            rest.append(f"<p>{lines}</p>\n")
        elif not title:
            title = f"<h1>{lines}</h1>\n"
    return title + "".join(rest)
