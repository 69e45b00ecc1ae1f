"""From a path, an address, bytes or an open file to pages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cleaner.load.page import Page
from cleaner.load.sniff import recognise

MAX_BYTES = 128 * 1024 * 1024
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://", re.I)
_CHUNK = 1024 * 1024


def load(
    source: str | os.PathLike[str] | os.PathLike[bytes] | bytes | BinaryIO,
    *,
    url: str | None = None,
    allow_private: bool = False,
    timeout: float = 20.0,
    max_bytes: int = MAX_BYTES,
) -> Iterator[Page]:
    """Open *source* and give its pages.

    source: a path, an http or https address, the content as bytes, or a file open for reading bytes.
    url: the page's address where source does not say it, or says it wrongly.
    allow_private: also fetch from loopback, private, link-local and reserved addresses, and through the proxies of the
        environment (behind a proxy nobody can check where a connection ends).
    timeout: seconds for a whole fetch, redirects included.
    max_bytes: a larger page is an error.

    Raises OSError (FileNotFoundError, PermissionError, TimeoutError …) where the source cannot be opened, TypeError for
    any other source. What opens but is no page comes as a page with :attr:`Page.error`.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        return iter((recognise(bytes(source), name="", url=url, max_bytes=max_bytes),))
    if isinstance(source, str) and (scheme := _SCHEME.match(source)):
        if scheme[1].lower() not in ("http", "https"):
            raise OSError(f"{scheme[1]} addresses are not fetched, only http and https")
        # requests costs a tenth of a second to import, and few runs fetch anything.
        from cleaner.load.url import fetch

        page = fetch(source, url=url, allow_private=allow_private, timeout=timeout, max_bytes=max_bytes)
        return iter((page,))
    if isinstance(source, (str, os.PathLike)):
        name = os.fsdecode(source)
        if not name:
            raise FileNotFoundError("the name is empty")
        return iter((recognise(_read_path(name, max_bytes), name=name, url=url, max_bytes=max_bytes),))
    if not hasattr(source, "read"):
        raise TypeError(f"a page is loaded from a path, an address, bytes or an open file, not {type(source).__name__}")
    name = getattr(source, "name", "")
    content = _read(source, max_bytes)
    return iter((recognise(content, name=name if isinstance(name, str) else "", url=url, max_bytes=max_bytes),))


def _read_path(name: str, max_bytes: int) -> bytes:
    try:
        with Path(name).open("rb") as stream:
            return _read(stream, max_bytes)
    except ValueError as error:
        raise FileNotFoundError(f"no file can have this name: {error}") from error


def _read(stream: BinaryIO, max_bytes: int) -> bytes:
    """At most one byte more than max_bytes, which tells that there is more."""
    chunks: list[bytes] = []
    left = max_bytes + 1
    # Unbuffered files give less than they are asked for before their end.
    while left > 0 and (chunk := stream.read(min(left, _CHUNK))):
        if not isinstance(chunk, bytes):
            raise TypeError("open the file for reading bytes (mode 'rb'), not text")
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)
