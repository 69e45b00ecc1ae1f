"""Archives and crawls made in memory, small enough to be read in a test, and what comes out of them."""

from __future__ import annotations

import io
import re
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import cleaner

HTML = b"<h1>Harbour</h1><p>The ferry is back.</p>"
OTHER = b"<h1>Island</h1><p>The lighthouse is shut.</p>"
HTML_TYPE = {"Content-Type": "text/html"}

_ZIP_FIELDS = {"flags": ("<H", 6, 8), "method": ("<H", 8, 10), "size": ("<L", 22, 24)}
"""Form and places, in a member's own header and in the directory (APPNOTE 4.3.7, 4.3.12)."""


def said(source: Path | str | bytes | io.IOBase, **options: Any) -> list[tuple[str, bytes | str]]:
    """The name and content of each page; what is wrong with it where something is."""
    pages = cleaner.load(source, **options)  # type: ignore[arg-type]
    return [(page.name, str(page.error) if page.error is not None else page.content) for page in pages]


def errors(source: Path | str | bytes, **options: Any) -> list[str]:
    """What is wrong, in order."""
    return [str(page.error) for page in cleaner.load(source, **options) if page.error is not None]


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def patched(archive: bytes, name: bytes, field: str, value: int) -> bytes:
    """The zip archive with something else said of a member, in both of its headers."""
    form, own, listed = _ZIP_FIELDS[field]
    content = bytearray(archive)
    for mark, length, place in ((b"PK\3\4", 30, own), (b"PK\1\2", 46, listed)):
        header = re.search(re.escape(mark) + b".{%d}" % (length - 4) + re.escape(name), archive, re.S)
        assert header is not None
        struct.pack_into(form, content, header.start() + place, value)
    return bytes(content)


def tarred(*members: tuple[str, bytes], mode: str = "w") -> bytes:
    """A tar archive."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


def record(
    address: str = "http://harbour.example/a",
    body: bytes = HTML,
    *,
    kind: str = "response",
    status: str = "200 OK",
    fields: dict[str, str] | None = HTML_TYPE,
    content_type: str = "application/http; msgtype=response",
) -> bytes:
    """A WARC record with an answer, or with the body alone where that has no fields."""
    if fields is not None:
        body = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *_lines(fields), "")).encode() + body
    header = {
        "WARC-Type": kind,
        "WARC-Target-URI": address,
        "WARC-Date": "2026-11-24T10:00:00Z",
        "WARC-Record-ID": "<urn:uuid:00000000-0000-0000-0000-000000000000>",
        "Content-Type": content_type,
        "Content-Length": str(len(body)),
    }
    return "".join(f"{line}\r\n" for line in ("WARC/1.1", *_lines(header), "")).encode() + body + b"\r\n\r\n"


def chunked(content: bytes, size: int = 7) -> bytes:
    """The body of an answer in chunks."""
    chunks = [content[at : at + size] for at in range(0, len(content), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


def _lines(fields: dict[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in fields.items()]
