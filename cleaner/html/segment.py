"""Tree to blocks: one pass over the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cleaner.document import Kind
from cleaner.html.blocks import Blocks, Containers
from cleaner.html.buttons import settle_buttons
from cleaner.html.elements import BUTTONS, FLOW, HEADINGS, KINDS, LISTS, Flow
from cleaner.html.hidden import is_hidden, is_inert
from cleaner.html.inline import BREAK, MARK, Inline
from cleaner.html.math import is_tex, tex
from cleaner.html.numbered import Numbered
from cleaner.html.tables import settle_tables
from cleaner.html.words import collapse, count_words, run_together, tidy
from cleaner.twin import twin

if TYPE_CHECKING:
    from lxml.etree import _Element

_DESCRIBING = frozenset("id role itemprop data-testid data-component data-module aria-label name".split())
_MAIL = re.compile(r"e-?mail", re.I)
_PLAIN = frozenset("div p section article main header footer aside nav form figure body tbody thead".split())
"""Boxes that change nothing in the scope."""
_DEEPEST_PATH = 300
_CODES = frozenset("code kbd samp tt var".split())
_COUNTED = _CODES | {"a"}
_CLOSED, _REOPENED = 1, 2
"""Of the seam between two texts: an inline element has closed in it, and then another opened."""


class Scope(NamedTuple):
    """What a block takes over from the elements around it."""

    kind: Kind
    group: int
    row: int


_OUTERMOST = Scope(Kind.PARAGRAPH, -1, -1)
Frame = tuple["_Element", Iterator["_Element"], Flow, Scope, int, dict[str, int], str]
"""An open element: it, its children still to come, its flow, the scope and the container inside, tags counted, the
inline path from that container to it."""
_NO_ATTRIBUTES: dict[str, str] = {}


class Segmenter:
    """Cuts a tree into :class:`Blocks`; one use each.

    With *inline*, the markup inside the blocks is kept there as well, for the views; the blocks are the same.
    *elements* gets the element of each container.
    """

    def __init__(self, max_blocks: int, *, inline: Inline | None = None, elements: Numbered | None = None) -> None:
        self.max_blocks = max_blocks
        self.inline = inline
        self.elements = elements
        self._rows: list[tuple[object, ...]] = []
        self._opened: list[tuple[object, ...]] = []
        self._last: list[int] = []
        self._cells: list[int] = []
        self._mail_fields: set[int] = set()
        self._text_areas: set[int] = set()
        self._scope = _OUTERMOST
        self._container = -1
        self._parts: list[str] = []
        self._link_depth = 0
        self._link_chars = 0
        self._image = -1
        self._full = False
        self._in_code = 0
        self._seam = 0
        self._seam_at = 0
        self._last_two = ""

    def run(self, root: _Element) -> Blocks:
        """Walk *root* and return its blocks."""
        top = root.find("body")
        self._walk(root if top is None else top)
        containers = Containers.of(self._opened, self._last, self._mail_fields, self._text_areas)
        blocks = Blocks.of(self._rows, containers)
        return _settled(blocks, self._cells, self.max_blocks if self._full else None)

    # The walk: a stack of open elements rather than recursion, as saved pages nest deeper than Python calls may.

    def _walk(self, top: _Element) -> None:
        flow_of, parts, add, marked = FLOW.get, self._parts, self._add, self.inline is not None
        scope, container = self._open_block(top, top.tag, dict(top.items()), 1, "")  # type: ignore[arg-type]
        stack: list[Frame] = [(top, iter(top), Flow.BLOCK, scope, container, {}, "")]
        add(top.text)
        while stack:
            element, children, flow, scope, container, counts, step = stack[-1]
            self._scope, self._container = scope, container
            for child in children:
                tag = child.tag
                counts[tag] = position = counts.get(tag, 0) + 1
                kind = flow_of(tag, Flow.BLOCK)
                if kind > Flow.BLOCK:
                    self._special(child, tag, kind)
                else:
                    items = child.items()
                    attributes: dict[str, str] = dict(items) if items else _NO_ATTRIBUTES  # type: ignore[arg-type]
                    if (items and is_hidden(child, attributes)) or is_inert(tag, attributes):
                        self._hidden_math(child)
                    elif kind is Flow.INLINE:
                        if self._seam == _CLOSED:
                            self._seam, self._seam_at = _REOPENED, len(parts)
                        if marked or tag in _COUNTED:
                            self._open_inline(tag, attributes)
                        if (text := child.text) and (parts or not text.isspace()):
                            add(text)
                        if len(child):
                            inner = f"{step}/{tag}[{position}]" if len(step) < _DEEPEST_PATH else step
                            stack.append((child, iter(child), kind, scope, container, {}, inner))
                            break
                        self._seam = _CLOSED
                        if marked or tag in _COUNTED:
                            self._close_inline(tag)
                    else:
                        scope_inside, number = self._open_block(child, tag, attributes, position, step)
                        if (text := child.text) and not text.isspace():
                            add(text)
                        if len(child):
                            stack.append((child, iter(child), kind, scope_inside, number, {}, ""))
                            break
                        # Half of all boxes hold no element: they need no place on the stack.
                        self._close_block(number)
                        self._scope, self._container = scope, container
                        if self._full:
                            self._stop(stack)
                            return
                if (tail := child.tail) and (parts or not tail.isspace()):
                    add(tail)
            else:
                stack.pop()
                if flow is Flow.INLINE:
                    self._seam = _CLOSED
                    if marked or element.tag in _COUNTED:
                        self._close_inline(element.tag)
                else:
                    self._close_block(container)
                    if self._full:
                        self._stop(stack)
                        return
                if stack and (tail := element.tail) and (parts or not tail.isspace()):
                    self._scope, self._container = stack[-1][3], stack[-1][4]
                    add(tail)

    def _stop(self, stack: list[Frame]) -> None:
        """Leave the rest of the page out, the open containers closed where they are."""
        for frame in stack:
            self._last[frame[4]] = len(self._rows)

    def _add(self, text: str | None) -> None:
        # White space alone never begins a run.
        if not text or (not self._parts and text.isspace()):
            return
        if self._seam == _REOPENED and self._parts and self._is_glued(text):
            self._parts.insert(self._seam_at, " ")
        self._seam = 0
        self._last_two = (self._last_two + text)[-2:]
        self._parts.append(text if self.inline is None else self.inline.plain(text))
        if self._link_depth:
            self._link_chars += len(text.strip())

    def _is_glued(self, text: str) -> bool:
        return not self._in_code and self._scope.kind is not Kind.CODE and run_together(self._last_two, text)

    # Elements that stand in a line of text.

    def _open_inline(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "a":
            self._link_depth += 1
        elif tag in _CODES:
            self._in_code += 1
        if self.inline is not None:
            self._parts.append(self.inline.open(tag, attributes))

    def _close_inline(self, tag: str) -> None:
        if tag == "a":
            self._link_depth -= 1
        elif tag in _CODES:
            self._in_code -= 1
        if self.inline is not None:
            self._parts.append(self.inline.close(tag))

    def _special(self, element: _Element, tag: str, flow: Flow) -> None:
        """Everything that is neither a run of text nor a box of its own."""
        if flow is Flow.BREAK:
            self._break()
        elif flow is Flow.RULE:
            self._flush()
        elif flow is Flow.MATH:
            self._add(tex(element))
        elif flow is Flow.RUBY:
            reading = collapse("".join(map(str, element.itertext())))
            if reading:
                self._add(f"({reading})")
        elif flow is Flow.FIELD:
            self._field(element)
        elif is_tex(element):
            self._add(_script_tex(element))
        elif tag == "textarea":
            self._text_areas.add(self._container)
        elif tag == "img":
            self._image = self._container
            if self.inline is not None:
                self._parts.append(self.inline.image(element))

    def _break(self) -> None:
        self._last_two = ""
        if self._scope.kind is Kind.CODE:
            self._parts.append(BREAK)
            return
        for part in reversed(self._parts):
            if part == BREAK:
                self._flush()
                return
            if part.strip() and not part.startswith(MARK):
                break
        self._parts.append(BREAK)

    def _field(self, element: _Element) -> None:
        kind = (element.get("type") or "text").lower()
        if kind in BUTTONS:
            self._flush()
            self._add(element.get("value"))
            self._flush(Kind.CONTROL)
        elif _takes_mail(element, kind):
            self._mail_fields.add(self._container)

    # Boxes.

    def _open_block(
        self, element: _Element, tag: str, attributes: dict[str, str], position: int, step: str
    ) -> tuple[Scope, int]:
        """Open a container and return the scope inside it and its number."""
        if self._parts:
            self._flush()
        number = len(self._opened)
        self._opened.append((tag, self._container, _describe(attributes), position, step, len(self._rows)))
        self._last.append(0)
        if self.inline is not None:
            self.inline.box(element)
        if self.elements is not None:
            self.elements.append(element)
        scope = self._scope if tag in _PLAIN else self._scope_of(tag, number)
        self._scope, self._container = scope, number
        return scope, number

    def _close_block(self, number: int) -> None:
        if self._parts:
            self._flush()
        self._last[number] = len(self._rows)

    def _scope_of(self, tag: str, number: int) -> Scope:
        """The scope inside an element that is more than a plain box."""
        kind, group, row = self._scope
        if tag in LISTS or tag == "table":
            # A list inside a list is one group with it; a table, or a list in a cell, stands for itself.
            if tag == "table" or kind is not Kind.LIST_ITEM:
                group = number
            if tag == "table":
                row = -1
        elif tag == "tr":
            row = number
        elif tag == "td" or tag == "th":
            self._cells.append(number)
        elif tag in HEADINGS:
            group = row = -1
        return Scope(_kind(tag, kind), group, row)

    def _flush(self, kind: Kind | None = None) -> None:
        """End the run of text, and make it a block where it holds any."""
        parts = self._parts
        if not parts:
            return
        kind = kind or self._scope.kind
        raw = "".join(parts)
        parts.clear()
        self._last_two = ""
        markup = ""
        if self.inline is not None:
            raw, markup = self.inline.split(raw, verbatim=kind is Kind.CODE)
            parts.extend(self.inline.reopen())
        text = _verbatim(raw) if kind is Kind.CODE else _lines(raw)
        if text:
            self._append(text, markup, kind)
        elif self.inline is not None and markup:
            self.inline.between(len(self._rows), self._container, markup)
        self._link_chars = 0

    def _append(self, text: str, markup: str, kind: Kind) -> None:
        if len(self._rows) >= self.max_blocks:
            self._full = True
            return
        if self.inline is not None:
            self.inline.block(markup)
        size = len(text)
        self._rows.append(
            (
                text,
                kind,
                self._container,
                count_words(text),
                min(size, self._link_chars),
                self._scope.group,
                self._scope.row if kind is Kind.TABLE else -1,
                self._image,
            )
        )
        self._image = -1

    # What the page hides.

    def _hidden_math(self, element: _Element) -> None:
        """Formulas stand in a hidden element beside the picture of them, if not in a script behind it."""
        if is_tex(element.getnext()):
            return
        for math in element.iter("math"):
            self._add(tex(math))


def segment(root: _Element, max_blocks: int, elements: Numbered | None = None) -> Blocks:
    """Cut a page's tree into its blocks, at most *max_blocks* of them. The tree is only read.

    *elements* gets the element of each container, for those who look for elements in the tree.
    """
    blocks: Blocks | None = TWIN.segment(root, max_blocks, elements) if TWIN is not None else None
    return segment_reference(root, max_blocks, elements) if blocks is None else blocks


def segment_reference(root: _Element, max_blocks: int, elements: Numbered | None = None) -> Blocks:
    """What :func:`segment` gives, without its compiled twin."""
    return Segmenter(max_blocks, elements=elements).run(root)


def _settled(blocks: Blocks, cells: list[int], most: int | None) -> Blocks:
    """The blocks when all of them are known; *most* where there were more."""
    if most is not None:
        blocks.warnings.append(f"The page has over {most:,} blocks: the rest of it was left out.")
    settle_tables(blocks, cells)
    settle_buttons(blocks)
    return blocks


def _script_tex(script: _Element) -> str:
    mark = "$$" if "mode=display" in (script.get("type") or "") else "$"
    return f"{mark}{(script.text or '').strip()}{mark}"


def _takes_mail(field: _Element, kind: str) -> bool:
    return kind == "email" or (kind == "text" and any(_MAIL.search(str(value)) for value in field.values()))


def _describe(attributes: dict[str, str]) -> str:
    """The words of the attributes that say what a box is, its classes first."""
    if not attributes:
        return ""
    classes = attributes.get("class", "")
    if len(attributes) == 1:
        return classes.lower() if classes else " ".join(attributes[n] for n in attributes if n in _DESCRIBING).lower()
    words = [value for name, value in attributes.items() if name in _DESCRIBING]
    return " ".join([classes, *words] if classes else words).lower()


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


TWIN = twin("cleaner.html._segment")
"""The compiled module that :func:`segment` asks first, where there is one."""
