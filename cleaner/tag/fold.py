"""One form for texts and phrases, so that they can be compared."""

from __future__ import annotations

import unicodedata

_ALIKE = (
    *(("’", "'"), ("‘", "'"), ("`", "'"), ("ʼ", "'"), ("\n", " "), ("i\u0307", "i"), ("ı", "i")),
    *(("ş", "ș"), ("ţ", "ț")),
    *(("ά", "α"), ("έ", "ε"), ("ή", "η"), ("ί", "ι"), ("ό", "ο"), ("ύ", "υ"), ("ώ", "ω")),
)
"""Turkish capitals among them: which i they stand for cannot be told without the language. Romanian is written with a
cedilla or with a comma below, Greek capitals without their accents."""
_EDGES = (
    "\ufe0f \t\n.,:;!?…·•*|/\\-–—_→←»«›‹▶►▸▾▼▲✕✖×+#()[]{}\"'“”„‚‘’`~=<>0123456789　。、，：；！？「」『』（）【】・"
)


def fold(text: str) -> str:
    """Return text in lower case, compatibility forms and quotes made alike, on one line."""
    if text.isascii():
        folded = text.lower().replace("`", "'")
        return folded.replace("\n", " ") if "\n" in folded else folded
    if not unicodedata.is_normalized("NFKC", text):
        # The acute accent alone, typed for an apostrophe, would become a space and a mark.
        text = unicodedata.normalize("NFKC", text.replace("´", "'"))
    folded = text.casefold()
    for mark, plain in _ALIKE:
        if mark in folded:
            folded = folded.replace(mark, plain)
    return folded


def bare(folded: str) -> str:
    """Return folded text without the marks, arrows, pictures and figures at its ends."""
    text = folded.strip(_EDGES)
    while text and not (text[0].isalnum() and text[-1].isalnum()) and _is_picture(text):
        text = text[1:] if not text[0].isalnum() else text[:-1]
        text = text.strip(_EDGES)
    return text


def _is_picture(text: str) -> bool:
    """Whether an end of the text is neither a letter, a figure nor a mark that belongs to a letter."""
    return any(not end.isalnum() and unicodedata.category(end)[0] in "SPCZ" for end in (text[0], text[-1]))
