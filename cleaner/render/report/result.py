"""The cleaned page as a report holds it: its HTML without anything that a browser would fetch."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from cleaner.render.html import ATTRIBUTES, TAGS

if TYPE_CHECKING:
    from markupsafe import Markup

    from cleaner.document import Document

# As the sanitiser writes them; a quotation mark in a value is an entity, so no value can hold the whole of one.
_PICTURE = re.compile(r'<img (?:src="[^"]*" alt="([^"]*)"|src="[^"]*"|alt="([^"]*)")>')
_HEADING = re.compile(r"<(/?)h([1-6])>")
_ABOVE = 2
"""The levels of the report's own headings above those of the page."""
_LOWEST = 6
_FOLLOWED = re.compile(r"(?:https?://|mailto:|tel:)", re.I)
_TEXTS = ("p", "li", "dt", "dd", "h3", "h4", "h5", "h6", "td", "th", "figcaption", "caption", "blockquote")
_ATTRIBUTES = {tag: names for tag, names in ATTRIBUTES.items() if tag not in ("a", "img")} | {"a": {"href"}}


def result(document: Document) -> Markup:
    """Return ``document.html`` for a report.

    Pictures are their descriptions, links lead to whole addresses or nowhere, headings stand below the report's own.
    Sanitised once more as the last step, so that no step before it need be trusted.
    """
    import nh3
    from markupsafe import Markup

    markup = _PICTURE.sub(_described, document.html)
    markup = _HEADING.sub(lambda found: f"<{found[1]}h{min(int(found[2]) + _ABOVE, _LOWEST)}>", markup)
    clean = nh3.clean(
        markup,
        tags=set(TAGS) - {"img"} | {"span"},
        clean_content_tags={"script", "style"},
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        tag_attribute_values={"span": {"class": {"picture"}}},
        set_tag_attribute_values={
            **{tag: {"dir": "auto"} for tag in _TEXTS},
            "a": {"target": "_blank"},
        },
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)


def _described(found: re.Match[str]) -> str:
    alt = " ".join(unescape(found[1] or found[2] or "").split())
    return f'<span class="picture">{escape(alt) or "picture"}</span>'


def _attribute(tag: str, name: str, value: str) -> str | None:
    return None if (tag, name) == ("a", "href") and not _FOLLOWED.match(value) else value
