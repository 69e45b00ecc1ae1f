"""What a document is shown as."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from enum import StrEnum

from cleaner import Block, Document
from cleaner.cli.terminal import printable


class Format(StrEnum):
    """What a page is written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


_SUFFIXES = {Format.TEXT: ".txt", Format.MARKDOWN: ".md", Format.HTML: ".html", Format.JSON: ".json"}


@dataclass(frozen=True, slots=True)
class View:
    """What a document is shown as."""

    form: Format = Format.TEXT
    explain: bool = False
    coloured: bool = False
    ascii: bool = False
    """Whether JSON escapes what is not ASCII, for an output that cannot hold it."""
    diff: bool = False
    """Whether what was removed is shown as a diff of the page's text."""

    @property
    def suffix(self) -> str:
        """The suffix of a file with this view."""
        return ".diff" if self.diff else _SUFFIXES[self.form]

    def of(self, document: Document) -> str:
        """The whole view of a document, ending with its line, or nothing."""
        if self.diff:
            from cleaner.cli.diff import diff

            return diff(document, self.coloured)
        if self.form is Format.JSON:
            return json.dumps(document.to_dict(), ensure_ascii=self.ascii) + "\n"
        if self.explain:
            removed = {block.index for block in document.removed}
            return "".join(self._explained(block, block.index in removed) for block in document.blocks)
        if self.form is Format.TEXT:
            view = document.text
        else:
            view = document.markdown if self.form is Format.MARKDOWN else document.html
        return view if not view or view.endswith("\n") else view + "\n"

    def _explained(self, block: Block, removed: bool) -> str:
        why = printable(block.reason)
        line = f"{'-' if removed else '+'} {block.label:<13} {block.confidence:.2f}  {why:<26}"
        if self.coloured:
            from cleaner.cli.paint import painted

            line = painted(line, block.label)
        return f"{line}  {printable(' '.join(block.text.split()))}\n"

    def parted(self, name: str, view: str) -> str:
        """The view under its page's name, as one of several."""
        if self.form is Format.JSON:
            return view
        if self.form is Format.HTML:
            return f"<!-- {html.escape(printable(name)).replace('--', '&#45;&#45;')} -->\n{view}\n"
        return f"==> {printable(name)} <==\n{view}\n"
