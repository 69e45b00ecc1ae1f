"""What crawlers record, whatever they record it in: an answer for an address, which may be a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urljoin

from cleaner.load.formats.http import Answer, answered, content_type
from cleaner.load.page import Page
from cleaner.load.part import Options, Part, with_break
from cleaner.load.sniff import PAGE_TYPE, refusal
from cleaner.load.stream import Broken

_WEB = re.compile(r"(?:https?|ftp|file):", re.I)
_ROBOTS = re.compile(r"[a-z]+://[^/?#]*/robots\.txt(?:[?#].*)?", re.I)
_UNTOLD_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Record:
    """What was recorded for an address, as it stands at a place, in bytes.

    block: what was recorded, or as much of it as a page may take.
    length: how long it is.
    declared: the type that the record itself says.
    is_answer: whether it may be a whole answer of a web server, with a header.
    """

    address: str
    block: bytes
    length: int
    declared: str | None
    saved: str | None
    format: str
    place: int
    is_answer: bool = True


def recorded(record: Record, part: Part, options: Options) -> Iterator[Page]:
    """The page of a record; none where it holds something else, which is counted."""
    if record.is_answer:
        answer = answered(record.block, record.declared)
    else:
        answer = Answer(record.block, HTTPStatus.OK, *content_type(record.declared))
    if (reason := _left_out(record.address, answer, part)) is not None:
        part.skipped[reason] += 1
        return
    content, broken = answer.content(options)
    is_long = record.length > options.most_stored
    if is_long:
        broken = options.too_large()
    elif len(record.block) < record.length:
        broken = part.stream.untold() or Broken("is cut short", record.place)
    if (broken is None or is_long) and (reason := refusal(content)) is not None:
        part.skipped[reason.removeprefix("is ").removesuffix(", not a web page")] += 1
        return
    page = part.page(
        content,
        options,
        name=record_name(part, record.address, record.place),
        url=record.address or None,
        charset=answer.charset,
        content_type=None if answer.content_type == _UNTOLD_TYPE else answer.content_type,
        saved=record.saved,
        format=record.format,
    )
    yield with_break(page, broken) if broken is not None else page


def record_name(part: Part, address: str, place: int) -> str:
    """How the page of a record is called."""
    return part.named(address or f"record at byte {place}")


def page_address(address: str) -> str:
    """The address without the place in the page, which no crawler asks for."""
    return address.partition("#")[0]


def _joined(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError:
        # No address at all, which nothing is known by.
        return location


def _left_out(address: str, answer: Answer, part: Part) -> str | None:
    """Why a record is no page that is wanted; a wanted page that leads elsewhere makes that one wanted."""
    wanted, known_as = part.wanted, page_address(address)
    is_wanted = wanted is None or known_as in wanted
    if wanted is not None and is_wanted:
        wanted[known_as] = True
        if answer.location and HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
            wanted.setdefault(page_address(_joined(address, answer.location)), False)
    declared = answer.content_type
    if declared and declared != _UNTOLD_TYPE and not PAGE_TYPE.fullmatch(declared):
        return declared
    if address and (not _WEB.match(address) or _ROBOTS.fullmatch(address)):
        return "the crawler's own"
    if not is_wanted:
        return "not listed as a page"
    return None if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES else f"status {answer.status}"
