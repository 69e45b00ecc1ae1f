"""The answer of a server as it was recorded: chunked, packed, or declared to be."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus

from cleaner.load.decoders import is_known
from cleaner.load.part import Options
from cleaner.load.stream import Broken, Stream
from cleaner.load.unpack import Unpacked

_HEADER_END = re.compile(rb"\r?\n\r?\n|\Z")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_TYPE = re.compile(r"\s*[\w.+-]+/[\w.+-]+\s*(?:;|$)")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_CHUNK_END = re.compile(rb"(?:\r?\n)?")
_MARKS = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
_RATIO = 2000
"""Single pages may shrink further than archives; they are bounded by their size."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; raw is its body as it came, which may be the beginning only."""

    raw: bytes
    status: int
    content_type: str | None
    charset: str | None
    encodings: str = ""
    is_chunked: bool = False
    location: str | None = None

    def content(self, options: Options) -> tuple[bytes, Broken | None]:
        """The bytes of the page, and what kept from reading all of them."""
        content = _joined(self.raw) if self.is_chunked else self.raw
        for encoding in reversed(self.encodings.lower().split(",")):
            content, broken = _unpacked(content, encoding.strip().removeprefix("x-"), options.max_bytes)
            if broken is not None:
                return content, broken
        return content, None


def answered(content: bytes, declared: str | None) -> Answer:
    """What was recorded of an answer; what is no answer of a web server is all body, of the type that was declared."""
    if not content.startswith(b"HTTP/"):
        return Answer(content, HTTPStatus.OK, *content_type(declared))
    end = _HEADER_END.search(content)
    assert end is not None
    first, *lines = _FOLD.sub(b" ", content[: end.start()]).decode("utf-8", "replace").split("\n")
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    status = first.split()[1:2]
    return Answer(
        content[end.end() :],
        int(status[0]) if status and status[0].isdecimal() else 0,
        *content_type(fields.get("content-type") or declared),
        encodings=fields.get("content-encoding", ""),
        is_chunked="chunked" in fields.get("transfer-encoding", "").lower(),
        location=fields.get("location"),
    )


def content_type(header: str | None) -> tuple[str | None, str | None]:
    """The type and the charset that a header says."""
    if not header or not header.strip():
        return None, None
    message = Message()
    message["Content-Type"] = header
    # What is no type at all, email takes for text/plain.
    said = message.get_content_type() if _TYPE.match(header) else None
    return said, message.get_content_charset()


def _joined(content: bytes) -> bytes:
    """The chunks joined; as it is where it is not in chunks, since crawlers join them and leave the header."""
    chunks, at = [], 0
    while (size := _CHUNK_SIZE.match(content, at)) is not None:
        length = int(size[1], 16)
        at = size.end() + length
        chunks.append(content[size.end() : at])
        if not length:
            break
        if (end := _CHUNK_END.match(content, at)) is not None:
            at = end.end()
    return b"".join(chunks) if chunks else content


def _unpacked(content: bytes, encoding: str, most: int) -> tuple[bytes, Broken | None]:
    """The content without one encoding; as it is where it never had it, since crawlers unpack and leave the header."""
    if encoding == "deflate" and _is_zlib(content):
        encoding = "zlib"
    mark = _MARKS.get(encoding)
    if not is_known(encoding) or not content.startswith(mark or b""):
        return content, None
    stream = Stream(Unpacked(Stream.of(content), encoding, _RATIO, first=mark is None))
    unpacked = stream.read(most + 1)
    if mark is None and stream.broken is not None and not unpacked and _is_text(content):
        return content, None
    return unpacked, stream.broken


def _is_zlib(content: bytes) -> bool:
    return content[:1] != b"" and content[0] & 0x0F == 8 and int.from_bytes(content[:2]) % 31 == 0


def _is_text(content: bytes) -> bool:
    """Whether it is text as it is: markup, or words in UTF-8, which packed bytes never are."""
    if content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        return True
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
