"""The encodings of the web, as the Encoding Standard (https://encoding.spec.whatwg.org) has them.

Python knows most of them, but not all their labels, and reads some bytes in another way than browsers do.
"""

from __future__ import annotations

import codecs
import re
from functools import cache, lru_cache, partial

_CODECS = {
    "big5": "big5hkscs",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "gbk": "gb18030",
    "iso-2022-jp": "iso2022_jp",
    "iso-8859-8-i": "iso8859-8",
    "macintosh": "mac-roman",
    "shift_jis": "cp932",
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac-cyrillic",
}
_NAMES = {codec: name for name, codec in _CODECS.items()} | {
    "gb18030": "gb18030",
    "iso8859-16": "iso-8859-16",
    "iso8859-8": "iso-8859-8",
}
_MANY_BYTES = frozenset("big5 euc-jp euc-kr gb18030 gbk iso-2022-jp shift_jis utf-8 utf-16be utf-16le".split())
# No page is in them: they turn harmless bytes into markup, or raise.
_NO_ENCODINGS = frozenset("idna mbcs oem punycode raw-unicode-escape undefined unicode-escape utf-7".split())

# Bytes of single-byte encodings that Python reads otherwise, or not at all.
_SINGLE = {"koi8-u": {0xAE: "\u045e", 0xBE: "\u040e"}, "windows-1255": {0xCA: "\u05ba"}}
# Characters that Python gives for the code of another: those of Unicode before there was that other, mostly.
_CHARACTERS = {
    "big5": (
        "\u2022\uff64\u203e\u223c\u2641\u2609¥¢£",
        "\u2027\ufe51¯\uff5e\u2295\u2299\uffe5\uffe0\uffe1",
    ),
    "euc-jp": ("\u301c\u2016\u2212¢£¬", "\uff5e\u2225\uff0d\uffe0\uffe1\uffe2"),
    "gb18030": (
        "\ue5e5\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
        "\u3000\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19\u1e3f\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
    ),
    "shift_jis": ("\uf8f0\uf8f1\uf8f2\uf8f3", "\ufffd" * 4),
}
# What Big5 has and Python's codec has not, from the first code of every row on.
_BIG5 = """
877A㡵𡵓𣚞𦀡㻬𥣞㫵竼龗𤅡𨤍𣇪𠪊𣉞䌊蒄龖鐯䤰蘓墖靊鈘秐稲晠権袝瑌篅枂稬剏遆㓦珄𥶹瓆鿇垳䤯呌䄱𣚎堘穲𧭥讏
87CC䚮𦺈䆁𥶙箮𢒼鿈𢓁𢓉𢓌鿉蔄𣖻䂴鿊䓡𪷿拁灮鿋
8E69箸 8E6F簆 8E7E糎 8EAB緒 8EB4縝 8ECD者 8ED0耨 8F57菁 8F69蒨 8F6E萏 8FCB覦覩 8FFE起 906D都 907A銹 90DC靜
90F1響 91BF鼖 9244蔃 92AF兙兛兝兞 92C8鍮 92D1瑹 9447浧 94CA禛 95D9邗 9644靝 96ED瀞 96FC嬨 9B76爁 9B78矗 9B7B纇
9BC6駖 9BDE釔 9BEC惞 9BF6澶 9C42輶 9C53侻 9C62營 9C68鄄 9C6B鷰 9C77菏 9CBC尐秣 9CD0婧 9D57輋 9D5A筑 9DC4拐
9EA9恢 9EEF痹 9EFD汊 9F60鬮 9F66鼗 9FCB僭 9FD8弌 A063蠏 A077拎 A0D5瑨 A0DF煢 A0E4牐
A3C0␀␁␂␃␄␅␆␇␈␉␊␋␌␍␎␏␐␑␒␓␔␕␖␗␘␙␚␛␜␝␞␟␡€ C6CF廴 C6D3无 C6D5癶 C6D7隶 C6DE〃仝 FA5F倩 FA66偽 FABD包 FAC5卄 FAD5卿
FB48嘅 FBB8婷 FBF3幵 FBF9廐 FC4F彘 FC6C悤 FCB9撐 FCE2晴 FCF1杞 FDB7沜渝 FDBB港 FDF1煮 FE52猪 FE6F瑜 FEAA瓩
FEDD砉
"""

_BROKEN = {
    "big5": re.compile(rb"[\x81-\xfe][\x80-\xff]"),
    "euc-jp": re.compile(rb"\x8f[\xa1-\xfe][\x80-\xff]?|[\x8e\x8f\xa1-\xfe][\x80-\xff]"),
    "euc-kr": re.compile(rb"[\x81-\xfe][\x80-\xff]"),
    "gb18030": re.compile(rb"[\x81-\xfe](?:[0-9][\x81-\xfe](?:[0-9]|\Z)|[0-9]\Z|[\x80-\xff])"),
    "shift_jis": re.compile(rb"[\x81-\x9f\xe0-\xfc][\x80-\xff]"),
}
"""What one U+FFFD stands for where it is no character; else for one byte. What is ASCII is never swallowed."""
_LONGEST_LABEL = 40
_ISO_2022_JP = re.compile(rb"\x1b(\([BIJ]|\$[@B])")
_JIS = bytes(code | 0x80 if 0x20 < code < 0x7F else code for code in range(256))


