"""ARC files, which crawlers wrote before there was WARC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from cleaner.load.dates import iso
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
        if len(fields) < _FIELDS or not fields[-1].isdecimal():
            raise part.stream.untold() or Broken("is damaged: no header of a record", begun)
        length = int(fields[-1])
        block = part.stream.read(min(length, options.most_stored))
        place += len(block) + _skip(part, length - len(block))
        if fields[0].startswith("filedesc:"):
            part.skipped["filedesc"] += 1
        else:
            record = Record(fields[0], block, length, fields[3], _date(fields[2]), "arc", begun)
            yield from recorded(record, part, options)


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
