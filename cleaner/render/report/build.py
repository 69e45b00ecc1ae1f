"""Documents to a report: one file for all of them, or one for each."""

from __future__ import annotations

import re
import zlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from cleaner.render.report.model import Row, Sheet, sheet, tally
from cleaner.render.report.pages import section, stream

if TYPE_CHECKING:
    from cleaner.document import Document

LARGE = 50
"""With more pages than this, those in one file lie packed until they are opened."""
_INDEX = "index.html"
_NAMED = re.compile(r"[A-Za-z0-9]+")
_LONGEST_NAME = 50


def report(documents: Iterable[tuple[str, Document]]) -> str:
    """Return a report of documents, each with its page's name, as one HTML file.

    A single page stands alone; of several there is a list, those with the least certain labels first. The file is
    whole: it holds its style and script and lets a browser fetch nothing. Whatever a page held is text in it.
    """
    return "".join(pieces(documents))


def pieces(documents: Iterable[tuple[str, Document]]) -> Iterator[str]:
    """Yield :func:`report` a piece at a time; until the last page is done, the others wait compressed."""
    pages = iter(documents)
    first = list(islice(pages, 2))
    if len(first) == 1:
        yield from _file(sheet(*first[0]))
        return
    rows: list[tuple[Row, str]] = []
    packed: list[bytes] = []
    for number, (name, document) in enumerate(chain(first, pages), 1):
        shown = sheet(name, document)
        packed.append(zlib.compress(section(page=shown, id=f"p{number}", in_list=True).encode("utf-8", "replace")))
        rows.append((shown.row, f"#p{number}"))
    yield from _list(rows, packed)


def files(documents: Iterable[tuple[str, Document]]) -> Iterator[tuple[str, str]]:
    """Yield a report as files of a folder, name and content of each: one for each page, and last the list of them."""
    rows: list[tuple[Row, str]] = []
    for number, (name, document) in enumerate(documents, 1):
        shown = sheet(name, document)
        path = f"pages/{number:04d}{_slug(name)}.html"
        yield path, "".join(_file(shown, back=f"../{_INDEX}"))
        rows.append((shown.row, path))
    yield _INDEX, "".join(_list(rows))


def _file(shown: Sheet, back: str = "") -> Iterator[str]:
    """A page in a file of its own."""
    from markupsafe import Markup

    markup = Markup(section(page=shown, id="p1", in_list=False))
    return stream("page.html", title=shown.row.title or shown.row.name, back=back, section=markup)


def _list(rows: Sequence[tuple[Row, str]], packed: Sequence[bytes] = ()) -> Iterator[str]:
    """The list of pages, the least certain first, and behind it those that are in the same file."""
    return stream(
        "index.html",
        title=f"{len(rows):,} pages",
        rows=sorted(rows, key=lambda listed: -listed[0].doubt),
        tally=tally((c.label, c.blocks, c.words) for row, _ in rows for c in row.tally.counts),
        facts=_sums([row for row, _ in rows]),
        large=len(packed) > LARGE,
        pieces=_sections(packed),
    )


def _sections(packed: Sequence[bytes]) -> Iterator[str]:
    from markupsafe import Markup

    for number, page in enumerate(packed, 1):
        if len(packed) > LARGE:
            data = b64encode(page).decode("ascii")
            yield Markup(f'<script type="text/plain" data-page="p{number}">{data}</script>\n')
        else:
            yield Markup(zlib.decompress(page).decode("utf-8"))


def _sums(rows: Sequence[Row]) -> list[str]:
    """What there is to say of all pages together."""
    types = Counter(row.page_type for row in rows)
    access = Counter(row.access for row in rows)
    asks = sum(row.asks for row in rows)
    warned = sum(bool(row.warnings) for row in rows)
    return [
        f"{sum(row.words for row in rows):,} of {sum(row.tally.words for row in rows):,} words kept",
        ", ".join(f"{count:,} {what}" for what, count in types.most_common()),
        ", ".join(f"{count:,} {what}" for what, count in access.most_common()),
        *([f"{asks:,} {'ask' if asks == 1 else 'asks'}"] if asks else []),
        *([f"{warned:,} with warnings"] if warned else []),
    ]


def _slug(name: str) -> str:
    """The end of a page's name, as part of a file's."""
    words = "-".join(_NAMED.findall(name.removesuffix(".html")))[-_LONGEST_NAME:].strip("-").lower()
    return f"-{words}" if words else ""
