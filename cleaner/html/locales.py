"""Which encodings pages in a language had before there was UTF-8, the usual one first.

After the fallbacks of browsers by locale (HTML Standard, 13.2.3.2), and the others that were common.
"""

from __future__ import annotations

import re

_LANGUAGE = re.compile(rb"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)", re.I)
_REACH = 8192
_CENTRAL = ("windows-1250", "iso-8859-2")
_CYRILLIC = ("windows-1251", "koi8-r", "iso-8859-5", "ibm866")
_CHINESE = ("gbk", "big5")
_USUAL: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("cs", "sk", "hr", "bs", "hu", "pl", "ro", "sl", "sq"), _CENTRAL),
    **dict.fromkeys(("ru", "bg", "mk", "sr", "be", "kk", "ky", "tg", "tt", "mn"), _CYRILLIC),
    "uk": ("windows-1251", "koi8-u", "iso-8859-5"),
    "el": ("windows-1253", "iso-8859-7"),
    **dict.fromkeys(("tr", "az", "ku"), ("windows-1254",)),
    "he": ("windows-1255", "iso-8859-8"),
    **dict.fromkeys(("ar", "fa", "ur"), ("windows-1256", "iso-8859-6")),
    **dict.fromkeys(("et", "lt", "lv"), ("windows-1257", "iso-8859-13", "iso-8859-4")),
    "vi": ("windows-1258",),
    "th": ("windows-874",),
    "ja": ("shift_jis", "euc-jp", "iso-2022-jp"),
    "ko": ("euc-kr",),
    "zh": _CHINESE,
    **dict.fromkeys(("zh-tw", "zh-hk", "zh-mo", "zh-hant"), _CHINESE[::-1]),
}


def usual_encodings(content: bytes) -> tuple[str, ...]:
    """The usual encodings for the language that a page declares; none where any Western one will do."""
    found = _LANGUAGE.search(content[:_REACH])
    if found is None:
        return ()
    language = found[1].decode("ascii").lower()
    return _USUAL.get("-".join(language.split("-")[:2])) or _USUAL.get(language.partition("-")[0], ())
