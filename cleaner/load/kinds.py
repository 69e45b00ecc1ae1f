"""Which of the formats that hold pages a file has, told by its first bytes, then by its name."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from cleaner.load.sniff import BINARY, PLAIN_SUFFIXES, plain_name, refusal, unpacked_name


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: its name, and the module of ``cleaner.load.formats`` that reads it."""

    name: str
    module: str


MARKDOWN_SUFFIXES = (".md", ".markdown")
SUFFIXES = tuple(
    ".html .htm .xhtml .xht .mhtml .mht .webarchive .maff .warc .arc .wet .wacz .epub .eml .mbox .jsonl .ndjson "
    ".zip .tar .tgz .tbz2 .txz .tzst".split()
)
SUFFIXES += MARKDOWN_SUFFIXES + PLAIN_SUFFIXES
"""How names of files end that may hold pages, a compression's suffix aside."""
_ARCHIVE_END = 66_000
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)")
_MIME_HEADERS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+")
_MIME_TYPE = re.compile(rb"^(?:mime-version:|content-type:[ \t]*multipart/)", re.I | re.M)
_MAIL_HEADER = re.compile(rb"^(from|to|date|subject|message-id|received|return-path|delivered-to):", re.I | re.M)
_SAVED_BY = re.compile(rb"^(?:snapshot-content-location:|from:[ \t]*\"?<saved by )", re.I | re.M)
_RELATED = re.compile(rb"^content-type:[ \t]*multipart/related", re.I | re.M)
FROM_LINE = re.compile(
    rb"From [^ \t\r\n]+[ \t](?=[^\r\n]*\b\d{4}\b)"
    rb"(?=[^\r\n]*(?:\d:\d\d|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b))[^\r\n]*\r?\n"
)
"""The line between the messages of a mailbox: a sender and a date."""
FIELD = re.compile(rb">?[A-Za-z][A-Za-z0-9-]*:|>From ")
"""How the header of a message begins."""
_ROWS = (".jsonl", ".ndjson", ".jsonlines")
_ROW = re.compile(rb'\{\s*"(?:[^"\\]|\\.)*"\s*:')
_EXPORT = re.compile(rb"<!doctype netscape-bookmark-file-1>|<title>(?:pocket export|instapaper: export)</title>", re.I)
_MAIL_ENDS = (".eml", ".mht", ".mhtml")
_LEAST_MAIL_HEADERS = 3
_CSV_SIGNS = ({"time_added"}, {"title", "folder"}, {"title", "selection"})


def kind_of_file(head: bytes, name: str, content_type: str | None = None) -> Kind | None:
    """The format that a file begins like; None for what is a page of its own or nothing that can be opened.

    What was declared a page by its content type is one, but for a few that nothing else begins like.
    """
    lower = unpacked_name(name)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[257:262] == b"ustar" or (lower.endswith(".tar") and _is_old_tar(head)):
        return Kind("tar", "tars")
    if _BZIP2.match(head):
        return Kind("bzip2", "packed")
    if head.startswith(b"bplist00") or (b"<plist" in start[:1024] and b"WebMainResource" in head):
        return Kind("webarchive", "webarchive")
    if content_type == "message/rfc822":
        return Kind("mail", "mail")
    if (damaged := _damaged(head, name.lower())) is not None:
        return damaged
    if content_type:
        return None
    if lower.endswith(MARKDOWN_SUFFIXES) and start and b"\0" not in head:
        return Kind("markdown", "markdown")
    return _mail(start, lower) or _list(start, lower)


def _damaged(head: bytes, name: str) -> Kind | None:
    """By the name alone, where the first bytes are those of no page and of nothing else that is known."""
    kind = next((kind for suffix, kind in _BY_NAME if name.endswith(suffix)), None)
    if kind is None or len(head) < _TOO_SHORT or refusal(head) == BINARY:
        return kind
    begun = _BEGUN.get(kind.name)
    return kind if begun is not None and begun.search(head) else None


def holds_archive(content: bytes) -> bool:
    """Whether a page has a zip archive in it, as SingleFile makes them."""
    return b"PK\5\6" in content[-_ARCHIVE_END:] and b"PK\3\4" in content


