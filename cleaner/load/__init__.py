"""Any saved page to :class:`Page`: what came in and from where, before anything is known about its content."""

from cleaner.load.page import Page, PageError
from cleaner.load.source import load

__all__ = ["Page", "PageError", "load"]
