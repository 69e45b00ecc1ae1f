"""Messages and what browsers save like messages: e-mail, mbox, MHTML."""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from collections import Counter
from collections.abc import Iterator
from email.message import Message

from cleaner.load.dates import from_mail
from cleaner.load.kinds import FIELD, FROM_LINE
from cleaner.load.page import Page
from cleaner.load.part import Options, Part, with_break
from cleaner.load.stream import Broken, Stream

_QUOTED_FROM = re.compile(rb"^>(>*From )", re.M)
_TEXTS = ("text/html", "text/plain")
_BOUNDARY = re.compile(rb"^--(\S{8,70})\r?$", re.M)
_BOUNDARY_DEFECTS = ("StartBoundaryNotFoundDefect", "CloseBoundaryNotFoundDefect")
_MANGLED = 4
"""So many characters of a boundary may be damaged, and it is still told for one."""


def _mail(part: Part, options: Options) -> Iterator[Page]:
    """The text of one message, in HTML where it has it."""
    message = _parsed(part.whole(options))
    shown = [list(_shown(message, embedded)) for embedded in (False, True)]
    texts = [leaf for leaves in shown for wanted in _TEXTS for leaf in leaves if leaf.get_content_type() == wanted]
    if not texts:
        raise Broken("holds no text")
    text = next((leaf for leaf in texts if _content(leaf).strip()), texts[0])
    yield _page(part, text, options, url=part.url, saved=_saved(message), format="mail")


def _shown(message: Message, embedded: bool) -> Iterator[Message]:
    """The parts that a mail program shows; those of messages within the message only where asked for."""
    if not message.is_multipart():
        yield message
    elif embedded or message.get_content_maintype() != "message":
        for inner in message.get_payload():
            if isinstance(inner, Message) and inner.get_content_disposition() != "attachment":
                yield from _shown(inner, embedded)


def _mbox(part: Part, options: Options) -> Iterator[Page | Part]:
    """The messages of a mailbox, named by their number."""
    for number, message in enumerate(_messages(part.stream, options.max_bytes), 1):
        inner = part.inner(Stream.of(message), f"message {number}")
        inner.content_type = "message/rfc822"
        yield inner


def _messages(stream: Stream, most: int) -> Iterator[bytes]:
    """The messages of a mailbox, without the lines between them; the first bytes of one that is too large."""
    lines: list[bytes] = []
    size, empty = 0, True
    line = stream.readline(most).removeprefix(codecs.BOM_UTF8)
    while line:
        following = stream.readline(most)
        if empty and FROM_LINE.match(line) and FIELD.match(following):
            if any(map(bytes.strip, lines)):
                yield _QUOTED_FROM.sub(rb"\1", b"".join(lines))
            lines, size = [], 0
        elif size <= most:
            lines.append(line)
            size += len(line)
        empty = not line.strip()
        line = following
    if lines:
        yield _QUOTED_FROM.sub(rb"\1", b"".join(lines))


def _mhtml(part: Part, options: Options) -> Iterator[Page]:
    """The page of an archive: the part that its header names, else the first in HTML."""
    content = part.whole(options)
    content, damaged = _mended(content)
    message = _parsed(content)
    leaves = [leaf for leaf in message.walk() if not leaf.is_multipart()]
    start = message.get_param("start")
    pages = [leaf for leaf in leaves if leaf.get_content_type() in ("text/html", "application/xhtml+xml")]
    page = next((leaf for leaf in pages if start and leaf.get("Content-ID") == start), pages[0] if pages else None)
    cut = None
    if any(type(defect).__name__ in _BOUNDARY_DEFECTS for inner in message.walk() for defect in inner.defects):
        cut = Broken("is cut short: its closing boundary is missing", len(content))
    if page is None:
        raise cut or Broken("holds no page, or is cut short", len(content))
    url = part.url or _address(message, "Snapshot-Content-Location") or _address(page, "Content-Location")
    found = _page(part, page, options, url=url, saved=_saved(message), format="mhtml")
    if cut is not None and page is leaves[-1]:
        yield with_break(found, cut)
    else:
        yield found
        if cut is not None:
            raise cut
    if damaged is not None:
        raise damaged


def _mended(content: bytes) -> tuple[bytes, Broken | None]:
    """The content with its damaged boundaries repaired, and the first of them."""
    declared = re.search(rb"\bboundary=\"?([^\"\r\n;]+)", content[:8192], re.I)
    lines = Counter(_BOUNDARY.findall(content))
    if declared is None or not lines:
        return content, None
    boundary = declared[1] if declared[1] in lines else lines.most_common(1)[0][0]
    damaged = None
    pieces, done = [], 0
    for found in _BOUNDARY.finditer(content):
        line = found[1].removesuffix(b"--") if len(found[1]) > len(boundary) else found[1]
        if line != boundary and _is_like(line, boundary):
            damaged = damaged or Broken("is damaged: a boundary of its parts is", found.start())
            pieces += [content[done : found.start(1)], boundary]
            done = found.start(1) + len(boundary)
    content = b"".join((*pieces, content[done:]))
    if boundary != declared[1]:
        damaged = damaged or Broken("is damaged: the boundary that it names is not there", declared.start(1))
        content = content[: declared.start(1)] + boundary + content[declared.end(1) :]
    return content, damaged


def _is_like(one: bytes, other: bytes) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= _MANGLED


def _parsed(content: bytes) -> Message:
    # The policy of old: it takes headers as they are, which damaged ones need.
    return email.message_from_bytes(content.removeprefix(codecs.BOM_UTF8).lstrip(), policy=email.policy.compat32)


def _page(part: Part, leaf: Message, options: Options, **said: object) -> Page:
    """The page that a part of a message holds."""
    charset, content_type = leaf.get_content_charset(), leaf.get_content_type()
    return part.page(_content(leaf), options, charset=charset, content_type=content_type, **said)


def _content(leaf: Message) -> bytes:
    payload = leaf.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _saved(message: Message) -> str | None:
    return from_mail(_header(message, "Date") or "")


def _header(message: Message, name: str) -> str | None:
    value = message.get(name)
    return " ".join(str(value).split()) if value is not None else None


def _address(message: Message, name: str) -> str | None:
    """An address in a header; long ones are folded."""
    value = "".join((_header(message, name) or "").split())
    return value if re.match(r"https?://", value, re.I) else None


READERS = {"mail": _mail, "mbox": _mbox, "mhtml": _mhtml}
