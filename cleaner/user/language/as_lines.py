"""Rules as lines of text: ``site:*.paper.example css:".support" -> donation``."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Any

from cleaner.user.language.rule import CONDITIONS, SEVERAL, Mistake, Rule, Written
from cleaner.user.language.wording import unknown

_ENDS = re.compile(r"\r\n?|\n")
_KEY = re.compile(r"([^\s:\"'#]+):")
_QUOTED = re.compile(r"\"((?:[^\"]|\"\")*)\"|'((?:[^']|'')*)'")
_BARE = re.compile(r"\S+")
_ARROW = "->"
_SHOWN = 40
"""Characters of what is not understood."""


def read_lines(text: str) -> tuple[list[Written], list[Mistake]]:
    """The rules of a text, one a line, and what is wrong with the lines that are none."""
    rules: list[Written] = []
    mistakes: list[Mistake] = []
    number = 0
    for line, content in enumerate(_ENDS.split(text), 1):
        content = content.strip()
        if not content or content.startswith("#"):
            continue
        number += 1
        try:
            rules.append(Written(number, line, _rule(content)))
        except ValueError as error:
            mistakes.append(Mistake(line, str(error)))
    return rules, mistakes


def _rule(line: str) -> Rule:
    """The rule of a line. Raises ValueError, with what is wrong."""
    said: dict[str, Any] = {}
    place = 0
    while place < len(line):
        token = _BARE.match(line, place)
        if token is None:
            place += 1
        elif token[0].startswith("#"):
            break
        elif token[0] == _ARROW:
            return Rule(**said, **_then(line[token.end() :]))
        else:
            key, value, place = _condition(line, place)
            if key in said:
                raise ValueError(f"{key} stands twice: a rule has each condition once")
            said[key] = _several(value) if key in SEVERAL else value
    raise ValueError('no "->": a rule is conditions, then ->, then a label, keep or drop')


def _condition(line: str, place: int) -> tuple[str, str, int]:
    """The condition that begins at a place: its key, its value, and where it ends."""
    found = _KEY.match(line, place)
    if found is None:
        word = _BARE.match(line, place)
        said = word[0][:_SHOWN] if word else ""
        raise ValueError(f'"{said}" is no condition, which is key:value; a value with spaces stands in quotes')
    key, place = found[1], found.end()
    if key not in (*CONDITIONS, "name"):
        raise ValueError(unknown("condition", key, (*CONDITIONS, "name")))
    if line[place : place + 1] in ('"', "'"):
        value = _QUOTED.match(line, place)
        if value is None:
            raise ValueError(f"the quote of {key} is not closed")
        place = value.end()
        if not (line[place : place + 1] or " ").isspace():
            raise ValueError(f"after the closing quote of {key} a space is missing; a quote in quotes is written twice")
        text = value[1].replace('""', '"') if value[1] is not None else value[2].replace("''", "'")
    else:
        bare = _BARE.match(line, place)
        text, place = (bare[0], bare.end()) if bare else ("", place)
    if not text.strip():
        raise ValueError(f"{key} has no value: it follows the colon at once")
    return key, text, place


def _then(rest: str) -> dict[str, Any]:
    words = list(takewhile(lambda word: not word.startswith("#"), rest.split()))
    if len(words) != 1:
        raise ValueError("after -> stands one word: a label, keep or drop")
    return {words[0]: True} if words[0] in ("keep", "drop") else {"label": words[0]}


def _several(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())
