"""What is left of a zip archive whose directory is gone: its members one after the other, from their own headers."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, NamedTuple

from cleaner.load.formats.epub import is_front_matter
from cleaner.load.kinds import opens
from cleaner.load.page import Page
from cleaner.load.part import Options, Part
from cleaner.load.saved import Companions
from cleaner.load.stream import Broken, Reads, Slice, Stream
from cleaner.load.unpack import Unpacked

_MAGIC = b"PK\3\4"
_HEADER = struct.Struct("<4xHHHHHLLLHH")
"""Version, flags, method, time, date, checksum, packed size, size, lengths of name and extra field (APPNOTE 4.3.7)."""
_STORED, _DEFLATED = 0, 8
_CHUNK = 65_536


class _Member(NamedTuple):
    """A member by its own header: where what is packed in it begins and ends, None for an end that is not known."""

    name: str
    method: int
    start: int
    end: int | None


def read(part: Part, file: BinaryIO, options: Options) -> Iterator[Page | Part]:
    """The members up to the break, then the break."""
    members = list(islice(_members(file), options.limits.members + 1))
    is_more = len(members) > options.limits.members
    del members[options.limits.members :]
    companions = Companions(member.name for member in members)
    for member in members:
        packed = Slice(file, member.start, member.end)
        source = _source(packed, member.method, options)
        if source is None or not opens(member.name) or member.name.endswith("/") or member.name in companions:
            part.skipped["file of another kind"] += 1
            continue
        found = part.inner(Stream(source), member.name)
        if is_front_matter(found):
            part.skipped["front matter"] += 1
        else:
            yield found
    if is_more:
        raise options.limits.too_many()
    # A stream that broke was copied as far as it came.
    raise part.stream.untold() or Broken("is cut short or damaged: its directory is gone", file.seek(0, 2))


def _members(file: BinaryIO) -> Iterator[_Member]:
    """The members whose headers are whole."""
    place = _find(file, 0)
    while place is not None:
        file.seek(place)
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size:
            return
        _, _, method, _, _, _, packed, _, name_length, extra = _HEADER.unpack(header)
        name = file.read(name_length).decode("utf-8", "replace")
        start = place + len(header) + name_length + extra
        end = start + packed if packed else _find(file, start)
        yield _Member(name, method, start, end)
        place = _find(file, end) if end is not None else None


def _source(packed: Slice, method: int, options: Options) -> Reads | None:
    if method == _STORED:
        return packed
    return Unpacked(packed, "deflate", options.limits.ratio, first=True) if method == _DEFLATED else None


def _find(file: BinaryIO, place: int) -> int | None:
    """Where the next header stands."""
    seen = b""
    file.seek(place)
    while chunk := file.read(_CHUNK):
        seen = seen[-3:] + chunk
        found = seen.find(_MAGIC)
        if found >= 0:
            return file.tell() - len(seen) + found
    return None
