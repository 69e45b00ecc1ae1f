"""Compiled twins of slow modules (after PEP 399): the reference is in Python, the twin must agree with it."""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType

PURE = "CLEANER_PURE"
"""With this variable of the environment set the references run, also where their twins were built."""


def twin(name: str) -> ModuleType | None:
    """The compiled module of this name; None where it was not built, does not fit, or is not wanted.

    A twin that finds at its import that it was built for other libraries than these raises ImportError.
    """
    if os.environ.get(PURE):
        return None
    try:
        return import_module(name)
    except (ImportError, TypeError, ValueError):
        # The latter two are what Cython raises where another module's compiled types are not as they were.
        return None
