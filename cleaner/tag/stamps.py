"""Dates, times and names of writers on lines of their own, told by their form in any language."""

from __future__ import annotations

import re

_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{4}年|๒๕\d\d|25\d\d(?!\d)")
_DAY = re.compile(
    r"(?<!\d)\d{1,2}(?:st|nd|rd|th|\.|er|º)?[\s/.-]+(?:de\s+)?(?:\d{1,2}|[^\s\d.,/:-]{2,14}\.?)[\s/.,-]+(?:de\s+)?(?:19|20|25)?\d\d(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|[^\s\d.,/:-]{2,14}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d"
    r"|\d{1,2}月\d{1,2}日|\d{1,2}월\s*\d{1,2}일"
)
_DATED = re.compile(r"\d\D+\d\d|\d[-/.]\d|\d[月월]")
"""In every day: told at little cost, while to look for a day takes long where there is none."""
_TIME = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3])(?:[:.]|h\s?|時)[0-5]\d(?!\d)(?:\s?[ap]\.?m\b\.?)?", re.I)
_CLOCK = re.compile(r"\W*(?:[01]?\d|2[0-3])[:.h][0-5]\d\W*(?:[ap]\.?m\.?|[A-Z]{2,4}|uhr|uur|klo)?\W*", re.I)
_READING_TIME = re.compile(
    r"\b\d{1,3}[\s-]*(?:min(?:ute[ns]?|uti|utos|uter|uten|ut)?|dk|dakika|мин(?:ут\w?)?|хв|דקות|"
    r"मिनट|นาที|分(?:钟|鐘)?|분)\b",
    re.I,
)
_READING_WORDS = 6
_COUNTER = re.compile(r"\W*\d{1,3}\s*(?:/|of|von|sur|de|di|van|из)\s*\d{1,3}\W*", re.I)
_AMOUNT = re.compile(
    r"\W*(?:[$€£¥₹₽₺₪₩]|CHF|EUR|USD|GBP|R\$|Rs\.?|kr\.?|zł|Kč|Ft|lei|TL|руб\.?|грн|ש״ח)?\s?\d[\d.,'\s]*\s?"
    r"(?:[$€£¥₹₽₺₪₩]|CHF|EUR|USD|GBP|euros?|dollars?|kr\.?|zł|Kč|Ft|lei|TL|руб\.?|грн|ש״ח|円|元|원|บาท)?\W*",
    re.I,
)
_CURRENCY = re.compile(r"[^\d\s.,']")
MOST_WORDS = 22
COUNTER_LENGTH = 14
_BARE_WORDS = 9


def is_stamp(text: str, words: int) -> bool:
    """Whether a block says when (and perhaps by whom) something was written, and no more.

    A date with a year in a line of a few words, a date with a time of day in a longer one, or a time alone.
    """
    if words > MOST_WORDS or _DIGIT.search(text) is None or text.endswith(("?", "!", "。")):
        return False
    if _CLOCK.fullmatch(text) or (words <= _READING_WORDS and _READING_TIME.search(text)):
        return True
    day = _DAY.search(text) if _DATED.search(text) else None
    if day is None:
        return False
    if _TIME.search(text, day.end()) or _TIME.search(text, 0, day.start()):
        return True
    return words <= _BARE_WORDS and _YEAR.search(text) is not None and not text.endswith(".")


def is_counter(text: str) -> bool:
    """Whether a block is a counter such as ``3 / 12``."""
    return len(text) <= COUNTER_LENGTH and _COUNTER.fullmatch(text) is not None


def is_amount(text: str) -> bool:
    """Whether a block is a sum of money alone, as on the buttons of a donation box."""
    return len(text) <= 16 and _CURRENCY.search(text) is not None and _AMOUNT.fullmatch(text) is not None
