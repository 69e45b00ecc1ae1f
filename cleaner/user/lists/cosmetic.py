"""Filters that ad blockers hide parts of pages with: hints of what in a page is no article."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cleaner.document import Label
from cleaner.tag.advice import Advice
from cleaner.tag.structure import MOST_OF_PAGE
from cleaner.user.lists.filters import Filter, FilterList, Shelter, read_filters
from cleaner.user.lists.index import Index, Numbered, Page, chosen, number_of
from cleaner.user.lists.naming import cruft_label, list_label
from cleaner.user.lists.selector_syntax import UnusableError, read_selectors
from cleaner.user.lists.selectors import Compound, Effort, Selector
from cleaner.user.lists.text import Messages

if TYPE_CHECKING:
    from lxml.etree import _Element

    from cleaner.html.seen import Seen
    from cleaner.tag.verdict import Verdict

NAMELESS, NAMED, OF_SITE = 0.5, 2.0, 4.0
"""Log-odds towards cruft by a filter for all sites; by one whose own words say what it hides; by one that names the
page's site. Measured: with more, a list of words such as ``.content`` and ``.row`` costs body."""
_PROSE_WORDS = 10
_HALF = 0.5
_TESTS = 20_000
_TESTS_PER_ELEMENT = 50
"""What all filters of a list may take on one page, in tests of an element."""
_LONGEST_REASON = 60
_SIMPLE = re.compile(r"([.#])([A-Za-z_][\w-]*)", re.A)
_ONE = r"(?:\*|[A-Za-z][\w-]*)?(?:[.#][A-Za-z_][\w-]*|\[[\w-]+(?:[~|^$*]?=\"[^\"\\]*\")?\])*"
_PLAIN = re.compile(rf"(?=[\w.#\[*]){_ONE}(?:(?:\s*[>+~]\s*|\s+)(?=[\w.#\[*]){_ONE}){{0,9}}", re.A)
"""Selectors that are surely right: those for other sites need not be read."""


class CosmeticFilters:
    """A filter list. Reusable and safe in threads.

    mistakes holds what cannot be used, noted what says nothing of a saved page, each as ``list.txt:12: …``.
    """

    def __init__(self, filters: FilterList, mistakes: Messages, noted: Messages) -> None:
        self._name = filters.name
        self._label = list_label(filters.title, filters.name)
        self._filters = filters.hiding
        self._shelters: dict[str, list[Shelter]] = defaultdict(list)
        for shelter in filters.shelters:
            self._shelters[shelter.host].append(shelter)
        self._spared: dict[str, set[str]] = defaultdict(set)
        for one in filters.exceptions:
            for site in one.sites or ("",):
                self._spared[site].add(one.selector)
        self._of_site: dict[str, list[int]] = defaultdict(list)
        self._generic = Index(self._sorted(mistakes, noted))
        for what, count in sorted(filters.passed_over.items()):
            noted.add(self._name, f"{count:,} {what} were passed over")
        self.mistakes, self.noted = mistakes.all(), noted.all()

    @classmethod
    def read(cls, path: str | Path) -> CosmeticFilters:
        """Read a list from its file. Raises OSError where it cannot be read."""
        mistakes, noted = Messages(), Messages()
        return cls(read_filters(Path(path), mistakes, noted), mistakes, noted)

    def __len__(self) -> int:
        """How many filters it holds that hide something."""
        return len(self._filters)

    def advise(self, seen: Seen) -> Advice | None:
        """Evidence against what the filters hide on the page, unless that is most of its prose."""
        if seen.root is None or not len(seen.blocks):
            return None
        host, path = _parted(seen.hints.url)
        names = _names(host)
        generic, of_site = self._shown(names, path)
        indices = [self._generic] if generic else []
        if of_site and (own := self._own(names)):
            indices.append(Index(own))
        page = Page(seen.root, frozenset().union(*(index.names for index in indices)))
        candidates = sorted((one for index in indices for one in index.candidates(page)), key=number_of)
        if not (candidates := self._unspared(candidates, names)):
            return None
        effort = Effort(_TESTS + _TESTS_PER_ELEMENT * len(seen.elements), seen.root, page.places, path)
        advice = self._weighed(seen, chosen(candidates, page, effort))
        if not effort.spent:
            return advice
        warning = f"The filters of {self._name} would take too long on this page: some of them were passed over."
        return replace(advice or Advice.none(len(seen.blocks)), warnings=(warning,))

    def overrule(self, seen: Seen, verdict: Verdict) -> None:
        """Filters hint; they decide nothing."""

    def _sorted(self, mistakes: Messages, noted: Messages) -> list[Numbered]:
        """The filters for all sites, read; those for some sites are only put where they are found."""
        generic: list[Numbered] = []
        known: set[str] = set()
        for number, one in enumerate(self._filters):
            for site in one.sites:
                self._of_site[site].append(number)
            if one.selector in known or (one.sites and _PLAIN.fullmatch(one.selector)):
                # Said before for all sites, or right without being read.
                continue
            if not one.sites and not one.but:
                known.add(one.selector)
            selectors = self._read(one, mistakes, noted)
            if not one.sites:
                generic += [(number, selector) for selector in selectors]
        return generic

    def _read(self, one: Filter, mistakes: Messages, noted: Messages) -> list[Selector]:
        if match := _SIMPLE.fullmatch(one.selector):
            names = (match[2],)
            return [Selector((Compound(ids=names) if match[1] == "#" else Compound(classes=names),), (" ",))]
        try:
            return read_selectors(one.selector)
        except UnusableError as error:
            noted.add(f"{self._name}:{one.line}", str(error))
        except ValueError as error:
            mistakes.add(f"{self._name}:{one.line}", str(error))
        return []

    def _shown(self, names: Sequence[str], path: str) -> tuple[bool, bool]:
        """Whether filters for all sites count on a page, and those for its own."""
        here = [one for name in names for one in self._shelters.get(name, ()) if path.startswith(one.path)]
        return not here, all(one.generic_only for one in here)

    def _own(self, names: Sequence[str]) -> list[Numbered]:
        """The filters that name the page's site."""
        numbers = {number for name in names for number in self._of_site.get(name, ())}
        return [(number, one) for number in sorted(numbers) for one in _selectors(self._filters[number].selector)]

    def _unspared(self, candidates: list[Numbered], names: Sequence[str]) -> list[Numbered]:
        sites = set(names)
        spared = set().union(*(self._spared.get(name, ()) for name in ("", *names)))
        return [
            (number, selector)
            for number, selector in candidates
            if self._filters[number].selector not in spared and sites.isdisjoint(self._filters[number].but)
        ]

    def _weighed(self, seen: Seen, found: dict[int, list[_Element]]) -> Advice | None:
        hints = self._hints(seen, found)
        size = len(seen.blocks)
        odds, reasons = [0.0] * size, [""] * size
        labels: list[Label | None] = [None] * size
        for hint in hints:
            for i in hint.blocks:
                if hint.odds > odds[i]:
                    odds[i], labels[i], reasons[i] = hint.odds, hint.label, self._reason(hint.filter)
        return Advice(odds, labels, reasons) if any(odds) else None

    def _hints(self, seen: Seen, found: dict[int, list[_Element]]) -> list[_Hint]:
        """What each filter says, without those that would hide the page itself."""
        prose = _prose(seen)
        hints: list[_Hint] = []
        for number, elements in found.items():
            one = self._filters[number]
            own = cruft_label(one.selector)
            label = own or self._label
            blocks = _covered(seen, elements)
            if blocks and not _is_page(blocks, prose, label):
                hints.append(_Hint(one, blocks, label, OF_SITE if one.sites else NAMED if own else NAMELESS))
        nameless: set[int] = set().union(*(hint.blocks for hint in hints if hint.odds == NAMELESS))
        # Each hides little, all together the article: none of them was meant for pages like this one.
        if _share(nameless, prose) > MOST_OF_PAGE:
            hints = [hint for hint in hints if hint.odds != NAMELESS]
        return hints

    def _reason(self, one: Filter) -> str:
        reason = f"{self._name}:{one.line} ##{one.selector}"
        return reason if len(reason) <= _LONGEST_REASON else reason[: _LONGEST_REASON - 1] + "…"


