"""The markup inside the blocks, kept beside their text when a view wants it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

from cleaner.html.words import collapse, tidy

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
_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")
"""Where the address of an image stands; what a script would load comes first, as ``src`` is a stand-in then."""
_SOURCE_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_LONGEST_ADDRESS = 4096
_LONGEST_REPEATED = 500
"""A link around many blocks is written once a block, so its address must not be a page of its own."""
_SCHEME = re.compile(r"[\x00-\x20]*([a-z][a-z0-9+.\-]*):", re.I)
_FORMULA = "mwe-math-fallback-image"
"""Wikis put a picture of a formula beside its MathML, which is TeX already."""
_PIXEL = ("0", "1", "0px", "1px")
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_PLAIN_ADDRESS = re.compile(r"[!#$%&'()*+,./:;=?@\[\]_~\w-]*", re.A)


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

    def __init__(self, base: str | None, files: str | None = None, beside: str = "") -> None:
        self.base = base
        self._files = files
        self._beside = beside
        self.markup: list[str] = []
        self.pictures: list[Picture] = []
        self.elements: list[_Element] = []
        """The element of every container: attributes such as colspan are for the views alone."""
        self._open: list[tuple[str, str]] = []
        self._wrote = False

    def plain(self, text: str) -> str:
        """Text of the page, safe to stand beside marked tags."""
        return text.replace(MARK, "").replace(_END, "") if MARK in text or _END in text else text

    def open(self, tag: str, attributes: dict[str, str]) -> str:
        """An inline element opens."""
        name = _TAGS.get(tag)
        if name is None:
            return ""
        start, end = f"<{name}>", f"</{name}>"
        address = self._address(attributes.get("href", "")) if name == "a" else ""
        if name == "a":
            start = f'<a href="{address}">'
        if (name == "a" and not address) or any(end == outer for _, outer in self._open):
            # Nothing is lost, and the open tags that every block must repeat stay few.
            start = end = ""
        self._open.append((start, end))
        return f"{MARK}{start}{_END}"

    def close(self, tag: str) -> str:
        """An inline element closes."""
        if tag not in _TAGS or not self._open:
            return ""
        return f"{MARK}{self._open.pop()[1]}{_END}"

    def image(self, element: _Element) -> str:
        """An image stands in the text."""
        source = self._address(_source(element))
        if not source or element.get("width") in _PIXEL or element.get("height") in _PIXEL:
            return ""
        if _FORMULA in (element.get("class") or ""):
            return ""
        alt = escape(self.plain(collapse(element.get("alt") or "")))
        return f'{MARK}<img src="{source}" alt="{alt}">{_END}'

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
        raw = "".join(pieces[::2])
        self._wrote = bool(raw) and not raw.isspace()
        return raw, joined

    def reopen(self) -> list[str]:
        """The tags that are still open, to start the next run with; a long address is not written again and again."""
        if self._wrote:
            self._open = [tag if len(tag[0]) <= _LONGEST_REPEATED else ("", "") for tag in self._open]
        return [f"{MARK}{start}{_END}" for start, _ in self._open]

    def block(self, markup: str) -> None:
        """A block was made of the last run."""
        self.markup.append(markup)

    def box(self, element: _Element) -> None:
        """A container opens."""
        self.elements.append(element)

    def between(self, before: int, container: int, markup: str) -> None:
        """The last run held no text; an image in it is kept."""
        if "<img" in markup:
            self.pictures.append(Picture(before, container, markup))

    def _address(self, address: str) -> str:
        """An address, absolute where the base is known, safe between quotes; empty where nobody should follow it."""
        address = self.plain(address.strip())
        if len(address) > _LONGEST_ADDRESS:
            return ""
        try:
            if self._is_beside(address):
                address = self._beside + address.removeprefix("./")
            elif self.base:
                address = urljoin(self.base, address)
            if not _PLAIN_ADDRESS.fullmatch(address):
                from w3lib.url import safe_url_string

                address = safe_url_string(address)
        except ValueError:
            return ""
        scheme = _SCHEME.match(address)
        return "" if scheme and scheme[1].lower() not in _SCHEMES else escape(address)

    def _is_beside(self, address: str) -> bool:
        """Whether it leads to one of the files saved with the page."""
        return self._files is not None and unquote(address).removeprefix("./").startswith(self._files)


def _escaped(piece: str, verbatim: bool) -> str:
    if verbatim:
        return escape(tidy(piece.replace(BREAK, "\n")))
    return "<br>".join(escape(tidy(_SPACE.sub(" ", line))) for line in piece.split(BREAK))


def _source(element: _Element) -> str:
    """Where an image is loaded from; an image that stands in the page as data is a stand-in or decoration."""
    for name in _SOURCES:
        source = element.get(name)
        if source and not source.lstrip().lower().startswith("data:"):
            return source
    for name in _SOURCE_SETS:
        candidates = (element.get(name) or "").split()
        if candidates and not candidates[0].lower().startswith("data:"):
            return candidates[0].rstrip(",")
    return ""
