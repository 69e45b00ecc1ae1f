"""Sanitised HTML to Markdown: markdownify, with what its own rules leave open.

Text that looks like Markdown is escaped where it would be read as such, addresses cannot turn into others, and every
rule takes time in proportion to what it is given.
"""

from __future__ import annotations

import re
from typing import Any

from markdownify import MarkdownConverter

# Its stubs name no conversion function, and those are what is built upon here.
_Markdownify: Any = MarkdownConverter
_MATH = re.compile(r"(\$\$[^$\n]+\$\$|\$(?!\s)[^$\n]*[^$\s]\$(?!\d))")
_ANYWHERE = re.compile(r"([\\`*\[\]<])")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|>|=+(?=\s*$)|[-+](?=\s|$|-))", re.M)
_NUMBERED = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)", re.M)
_BREAKS = frozenset({"br", "p", "ul", "ol", "dl", "table", "pre", "blockquote"})
_STRIKE = re.compile(r"~(?=~)|(?<=~)~")
_TICKS = re.compile(r"`+")
_LINES = re.compile(r"\s*\\?\n\s*")


class Converter(_Markdownify):  # type: ignore[misc]
    """One use each: it counts the items of the lists that it has seen."""

    def __init__(self) -> None:
        super().__init__(
            # The other parser slows down with every image and line break that came before.
            bs4_options="lxml",
            heading_style="atx",
            bullets="-",
            newline_style="backslash",
            sub_symbol="<sub>",
            sup_symbol="<sup>",
            keep_inline_images_in=["td", "th"],
            code_language_callback=_language,
        )
        self._items: dict[int, int] = {}
        self._at_start = True
        self._before_link = False

    def process_text(self, el: Any, parent_tags: set[str] | None = None) -> str:
        """A run of text; what comes before and after it decides what must be escaped."""
        before, after = el.previous_sibling, el.next_sibling
        self._at_start = before is None or before.name in _BREAKS
        self._before_link = after is not None and after.name == "a"
        return str(super().process_text(el, parent_tags))

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Text of the page, so that Markdown reads it as text; TeX stays as it is."""
        if not text:
            return ""
        pieces = _MATH.split(text)
        plain = [
            _safe_tex(piece) if i % 2 else _escaped(piece, first=i == 0 and self._at_start)
            for i, piece in enumerate(pieces)
        ]
        joined = "".join(plain)
        if self._before_link and joined.endswith("!"):
            joined = joined[:-1] + r"\!"
        return joined.replace("|", r"\|") if parent_tags & {"td", "th"} else joined

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A link, unless it stands in code or holds nothing."""
        href, label = _address(el.get("href")), text.strip()
        if "_noformat" in parent_tags or not label or not href:
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before and ' '}[{_LINES.sub(' ', label)}]({href}){after and ' '}"

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """An image; in a heading only its description."""
        source, alt = _address(el.get("src")), self.escape(el.get("alt") or "", parent_tags)
        if not source or parent_tags & {f"h{n}" for n in range(1, 7)}:
            return alt
        return f"![{_LINES.sub(' ', alt)}]({source})"

    def convert_figure(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """A paragraph of its own."""
        return f" {text.strip()} " if "_inline" in parent_tags else f"\n\n{text.strip()}\n\n"

    def convert_figcaption(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """A paragraph in italics."""
        caption = _LINES.sub(" ", text.strip())
        if not caption or "_inline" in parent_tags:
            return f" {caption} "
        return f"\n\n*{caption}*\n\n"

    def convert_em(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Emphasis; a caption is in italics already."""
        if "figcaption" in parent_tags:
            return text
        return str(super().convert_em(el, text, parent_tags))

    def convert_code(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Code in a line of text."""
        code = str(super().convert_code(el, text, parent_tags))
        return code.replace("|", r"\|") if parent_tags & {"td", "th"} else code

    def convert_pre(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A fenced block, its fence longer than any in the code."""
        if not text.strip():
            return ""
        if "_inline" in parent_tags:
            return str(self.convert_code(el, _LINES.sub(" ", text), parent_tags - {"_noformat"}))
        fence = "`" * max(3, *(len(run) + 1 for run in _TICKS.findall(text)), 3)
        return f"\n\n{fence}{_language(el)}\n{text.strip(chr(10))}\n{fence}\n\n"

    def convert_li(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """A list item, its further lines indented."""
        content = text.strip()
        if not content:
            return "\n"
        parent, bullet = el.parent, "- "
        if parent is not None and parent.name == "ol":
            start = parent.get("start") or "1"
            number = self._items[id(parent)] = self._items.get(id(parent), int(start) - 1) + 1
            bullet = f"{number}. "
        return bullet + re.sub(r"\n(?=[^\n])", "\n" + " " * len(bullet), content) + "\n"

    def convert_ol(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A numbered list; inside an item it needs a blank line before it unless it starts with 1."""
        numbered = str(self.convert_list(el, text, parent_tags))
        return "\n" + numbered if "li" in parent_tags and el.get("start", "1") != "1" else numbered

    def convert_mark(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """Highlighted text; Markdown has no mark for it."""
        return text


def _escaped(text: str, *, first: bool) -> str:
    text = _ANYWHERE.sub(r"\\\1", text)
    text = _UNDERSCORE.sub(r"\\_", text)
    text = _STRIKE.sub(r"\\~", text)
    text = _ENTITY.sub(r"\\&", text)
    if first:
        text = _LINE_START.sub(r"\1\\\2", text)
        text = _NUMBERED.sub(r"\1\\\2", text)
    return text


def _safe_tex(text: str) -> str:
    """TeX that a reader without mathematics takes for text all the same: no tag in it, no link."""
    return text.replace("<", r"\lt ").replace(">", r"\gt ").replace("](", "] (").replace("`", r"\`")


def _address(address: str | None) -> str:
    """An address that Markdown reads as the very same one."""
    address = "".join((address or "").split())
    for character, code in (("\\", "%5C"), ("(", "%28"), (")", "%29"), ("<", "%3C"), (">", "%3E"), ("`", "%60")):
        address = address.replace(character, code)
    return _ENTITY.sub("&amp;", address).replace("*", "%2A").replace("|", "%7C")


def _language(el: Any) -> str:
    code = el.find("code") if el.name == "pre" else el
    names = (code.get("class") or []) if code is not None else []
    return next((name.removeprefix("language-") for name in names if name.startswith("language-")), "")
