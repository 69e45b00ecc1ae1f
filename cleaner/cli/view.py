"""What a document is shown as."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from enum import StrEnum

from cleaner import Block, Document, Label
from cleaner.cli.terminal import printable
from cleaner.document import ARTICLE, IN_MARKUP, IN_TEXT


class Format(StrEnum):
    """What a page is written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    MD = "md"
    HTML = "html"
    JSON = "json"


_SUFFIXES = {Format.TEXT: ".txt", Format.MARKDOWN: ".md", Format.MD: ".md", Format.HTML: ".html", Format.JSON: ".json"}


@dataclass(frozen=True, slots=True)
class View:
    """What a document is shown as."""

    form: Format = Format.TEXT
    explain: bool = False
    coloured: bool = False
    ascii: bool = False
    """Whether JSON escapes what is not ASCII, for an output that cannot hold it."""
    diff: bool = False
    """Whether what is not in the view is shown as a diff of the page's text."""
    title: bool = False
    """Whether text and Markdown begin with the headline."""
    front_matter: bool = False
    """Whether text and Markdown begin with the metadata."""

    @property
    def suffix(self) -> str:
        """The suffix of a file with this view."""
        return ".diff" if self.diff else ".txt" if self._is_explained else _SUFFIXES[self.form]

    @property
    def _is_explained(self) -> bool:
        return self.explain and self.form is not Format.JSON

    def of(self, document: Document) -> str:
        """The whole view of a document, ending with its line, or nothing."""
        if self.diff:
            from cleaner.cli.diff import diff

            return diff(document.blocks, self.signs(document), self.coloured)
        if self.form is Format.JSON:
            return json.dumps(document.to_dict(), ensure_ascii=self.ascii) + "\n"
        if self._is_explained:
            signs = self.signs(document)
            return "".join(self._explained(*signed) for signed in zip(document.blocks, signs, strict=True))
        return self._head(document) + _ended(self._article(document))

    def signs(self, document: Document) -> list[str]:
        """For each block ``+`` where the view shows it, ``~`` where it is of the article and not shown, else ``-``."""
        shown = document.shown(self._labels)
        article = document.shown(ARTICLE)
        return ["+" if label in shown else "~" if label in article else "-" for label in document.columns.labels]

    @property
    def _labels(self) -> frozenset[Label]:
        return IN_TEXT if self.form in (Format.TEXT, Format.JSON) else IN_MARKUP

    def _article(self, document: Document) -> str:
        if self.form is Format.TEXT:
            return document.text
        return document.html if self.form is Format.HTML else document.markdown

    def _head(self, document: Document) -> str:
        """What stands before the article, as far as it was asked for."""
        parts = []
        if self.front_matter:
            from cleaner.render.front_matter import front_matter

            parts.append(front_matter(document))
        has_title = Label.TITLE in document.shown(self._labels) & set(document.columns.labels)
        if self.title and document.title and not has_title:
            parts.append(document.title if self.form is Format.TEXT else f"# {document.title}")
        return "".join(_ended(part) + "\n" for part in parts if part)

    def _explained(self, block: Block, sign: str) -> str:
        why = printable(block.reason)
        line = f"{sign} {block.label:<13} {block.confidence:.2f}  {why:<26}"
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


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
