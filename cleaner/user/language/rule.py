"""What a rule says, as it was written: where, what, and then."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

SEVERAL = ("site", "page_type", "language", "was")
"""Conditions that hold where one of several values does."""
ALONE = ("css", "xpath", "text", "regex")
CONDITIONS = ("site", "page_type", "language", "css", "xpath", "text", "regex", "was")
WHAT = (*ALONE, "was")
"""Conditions on blocks; the others are on pages."""
_PLAIN = re.compile(r"[^\s\"']\S*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. All its conditions must hold; then the block gets a label, is kept, or is dropped.

    site, page_type, language and was take one value or several, of which one must hold. Nothing is checked here: a
    rule that cannot be used is named in the ``mistakes`` of its :class:`cleaner.RuleSet`.
    """

    site: str | Sequence[str] = ()
    """Host, or host and path; ``*`` stands for anything: ``*.paper.example``, ``paper.example/blog/*``."""
    page_type: str | Sequence[str] = ()
    language: str | Sequence[str] = ()
    """Of the page, as it declares it: ``en``, ``pt-BR``."""
    css: str = ""
    xpath: str = ""
    text: str = ""
    """In the block's text, however it is cased and spaced."""
    regex: str = ""
    """In the block's text, in the syntax of RE2."""
    was: str | Sequence[str] = ()
    """The label that the block has without the rules."""
    label: str = ""
    keep: bool = False
    drop: bool = False
    name: str = ""
    """For the reason."""

    def __str__(self) -> str:
        """The rule as a line."""
        said = []
        for key in ("name", *CONDITIONS):
            value = getattr(self, key)
            if value:
                one = value if isinstance(value, str) else ",".join(map(str, value))
                said.append(f"{key}:{quoted(one.replace(chr(10), ' '))}")
        then = "keep" if self.keep else "drop" if self.drop else self.label
        return " ".join([*said, "->", then])


@dataclass(frozen=True, slots=True)
class Written:
    """A rule and where it stands: its number from 1, its line, and the lines of its parts where they have their own."""

    number: int
    line: int
    rule: Rule
    lines: dict[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """What is wrong with a line of a file of rules."""

    line: int
    what: str


def quoted(value: str) -> str:
    """A value as it stands in a line."""
    if _PLAIN.fullmatch(value):
        return value
    return f"""'{value.replace("'", "''")}'""" if '"' in value else f'"{value}"'
