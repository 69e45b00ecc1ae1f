"""Steps for datatrove's pipelines: an extractor in the place of its Trafilatura one, and a formatter of extracted text.

How to use them is in ``docs/integrations/datatrove.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from datatrove.pipeline.extractors.base import BaseExtractor
from datatrove.pipeline.formatters.base import BaseFormatter

from cleaner.document import LabelName, Labels
from cleaner.pipeline import Cleaner
from cleaner.render.titles import headline

if TYPE_CHECKING:
    from datatrove.data import Document as Row

    from cleaner.document import Document

Model = str | Path | Literal[False] | None
_VIEWS = ("text", "markdown", "html")
_WARM_UP = """<article><h1>Warm up</h1><p class="date">On 3 Xyzember 2025</p>
<p>A page that loads what the first one needs; with a date in no language, those of all languages.</p></article>"""


class Extracted(str):
    """The text of a page, and in metadata what else is known of it: a str, as datatrove's own loop goes on with it."""

    metadata: dict[str, str | int]


class _Cleaning:
    """The options of a step as plain values: it pickles without a model, and datatrove can log them."""

    keep: list[LabelName]
    drop: list[LabelName]
    model: str | Literal[False] | None

    def _take(self, keep: Labels, drop: Labels, model: Model) -> None:
        checked = Cleaner(keep=keep, drop=drop, model=model)
        self.keep = sorted(label.value for label in checked.keep)
        self.drop = sorted(label.value for label in checked.drop)
        self.model = str(model) if isinstance(model, Path) else model

    def _cleaner(self) -> Cleaner:
        # Cheap: the model is opened once a process.
        return Cleaner(keep=self.keep, drop=self.drop, model=self.model)


class CleanerExtractor(_Cleaning, BaseExtractor):  # type: ignore[misc]
    """Takes the article out of HTML; stands where datatrove's ``Trafilatura`` stood.

    keep, drop, model: as for :class:`cleaner.Cleaner`.
    output_format: what becomes the text: ``text``, ``markdown`` or ``html``.
    metadata: also read what the page says of itself: authors, published, site_name, language.
    timeout: seconds for one page; a page that takes longer is left out.

    The metadata of each document gets page_type, access, asks (their number) and title; a key that is there already
    stays as it is. What a page does not say is an empty string, so that a column has one type. Raises OSError or
    ValueError for options that cannot be.
    """

    name = "🧽 Cleaner"
    _requires_dependencies: ClassVar = [("cleaner", "pagecleaner")]

    def __init__(
        self,
        keep: Labels = (),
        drop: Labels = (),
        model: Model = None,
        output_format: Literal["text", "markdown", "html"] = "text",
        metadata: bool = False,
        timeout: float = 1,
    ) -> None:
        super().__init__(timeout)
        if output_format not in _VIEWS:
            raise ValueError(f"output_format is one of {', '.join(_VIEWS)}, not {output_format}")
        self._take(keep, drop, model)
        self.output_format = output_format
        self.metadata = metadata

    def run(self, data: Iterable[Row], rank: int = 0, world_size: int = 1) -> Iterator[Row]:
        """Extract each document, in a process beside this one that datatrove ends when a page takes too long."""
        # Where that process is a fork it has everything loaded from here, the next one after a timeout, too.
        self.extract("")
        for row in super().run(map(_addressed, data), rank, world_size):
            row.metadata = row.text.metadata | row.metadata
            row.text = str(row.text)
            yield row

    def extract(self, text: str, url: str | None = None) -> Extracted:
        """Return the article of a page. Given nothing, as datatrove does at first, load what every page needs."""
        document = self._cleaner().clean(text or _WARM_UP, url)
        extracted = Extracted(getattr(document, self.output_format) if text else "")
        extracted.metadata = _found(document) | (_said(document) if self.metadata else {})
        return extracted


class CleanerFormatter(_Cleaning, BaseFormatter):  # type: ignore[misc]
    """Takes asks, menus and the like out of text that another extractor gave.

    keep, drop, model: as for :class:`cleaner.Cleaner`. A text of which nothing stays is empty, and not left out.
    """

    name = "🧽 Cleaner"
    _requires_dependencies: ClassVar = [("cleaner", "pagecleaner")]

    def __init__(self, keep: Labels = (), drop: Labels = (), model: Model = None) -> None:
        super().__init__()
        self._take(keep, drop, model)

    def format(self, text: str) -> str:
        """Return the article of a page's text."""
        return self._cleaner().clean_text(text).text


def _addressed(row: Row) -> Row:
    """Hand over the address with the page: of a pair, datatrove makes two arguments of ``extract``."""
    if isinstance(row.text, str):
        row.text = (row.text, row.metadata.get("url"))
    return row


def _found(document: Document) -> dict[str, str | int]:
    """What is known when the blocks are labelled."""
    columns = document.columns
    title = headline(columns.labels, columns.kinds)
    return {
        "page_type": str(document.page_type),
        "access": str(document.access),
        "asks": len(document.asks),
        "title": " ".join(columns.texts[title].split()) if title >= 0 else "",
    }


def _said(document: Document) -> dict[str, str | int]:
    """What takes another look at the page."""
    said = document.metadata
    return {
        "title": said.title or "",
        "authors": "; ".join(said.authors),
        "published": said.date or "",
        "site_name": said.site_name or "",
        "language": said.language or "",
    }
