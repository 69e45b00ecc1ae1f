"""Texts and regular expressions of all rules, looked for together and in time with the text, whatever they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any

from cleaner.tag.fold import fold
from cleaner.tag.matcher import Matcher

_APART = "\x00"
"""Stands in no block."""
_WHOLE = re.compile(r"\\[AzQ]|\(\?[a-zA-Z]*-")
"""What may speak of the beginning and the end of the text even where each line is to count as one."""
_LARGE, _ROOMY = 1_000, 100_000
"""Instructions of an expression, and of all that are matched together: past its room RE2 finds none, silently."""
_ROOM = 32 << 20
"""Bytes that it has for them."""


def folded(text: str) -> str:
    """A text as it is looked for."""
    return " ".join(fold(text).split())


def compiled(pattern: str) -> Any:
    """A regular expression for RE2. Raises ValueError, with what is wrong."""
    import re2

    try:
        return re2.compile(pattern, _options())
    except re2.error as error:
        what = error.args[0] if error.args else ""
        raise ValueError(what.decode("utf-8", "replace") if isinstance(what, bytes) else str(what)) from None


class Words:
    """What rules look for in blocks: folded texts and checked expressions, parallel to the rules, empty for none."""

    def __init__(self, texts: Sequence[str], patterns: Sequence[str]) -> None:
        self._texts = [(place, text) for place, text in enumerate(texts) if text]
        self._matcher = Matcher([text for _, text in self._texts])
        expressions = [(place, compiled(pattern)) for place, pattern in enumerate(patterns) if pattern]
        self._alone = [(place, one) for place, one in expressions if not _is_joinable(one)]
        self._groups = list(_grouped([(place, one) for place, one in expressions if _is_joinable(one)]))

    def texts(self, blocks: Sequence[str]) -> dict[int, frozenset[int]]:
        """The blocks in which the text of each rule stands, by the place of the rule."""
        alike = fold(_APART.join(blocks)).split(_APART)
        return _gathered((self._texts[text][0], block) for block, text, _, _ in self._matcher.find(alike))

    def regexes(self, blocks: Sequence[str]) -> dict[int, frozenset[int]]:
        """The blocks in which the expression of each rule is found, by the place of the rule."""
        page = "\n".join(blocks)
        found = [(place, i) for place, one in self._alone for i, block in enumerate(blocks) if one.search(block)]
        for group in self._groups:
            # Mostly there is nothing to be found, and one look at the whole page tells.
            if group.on_page.Match(page):
                numbers = ((one, i) for i, block in enumerate(blocks) for one in group.in_block.Match(block) or ())
                found += [(group.places[one], i) for one, i in numbers]
        return _gathered(found)


@dataclass(frozen=True, slots=True)
class _Group:
    """Expressions that are looked for in one pass, and the places of their rules. RE2 gives None for none of them."""

    places: Sequence[int]
    in_block: Any
    on_page: Any


def _grouped(expressions: Sequence[tuple[int, Any]]) -> Iterator[_Group]:
    import re2

    sizes = accumulate(one.programsize for _, one in expressions)
    for _, members in groupby(zip(sizes, expressions, strict=True), lambda sized: sized[0] // _ROOMY):
        places: list[int] = []
        in_block, on_page = (re2.Set.SearchSet(_options(_ROOM)) for _ in range(2))
        for _, (place, one) in members:
            places.append(place)
            in_block.Add(one.pattern)
            on_page.Add(f"(?m){one.pattern}")
        in_block.Compile()
        on_page.Compile()
        yield _Group(places, in_block, on_page)


def _is_joinable(one: Any) -> bool:
    """Whether a compiled expression is small, and found in lines where it is found in one of them by itself."""
    return one.programsize <= _LARGE and _WHOLE.search(one.pattern) is None


def _gathered(pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for place, block in pairs:
        found.setdefault(place, set()).add(block)
    return {place: frozenset(blocks) for place, blocks in found.items()}


def _options(room: int | None = None) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    if room is not None:
        options.max_mem = room
    return options
