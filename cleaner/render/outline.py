"""Blocks back to markup: the elements that carry meaning are built again around what is shown."""

from __future__ import annotations

import re
from html import escape
from itertools import islice
from typing import NamedTuple

from cleaner.document import Kind, Label
from cleaner.html.elements import HEADINGS, LISTS
from cleaner.render.figures import figures
from cleaner.render.page import MarkedPage
from cleaner.render.tables import Tables
from cleaner.render.titles import headline, repeats

_DEEPEST = 24
_ITEMS = {"li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",)}
_ONE_LINE = frozenset({"figcaption", "td", "th", "caption"})
_EMPTY = re.compile(r"<(a|strong|em|code|sub|sup|del|mark|q)(?: [^>]*)?>\s*</\1>")
_LINKS = re.compile(r"</?a\b[^>]*>|<img\b[^>]*>")
_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language-|lang-|highlight-source-|sourcecode\s+|brush:\s*)([\w+#.-]{1,30}?)(?=[;\s]|$)", re.I
)


class Frame(NamedTuple):
    """An element of the output, and the container of the page that it stands for."""

    container: int
    tag: str


class Piece(NamedTuple):
    """A block or a picture to write: the elements around it, and its own."""

    frames: tuple[Frame, ...]
    tag: str
    markup: str


def outline(page: MarkedPage, shown: frozenset[Label]) -> str:
    """Return the markup of the blocks that *shown* names, the headline first; not sanitised."""
    title = headline(page.labels, page.blocks.kind) if Label.TITLE in shown else -1
    tables = Tables(page)
    pieces = _pieces(page, shown, title, _frames(page, tables, _sections(page, shown)))
    heading = f"<h1>{_LINKS.sub('', page.markup[title])}</h1>\n" if title >= 0 else ""
    return heading + _Writer(page, tables).write(pieces)


def _sections(page: MarkedPage, shown: frozenset[Label]) -> frozenset[int]:
    """The lists whose items hold headings: sections, or all of a page, that are laid out as a list."""
    kinds, containers = page.blocks.kind, page.blocks.container
    headings = [i for i, label in enumerate(page.labels) if kinds[i] is Kind.HEADING and label in shown]
    return frozenset(c for i in headings for c in page.climb(containers[i]) if page.containers.tag[c] in LISTS)


def _frames(page: MarkedPage, tables: Tables, sections: frozenset[int]) -> list[tuple[Frame, ...]]:
    """For every container, the elements of the output that it and its ancestors make."""
    containers = page.containers
    frames: list[tuple[Frame, ...]] = []
    for number, (tag, parent) in enumerate(zip(containers.tag, containers.parent, strict=True)):
        outer = frames[parent] if parent >= 0 else ()
        known = len(outer) < _DEEPEST and number not in sections
        name = _frame(tag, number, outer, tables) if known else ""
        frames.append((*outer, Frame(number, name)) if name else outer)
    return frames


def _frame(tag: str, number: int, outer: tuple[Frame, ...], tables: Tables) -> str:
    """The element of the output that a container makes, or an empty string."""
    around = outer[-1].tag if outer else ""
    if tag == "blockquote":
        return tag
    if tag in LISTS:
        return "ul" if tag == "menu" else tag
    if tag in _ITEMS:
        return tag if around in _ITEMS[tag] else ""
    if tag == "table":
        return tag if number in tables.data and not any(frame.tag == "table" for frame in outer) else ""
    if tag == "tr" or tag == "caption":
        return tag if around == "table" else ""
    if tag in ("td", "th"):
        return tables.cell(number) if around == "tr" else ""
    return ""


def _pieces(page: MarkedPage, shown: frozenset[Label], title: int, frames: list[tuple[Frame, ...]]) -> list[Piece]:
    pictures, captions = figures(page, shown)
    headings = page.blocks.text[title] if title >= 0 else ""
    pieces: list[tuple[int, int, Piece]] = []
    for order, (picture, figure) in enumerate(pictures):
        around = frames[figure if figure >= 0 else picture.container]
        # A picture that stands alone is a figure of its own, so its number must be no container's.
        own = Frame(figure if figure >= 0 else -order - 1, "figure")
        pieces.append((picture.before, 0, Piece((*around, own), "", picture.markup)))
    for i, label in enumerate(page.labels):
        if label not in shown or i == title or (label is Label.TITLE and repeats(page.blocks.text[i], headings)):
            continue
        if i in captions:
            figure = captions[i]
            own = Frame(figure, "figure")
            piece = Piece((*frames[figure], own, Frame(figure, "figcaption")), "p", page.markup[i])
        else:
            piece = _piece(page, i, frames[page.blocks.container[i]])
        pieces.append((i, 1, piece))
    pieces.sort(key=lambda placed: placed[:2])
    return [piece for _, _, piece in pieces]


def _piece(page: MarkedPage, i: int, frames: tuple[Frame, ...]) -> Piece:
    container, kind = page.blocks.container[i], page.blocks.kind[i]
    if kind is Kind.HEADING:
        tags = (page.containers.tag[c] for c in page.climb(container))
        level = next((HEADINGS[tag] for tag in tags if tag in HEADINGS), 2)
        return Piece(frames, f"h{max(level, 2)}", page.markup[i])
    if kind is Kind.CODE:
        pre = next((c for c in page.climb(container) if page.containers.tag[c] == "pre"), container)
        markup = escape(page.blocks.text[i], quote=False)
        return Piece((*frames, Frame(pre, "pre")), "code", markup)
    return Piece(frames, "p", page.markup[i])


class _Writer:
    """Writes pieces in order, opening and closing the elements around them."""

    def __init__(self, page: MarkedPage, tables: Tables) -> None:
        self._page = page
        self._tables = tables
        self._open: list[Frame] = []
        self._parts: list[str] = []

    def write(self, pieces: list[Piece]) -> str:
        """Return the pieces as markup."""
        inside: dict[Frame, int] = {}
        for piece in pieces:
            if piece.frames:
                inside[piece.frames[-1]] = inside.get(piece.frames[-1], 0) + 1
        last: Frame | None = None
        for piece in pieces:
            entered = self._enter(piece.frames)
            frame = piece.frames[-1] if piece.frames else None
            again = frame is not None and frame == last and not entered
            self._leaf(piece, alone=frame is not None and inside[frame] == 1, again=again)
            last = frame
        self._leave(0)
        return "".join(self._parts)

    def _enter(self, frames: tuple[Frame, ...]) -> bool:
        """Close what the next piece does not stand in, open what it does; tell whether anything was opened."""
        same = 0
        while same < min(len(frames), len(self._open)) and frames[same] == self._open[same]:
            same += 1
        self._leave(same)
        for frame in frames[same:]:
            if frame.tag in ("td", "th"):
                self._parts.extend(self._tables.before(frame.container))
            self._parts.append(f"<{frame.tag}{self._attributes(frame)}>")
            self._open.append(frame)
        return same < len(frames)

    def _leave(self, depth: int) -> None:
        while len(self._open) > depth:
            frame = self._open.pop()
            if frame.tag == "tr":
                self._parts.extend(self._tables.rest(frame.container))
            if frame.tag == "pre":
                self._parts.append("</code>")
            self._parts.append(f"</{frame.tag}>\n")

    def _leaf(self, piece: Piece, *, alone: bool, again: bool) -> None:
        around = piece.frames[-1].tag if piece.frames else ""
        markup = piece.markup if piece.tag == "code" else _tidied(piece.markup)
        if piece.tag == "code":
            self._parts.append(("\n" if again else "") + markup)
        elif piece.tag == "":
            self._parts.append(markup)
        elif around in _ONE_LINE:
            self._parts.append(("<br>" if again else "") + markup)
        elif around in ("ul", "ol"):
            self._parts.append(f"<li>{markup}</li>\n")
        elif around == "dl":
            self._parts.append(f"<dd>{markup}</dd>\n")
        elif around in _ITEMS and alone and piece.tag == "p":
            self._parts.append(markup)
        else:
            self._parts.append(f"<{piece.tag}>{markup}</{piece.tag}>\n")

    def _attributes(self, frame: Frame) -> str:
        """The attributes of the page's element that the output keeps; for code, its element and language."""
        if frame.tag == "pre":
            language = self._language(frame.container)
            return f'><code class="language-{escape(language)}"' if language else "><code"
        if frame.tag == "ol":
            start = self._page.elements[frame.container].get("start") or ""
            return f' start="{start}"' if re.fullmatch(r"[0-9]{1,6}", start) else ""
        if frame.tag in ("td", "th"):
            return self._tables.spans(frame.container)
        return ""

    def _language(self, container: int) -> str:
        element = self._page.elements[container]
        near = [element, *element.iterfind("code"), *islice(element.iterancestors(), 2)]
        for candidate in near:
            named = candidate.get("data-lang") or candidate.get("data-language")
            match = _LANGUAGE.search(f"lang-{named}" if named else candidate.get("class") or "")
            if match:
                return match[1].lower()
        return ""


def _tidied(markup: str) -> str:
    before = ""
    while before != markup:
        before, markup = markup, _EMPTY.sub("", markup)
    return markup.strip()
