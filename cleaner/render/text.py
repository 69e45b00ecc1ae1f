"""The article as plain text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.document import IN_TEXT, Columns, Kind

if TYPE_CHECKING:
    from cleaner.document import Document

_PARAGRAPH = "\n\n"
_LINE = "\n"
_CELL = " | "
_PRE = re.compile(r".*/pre\[\d+\]")


def text(document: Document) -> str:
    """Return the body in reading order: paragraphs apart by a blank line, list items and table rows one a line."""
    columns = document.columns
    shown = document.shown(IN_TEXT)
    parts: list[str] = []
    before = -1
    for i, label in enumerate(columns.labels):
        if label not in shown:
            continue
        if before >= 0:
            parts.append(_separator(columns, before, i))
        parts.append(_flat(columns, i))
        before = i
    return "".join(parts)


def _separator(columns: Columns, before: int, i: int) -> str:
    kinds, groups, rows = columns.kinds, columns.groups, columns.rows
    if kinds[before] is not kinds[i]:
        return _PARAGRAPH
    if kinds[i] is Kind.CODE:
        # Highlighters wrap every line of a listing in a box of its own.
        pre = _PRE.match(columns.xpaths[i])
        return _LINE if pre and columns.xpaths[before].startswith(pre[0]) else _PARAGRAPH
    if groups[i] < 0 or groups[before] != groups[i]:
        return _PARAGRAPH
    if kinds[i] is Kind.TABLE and rows[i] >= 0:
        return _CELL if rows[before] == rows[i] else _LINE
    return _LINE if kinds[i] is Kind.LIST_ITEM else _PARAGRAPH


def _flat(columns: Columns, i: int) -> str:
    """The text of a block; what stands on a line with others has no line breaks of its own."""
    content = columns.texts[i]
    if columns.groups[i] >= 0 and columns.kinds[i] in (Kind.TABLE, Kind.LIST_ITEM):
        return content.replace("\n", " ")
    return content
