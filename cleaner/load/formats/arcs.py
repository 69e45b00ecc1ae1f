"""ARC files, which crawlers wrote before there was WARC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message

from cleaner.load.dates import iso
from cleaner.load.formats.http import Answer, content_type
from cleaner.load.formats.records import Record, recorded
from cleaner.load.page import Page
from cleaner.load.part import Options, Part
from cleaner.load.stream import HEAD, Broken

_LONGEST_HEADER = 65_536
_FIELDS = 5
"""Address, IP address, date, content type, length; the second form of the format has more between them."""


def _read(part: Part, options: Options) -> Iterator[Page]:
    place = 0
    while header := part.stream.readline(_LONGEST_HEADER):
        begun, place = place, place + len(header)
        if not header.strip():
            continue
        fields = header.decode("utf-8", "replace").split()
        if len(fields) < _FIELDS or not fields[-1].isdigit():
            raise part.stream.untold() or Broken("is damaged: no header of a record", begun)
        length = int(fields[-1])
        content = part.stream.read(min(length, options.max_bytes + 1))
        place += len(content) + _skip(part, length - len(content))
        if fields[0].startswith("filedesc:"):
            part.skipped["filedesc"] += 1
        else:
            yield from recorded(_record(fields, content, length, begun, options), part, options)


def _record(fields: list[str], content: bytes, length: int, place: int, options: Options) -> Record:
    status, message, body = _answer(content)
    # Damaged fields come as objects.
    headers = {name.lower(): str(value) for name, value in message.items()}
    said, charset = content_type(headers.get("content-type") or fields[3])
    answer = Answer(
        body,
        status=status,
        content_type=said,
        charset=charset,
        encodings=headers.get("content-encoding", ""),
        is_chunked="chunked" in headers.get("transfer-encoding", "").lower(),
        location=headers.get("location"),
        is_cut=len(content) < min(length, options.max_bytes),
        most=options.max_bytes,
    )
    return Record(fields[0], answer, _date(fields[2]), "arc", place)


def _answer(content: bytes) -> tuple[int, Message, bytes]:
    """Status, header fields and body; what is no answer of a web server is all body."""
    if not content.startswith(b"HTTP/"):
        return 200, Message(), content
    ends = [(found, found + len(end)) for end in (b"\r\n\r\n", b"\n\n") if (found := content.find(end)) >= 0]
    end, body = min(ends, default=(len(content), len(content)))
    first, _, rest = content[:end].partition(b"\n")
    status = first.split()[1:2]
    return int(status[0]) if status and status[0].isdigit() else 0, message_from_bytes(rest), content[body:]


def _date(digits: str) -> str | None:
    try:
        return iso(datetime.strptime(digits[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC))
    except ValueError:
        return None


def _skip(part: Part, length: int) -> int:
    skipped = 0
    while skipped < length and (chunk := part.stream.read(min(length - skipped, HEAD))):
        skipped += len(chunk)
    return skipped


READERS = {"arc": _read}
