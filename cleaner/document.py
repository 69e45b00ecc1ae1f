"""What comes out of a page: labelled blocks, and the views of them.

Plain data: a :class:`Document` pickles, compares by what it holds and keeps no parsed tree. Views and metadata
are computed when they are asked for, from the blocks and the page's own markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal


class Label(StrEnum):
    """What a block is. The list is closed."""

    TITLE = "title"
    BODY = "body"
    CAPTION = "caption"
    BYLINE = "byline"
    NEWSLETTER = "newsletter"
    DONATION = "donation"
    PAYWALL = "paywall"
    ADVERTISEMENT = "advertisement"
    APP_PROMO = "app_promo"
    RELATED = "related"
    SOCIAL = "social"
    COMMENTS = "comments"
    AUTHOR_BIO = "author_bio"
    CONSENT = "consent"
    LEGAL = "legal"
    NAVIGATION = "navigation"
    OTHER = "other"


LabelName = Literal[
    "title",
    "body",
    "caption",
    "byline",
    "newsletter",
    "donation",
    "paywall",
    "advertisement",
    "app_promo",
    "related",
    "social",
    "comments",
    "author_bio",
    "consent",
    "legal",
    "navigation",
    "other",
]
"""The labels as a type checker knows them: a misspelt one is an error before the program runs."""
Labels = Label | LabelName | Iterable[Label | LabelName]
"""One label or several, as members of :class:`Label` or by name."""


def labels_of(names: Iterable[str]) -> frozenset[Label]:
    """The labels of these names, or of one; for names that only the run tells. Raises ValueError for what is none."""
    try:
        return frozenset(map(Label, [names] if isinstance(names, str) else names))
    except ValueError as error:
        raise ValueError(f"{error}; the labels are {', '.join(Label)}") from None


ARTICLE = frozenset({Label.TITLE, Label.BODY, Label.CAPTION, Label.BYLINE})
ASKS = frozenset({Label.NEWSLETTER, Label.DONATION, Label.PAYWALL})
IN_TEXT = frozenset({Label.BODY})
"""What :attr:`Document.text` shows unless told otherwise."""
IN_MARKUP = frozenset({Label.TITLE, Label.BODY, Label.CAPTION})
"""What :attr:`Document.html` and :attr:`Document.markdown` show unless told otherwise."""


class Kind(StrEnum):
    """The form of a block, from its markup."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    TABLE = "table"
    QUOTE = "quote"
    CODE = "code"
    CAPTION = "caption"
    CONTROL = "control"


class PageType(StrEnum):
    """What kind of page this is; what counts as its main content follows from it."""

    ARTICLE = "article"
    FORUM = "forum"
    PRODUCT = "product"
    DOCUMENTATION = "documentation"
    LISTING = "listing"
    COLLECTION = "collection"
    SERVICE = "service"
    OTHER = "other"


class Access(StrEnum):
    """How much of the article the page shows.

    teaser: some of it, then a wall; locked: a wall and under 40 words of body; empty: neither body nor wall;
    full: the rest.
    """

    FULL = "full"
    TEASER = "teaser"
    LOCKED = "locked"
    EMPTY = "empty"


