"""A page's own styles with nothing in them that loads: what a style sheet may fetch is replaced by nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST = 600_000
"""Characters of style that are taken over; a page with more is shown without the rest."""
_FETCHING = frozenset(
    {"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade", "element", "paint"}
)
_LOADING = frozenset(
    {"import", "font-face", "namespace", "charset", "document", "-moz-document", "font-palette-values"}
)
_SUSPICIOUS = re.compile(
    r"\\|@import|@font-face|@namespace|@charset|@(?:-moz-)?document|url|src|image|cross-fade|element\(|paint\(", re.I
)
"""Without any of these a style loads nothing, and needs no parsing."""
_CLOSING = re.compile(r"<(?=[/!])")
_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif|bmp|svg\+xml)[;,]", re.I)


def harmless_style(declarations: str) -> str:
    """The value of a style attribute, made harmless."""
    return _harmless(declarations) if declarations else ""


def harmless_sheets(root: _Element) -> tuple[str, ...]:
    """The style sheets that a page holds, in order, made harmless; each as the content of an element of its own."""
    sheets, room = [], MOST
    for element in root.iter("style"):
        text = "".join(map(str, element.itertext()))
        room -= len(text)
        if room < 0:
            break
        media = element.get("media") or ""
        sheet = _harmless(text)
        if sheet.strip():
            sheets.append(f"@media {media} {{\n{sheet}\n}}" if _is_plain(media) else sheet)
    return tuple(sheets)


def _is_plain(media: str) -> bool:
    return bool(media) and re.fullmatch(r"[\w\s():.,-]{1,200}", media) is not None


def _harmless(css: str) -> str:
    if _SUSPICIOUS.search(css):
        import tinycss2

        try:
            css = tinycss2.serialize(_quiet(tinycss2.parse_component_value_list(css)))
        except RecursionError:
            # Nobody writes style nested that deep.
            return ""
    # The parser of markup ends a style sheet at the first end tag, whatever that is within.
    return _CLOSING.sub(r"\\3c ", css)


def _quiet(values: Iterable[Any]) -> list[Any]:
    """The component values with everything replaced that loads."""
    from tinycss2 import ast

    kept = []
    for value in values:
        if value.type == "at-keyword" and value.lower_value in _LOADING:
            # A rule that no browser knows is passed over, with its block.
            value = ast.AtKeywordToken(value.source_line, value.source_column, "-gone")
        elif value.type == "url":
            value = value if _stays(value.value) else _nothing(value)
        elif value.type == "function":
            if value.lower_name in _FETCHING:
                value = value if _is_own(value) else _nothing(value)
            else:
                value.arguments = _quiet(value.arguments)
        elif value.type in ("() block", "[] block", "{} block"):
            value.content = _quiet(value.content)
        kept.append(value)
    return kept


def _is_own(function: Any) -> bool:
    """Whether a function names something in the page itself."""
    strings = [value for value in function.arguments if value.type != "whitespace"]
    return (
        function.lower_name in ("url", "src")
        and len(strings) == 1
        and strings[0].type == "string"
        and _stays(strings[0].value)
    )


def _stays(address: str) -> bool:
    return address.startswith("#") or _DATA.match(address) is not None


def _nothing(value: Any) -> Any:
    from tinycss2 import ast

    return ast.IdentToken(value.source_line, value.source_column, "none")
