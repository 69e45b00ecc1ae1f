"""Characters and words of any script: normal form, and how many words a text has."""

from __future__ import annotations

import re
import unicodedata

# U+200C and U+200D carry meaning inside Arabic and Indic words and emoji, so they go only elsewhere.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
    "|(?<![\u0600-\u06ff\u0900-\u0dff\ufb50-\ufdff\ufe70-\ufefc])\u200c|\u200c(?![\u0600-\u06ff\u0900-\u0dff])"
    "|(?<![\u0600-\u06ff\u0900-\u0dff\u2600-\u27bf\ufe0f\U0001f300-\U0001faff])\u200d"
)
_GRAPHEME_JOINER = "\u034f"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UNSPACED = re.compile(
    "([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f]+)"
    "|([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+)"
)
_CHARS_A_WORD_HAN = 1.7
_CHARS_A_WORD_THAI = 4.5


def tidy(text: str) -> str:
    """Drop what is invisible and give the rest in NFC; white space stays as it is."""
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text)
    if text.isascii():
        return text
    text = _INVISIBLE.sub("", text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def collapse(text: str) -> str:
    """The text on one line, single spaces between words, no-break spaces included."""
    text = " ".join(text.split())
    # Nothing unprintable means nothing invisible, but for one mark: the common case, told at little cost.
    if text.isprintable() and _GRAPHEME_JOINER not in text:
        if text.isascii() or unicodedata.is_normalized("NFC", text):
            return text
        return unicodedata.normalize("NFC", text)
    return " ".join(tidy(text).split())


def count_words(text: str) -> int:
    """How many words a text has; in scripts without spaces, as many as its length would make."""
    words = text.count(" ") + text.count("\n") + 1 if text else 0
    if text.isascii():
        return words
    for han, thai in _UNSPACED.findall(text):
        words += int(len(han) / _CHARS_A_WORD_HAN if han else len(thai) / _CHARS_A_WORD_THAI)
    return words


def is_unspaced(character: str) -> bool:
    """Whether a character is of a script that writes no spaces between words."""
    return bool(_UNSPACED.match(character))


def run_together(last_two: str, text: str) -> bool:
    """Whether a text would run into the word before it, as a label into its value: *Pages240*, *AuthorEna Brock*.

    Where style sheets part two elements nothing in the markup does. last_two are the characters before the text.
    """
    if len(last_two) < 2 or not last_two.isalnum():
        return False
    if last_two[1].islower():
        return text[0].isupper() or text[0].isdigit()
    return text[0].isupper() and text[1:2].islower()
