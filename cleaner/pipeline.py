"""The way of the data: a saved page in, a document out; each step is one function of its own room."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from copy import copy
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cleaner.document import Access, Columns, Document, Label, Labels, PageType, Source, labels_of
from cleaner.load import Page
from cleaner.load.page import content_hint
from cleaner.load.sniff import has_tag
from cleaner.user.known import Adviser, Known

if TYPE_CHECKING:
    import bs4
    from lxml.etree import _Element, _ElementTree

    from cleaner.html.blocks import Blocks
    from cleaner.html.seen import Came
    from cleaner.tag.tagger import Tagger
    from cleaner.tag.verdict import Verdict
    from cleaner.user.corrections import Corrections
    from cleaner.user.sources import Source as RuleSource

MAX_BYTES = 20_000_000
MAX_BLOCKS = 100_000
SCANT_WORDS = 50
"""With fewer words of body than this, the article is looked for where the page does not show it."""
TEASER_WORDS = 300
"""With fewer words of body than this, it may be the beginning of an article that the page's data holds whole."""
_OF_PARTS = frozenset({PageType.PRODUCT, PageType.COLLECTION, PageType.LISTING})
"""Pages of small parts: little prose there is no sign that any is missing, but hardly a line of it is."""
_NOTHING = 15
_LONGEST_BLOCK = 1_000_000
_NO_ARTICLE = "No article text was found."
_LONGEST_PATH = 1024
_ADDRESS = re.compile(r"https?://[^\s/]\S*", re.I)