class Where(StrEnum):
    """Where an ask stands on its page: above the article's body, inside it, below it."""

    ABOVE = "above"
    INSIDE = "inside"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Block:
    """One run of visible text in a block-level element.

    confidence is in [0, 1]; reason is a short string a person can act on (``rule donation.certain.en``);
    xpath leads to the element in the page's tree, empty for plain text; index is the place in ``doc.blocks``.
    """

    text: str
    label: Label
    confidence: float
    reason: str
    kind: Kind
    xpath: str
    index: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A group of neighbouring blocks that ask the reader for something: newsletter, donation or paywall.

    where is seen from the body; on a page without one every ask is above it.
    """

    label: Label
    blocks: tuple[Block, ...]
    where: Where

    @property
    def text(self) -> str:
        """The blocks' texts, one a line."""
        return "\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Source:
    """The page as it was parsed: what the markup views and the metadata are computed from."""

    html: bytes | None = None
    """The page's markup as UTF-8; None for plain text."""
    url: str | None = None
    max_blocks: int = 0
    files: str | None = None
    """How links to the files saved beside the page begin, as in :class:`cleaner.Page`."""
    beside: str = ""
    told: Metadata = field(default_factory=lambda: Metadata())
    """What the user's lists say of the article, as the page writes it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The labelled blocks as parallel sequences, one entry a block, in page order."""

    texts: Sequence[str] = ()
    kinds: Sequence[Kind] = ()
    xpaths: Sequence[str] = ()
    labels: Sequence[Label] = ()
    confidences: Sequence[float] = ()
    reasons: Sequence[str] = ()
    groups: Sequence[int] = ()
    """The list or table a block stands in, -1 for none: its items go on lines of their own."""
    rows: Sequence[int] = ()
    """The table row a block stands in, -1 for none: its cells go on one line."""
    asks: Sequence[int] = ()
    """The ask a block belongs to, -1 for none."""
    words: Sequence[int] = ()
    places: Sequence[int] = ()
    """A number for the place of each block in the markup, the same on all pages of a site; none for plain text."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says of its article. date is ISO 8601 (``2026-11-24``); language is a BCP 47 tag."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    site_name: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    image: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Document:
    """A page whose every block has a label and a reason; the result of :func:`cleaner.clean`."""

    columns: Columns = field(default_factory=Columns, repr=False)
    source: Source = field(default_factory=Source, repr=False)
    page_type: PageType = PageType.OTHER
    access: Access = Access.EMPTY
    keep: frozenset[Label] = frozenset()
    """Labels added to every view."""
    drop: frozenset[Label] = frozenset()
    """Labels taken from every view."""
    warnings: tuple[str, ...] = ()
    """What was cut short or could not be read, as sentences."""

    def __repr__(self) -> str:
        words = len(self.text.split())
        return f"<Document {self.page_type} {self.access}: {len(self.columns.texts)} blocks, {words} words>"

    def __getstate__(self) -> dict[str, Any]:
        names = ("columns", "source", "page_type", "access", "keep", "drop", "warnings")
        return {name: self.__dict__[name] for name in names}

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Every block of the page, in page order."""
        c = self.columns
        rows = zip(c.texts, c.labels, c.confidences, c.reasons, c.kinds, c.xpaths, range(len(c.texts)), strict=True)
        return tuple(Block(*row) for row in rows)

    def shown(self, labels: frozenset[Label]) -> frozenset[Label]:
        """The labels of a view that is of these, with those added and taken that were asked for."""
        return (labels | self.keep) - self.drop

    @property
    def removed(self) -> tuple[Block, ...]:
        """The blocks whose label is neither of the article nor kept, or was dropped."""
        shown = self.shown(ARTICLE)
        return tuple(block for block in self.blocks if block.label not in shown)

    @cached_property
    def asks(self) -> tuple[Ask, ...]:
        """The groups of newsletter, donation and paywall blocks, in page order."""
        members: dict[int, list[Block]] = {}
        for block, ask in zip(self.blocks, self.columns.asks, strict=True):
            if ask >= 0:
                members.setdefault(ask, []).append(block)
        body = [i for i, label in enumerate(self.columns.labels) if label is Label.BODY]
        first, last = (body[0], body[-1]) if body else (len(self.blocks), len(self.blocks))

        def where(block: Block) -> Where:
            return Where.ABOVE if block.index < first else Where.BELOW if block.index > last else Where.INSIDE

        return tuple(Ask(blocks[0].label, tuple(blocks), where(blocks[0])) for blocks in members.values())

    @cached_property
    def text(self) -> str:
        """The body in reading order: no title, byline or caption unless kept."""
        from cleaner.render import text

        return text(self)

    @cached_property
    def html(self) -> str:
        """Title, body and captions as sanitised HTML, links and images absolute where a base is known."""
        from cleaner.render import html

        return html(self)

    @cached_property
    def markdown(self) -> str:
        """The same as :attr:`html`, as Markdown."""
        from cleaner.render import markdown

        return markdown(self)

    def to_dict(self) -> dict[str, Any]:
        """Everything, as JSON types, by the schema of ``docs/schema.md`` (``schema`` holds its version)."""
        from cleaner.render import to_dict

        return to_dict(self)

    @cached_property
    def metadata(self) -> Metadata:
        """What the page says of its article, read on first access."""
        from cleaner.render import metadata

        return metadata(self)

    @property
    def title(self) -> str | None:
        """The headline."""
        return self.metadata.title

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors' names."""
        return self.metadata.authors

    @property
    def date(self) -> str | None:
        """When it was published, ISO 8601."""
        return self.metadata.date

    @property
    def site_name(self) -> str | None:
        """The publication."""
        return self.metadata.site_name

    @property
    def description(self) -> str | None:
        """The page's own summary."""
        return self.metadata.description

    @property
    def tags(self) -> tuple[str, ...]:
        """Topics and keywords."""
        return self.metadata.tags

    @property
    def language(self) -> str | None:
        """The language of the page, a BCP 47 tag."""
        return self.metadata.language

    @property
    def image(self) -> str | None:
        """The address of the lead image."""
        return self.metadata.image

    @property
    def url(self) -> str | None:
        """The page's address: as given, else as the page says."""
        return self.metadata.url

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks)
