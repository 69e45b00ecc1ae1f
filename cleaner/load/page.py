"""A saved page, before anything is known about its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UNFETCHED = "is an address only, and nothing was to be fetched"
"""The error of an address in a list."""


@dataclass(frozen=True, slots=True)
class PageError:
    """Why something could not be read.

    reason stands after the name ("is a PDF, not a web page"); name is that of the page or member; offset is the place
    in bytes, in the file or member of that name as it is stored, where one is known.
    """

    reason: str
    name: str = ""
    offset: int | None = None

    def __str__(self) -> str:
        return self.reason if self.offset is None else f"{self.reason} (at byte {self.offset:,})"


@dataclass(frozen=True, slots=True)
class Page:
    """What came in: the content, where from, and what its source said of it.

    content: bytes where the encoding is still to be found out.
    charset: what the transport declared.
    name: the path or address of a lone page; in a container the member's, with the members around it before a ``/``.
    kind: None until the content tells.
    error: why the page, or the rest of it, could not be read; content is then what there was of it, often nothing.
    saved: when it was saved, ISO 8601.
    files: how the page's links to the files saved beside it begin (``page_files/``). They stay relative in all views,
        with beside before them, for a result that stands in another folder than the page.
    format: the kind of file it was in, None for a page of its own.
    """

    content: bytes | str = b""
    url: str | None = None
    charset: str | None = None
    content_type: str | None = None
    name: str = ""
    kind: Literal["html", "text"] | None = None
    error: PageError | None = None
    saved: str | None = None
    files: str | None = None
    beside: str = ""
    format: str | None = None


def content_hint(source: object) -> str:
    """What to give instead of an answer of an HTTP library, as the end of an error's message; nothing for the rest."""
    # The class is asked, since the answer itself would read on from the network.
    return ": give its .content, the bytes" if hasattr(type(source), "content") else ""
