"""What crawlers record, whatever they record it in: an answer for an address, which may be a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from cleaner.load.formats.http import Answer
from cleaner.load.page import Page
from cleaner.load.part import Options, Part, with_break
from cleaner.load.sniff import PAGE_TYPE, refusal
from cleaner.load.stream import Broken

_WEB = re.compile(r"(?:https?|ftp|file):", re.I)


@dataclass(frozen=True, slots=True)
class Record:
    """One answer that was recorded; place is where it stands, in bytes."""

    address: str
    answer: Answer
    saved: str | None
    format: str
    place: int


def recorded(record: Record, part: Part, options: Options) -> Iterator[Page]:
    """The page of a record; none where it holds something else, which is counted."""
    if (reason := _left_out(record, part)) is not None:
        part.skipped[reason] += 1
        return
    answer = record.answer
    content, broken = answer.content()
    if answer.is_cut:
        broken = part.stream.untold() or Broken("is cut short", record.place)
    if broken is None and (reason := refusal(content)) is not None:
        part.skipped[reason.removeprefix("is ").removesuffix(", not a web page")] += 1
        return
    page = part.page(
        content,
        options,
        name=record_name(part, record.address, record.place),
        url=record.address or None,
        charset=answer.charset,
        content_type=answer.content_type,
        saved=record.saved,
        format=record.format,
    )
    yield with_break(page, broken) if broken is not None else page


def record_name(part: Part, address: str, place: int) -> str:
    """How the page of a record is called."""
    return part.named(address or f"record at byte {place}")


def _left_out(record: Record, part: Part) -> str | None:
    """Why a record is no page that is wanted; a wanted page that leads elsewhere makes that one wanted."""
    answer, wanted = record.answer, part.wanted
    if answer.content_type and not PAGE_TYPE.fullmatch(answer.content_type):
        return answer.content_type
    if record.address and (not _WEB.match(record.address) or urlsplit(record.address).path == "/robots.txt"):
        return "the crawler's own"
    is_redirect = HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST
    if wanted is not None:
        if record.address not in wanted:
            return "not listed as a page"
        wanted[record.address] = True
        if is_redirect and answer.location:
            wanted.setdefault(urljoin(record.address, answer.location), True)
    return None if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES else f"status {answer.status}"
