"""Rules as they are given: files and folders, each by its kind, or what was read of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cleaner.user.language.reading import decoded
from cleaner.user.rules import RuleSet

if TYPE_CHECKING:
    from cleaner.html.seen import Seen
    from cleaner.tag.advice import Advice
    from cleaner.tag.verdict import Verdict

_ENOUGH = 100_000
"""Bytes that tell what a file is."""
_OURS = frozenset({".rules", ".toml"})
_ARROW = re.compile(r"\s->(?:\s|$)", re.M)
_FILTERS = re.compile(r"^\s*\[ad ?block|^!|#[@?$%]*#\S", re.M | re.I)
_SITE_CONFIG = re.compile(r"^(?:title|body|author|date|strip\w*|test_url|single_page_link|prune|tidy)\s*:", re.M)


class Source(Protocol):
    """Rules from one file or folder."""

    @property
    def mistakes(self) -> tuple[str, ...]:
        """What could not be used, each with file and line, as ``rules.toml:12: no label "advert"``."""

    def advise(self, seen: Seen) -> Advice | None:
        """Evidence for the decision; None where these rules have none for this page."""

    def overrule(self, seen: Seen, verdict: Verdict) -> None:
        """What these rules decide themselves."""


def sources(rules: str | Path | Source | Iterable[str | Path | Source]) -> tuple[Source, ...]:
    """Open what was given: a folder of ftr-site-config, a list of cosmetic filters, or rules of our own.

    Raises OSError for what cannot be read, ValueError for what is none of them.
    """
    given = [rules] if isinstance(rules, str | Path) or not isinstance(rules, Iterable) else list(rules)
    opened = [_opened(Path(one)) if isinstance(one, str | Path) else one for one in given]
    if sum(isinstance(one, RuleSet) for one in opened) > 1:
        opened = [one.among_others() if isinstance(one, RuleSet) else one for one in opened]
    for one in opened:
        # Whatever is wrong is found, and all is compiled, before the first page.
        _ = one.mistakes
    return tuple(opened)


def _opened(path: Path) -> Source:
    if path.is_dir():
        from cleaner.user.lists.ftr import FtrConfigs

        return FtrConfigs.read(path)
    if path.suffix.lower() not in _OURS:
        with path.open("rb") as file:
            text = decoded(file.read(_ENOUGH))
        if "\0" in text:
            raise ValueError(f"{path} is no text, and so no rules")
        if not _ARROW.search(text):
            if _SITE_CONFIG.search(text):
                raise ValueError(f"{path} looks like a file of ftr-site-config: give the folder that it is in")
            if _FILTERS.search(text):
                from cleaner.user.lists.cosmetic import CosmeticFilters

                return CosmeticFilters.read(path)
    return RuleSet.read(path)
