"""How mistakes are said."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 60
"""Characters of what is not known."""


def unknown(what: str, value: str, known: Iterable[str]) -> str:
    """That there is no such thing, the nearest one, and what there is."""
    names, value = list(known), value[:_SHOWN]
    near = get_close_matches(value, names, 1)
    meant = f": did you mean {near[0]}? There" if near else ": there"
    return f'no {what} "{value}"{meant} are {", ".join(names)}'
