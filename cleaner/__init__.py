"""Cleaner: a saved web page in, its article out.

>>> import cleaner
>>> doc = cleaner.clean(page_bytes, url="https://paper.example/story")  # doctest: +SKIP
>>> doc.text, doc.removed, doc.asks  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

from cleaner.document import Access, Ask, Block, Document, Kind, Label, Metadata, PageType, Where
from cleaner.load import Page, PageError, load
from cleaner.pipeline import Cleaner, clean, clean_text
from cleaner.version import __version__

if TYPE_CHECKING:
    from cleaner.render.report import report
    from cleaner.site.profile import SiteProfile
    from cleaner.user.corrections import Corrections
    from cleaner.user.rules import Rule, RuleSet

_LATER = {
    "Corrections": "cleaner.user.corrections",
    "Rule": "cleaner.user.rules",
    "RuleSet": "cleaner.user.rules",
    "SiteProfile": "cleaner.site.profile",
    "report": "cleaner.render.report",
}
"""Names that need more than cleaning does: they are loaded when they are asked for."""


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LATER[name]), name)


__all__ = [
    "Access",
    "Ask",
    "Block",
    "Cleaner",
    "Corrections",
    "Document",
    "Kind",
    "Label",
    "Metadata",
    "Page",
    "PageError",
    "PageType",
    "Rule",
    "RuleSet",
    "SiteProfile",
    "Where",
    "__version__",
    "clean",
    "clean_text",
    "load",
    "report",
]
