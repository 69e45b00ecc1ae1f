"""What is inside a saved file, told without cleaning anything."""

from __future__ import annotations

from dataclasses import dataclass

from cleaner.load import Page
from cleaner.load.page import UNFETCHED


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in a file: what is known of it before it is cleaned. size is in bytes.

    kind is html, text, or ``address`` for one in a list that was not fetched.
    """

    name: str
    kind: str | None
    encoding: str | None
    size: int
    url: str | None
    saved: str | None
    error: str | None


def entry(page: Page) -> Entry:
    """What there is to say of a page: the encoding is the one that it is read as."""
    from cleaner.html.decode import decode

    content = page.content.encode("utf-8", "replace") if isinstance(page.content, str) else page.content
    encoding = decode(content, page.charset)[1] if content else None
    if page.format == "list" and page.error is not None and page.error.reason == UNFETCHED:
        return Entry(page.name, "address", None, 0, page.url, page.saved, None)
    error = str(page.error) if page.error is not None else None
    return Entry(page.name, page.kind, encoding, len(content), page.url, page.saved, error)


def is_encoding(name: str) -> bool:
    """Whether it is the name of an encoding that pages can have."""
    from cleaner.html.encodings import known_encoding

    return known_encoding(name) is not None
