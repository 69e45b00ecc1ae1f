"""What always holds, whatever is in a file of rules and on a page."""

from __future__ import annotations

from pathlib import Path

import re2
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_pages import ADDRESS, PAGE

import cleaner
from cleaner import Label, PageType
from cleaner.user.language.sites import fits
from cleaner.user.language.words import Words, compiled
from cleaner.user.rules import Rule, RuleSet

TOKENS = st.sampled_from(
    [
        *["site:", "css:", "xpath:", "text:", "regex:", "was:", "name:", "page_type:", "language:"],
        *[" -> ", "->", "#", "\n"],
        *['"', "'", ",", "*", ".a", "//p", "[", "]", "(", ")", "drop", "keep", "body", "article", "en", " ", "\\", "="],
        *["[[rule]]\n", 'css = "p"\n', "drop = true\n", 'label = "', '"""', "'''", "\ud800", "\0", "\r", "\u2028"],
    ]
)  # fmt: skip
FILES = st.one_of(st.text(max_size=200), st.lists(TOKENS, max_size=40).map("".join))
NEAR = st.sampled_from(
    ["p", ".a", "div > p", "p:nth-child(2)", ":not(.a)", "b, a", "p:has(b)", ":root", "*", "[[", "p::x"]
)
RULES = st.builds(
    Rule,
    site=st.sampled_from([(), "*", "paper.example", ("*.paper.example", "b.example/x*"), "a b"]),
    page_type=st.sampled_from([(), "article", ("other", "forum")]),
    language=st.sampled_from([(), "en", "de"]),
    css=st.one_of(st.just(""), NEAR),
    xpath=st.sampled_from(["", "", "//p", "//p[2]/..", "//b/text()", "//*[contains(., 'a')]", "//p[", "p"]),
    text=st.one_of(st.just(""), st.text(max_size=5)),
    regex=st.one_of(st.just(""), st.sampled_from(["a+", "^", "$", "(a|b)*", "(", "."])),
    was=st.sampled_from([(), "body", ("other", "title")]),
    label=st.sampled_from(["", "", *Label]),
    keep=st.booleans(),
    drop=st.booleans(),
    name=st.text(max_size=5),
)
PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div class=a>",
        "</div>",
        "<b>",
        "</b>",
        "<h1>",
        "<table><tr><td>",
        "</table>",
        "<ul><li>",
        "\0",
        "text a b",
    ]
)
PAGES = st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=30).map("".join)


def whole(doc: cleaner.Document) -> None:
    assert len(doc.to_dict()["blocks"]) == len(doc.blocks)
    assert isinstance(doc.markdown, str)
    assert all(isinstance(block.label, Label) for block in doc.blocks)
    assert isinstance(doc.page_type, PageType)


@settings(max_examples=300, deadline=None)
@given(FILES)
def test_any_text_is_a_file_of_rules(text: str) -> None:
    rules = RuleSet.parse(text, "any.rules")
    assert all(mistake.startswith("any.rules") and "\n" not in mistake for mistake in rules.mistakes)
    lines = len(text.splitlines()) + text.count("\r") + 1
    assert len(rules.rules) + len({mistake.split()[0] for mistake in rules.mistakes}) <= lines + 2
    cleaner.Cleaner(rules=rules, model=False).clean(PAGE, ADDRESS)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_file_of_rules(tmp_path_factory, content: bytes) -> None:  # type: ignore[no-untyped-def]
    path: Path = tmp_path_factory.mktemp("rules") / "any.rules"
    path.write_bytes(content)
    assert isinstance(RuleSet.read(path).mistakes, tuple)


@settings(max_examples=200, deadline=None)
@given(st.lists(RULES, max_size=5), PAGES)
def test_any_rules_on_any_page_give_a_document(rules: list[Rule], page: str) -> None:
    ruleset = RuleSet.of(rules)
    assert len(ruleset.rules) + len({mistake.split(":")[0] for mistake in ruleset.mistakes}) == len(rules)
    ours = cleaner.Cleaner(rules=ruleset, model=False)
    whole(ours.clean(f"<html lang=en><body>{page}</body></html>", ADDRESS))
    whole(ours.clean_text(page))


@settings(max_examples=200, deadline=None)
@given(st.lists(RULES, max_size=4))
def test_what_is_shown_of_rules_is_read_again(rules: list[Rule]) -> None:
    usable = [rule for rule in RuleSet.of(rules).rules if not any(c < " " for c in rule.text + rule.name)]
    usable = [rule for rule in usable if "\x85" not in rule.text + rule.name and rule.name.strip() == rule.name]
    again = RuleSet.parse("\n".join(map(str, usable)))
    assert list(map(str, again.rules)) == list(map(str, usable))


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab*"), max_size=8), st.text(st.sampled_from("ab"), max_size=8))
def test_a_glob_fits_as_its_star_says(glob: str, text: str) -> None:
    def slowly(glob: str, text: str) -> bool:
        if not glob:
            return not text
        if glob[0] == "*":
            return slowly(glob[1:], text) or (bool(text) and slowly(glob, text[1:]))
        return bool(text) and glob[0] == text[0] and slowly(glob[1:], text[1:])

    assert fits(glob, text) is slowly(glob, text)


PARTS = r"a b ^ $ \A \z \b \B . \n \s* a* (a|b)+ (?i) (?m) (?s) (?-m) (?i-s: ) [^a] x? \Qa.b\E \pL é".split(" ")
REGEXES = st.lists(st.sampled_from([*PARTS, "\n"]), min_size=1, max_size=4).map("".join)
LINES = st.text(st.sampled_from("aAb .\né"), max_size=6)


@settings(max_examples=300, deadline=None)
@given(st.lists(REGEXES, min_size=1, max_size=4), st.lists(LINES, max_size=5))
def test_expressions_find_together_what_each_finds_alone(patterns: list[str], blocks: list[str]) -> None:
    valid = [pattern for pattern in patterns if is_regex(pattern)]
    alone = {
        place: frozenset(i for i, block in enumerate(blocks) if re2.search(pattern, block))
        for place, pattern in enumerate(valid)
    }
    assert Words([""] * len(valid), valid).regexes(blocks) == {place: found for place, found in alone.items() if found}


def is_regex(pattern: str) -> bool:
    try:
        compiled(pattern)
    except ValueError:
        return False
    return True
