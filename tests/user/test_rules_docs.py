"""The examples of docs/rules.md are rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cleaner.user.rules import RuleSet

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
LINES = [line for line in re.findall(r"```rules\n(.*?)```", PAGE, re.S)[0].splitlines() if " -> " in line]


@pytest.mark.parametrize("line", LINES)
def test_an_example_is_a_rule(line: str) -> None:
    rules = RuleSet.parse(line)
    assert (rules.mistakes, list(map(str, rules.rules))) == ((), [line])


def test_the_table_is_a_rule() -> None:
    (table,) = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
    rules = RuleSet.parse(table)
    assert (rules.mistakes, len(rules.rules)) == ((), 1)


def test_there_are_ten() -> None:
    assert len(LINES) == 10
