"""Rules as they are given: files and folders, each by its kind, or what was read of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cleaner.tag.advice import Advice
from cleaner.tag.verdict import Verdict

if TYPE_CHECKING:
    from cleaner.html.seen import Seen


class Source(Protocol):
    """Rules from one file or folder."""

    mistakes: tuple[str, ...]
    """What could not be used, each with file and line, as ``rules.toml:12: no label "advert"``."""

    def advise(self, seen: Seen) -> Advice | None:
        """Evidence for the decision; None where these rules have none for this page."""

    def overrule(self, seen: Seen, verdict: Verdict) -> None:
        """What these rules decide themselves."""


def sources(rules: str | Path | Source | Iterable[str | Path | Source]) -> tuple[Source, ...]:
    """Open what was given. Raises OSError for what cannot be read."""
    given = [rules] if isinstance(rules, str | Path) or not isinstance(rules, Iterable) else list(rules)
    return tuple(_opened(Path(one)) if isinstance(one, str | Path) else one for one in given)


def _opened(path: Path) -> Source:
    raise OSError(f"{path}: no rules")
