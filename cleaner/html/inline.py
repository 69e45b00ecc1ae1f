"""The markup inside the blocks, kept beside their text when a view wants it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from cleaner.html.words import tidy

if TYPE_CHECKING:
    from lxml.etree import _Element

BREAK = "\0"
"""A line break in a run of text; white space is collapsed around it later."""
MARK = "\x01"
_END = "\x02"
_MARKED = re.compile(f"{MARK}([^{_END}]*){_END}")
_SPACE = re.compile(r"\s+")
_TAGS = {
    "a": "a",
    "b": "strong",
    "strong": "strong",
    "i": "em",
    "em": "em",
    "cite": "em",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
    "sub": "sub",
    "sup": "sup",
    "del": "del",
    "s": "del",
    "strike": "del",
    "mark": "mark",
    "q": "q",
}
_SOURCES = ("src", "data-src", "data-original", "data-lazy-src")


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that stands alone: before which block, in which container."""

    before: int
    container: int
    markup: str


class Inline:
    """Collects the inline markup of each block while a page is cut into blocks.

    Tags travel in the run of text between two control characters that no page text may hold; :meth:`split` parts them.
    """

    def __init__(self, base: str | None) -> None:
        self.base = base
        self.markup: list[str] = []
        self.pictures: list[Picture] = []
        self._open: list[tuple[str, str]] = []

    def plain(self, text: str) -> str:
        """Text of the page, safe to stand beside marked tags."""
        return text.replace(MARK, "").replace(_END, "") if MARK in text or _END in text else text

    def open(self, tag: str, attributes: dict[str, str]) -> str:
        """An inline element opens."""
        name = _TAGS.get(tag)
        if name is None:
            return ""
        start = f"<{name}>"
        if name == "a":
            start = f'<a href="{self._address(attributes["href"])}">' if attributes.get("href") else "<a>"
        self._open.append((start, f"</{name}>"))
        return f"{MARK}{start}{_END}"

    def close(self, tag: str) -> str:
        """An inline element closes."""
        if tag not in _TAGS or not self._open:
            return ""
        return f"{MARK}{self._open.pop()[1]}{_END}"

    def image(self, element: _Element) -> str:
        """An image stands in the text."""
        source = next((element.get(name) for name in _SOURCES if _is_picture(element.get(name))), None)
        if source is None or element.get("width") in ("0", "1"):
            return ""
        alt = escape(self.plain(" ".join((element.get("alt") or "").split())))
        return f'{MARK}<img src="{self._address(source)}" alt="{alt}">{_END}'

    def split(self, raw: str, *, verbatim: bool) -> tuple[str, str]:
        """Part a run into its text and its markup; tags left open are closed in the markup."""
        pieces = _MARKED.split(raw)
        markup = []
        for i, piece in enumerate(pieces):
            if i % 2:
                markup.append(piece)
            elif piece:
                markup.append(_escaped(piece, verbatim))
        markup.extend(end for _, end in reversed(self._open))
        joined = "".join(markup)
        if not verbatim:
            joined = joined.strip()
        return "".join(pieces[::2]), joined

    def reopen(self) -> list[str]:
        """The tags that are still open, to start the next run with."""
        return [f"{MARK}{start}{_END}" for start, _ in self._open]

    def block(self, markup: str) -> None:
        """A block was made of the last run."""
        self.markup.append(markup)

    def between(self, before: int, container: int, markup: str) -> None:
        """The last run held no text; an image in it is kept."""
        if "<img" in markup:
            self.pictures.append(Picture(before, container, markup))

    def _address(self, address: str) -> str:
        address = self.plain(address.strip())
        if self.base:
            try:
                address = urljoin(self.base, address)
            except ValueError:
                pass
        return escape(address)


def _escaped(piece: str, verbatim: bool) -> str:
    if verbatim:
        return escape(tidy(piece.replace(BREAK, "\n")))
    return "<br>".join(escape(tidy(_SPACE.sub(" ", line))) for line in piece.split(BREAK))


def _is_picture(source: str | None) -> bool:
    return bool(source) and not (source or "").lstrip().lower().startswith("data:")
