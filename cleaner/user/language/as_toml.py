"""Rules as TOML: a table ``[[rule]]`` for each."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from typing import Any

from cleaner.user.language.rule import ALONE, CONDITIONS, SEVERAL, Mistake, Rule, Written
from cleaner.user.language.wording import unknown

_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""' r"|'''.*?'''" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'" r"|#[^\n]*",
    re.S,
)
_HEADER = re.compile(r"^[ \t]*\[\[?[^\[\]\n]*\]\]?[ \t]*$", re.M)
_RULE = re.compile(r"\[\[[ \t]*rule[ \t]*\]\]")
_KEY = re.compile(r"^[ \t]*(\w+)[ \t]*=", re.M)
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
_SWITCHES = ("keep", "drop")
_KEYS = (*CONDITIONS, "label", *_SWITCHES, "name")


def is_toml(text: str) -> bool:
    """Whether a text has tables; no line of the other form looks like one."""
    return any(line.lstrip(" \t").startswith("[") for line in text.splitlines())


def read_toml(text: str) -> tuple[list[Written], list[Mistake]]:
    """The rules of a text, and what is wrong with those that are none.

    Each table is read by itself, so that a mistake in one costs no other.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    shape = _STRING.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    starts = [found.start() for found in _HEADER.finditer(shape)]
    rules: list[Written] = []
    mistakes: list[Mistake] = []
    before = shape[: starts[0]] if starts else shape
    if before.strip():
        line = before[: len(before) - len(before.lstrip())].count("\n") + 1
        mistakes.append(Mistake(line, "a rule begins with [[rule]]"))
    number = 0
    for start, end in pairwise([*starts, len(text)]):
        line = text.count("\n", 0, start) + 1
        header = text[start:].split("\n", 1)[0].strip()
        if not _RULE.match(shape[start:].lstrip()):
            mistakes.append(Mistake(line, f"a rule begins with [[rule]], not with {header}"))
            continue
        number += 1
        lines = {
            found[1]: line + shape.count("\n", start, found.start(1)) for found in _KEY.finditer(shape, start, end)
        }
        try:
            said = _table(text[start:end], line)
        except _Broken as error:
            mistakes.append(Mistake(error.line, error.what))
            continue
        wrong = [Mistake(lines.get(key, line), what) for key, value in said.items() if (what := _wrong(key, value))]
        mistakes += wrong
        if not wrong:
            rules.append(Written(number, line, Rule(**said), lines))
    return rules, mistakes


class _Broken(ValueError):
    """A table that is no TOML, and where."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


def _table(text: str, line: int) -> dict[str, Any]:
    """The keys of a table that begins on that line. Raises _Broken."""
    try:
        tables = tomllib.loads(text)["rule"]
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _PLACE.search(str(error))
        what = _PLACE.sub("", str(error)) or "too deep"
        if place is not None and place[1]:
            line += int(place[1]) - 1
        raise _Broken(line, f"no TOML: {what[:1].lower()}{what[1:]}") from None
    return {key: tuple(value) if isinstance(value, list) else value for key, value in tables[0].items()}


def _wrong(key: str, value: object) -> str:
    """What is wrong with a key and its value, or nothing."""
    if key not in _KEYS:
        return unknown("key", key, _KEYS)
    if key in _SWITCHES:
        return "" if value is True else f"{key} can only be true"
    if key in SEVERAL:
        values = value if isinstance(value, tuple) else (value,)
        fine = bool(values) and all(isinstance(one, str) and one.strip() for one in values)
        return "" if fine else f"{key} takes a string, or several in brackets, none of them empty"
    if not isinstance(value, str):
        return f"{key} takes a string"
    return "" if value.strip() or key not in (*ALONE, "label") else f"{key} is empty"
