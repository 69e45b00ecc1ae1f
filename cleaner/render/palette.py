"""One colour a label, wherever labels are shown: reports, terminals, the review page.

Reds are for asks, greens for the article, the rest is cruft of other hues. Every text is readable on its background,
and on white or black, by WCAG's level AA; a terminal's colour is midway, since nobody knows what it stands on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cleaner.document import Label


@dataclass(frozen=True, slots=True)
class Pair:
    """A background and the text on it, as ``#rrggbb``."""

    background: str
    text: str


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a label.

    terminal is for terminals with 256 or more colours, ``#rrggbb``; basic is one of the eight that all have, by name.
    """

    light: Pair
    dark: Pair
    terminal: str
    basic: str


#                light: background, text; dark: background, text; terminal; basic
_TABLE = {
    Label.TITLE: ("#e9f7eb", "#0b6d32", "#162b1b", "#97d6a4", "#0b8a40", "green"),
    Label.BODY: ("#e8f7ec", "#066d3d", "#142b1d", "#91d7a9", "#028a4e", "green"),
    Label.CAPTION: ("#e6f7f2", "#026b58", "#102b24", "#86d7c1", "#0b8670", "green"),
    Label.BYLINE: ("#e6f6f5", "#096866", "#102a29", "#88d4d1", "#088481", "green"),
    Label.NEWSLETTER: ("#ffedf4", "#8c3865", "#341d28", "#f4abcd", "#bb5189", "red"),
    Label.DONATION: ("#ffeeec", "#993331", "#381c1a", "#feaba4", "#cc4b48", "red"),
    Label.PAYWALL: ("#ffefe8", "#953b02", "#371e12", "#fdaf8b", "#c85408", "red"),
    Label.ADVERTISEMENT: ("#fcf0e3", "#7c5006", "#31220e", "#ebba7e", "#a66c0b", "yellow"),
    Label.APP_PROMO: ("#f4f3e4", "#645d00", "#282611", "#ccc886", "#817901", "yellow"),
    Label.RELATED: ("#eff2ff", "#4c509f", "#212339", "#b6bffe", "#676ed1", "yellow"),
    Label.SOCIAL: ("#e7f5ff", "#056190", "#142835", "#91ccf6", "#097db8", "yellow"),
    Label.COMMENTS: ("#f5effe", "#6a488d", "#292133", "#d1b7f1", "#9065bc", "yellow"),
    Label.AUTHOR_BIO: ("#f8eff7", "#724b70", "#2c212b", "#d9b8d7", "#976795", "yellow"),
    Label.CONSENT: ("#f7f1ed", "#70543e", "#2b241d", "#d7bfac", "#937054", "yellow"),
    Label.LEGAL: ("#f3f2ef", "#605a4b", "#272521", "#c9c4b7", "#7f7864", "yellow"),
    Label.NAVIGATION: ("#eff3f8", "#4a5c73", "#21262c", "#b6c6da", "#637a97", "yellow"),
    Label.OTHER: ("#f2f2f2", "#5b5b5b", "#252525", "#c4c4c4", "#787878", "yellow"),
}

PALETTE: Mapping[Label, Colours] = MappingProxyType(
    {
        label: Colours(Pair(light, on_light), Pair(dark, on_dark), terminal, basic)
        for label, (light, on_light, dark, on_dark, terminal, basic) in _TABLE.items()
    }
)
"""The colours of every label."""