def known_encoding(label: str) -> str | None:
    """Return the name of the encoding that *label* stands for, None where it stands for none.

    Labels and names are those of the Encoding Standard; beyond them, whatever Python has a codec for, by its name.
    """
    label = label.strip(" \t\n\f\r\"'")
    return _known_encoding(label.lower()) if len(label) <= _LONGEST_LABEL else None


@lru_cache(maxsize=256)
def _known_encoding(label: str) -> str | None:
    from w3lib.encoding import resolve_encoding
    from webencodings.labels import LABELS

    if label in LABELS:
        return LABELS[label]
    try:
        codec = resolve_encoding(label)
        if codec is None or codec in _NO_ENCODINGS:
            return None
        # Raises for the codecs that are no encodings of text.
        "".encode(codec)
    except (LookupError, ValueError):
        return None
    return _NAMES.get(codec) or LABELS.get(codec, codec)


def decode_as(content: bytes, encoding: str) -> str:
    """Return content as text; encoding is a name that :func:`known_encoding` gave.

    What does not decode becomes U+FFFD. Raises LookupError for another name.
    """
    from webencodings.labels import LABELS

    if encoding == "iso-2022-jp":
        return _iso_2022_jp(content)
    if encoding == "replacement":
        return "\ufffd" if content else ""
    if encoding in _MANY_BYTES:
        return _many_bytes(content, "gb18030" if encoding == "gbk" else encoding)
    if LABELS.get(encoding) == encoding:
        return codecs.charmap_decode(content, "strict", _table(encoding))[0]
    return content.decode(encoding, "replace")


@cache
def _table(encoding: str) -> str:
    """The characters of the 256 bytes of a single-byte encoding of the standard."""
    if encoding == "x-user-defined":
        return "".join(chr(code if code < 0x80 else code + 0xF700) for code in range(256))
    table = list(bytes(range(256)).decode(_CODECS.get(encoding, encoding), "replace"))
    for code in range(0x80, 0xA0):
        if table[code] == "\ufffd":
            table[code] = chr(code)
    for code, character in _SINGLE.get(encoding, {}).items():
        table[code] = character
    return "".join(table)


def _many_bytes(content: bytes, encoding: str) -> str:
    if encoding == "euc-jp":
        # The tilde of JIS X 0212, which Python takes for that of ASCII.
        content = content.replace(b"\x8f\xa2\xb7", b"\xa1\xc1")
    text = content.decode(_CODECS.get(encoding, encoding), f"cleaner-{encoding}" if encoding in _BROKEN else "replace")
    # As many passes as characters: they are few, and each pass is much quicker than one of str.translate.
    for old, new in zip(*_CHARACTERS.get(encoding, ("", "")), strict=True):
        text = text.replace(old, new)
    return text


def _iso_2022_jp(content: bytes) -> str:
    first, *rest = _ISO_2022_JP.split(content)
    texts = [first.decode("ascii", "replace")]
    for escape, run in zip(rest[::2], rest[1::2], strict=True):
        if escape[:1] == b"$":
            texts.append(_many_bytes(run.translate(_JIS), "euc-jp"))
        elif escape == b"(I":
            texts.append(_many_bytes(run.translate(_JIS), "shift_jis"))
        else:
            text = run.decode("ascii", "replace")
            texts.append(text.replace("\\", "¥").replace("~", "\u203e") if escape == b"(J" else text)
    return "".join(texts)


def _unread(encoding: str, error: UnicodeError) -> tuple[str, int]:
    """What stands for bytes that Python's codec does not read, and where to read on."""
    assert isinstance(error, UnicodeDecodeError)
    content, start = error.object, error.start
    if encoding == "gb18030" and content[start] == 0x80:
        return "€", start + 1
    code = content[start : start + 2]
    if encoding == "big5" and code in (more := _more_of_big5()):
        return more[code], start + 2
    if encoding == "euc-jp" and len(code) == 2 and min(code) > 0xA0 and max(code) < 0xFF:
        return _by_shift_jis(code), start + 2
    broken = _BROKEN[encoding].match(content, start)
    return "\ufffd", broken.end() if broken else start + 1


@cache
def _more_of_big5() -> dict[bytes, str]:
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    codes = {}
    for row in _BIG5.split():
        lead, trail = bytes.fromhex(row[:4])
        for place, character in enumerate(row[4:], trails.index(trail)):
            codes[bytes((lead, trails[place]))] = character
    return codes


def _by_shift_jis(code: bytes) -> str:
    """A code of EUC-JP by way of Shift_JIS, for the rows of NEC and IBM: Python's codec has them there only."""
    row, cell = code[0] - 0xA1, code[1] - 0xA1
    lead = row // 2 + (0x81 if row < 62 else 0xC1)
    trail = cell + (0x9F if row % 2 else 0x40 if cell < 63 else 0x41)
    text = bytes((lead, trail)).decode("cp932", "replace")
    return text if len(text) == 1 else "\ufffd"


for _encoding in _BROKEN:
    codecs.register_error(f"cleaner-{_encoding}", partial(_unread, _encoding))
