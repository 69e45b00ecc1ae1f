"""WARC files, as crawlers write them: the pages among their records."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from cleaner.load.dates import from_iso
from cleaner.load.decoders import missing
from cleaner.load.formats.http import Answer, content_type
from cleaner.load.formats.records import Record, record_name, recorded
from cleaner.load.formats.window import Window
from cleaner.load.page import Page
from cleaner.load.part import Options, Part
from cleaner.load.stream import Broken, Stream

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_OF_PAGES = ("response", "resource", "conversion")
_UNTOLD_TYPE = "application/octet-stream"


def _read(part: Part, options: Options) -> Iterator[Page]:
    try:
        from fastwarc.warc import ArchiveIterator
    except ImportError:
        raise missing("a WARC file") from None
    window = Window(part.stream)
    while True:
        damage = yield from _records(partial(ArchiveIterator, auto_decode="none"), window, part, options)
        if part.stream.broken is not None:
            if (broken := part.stream.untold()) is not None:
                yield part.failed(broken)
            if not _resumed(part.stream):
                return
            window.clear()
        elif damage is not None:
            yield part.failed(damage)
            if not window.skip():
                return
        else:
            return


def _records(
    iterate: Callable[[Window], Iterator[WarcRecord]], window: Window, part: Part, options: Options
) -> Generator[Page, None, Broken | None]:
    """The pages of the records up to one that is damaged, and what is wrong with it."""
    try:
        for record in iterate(window):
            window.at(record.stream_pos, _number(record.headers.get("Content-Length")))
            yield from _pages(record, part, options, record.stream_pos)
    except (OSError, ValueError) as error:
        return Broken(f"is damaged: {error}", window.place)
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        # fastwarc's own failure on what it did not expect.
        return Broken("is damaged: a record cannot be read", window.place)
    return None


def _pages(record: WarcRecord, part: Part, options: Options, place: int) -> Iterator[Page]:
    """The page of a record, if it has one."""
    kind = str(record.record_type)
    # Wget writes the address between angle brackets.
    address = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    if not record.headers.get("WARC-Type") or not record.headers.get("Content-Length"):
        broken = Broken("is damaged: the header of a record", place)
        yield replace(part, name=record_name(part, address, place)).failed(broken)
    elif kind not in _OF_PAGES:
        part.skipped[kind] += 1
    else:
        saved = from_iso(record.headers.get("WARC-Date") or "")
        form = "wet" if kind == "conversion" else "warc"
        yield from recorded(Record(address, _answer(record, options), saved, form, place), part, options)


def _answer(record: WarcRecord, options: Options) -> Answer:
    """What was answered for an address, or stands for that."""
    http = record.http_headers
    content = record.reader.read(options.max_bytes + 1)
    said, charset = content_type((http if http is not None else record.headers).get("Content-Type"))
    return Answer(
        content,
        status=http.status_code or 0 if http is not None else HTTPStatus.OK,
        content_type=None if said == _UNTOLD_TYPE else said,
        charset=charset,
        encodings=http.get("Content-Encoding") or "" if http is not None else "",
        is_chunked=http is not None and "chunked" in (http.get("Transfer-Encoding") or "").lower(),
        location=http.get("Location") if http is not None else None,
        is_cut=len(content) < record.content_length and len(content) <= options.max_bytes,
        most=options.max_bytes,
    )


def _resumed(stream: Stream) -> bool:
    """Go on behind a break, at the next place where a record begins."""
    while stream.resume():
        if stream.peek(1)[:5] == b"WARC/":
            return True
    return False


def _number(text: str | None) -> int:
    return int(text) if text and text.strip().isdigit() else 0


READERS = {"warc": _read}
