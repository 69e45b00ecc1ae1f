"""Cleaner: a saved web page in, its article out.

>>> import cleaner
>>> doc = cleaner.clean(page_bytes, url="https://paper.example/story")  # doctest: +SKIP
>>> doc.text, doc.removed, doc.asks  # doctest: +SKIP
"""

from cleaner.document import Access, Ask, Block, Document, Kind, Label, Metadata, PageType, Where
from cleaner.load import Page, PageError, load
from cleaner.pipeline import Cleaner, clean, clean_text
from cleaner.version import __version__

__all__ = [
    "Access",
    "Ask",
    "Block",
    "Cleaner",
    "Document",
    "Kind",
    "Label",
    "Metadata",
    "Page",
    "PageError",
    "PageType",
    "Where",
    "__version__",
    "clean",
    "clean_text",
    "load",
]
