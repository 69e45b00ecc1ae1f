"""Bytes to UTF-8: which encoding a page is in.

Saved pages often declare another encoding than they have, or none. So: byte order mark; then UTF-8 wherever the bytes
say so; then what the transport declared; then ``<meta>``; then detection, within what was usual in the page's language.
Labels mean what browsers take them for.
"""

from __future__ import annotations

import codecs
import re
from itertools import pairwise

from cleaner.twin import twin

_DETECT_REACH = 60_000
_LOOK = 20_000
_ISO_2022 = re.compile(rb"\x1b[$(]")
_HZ = re.compile(rb"~\{")
# What is not closed goes on to the end: nothing is read twice.
_TAGS = re.compile(rb"<(script|style)\b.*?(?:</\1\s*>|\Z)|<[^>]*(?:>|\Z)", re.S | re.I)
CONTROLS = bytes([*range(9), 0x0B, *range(0x0E, 0x20), 0x7F])
"""Characters that no page may hold."""
_SURROGATES = re.compile("[\ud800-\udfff]")
_WRONG = re.compile("[\x80-\x9f\ufffd]")


def decode(content: bytes, charset: str | None = None) -> tuple[bytes, str]:
    """Return *content* as clean UTF-8, and the encoding it was in, by the name of the Encoding Standard if it has one.

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
        if not _seven_bit(content, charset):
            return _clean(content), "utf-8"
    elif (utf8 := _as_utf8(content)) is not None:
        return utf8, "utf-8"
    from cleaner.html.encodings import decode_as

    encoding = _declared(content, charset)
    # Browsers show nothing of a page in an encoding that they have replaced. There is text in it all the same.
    if encoding is None or encoding == "replacement":
        encoding = _detected(content)
    return encode(decode_as(content, encoding)), encoding


def encode(text: str) -> bytes:
    """Return text as the clean UTF-8 that the parser takes: no control character, no lone surrogate."""
    try:
        utf8 = text.encode("utf-8")
    except UnicodeEncodeError:
        utf8 = _SURROGATES.sub("\ufffd", text).encode("utf-8")
    return _clean(utf8)


def _wide(content: bytes) -> str | None:
    """UTF-16 without a byte order mark, told by the zeros beside the first characters."""
    start = content[:64]
    if len(start) < 8 or start.count(0) < len(start) // 3 or start[:2] == b"\0\0":
        return None
    if not any(start[::2]) or start[::2].count(0) > len(start) // 3:
        return "utf-16be"
    return "utf-16le" if start[1::2].count(0) > len(start) // 3 else None


def _by_bom(content: bytes) -> tuple[bytes, str]:
    from w3lib.encoding import read_bom

    from cleaner.html.encodings import known_encoding

    encoding, bom = read_bom(content)
    if encoding is None or bom is None:
        return encode(content.decode("utf-8", "replace")), "utf-8"
    return encode(content[len(bom) :].decode(encoding, "replace")), known_encoding(encoding) or encoding


def _as_utf8(content: bytes) -> bytes | None:
    """The bytes cleaned, where they themselves show that they are UTF-8; else None."""
    if (COMPILED.is_utf8 if COMPILED else is_utf8)(content):
        return _clean(content)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        # A page cut inside its last character is UTF-8 all the same, unless that is the one sequence it holds.
        if (
            error.end == len(content)
            and error.reason == "unexpected end of data"
            and not content[: error.start].isascii()
        ):
            return _clean(content[: error.start])
    text = content.decode("utf-8", "replace")
    # A few broken bytes in a page full of well-formed sequences: no other encoding looks like that.
    multibyte = len(content) - len(text)
    return encode(text) if multibyte > 100 * text.count("\ufffd") else None


def is_utf8(content: bytes) -> bool:
    """Whether bytes are well-formed UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def without_controls(content: bytes) -> bytes:
    """UTF-8 without control characters."""
    return content.translate(None, CONTROLS)


def _clean(utf8: bytes) -> bytes:
    return (COMPILED.without_controls if COMPILED else without_controls)(utf8)


def _seven_bit(content: bytes, charset: str | None) -> bool:
    """Whether ASCII stands for other characters: after escapes, or in the way of HZ where such a page is declared."""
    # A single byte is looked for much faster than an expression: this is on the way of every page in ASCII.
    if b"\x1b" in content and _ISO_2022.search(content):
        return True
    return b"~" in content and bool(_HZ.search(content)) and _declared(content, charset) == "replacement"


def _declared(content: bytes, charset: str | None) -> str | None:
    """The encoding that the transport declared, or else the page."""
    from cleaner.html.charset import declared_by_page
    from cleaner.html.encodings import decode_as, known_encoding

    if charset and (known := known_encoding(charset)):
        return known
    found = declared_by_page(content)
    if found is None or found == "replacement":
        return found
    if found == "x-user-defined":
        return "windows-1252"
    # The declaration itself was read as ASCII, so the page is in nothing where letters are other bytes.
    return found if decode_as(b"charset", found) == "charset" else "utf-8"


def _detected(content: bytes) -> str:
    # chardet by name: what other libraries detect with depends on what else happens to be installed.
    import chardet
    from w3lib.encoding import resolve_encoding

    from cleaner.html.encodings import decode_as, known_encoding
    from cleaner.html.locales import usual_encodings

    prose = content[: 4 * _DETECT_REACH]
    # Where ASCII stands for other characters, a tag may be none.
    if not prose.isascii():
        prose = _TAGS.sub(b" ", prose)
    prose = prose[:_DETECT_REACH]
    found = chardet.detect(prose)["encoding"]
    # By Python's name: labels of encodings that the standard replaces would be taken for no encoding at all.
    encoding = known_encoding(resolve_encoding(found) or "") if found else None
    # What is detected of a short page is often a neighbour of what it is.
    usual = usual_encodings(content)
    candidates = (encoding, *usual) if encoding in usual or not usual else usual
    texts = {name: decode_as(prose, name)[:-1] for name in candidates if name and name != "utf-8"}
    right = {name: text for name, text in texts.items() if not _WRONG.search(text)}
    if not right or not usual or encoding in usual:
        return encoding if encoding in right else "windows-1252"
    return min(right, key=lambda name: _oddities(right[name]))


def _oddities(text: str) -> int:
    """How much in a text no language writes: symbols in words, small letters before capital ones."""
    return sum(
        (a.islower() and b.isupper()) or (a.isalpha() and not b.isascii() and not b.isalpha())
        for a, b in pairwise(text[:_LOOK])
    )


COMPILED = twin("cleaner.html._decode")
"""The twin of ``is_utf8`` and ``without_controls``."""
