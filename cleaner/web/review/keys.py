"""The key of each label on the review page: mnemonic, and none that moves about there (j k n p u d)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cleaner.document import Label

KEYS: Mapping[Label, str] = MappingProxyType(
    {
        Label.TITLE: "t",
        Label.BODY: "b",
        Label.CAPTION: "c",
        Label.BYLINE: "y",
        Label.NEWSLETTER: "l",
        Label.DONATION: "g",
        Label.PAYWALL: "w",
        Label.ADVERTISEMENT: "a",
        Label.APP_PROMO: "i",
        Label.RELATED: "r",
        Label.SOCIAL: "s",
        Label.COMMENTS: "m",
        Label.AUTHOR_BIO: "h",
        Label.CONSENT: "e",
        Label.LEGAL: "f",
        Label.NAVIGATION: "v",
        Label.OTHER: "o",
    }
)
HINTS: Mapping[Label, str] = MappingProxyType(
    {
        Label.BYLINE: "by",
        Label.NEWSLETTER: "letter",
        Label.DONATION: "give",
        Label.APP_PROMO: "install",
        Label.COMMENTS: "comments",
        Label.AUTHOR_BIO: "who",
        Label.CONSENT: "cookies",
        Label.LEGAL: "fine print",
        Label.NAVIGATION: "navigation",
    }
)
"""The word that a key is in, where the label does not begin with it."""
