"""A saved page, before anything is known about its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Page:
    """What came in: the content, where from, and what its source said of it.

    content is bytes where the encoding is still to be found out. charset is what the transport declared. kind is
    ``None`` until the content tells. error says why the page could not be read; its content is then empty.
    """

    content: bytes | str = b""
    url: str | None = None
    charset: str | None = None
    content_type: str | None = None
    name: str = ""
    kind: Literal["html", "text"] | None = None
    error: str | None = None
