"""The answer of a server as it was recorded: chunked, packed, or declared to be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from cleaner.load.decoders import is_known
from cleaner.load.stream import Broken, Stream
from cleaner.load.unpack import Unpacked

_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_RATIO = 2000
"""Single pages may shrink further than archives; they are bounded by their size."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; content is as it came."""

    raw: bytes
    status: int
    content_type: str | None
    charset: str | None
    encodings: str
    is_chunked: bool
    location: str | None
    is_cut: bool
    most: int

    def content(self) -> tuple[bytes, Broken | None]:
        """The bytes of the page, and what kept from reading all of them."""
        content = _joined(self.raw) if self.is_chunked else self.raw
        for encoding in reversed(self.encodings.lower().split(",")):
            content, broken = _unpacked(content, encoding.strip().removeprefix("x-"), self.most)
            if broken is not None:
                return content, None if self.is_cut else broken
        return content, None


def content_type(header: str | None) -> tuple[str | None, str | None]:
    """The type and the charset that a header says."""
    if not header or not header.strip():
        return None, None
    message = Message()
    message["Content-Type"] = header
    return message.get_content_type(), message.get_content_charset()


def _joined(content: bytes) -> bytes:
    """The chunks joined; as it is where it is not in chunks, since crawlers join them and leave the header."""
    chunks, at = [], 0
    while (size := _CHUNK_SIZE.match(content, at)) is not None:
        length = int(size[1], 16)
        chunks.append(content[size.end() : size.end() + length])
        at = size.end() + length
        if not length:
            break
        end = re.compile(rb"\r?\n").match(content, at)
        at = end.end() if end else at
    return b"".join(chunks) if chunks else content


def _unpacked(content: bytes, encoding: str, most: int) -> tuple[bytes, Broken | None]:
    """The content without one encoding; as it is where it never had it, since crawlers unpack and leave the header."""
    if encoding == "deflate" and content[:1] in (
        b"\x08",
        b"\x18",
        b"\x28",
        b"\x38",
        b"\x48",
        b"\x58",
        b"\x68",
        b"\x78",
    ):
        encoding = "zlib"
    declared_only = (encoding == "gzip" and content[:2] != _GZIP) or (encoding == "zstd" and content[:4] != _ZSTD)
    if not is_known(encoding) or declared_only:
        return content, None
    stream = Stream(Unpacked(Stream.of(content), encoding, _RATIO, first=encoding not in ("gzip", "zstd")))
    unpacked = stream.read(most + 1)
    if stream.broken is not None and not unpacked and encoding in ("br", "deflate") and content.lstrip()[:1] == b"<":
        return content, None
    return unpacked, stream.broken
