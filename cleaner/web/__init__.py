"""Cleaner over HTTP, for programs in any language: ``cleaner serve``. Needs ``pip install 'pagecleaner[web]'``."""