def opens(name: str) -> bool:
    """Whether a member of this name may hold pages: those without a suffix may, hidden ones do not."""
    path = PurePosixPath(unpacked_name(plain_name(name)))
    hidden = any(part == "__macosx" or (part.startswith(".") and part.strip(".")) for part in path.parts)
    return not hidden and (path.suffix == "" or is_page_name(name))


def is_page_name(name: str) -> bool:
    """Whether a file of this name should hold pages."""
    return unpacked_name(name).endswith(SUFFIXES)


_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\x1f\x8b\x08", Kind("gzip", "packed")),
    (b"\xfd7zXZ\0", Kind("xz", "packed")),
    (b"\x28\xb5\x2f\xfd", Kind("zstd", "packed")),
    (b"PK\3\4", Kind("zip", "zips")),
    (b"PK\5\6", Kind("zip", "zips")),
    (b"WARC/", Kind("warc", "warcs")),
    (b"filedesc://", Kind("arc", "arcs")),
)


_BY_NAME: tuple[tuple[str, Kind], ...] = (
    (".gz", Kind("gzip", "packed")),
    (".tgz", Kind("gzip", "packed")),
    (".bz2", Kind("bzip2", "packed")),
    (".xz", Kind("xz", "packed")),
    (".zst", Kind("zstd", "packed")),
    *((suffix, Kind("zip", "zips")) for suffix in (".zip", ".epub", ".maff", ".wacz")),
    (".warc", Kind("warc", "warcs")),
    (".webarchive", Kind("webarchive", "webarchive")),
    (".mhtml", Kind("mhtml", "mail")),
    (".mht", Kind("mhtml", "mail")),
)
_TOO_SHORT = 32
_BEGUN = {
    "warc": re.compile(rb"WARC-Type:"),
    "webarchive": re.compile(rb"^bplist|^<\?xml|<plist"),
    "mhtml": re.compile(rb"^[A-Z][A-Za-z-]*:"),
}
"""What damaged files of these formats may hold that are text."""


def _is_old_tar(head: bytes) -> bool:
    """Whether a header without the later mark has the right sum."""
    field = head[148:156].strip(b" \0")
    return len(head) >= 512 and field.isdigit() and sum(head[:148]) + 8 * 32 + sum(head[156:512]) == int(field, 8)


def _mail(start: bytes, name: str) -> Kind | None:
    if (line := FROM_LINE.match(start)) is not None and FIELD.match(start, line.end()):
        return Kind("mbox", "mail")
    found = _MIME_HEADERS.match(start)
    if found is None:
        return None
    headers = found.group()
    known = {header.lower() for header in _MAIL_HEADER.findall(headers)}
    if (
        not _MIME_TYPE.search(headers)
        and len(known) < _LEAST_MAIL_HEADERS
        and not (known and name.endswith(_MAIL_ENDS))
    ):
        return None
    saved = _SAVED_BY.search(headers) or (_RELATED.search(headers) and PurePosixPath(name).suffix in (".mht", ".mhtml"))
    return Kind("mhtml" if saved else "mail", "mail")


def _list(start: bytes, name: str) -> Kind | None:
    line = start.partition(b"\n")[0]
    if (name.endswith(_ROWS) and not start.startswith(b"<") and refusal(start) is None) or _is_row(line):
        return Kind("jsonl", "rows")
    if _EXPORT.search(start[:1024]):
        return Kind("bookmarks", "lists")
    fields = {field.strip().strip('"') for field in line.decode("ascii", "replace").lower().strip().split(",")}
    if "url" in fields and any(signs <= fields for signs in _CSV_SIGNS):
        return Kind("csv", "lists")
    return None


def _is_row(row: bytes) -> bool:
    """Whether what may be no JSON Lines by its name has a row with an address and content all the same."""
    return (
        _ROW.match(row) is not None
        and re.search(rb'"url"\s*:', row) is not None
        and re.search(rb'"(?:html|text)"\s*:', row) is not None
    )
