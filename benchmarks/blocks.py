"""The block cut that labels refer to, where the measures look for it: it lives with what learns from it."""

from cleaner.training.cut import Cut, blocks

__all__ = ["Cut", "blocks"]
