"""Tree to blocks: one pass over the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cleaner.document import Kind
from cleaner.html.blocks import Blocks
from cleaner.html.elements import BUTTONS, FLOW, HEADINGS, KINDS, LISTS, Flow
from cleaner.html.inline import BREAK, MARK, Inline
from cleaner.html.math import tex
from cleaner.html.words import collapse, count_words, tidy

if TYPE_CHECKING:
    from lxml.etree import _Element

_DESCRIBING = ("class", "id", "role", "itemprop", "data-testid", "data-component", "data-module", "aria-label", "name")
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_FOR_SCREEN_READERS = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only u-visually-hidden a11y-hidden".split()
)
_CHROME = frozenset("mw-editsection headerlink hash-link anchorjs-link permalink anchor-link".split())
"""Classes of inline elements that are the page's own controls in a line of text."""
_UNSEEN = _FOR_SCREEN_READERS | _CHROME
_DECORATION = 2
_MAIL = re.compile(r"e-?mail", re.I)
_DEEPEST_PATH = 300


class Scope(NamedTuple):
    """What a block takes over from the elements around it."""

    container: int
    kind: Kind
    group: int
    row: int


Frame = tuple["_Element", Iterator["_Element"], Flow, Scope, dict[str, int], str]
"""An open element: it, its children still to come, its flow, the scope inside, tags counted, the path to it."""
_NO_ATTRIBUTES: dict[str, str] = {}


