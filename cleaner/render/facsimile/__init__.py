"""The page itself as it was saved, made harmless, with its blocks marked: to be looked at beside their labels."""

from cleaner.render.facsimile.build import MARK, Facsimile, facsimile

__all__ = ["MARK", "Facsimile", "facsimile"]