class Cleaner:
    """Cleans pages, all with the same options. Reusable and safe in threads.

    keep and drop are labels to add to and take from every view (names or :class:`Label`). max_bytes and max_blocks
    bound the work on one page; what is past them is left out, with a warning. model is the path of a model file to use
    instead of the one in the package, its card beside it; with False the written rules alone decide, which is quicker
    and less accurate.

    rules are files or folders of rules (our own, cosmetic filters, ftr-site-config), or what was read of them; site is
    what other pages of the site taught, a profile or its file; corrections are labels that a person set, or their file.
    The three are weighed in that order, the last has the last word. Raises OSError or ValueError for a file that cannot
    be used; a rule that cannot be is left out, and named in the rules' ``mistakes``.
    """

    def __init__(
        self,
        *,
        keep: Labels = (),
        drop: Labels = (),
        max_bytes: int = MAX_BYTES,
        max_blocks: int = MAX_BLOCKS,
        model: str | Path | Literal[False] | None = None,
        rules: str | Path | RuleSource | Iterable[str | Path | RuleSource] = (),
        site: str | Path | Adviser | None = None,
        corrections: str | Path | Corrections | None = None,
    ) -> None:
        self.keep = labels_of(keep)
        self.drop = labels_of(drop)
        self.max_bytes = max_bytes
        self.max_blocks = max_blocks
        self.model: Path | Literal[False] | None = Path(model) if isinstance(model, str | Path) else model
        if isinstance(self.model, Path):
            self._tagger()
        self._known = Known(rules, site, corrections)

    @property
    def rules(self) -> tuple[RuleSource, ...]:
        """The rules that were given; ``mistakes`` of each says what could not be used."""
        return self._known.rules

    def viewed(self, keep: Labels = (), drop: Labels = ()) -> Cleaner:
        """The same Cleaner with other labels to add and to take; it shares all that was read."""
        other = copy(self)
        other.keep, other.drop = labels_of(keep), labels_of(drop)
        return other

    def clean(
        self, page: bytes | str | Page | _Element | _ElementTree | bs4.BeautifulSoup, url: str | None = None
    ) -> Document:
        """Return the page as a document of labelled blocks.

        Text and bytes are content, never a path; content without any tag is plain text. url is the page's address, for
        links and metadata. Raises TypeError for another type of page; on content, never.
        """
        content, charset, kind, known = _content(page)
        url = url or known
        warnings = list(_looks_like_source(content))
        content, cut = self._bounded(content)
        warnings += cut
        if kind is None:
            kind = (
                "html"
                if has_tag(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
                else "text"
            )
        if isinstance(page, Page) and page.error is not None:
            warnings.append(f"The page {page.error}.")
        make = self._text if kind == "text" else self._html
        document = make(content, charset, self._came(page, url), warnings)
        if isinstance(page, Page) and page.files is not None:
            document = replace(document, source=replace(document.source, files=page.files, beside=page.beside))
        return document

    def clean_text(self, text: str) -> Document:
        """Return already extracted plain text as a document: the same labels, line by line."""
        if not isinstance(text, str):
            raise TypeError(f"clean_text takes str, not {type(text).__name__}")
        content, warnings = self._bounded(text)
        return self._text(content, None, self._came(text, None), warnings)

    def _tagger(self) -> Tagger | None:
        if self.model is False:
            return None
        from cleaner.tag.tagger import loaded, shipped

        return shipped() if self.model is None else loaded(self.model)

    def _bounded(self, content: bytes | str) -> tuple[bytes | str, list[str]]:
        if len(content) <= self.max_bytes:
            return content, []
        unit = "bytes" if isinstance(content, bytes) else "characters"
        return content[: self.max_bytes], [
            f"The page is over {self.max_bytes:,} {unit} long: the rest of it was left out."
        ]

    def _came(self, page: object, url: str | None) -> Came:
        """Where a page is from; its digest only where somebody asks for it."""
        from cleaner.html.seen import Came

        name = page.name if isinstance(page, Page) else ""
        if self._known.corrections is None:
            return Came(url, name)
        content = page.content if isinstance(page, Page) else page
        if isinstance(content, str):
            content = content.encode("utf-8", "surrogatepass")
        return Came(url, name, sha256(content).hexdigest() if isinstance(content, bytes) else "")

    def _html(self, content: bytes | str, charset: str | None, came: Came, warnings: list[str]) -> Document:
        from cleaner.html.decode import decode, encode
        from cleaner.html.parse import parse

        html = encode(content) if isinstance(content, str) else decode(content, charset)[0]
        html = self._known.prepare(html, came)
        root, notes = parse(html)
        if root is None:
            return self._document(Source(html, came.url, self.max_blocks), Columns(), Access.EMPTY, warnings + notes)
        document, words = self._label(root, html, came, warnings + notes)
        if _shows_little(document.page_type, words):
            return self._rescued(root, document, words, came)
        if words < TEASER_WORDS and document.page_type not in _OF_PARTS:
            return self._continued(root, html, document, words, came)
        return document

    def _rescued(self, root: _Element, document: Document, words: int, came: Came) -> Document:
        """Take the article from where the page holds it without showing it, if there is more of it there."""
        from cleaner.html.embedded import embedded, unhidden, with_embedded

        # The data of a shop's scripts is of all its goods: what the page itself holds is of this one.
        found = None if document.page_type in _OF_PARTS else embedded(root)
        pages = [(found.source, with_embedded(root, found))] if found else []
        if shown := unhidden(root):
            pages.append(("hidden", shown))
        return self._longest(pages, document, words, came)

    def _continued(self, root: _Element, html: bytes, document: Document, words: int, came: Came) -> Document:
        """Take the whole article from the page's data where the page shows the beginning of it."""
        from cleaner.html.embedded import embedded, goes_on, may_go_on, with_embedded

        shown = [block.text for block in document.blocks if block.label is Label.BODY]
        found = embedded(root) if may_go_on(html, shown) else None
        if found is None or not goes_on(found, shown, words):
            return document
        return self._longest([(found.source, with_embedded(root, found))], document, words, came)

    def _longest(self, pages: list[tuple[str, bytes]], document: Document, words: int, came: Came) -> Document:
        """The document with the most body by far, of what there is and of pages made from it, each with its source."""
        from cleaner.html.parse import parse

        best = document
        warnings = [warning for warning in document.warnings if warning != _NO_ARTICLE]
        for source, html in pages:
            tree, _ = parse(html)
            if tree is None:
                continue
            other, more = self._label(tree, html, came, warnings, note=f" from {source}")
            if more > max(SCANT_WORDS, 2 * words):
                best, words = other, more
        return best

    def _label(
        self, root: _Element, html: bytes, came: Came, warnings: list[str], note: str = ""
    ) -> tuple[Document, int]:
        """The labelled page, and how many words of body it shows by itself, whatever the overrulers make of them."""
        from cleaner.html.hints import page_hints
        from cleaner.html.numbered import numbered
        from cleaner.html.seen import Seen
        from cleaner.html.segment import segment

        elements = numbered()
        blocks = segment(root, self.max_blocks, elements if self._known else None)
        hints = page_hints(root, came.url, microdata=b"itemtype" in html)
        seen = Seen(blocks, hints, root, elements, came)
        verdict = self._known.decide(seen, self._tagger())
        if note:
            verdict.reasons = [reason + note for reason in verdict.reasons]
        words = sum(n for n, label in zip(blocks.words, verdict.labels, strict=True) if label is Label.BODY)
        self._known.overrule(seen, verdict)
        source = Source(html, came.url, self.max_blocks, told=verdict.told)
        return self._decided(blocks, verdict, source, warnings + blocks.warnings + verdict.warnings), words

    def _text(self, content: bytes | str, charset: str | None, came: Came, warnings: list[str]) -> Document:
        from cleaner.html.decode import decode, encode
        from cleaner.html.hints import Hints
        from cleaner.html.lines import segment_text
        from cleaner.html.seen import Seen

        utf8 = encode(content) if isinstance(content, str) else decode(content, charset)[0]
        text = utf8.decode("utf-8", "replace")
        blocks = segment_text(text, self.max_blocks)
        seen = Seen(blocks, Hints(), came=came)
        verdict = self._known.decide(seen, self._tagger())
        self._known.overrule(seen, verdict)
        source = Source(None, came.url, self.max_blocks)
        return self._decided(blocks, verdict, source, warnings + blocks.warnings)

    def _decided(self, blocks: Blocks, verdict: Verdict, source: Source, warnings: list[str]) -> Document:
        from cleaner.site.paths import places
        from cleaner.tag.access import access

        columns = Columns(
            texts=blocks.text,
            kinds=blocks.kind,
            xpaths=blocks.xpaths(),
            labels=verdict.labels,
            confidences=verdict.confidences,
            reasons=verdict.reasons,
            groups=blocks.group,
            rows=blocks.row,
            asks=verdict.asks,
            words=blocks.words,
            places=places(blocks),
        )
        shown = access(verdict.labels, blocks.words, verdict.walls)
        return self._document(source, columns, shown, warnings, verdict)

    def _document(
        self, source: Source, columns: Columns, shown: Access, warnings: list[str], verdict: Verdict | None = None
    ) -> Document:
        longest = max(map(len, columns.texts), default=0)
        if longest > _LONGEST_BLOCK:
            warnings = [*warnings, f"One block of the page is {longest:,} characters long."]
        if Label.BODY not in columns.labels:
            warnings = [*warnings, _NO_ARTICLE]
        return Document(
            columns,
            source,
            page_type=verdict.page_type if verdict is not None else PageType.OTHER,
            access=shown,
            keep=self.keep,
            drop=self.drop,
            warnings=tuple(dict.fromkeys(warnings)),
        )


def clean(
    page: bytes | str | Page | _Element | _ElementTree | bs4.BeautifulSoup,
    url: str | None = None,
    *,
    keep: Labels = (),
    drop: Labels = (),
) -> Document:
    """Return a saved page as a document of labelled blocks; see :meth:`Cleaner.clean`."""
    return Cleaner(keep=keep, drop=drop).clean(page, url)


def clean_text(text: str) -> Document:
    """Return already extracted plain text as a document; see :meth:`Cleaner.clean_text`."""
    return Cleaner().clean_text(text)


def _content(page: object) -> tuple[bytes | str, str | None, str | None, str | None]:
    """The content of whatever came in: its bytes or text, the declared charset, its kind and address where known."""
    if isinstance(page, str):
        return page, None, None, None
    if isinstance(page, bytes | bytearray | memoryview):
        return bytes(page), None, None, None
    if isinstance(page, Page):
        return page.content, page.charset, page.kind, page.url
    from lxml import etree

    if isinstance(page, etree._Element | etree._ElementTree):
        return etree.tostring(page, encoding="unicode", method="html", with_tail=False), None, "html", None
    if type(page).__module__.partition(".")[0] == "bs4":
        try:
            return str(page), None, "html", None
        except RecursionError:
            return "", None, "html", None
    what = f"clean takes bytes, str, an lxml tree, a BeautifulSoup or a Page, not {type(page).__name__}"
    is_file = isinstance(page, os.PathLike) or hasattr(page, "read")
    raise TypeError(what + (content_hint(page) or (": cleaner.load opens files" if is_file else "")))


def _looks_like_source(content: bytes | str) -> Iterable[str]:
    """A warning where the content is what cleaner.load takes, and no page."""
    if not isinstance(content, str) or len(content) > _LONGEST_PATH:
        return
    content = content.strip()
    if _ADDRESS.fullmatch(content):
        yield f"The content is an address, {content}: to fetch it, use cleaner.load."
    elif _is_file(content):
        yield f"The content is the name of a file, {content}: to read it, use cleaner.load."


def _is_file(name: str) -> bool:
    if not name or "\n" in name or "<" in name:
        return False
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False


def _shows_little(page_type: PageType, words: int) -> bool:
    """Whether the body must be elsewhere: hardly any on a page that is to have some."""
    return words < (_NOTHING if page_type in _OF_PARTS else SCANT_WORDS)