class Segmenter:
    """Cuts a tree into :class:`Blocks`; one use each.

    With *inline*, the markup inside the blocks is kept there as well, for the views; the blocks are the same.
    """

    def __init__(self, max_blocks: int, *, inline: Inline | None = None) -> None:
        self.blocks = Blocks()
        self.max_blocks = max_blocks
        self.inline = inline
        self._parts: list[str] = []
        self._links = 0
        self._link_depth = 0
        self._link_chars = 0
        self._strong_depth = 0
        self._strong_chars = 0
        self._cells: list[int] = []
        self._full = False
        self._image = -1

    def run(self, root: _Element) -> Blocks:
        """Walk *root* and return its blocks."""
        top = root.find("body")
        top = root if top is None else top
        self._walk(top)
        _settle_tables(self.blocks, self._cells)
        return self.blocks

    # The walk: a stack of open elements rather than recursion, as saved pages nest deeper than Python calls may.

    def _walk(self, top: _Element) -> None:
        flow_of, parts, add = FLOW.get, self._parts, self._add
        scope = self._open_block(top, _attributes(top), Scope(-1, Kind.PARAGRAPH, -1, -1), {}, "")
        stack: list[Frame] = [(top, iter(top), Flow.BLOCK, scope, {}, "")]
        add(top.text)
        while stack:
            element, children, flow, scope, counts, step = stack[-1]
            for child in children:
                tag = child.tag
                counts[tag] = position = counts.get(tag, 0) + 1
                kind = flow_of(tag, Flow.BLOCK)
                if kind > Flow.BLOCK:
                    self._special(child, tag, kind, scope)
                else:
                    items = child.items()
                    attributes: dict[str, str] = dict(items) if items else _NO_ATTRIBUTES  # type: ignore[arg-type]
                    if items and self._is_hidden(child, attributes):
                        self._hidden_math(child)
                    elif kind is Flow.INLINE:
                        self._open_inline(tag, attributes)
                        if text := child.text:
                            add(text)
                        if len(child):
                            inner = f"{step}/{tag}[{position}]" if len(step) < _DEEPEST_PATH else step
                            stack.append((child, iter(child), kind, scope, {}, inner))
                            break
                        self._close_inline(tag)
                    else:
                        inside = self._open_block(child, attributes, scope, counts, step)
                        if text := child.text:
                            add(text)
                        stack.append((child, iter(child), kind, inside, {}, ""))
                        break
                if tail := child.tail:
                    add(tail)
            else:
                stack.pop()
                if flow is Flow.INLINE:
                    self._close_inline(element.tag)
                else:
                    if parts:
                        self._flush(scope)
                    self.blocks.containers.last[scope.container] = len(self.blocks.text)
                    if self._full:
                        self._stop(stack)
                        return
                if stack and (tail := element.tail):
                    add(tail)

    def _stop(self, stack: list[Frame]) -> None:
        """Leave the rest of the page out, the open containers closed where they are."""
        self.blocks.warnings.append(f"The page has over {self.max_blocks:,} blocks: the rest of it was left out.")
        for _, _, flow, scope, _, _ in reversed(stack):
            if flow is Flow.BLOCK:
                self.blocks.containers.last[scope.container] = len(self.blocks.text)

    def _add(self, text: str | None) -> None:
        # White space alone never begins a run.
        if not text or (not self._parts and text.isspace()):
            return
        self._parts.append(text if self.inline is None else self.inline.plain(text))
        if self._link_depth or self._strong_depth:
            length = len(text.strip())
            if self._link_depth:
                self._link_chars += length
            if self._strong_depth:
                self._strong_chars += length

    # Elements that stand in a line of text.

    def _open_inline(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "a":
            self._link_depth += 1
            self._links += 1
        elif tag == "b" or tag == "strong":
            self._strong_depth += 1
        if self.inline is not None:
            self._parts.append(self.inline.open(tag, attributes))

    def _close_inline(self, tag: str) -> None:
        if tag == "a":
            self._link_depth -= 1
        elif tag == "b" or tag == "strong":
            self._strong_depth -= 1
        if self.inline is not None:
            self._parts.append(self.inline.close(tag))

    def _special(self, element: _Element, tag: str, flow: Flow, scope: Scope) -> None:
        """Everything that is neither a run of text nor a box of its own."""
        if flow is Flow.BREAK:
            self._break(scope)
        elif flow is Flow.RULE:
            self._flush(scope)
        elif flow is Flow.MATH:
            self._add(tex(element))
        elif flow is Flow.RUBY:
            reading = collapse("".join(element.itertext()))
            if reading:
                self._add(f"({reading})")
        elif flow is Flow.FIELD:
            self._field(element, scope)
        elif tag == "script" and (element.get("type") or "").startswith("math/tex"):
            mark = "$$" if "mode=display" in (element.get("type") or "") else "$"
            self._add(f"{mark}{(element.text or '').strip()}{mark}")
        elif tag == "textarea":
            self.blocks.containers.text_areas[scope.container] += 1
        elif tag == "img":
            self._image = scope.container
            if self.inline is not None:
                self._parts.append(self.inline.image(element))

    def _break(self, scope: Scope) -> None:
        if scope.kind is Kind.CODE:
            self._parts.append(BREAK)
            return
        for part in reversed(self._parts):
            if part == BREAK:
                self._flush(scope)
                return
            if part.strip() and not part.startswith(MARK):
                break
        self._parts.append(BREAK)

    def _field(self, element: _Element, scope: Scope) -> None:
        kind = (element.get("type") or "text").lower()
        if kind in BUTTONS:
            self._flush(scope)
            self._add(element.get("value"))
            self._flush(scope._replace(kind=Kind.CONTROL))
        elif kind == "email" or (kind == "text" and _MAIL.search(" ".join(map(str, element.values())))):
            self.blocks.containers.mail_fields[scope.container] += 1

    # Boxes.

    def _open_block(
        self, element: _Element, attributes: dict[str, str], scope: Scope, counts: dict[str, int], step: str
    ) -> Scope:
        if self._parts:
            self._flush(scope)
        tag = str(element.tag)
        number = self.blocks.containers.add(
            tag, scope.container, _describe(attributes), counts.get(tag, 1), step, len(self.blocks.text)
        )
        group, row = scope.group, scope.row
        if tag in LISTS or tag == "table":
            # A list inside a list is one group with it; a table, or a list in a cell, stands for itself.
            if tag == "table" or scope.kind is not Kind.LIST_ITEM:
                group = number
            if tag == "table":
                row = -1
        elif tag == "tr":
            row = number
        elif tag == "td" or tag == "th":
            self._cells.append(number)
        elif tag in HEADINGS:
            group = row = -1
        return Scope(number, _kind(tag, scope.kind), group, row)

    def _flush(self, scope: Scope) -> None:
        """End the run of text, and make it a block where it holds any."""
        parts = self._parts
        if not parts:
            return
        raw = "".join(parts)
        parts.clear()
        markup = ""
        if self.inline is not None:
            raw, markup = self.inline.split(raw, verbatim=scope.kind is Kind.CODE)
            parts.extend(self.inline.reopen())
        text = _verbatim(raw) if scope.kind is Kind.CODE else _lines(raw)
        if text:
            self._append(text, markup, scope)
        elif self.inline is not None and markup:
            self.inline.between(len(self.blocks.text), scope.container, markup)
        self._links = int(self._link_depth > 0)
        self._link_chars = self._strong_chars = 0

    def _append(self, text: str, markup: str, scope: Scope) -> None:
        blocks = self.blocks
        if len(blocks.text) >= self.max_blocks:
            self._full = True
            return
        if self.inline is not None:
            self.inline.block(markup)
        blocks.add(
            text,
            scope.kind,
            scope.container,
            count_words(text),
            link_chars=min(len(text), self._link_chars),
            links=self._links,
            strong_chars=min(len(text), self._strong_chars),
            group=scope.group,
            row=scope.row if scope.kind is Kind.TABLE else -1,
            image=self._image,
        )
        self._image = -1

    # What the page hides.

    def _is_hidden(self, element: _Element, attributes: dict[str, str]) -> bool:
        if element.tag == "template":
            return "shadowrootmode" not in attributes and "shadowroot" not in attributes
        if "hidden" in attributes or ("style" in attributes and _HIDDEN_STYLE.search(attributes["style"])):
            return True
        if "aria-hidden" in attributes and attributes["aria-hidden"] == "true":
            return "katex-html" in attributes.get("class", "") or (
                len(element) == 0 and len((element.text or "").strip()) <= _DECORATION
            )
        name = attributes.get("class")
        return name is not None and not _UNSEEN.isdisjoint(name.split())

    def _hidden_math(self, element: _Element) -> None:
        """Formulas stand in a hidden element beside the picture of them."""
        for math in element.iter("math"):
            self._add(tex(math))


def segment(root: _Element, max_blocks: int) -> Blocks:
    """Cut a page's tree into its blocks, at most *max_blocks* of them. The tree is only read."""
    return Segmenter(max_blocks).run(root)


def _attributes(element: _Element) -> dict[str, str]:
    items = element.items()
    return dict(items) if items else {}  # type: ignore[arg-type]


def _describe(attributes: dict[str, str]) -> str:
    if not attributes:
        return ""
    return " ".join([attributes[name] for name in _DESCRIBING if name in attributes]).lower()


def _kind(tag: str, outer: Kind) -> Kind:
    kind = KINDS.get(tag)
    if kind is None:
        # A box in a cell or a button does not change what its text is; a section starts anew.
        return Kind.PARAGRAPH if tag in LISTS or tag == "table" else outer
    if kind is Kind.CONTROL and outer is Kind.HEADING:
        return outer
    if kind is Kind.QUOTE or outer is not Kind.QUOTE or kind is not Kind.LIST_ITEM:
        return kind
    return Kind.LIST_ITEM


def _lines(raw: str) -> str:
    """A run of text with its white space collapsed; ``<br>`` starts a new line."""
    if BREAK not in raw:
        return collapse(raw)
    return "\n".join([line for line in map(collapse, raw.split(BREAK)) if line])


def _verbatim(raw: str) -> str:
    lines = [line.rstrip() for line in tidy(raw.replace(BREAK, "\n")).replace("\xa0", " ").split("\n")]
    return "\n".join(lines).strip("\n")


def _settle_tables(blocks: Blocks, cells: list[int]) -> None:
    """Tell tables of data from tables that only lay the page out.

    In a cell with several blocks, and in a table where no row has two cells with text, the blocks are paragraphs.
    """
    first, last = blocks.containers.first, blocks.containers.last
    rich = {cell for cell in cells if last[cell] - first[cell] > 1}
    for cell in rich:
        for i in range(first[cell], last[cell]):
            if blocks.kind[i] is Kind.TABLE:
                blocks.kind[i] = Kind.PARAGRAPH
                blocks.row[i] = -1
    in_row: dict[int, int] = {}
    for row in blocks.row:
        in_row[row] = in_row.get(row, 0) + 1
    wide = {group for group, row in zip(blocks.group, blocks.row, strict=True) if row >= 0 and in_row[row] > 1}
    for i, kind in enumerate(blocks.kind):
        if kind is Kind.TABLE and blocks.group[i] not in wide:
            blocks.kind[i] = Kind.PARAGRAPH
            blocks.row[i] = -1
