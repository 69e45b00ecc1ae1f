"""Bytes to UTF-8: which encoding a page is in.

Saved pages often declare another encoding than they have, or none. So: byte order mark; then UTF-8 wherever the bytes
say so; then what the transport declared; then ``<meta>``; then detection. Labels mean what browsers take them for.
"""

from __future__ import annotations

import codecs
import re

_META_REACH = 8192
_DETECT_REACH = 60_000
_ISO_2022 = re.compile(rb"\x1b[$(]")
_TAGS = re.compile(rb"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.S | re.I)
_CONTROLS = bytes([*range(9), 0x0B, *range(0x0E, 0x20), 0x7F])
_SURROGATES = re.compile("[\ud800-\udfff]")
_NOT_SAID_BY_META = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"})


def decode(content: bytes, charset: str | None = None) -> tuple[bytes, str]:
    """Return *content* as clean UTF-8, and the name of the encoding it was in.

    charset is what the transport declared. Never raises: what does not decode becomes U+FFFD. Control characters,
    which no page may hold, are dropped.
    """
    if content[:3] == codecs.BOM_UTF8:
        return encode(content[3:].decode("utf-8", "replace")), "utf-8"
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or content[:4] == codecs.BOM_UTF32_BE:
        return _by_bom(content)
    if wide := _wide(content):
        return encode(content.decode(wide, "replace")), wide
    if content.isascii():
        if not _ISO_2022.search(content):
            return content.translate(None, _CONTROLS), "utf-8"
    elif (utf8 := _as_utf8(content)) is not None:
        return utf8, "utf-8"
    encoding = _declared(content, charset) or _detected(content)
    try:
        return encode(content.decode(encoding, "replace")), encoding
    except (LookupError, UnicodeError):
        return encode(content.decode("utf-8", "replace")), "utf-8"


def encode(text: str) -> bytes:
    """Return text as the clean UTF-8 that the parser takes: no control character, no lone surrogate."""
    try:
        utf8 = text.encode("utf-8")
    except UnicodeEncodeError:
        utf8 = _SURROGATES.sub("\ufffd", text).encode("utf-8")
    return utf8.translate(None, _CONTROLS)


def _wide(content: bytes) -> str | None:
    """UTF-16 without a byte order mark, told by the zeros beside the first characters."""
    start = content[:64]
    if len(start) < 8 or start.count(0) < len(start) // 3 or start[:2] == b"\0\0":
        return None
    if not any(start[::2]) or start[::2].count(0) > len(start) // 3:
        return "utf-16-be"
    return "utf-16-le" if start[1::2].count(0) > len(start) // 3 else None


def _by_bom(content: bytes) -> tuple[bytes, str]:
    from w3lib.encoding import read_bom

    encoding, bom = read_bom(content)
    if encoding is None or bom is None:
        return encode(content.decode("utf-8", "replace")), "utf-8"
    return encode(content[len(bom) :].decode(encoding, "replace")), encoding


def _as_utf8(content: bytes) -> bytes | None:
    """The bytes cleaned, where they themselves show that they are UTF-8; else None."""
    try:
        content.decode("utf-8")
        return content.translate(None, _CONTROLS)
    except UnicodeDecodeError as error:
        # A page cut inside its last character is UTF-8 all the same, unless that is the one sequence it holds.
        if (
            error.end == len(content)
            and error.reason == "unexpected end of data"
            and not content[: error.start].isascii()
        ):
            return content[: error.start].translate(None, _CONTROLS)
    text = content.decode("utf-8", "replace")
    # A few broken bytes in a page full of well-formed sequences: no other encoding looks like that.
    multibyte = len(content) - len(text)
    return encode(text) if multibyte > 100 * text.count("\ufffd") else None


def _declared(content: bytes, charset: str | None) -> str | None:
    from w3lib.encoding import html_body_declared_encoding, resolve_encoding

    if charset and (known := resolve_encoding(charset)):
        return known
    said = html_body_declared_encoding(content[:_META_REACH])
    return "utf-8" if said in _NOT_SAID_BY_META else said


def _detected(content: bytes) -> str:
    # chardet by name: what other libraries detect with depends on what else happens to be installed.
    import chardet
    from w3lib.encoding import resolve_encoding

    prose = _TAGS.sub(b" ", content[: 4 * _DETECT_REACH])[:_DETECT_REACH]
    found = chardet.detect(prose)["encoding"]
    encoding = resolve_encoding(found) if found else None
    if encoding and encoding != "utf-8" and _decodes(prose, encoding):
        return encoding
    return "windows-1252"


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(content, final=False)
    except (LookupError, UnicodeError):
        return False
    return True
