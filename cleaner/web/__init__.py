"""Cleaner over HTTP, for programs in any language: ``cleaner serve``. Needs the extra ``web``."""
