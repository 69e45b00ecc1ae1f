"""WARC files, as crawlers write them: the pages among their records."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from cleaner.load.dates import from_iso
from cleaner.load.decoders import missing
from cleaner.load.formats.records import Record, record_name, recorded
from cleaner.load.formats.window import END, RECORD, Window
from cleaner.load.page import Page
from cleaner.load.part import Options, Part, with_break
from cleaner.load.stream import Broken, Stream

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_OF_PAGES = ("response", "resource", "conversion")
_ANSWER = "application/http"


def _read(part: Part, options: Options) -> Iterator[Page]:
    try:
        from fastwarc.warc import ArchiveIterator
    except ImportError:
        raise missing("a WARC file") from None
    iterate = partial(ArchiveIterator, auto_decode="none", parse_http=False)
    window = Window(part.stream)
    while True:
        damage = yield from _records(iterate, window, part, options)
        if part.stream.broken is not None:
            if (broken := part.stream.untold()) is not None:
                yield part.failed(broken)
            if not _resumed(part.stream):
                return
            window.clear()
        elif damage is None or not window.skip(damage):
            return


def _records(
    iterate: Callable[[Window], Iterator[WarcRecord]], window: Window, part: Part, options: Options
) -> Generator[Page, None, int | None]:
    """The pages of the records up to damage, and where to look for the next record then."""
    # The page of a record comes out when the next one is found where it ought to be.
    held: Record | None = None
    damage: str | None = None
    try:
        for record in iterate(window):
            last, held = held, None
            if last is not None:
                yield from recorded(last, part, options)
            window.at(record.stream_pos, record.content_length)
            if record.headers.get("WARC-Type") and record.headers.get("Content-Length"):
                held = _record(record, window.record, part, options)
            elif part.stream.broken is None:
                name = record_name(part, _address(record), window.record)
                yield replace(part, name=name).failed(Broken("is damaged: the header of a record", window.record))
                if not record.headers.get("Content-Length"):
                    return window.content
    except (OSError, ValueError) as error:
        damage = f"is damaged: {error}"
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        # fastwarc's own failure on what it did not expect.
        damage = "is damaged: a record cannot be read"
    return (yield from _ended(held, damage, window, part, options))


def _ended(
    held: Record | None, damage: str | None, window: Window, part: Part, options: Options
) -> Generator[Page, None, int | None]:
    """The page of the last record before damage or the end, and where to look for the next one.

    The damage is its own where it does not end as its header says.
    """
    fits = part.stream.broken is not None or window.fits()
    inner = None if fits else window.inner()
    if inner is not None and held is not None:
        # What was read of the stream may be kept no more, but the record is.
        first = RECORD.search(held.block)
        end = min(inner - window.content, first.start() if first is not None else held.length)
        length = max(end - len(END), 0)
        held = replace(held, block=held.block[:length], length=length)
    pages = list(recorded(held, part, options)) if held is not None else []
    if not fits and (damage is not None or inner is not None):
        broken = Broken("is damaged: it does not end where its header says", window.record)
        yield from [with_break(page, broken) for page in pages] or [part.failed(broken)]
        return window.record + 1
    yield from pages
    if part.stream.broken is None:
        if damage is not None:
            yield part.failed(Broken(damage, window.next))
            return window.next + 1
        if window.is_cut and not pages:
            yield part.failed(Broken("is cut short", window.record))
    return None


def _record(record: WarcRecord, place: int, part: Part, options: Options) -> Record | None:
    """What may be a page; what is not is counted."""
    kind = str(record.record_type)
    if kind not in _OF_PAGES:
        part.skipped[kind] += 1
        return None
    declared = record.headers.get("Content-Type") or ""
    return Record(
        _address(record),
        record.reader.read(min(record.content_length, options.most_stored)),
        record.content_length,
        None if declared.lower().startswith(_ANSWER) else declared,
        from_iso(record.headers.get("WARC-Date") or ""),
        "wet" if kind == "conversion" else "warc",
        place,
        is_answer=kind == "response",
    )


def _address(record: WarcRecord) -> str:
    # Wget writes the address between angle brackets.
    return (record.headers.get("WARC-Target-URI") or "").strip("<>")


def _resumed(stream: Stream) -> bool:
    """Go on behind a break, at the next place where a record begins."""
    while stream.resume():
        if stream.peek(1)[:5] == b"WARC/":
            return True
    return False


READERS = {"warc": _read}