@dataclass(frozen=True, slots=True)
class _Hint:
    """What one filter says of a page."""

    filter: Filter
    blocks: set[int]
    label: Label | None
    odds: float


@lru_cache(maxsize=8192)
def _selectors(text: str) -> tuple[Selector, ...]:
    """The selectors of a filter for some sites; what is wrong with it was said when it was read."""
    try:
        return tuple(read_selectors(text))
    except ValueError:
        return ()


def _parted(url: str) -> tuple[str, str]:
    """Host and path of an address, the path with its query."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower().rstrip("."), (parts.path or "/") + (
            f"?{parts.query}" if parts.query else ""
        )
    except ValueError:
        return "", "/"


def _names(host: str) -> list[str]:
    """The names that filters may call a host by: it, those above it, and each without its ending, as ``paper.*``."""
    if not host:
        return []
    parts = host.split(".")
    above = [".".join(parts[i:]) for i in range(len(parts))]
    short = [".".join(parts[i:-n]) + ".*" for n in (1, 2) for i in range(len(parts) - n)]
    return list(dict.fromkeys([*above, *short]))


def _prose(seen: Seen) -> list[int]:
    """The words of each block that reads like prose, else 0."""
    blocks = seen.blocks
    rows = zip(blocks.words, blocks.link_chars, blocks.text, strict=True)
    return [words if words >= _PROSE_WORDS and links < _HALF * len(text) else 0 for words, links, text in rows]


def _covered(seen: Seen, elements: Iterable[_Element]) -> set[int]:
    """The blocks that elements hold."""
    containers = seen.blocks.containers
    found: set[int] = set()
    inline = []
    for element in elements:
        number = seen.elements.number_of(element)
        if number is not None:
            found.update(range(containers.first[number], containers.last[number]))
        elif element.text or len(element):
            inline.append(element)
    return found.union(seen.covered(inline)) if inline else found


def _share(blocks: Iterable[int], prose: Sequence[int]) -> float:
    """The share of a page's prose that stands in some blocks."""
    return sum(prose[i] for i in blocks) / max(1, sum(prose))


def _is_page(blocks: set[int], prose: Sequence[int], label: Label | None) -> bool:
    """Whether what a filter hides is the page itself: most of its prose, or all of its blocks."""
    if len(blocks) == len(prose):
        return True
    if _share(blocks, prose) <= MOST_OF_PAGE:
        return False
    # On a page of little prose, the cookie dialogue is most of it.
    return label is not Label.CONSENT or len(blocks) > _HALF * len(prose)
