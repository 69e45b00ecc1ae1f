"""Every mistake is told with file and line, and costs no other rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from rules_pages import ADDRESS, PAGE, ruled

import cleaner
from cleaner.user.rules import Rule, RuleSet

LINES = {
    "css:.support": 'no "->": a rule is conditions, then ->, then a label, keep or drop',
    "css:.support ->": "after -> stands one word: a label, keep or drop",
    "css:.support -> keep it": "after -> stands one word: a label, keep or drop",
    "css:.support -> newsleter": 'no label "newsleter": did you mean newsletter? There are title, body, caption, ',
    "css:.support -> xyzzy": 'no label "xyzzy": there are title, body, caption, ',
    "clss:.support -> drop": 'no condition "clss": did you mean css? There are site, page_type, language, css, ',
    "hello world -> drop": '"hello" is no condition, which is key:value; a value with spaces stands in quotes',
    "text:chip in -> drop": '"in" is no condition, which is key:value; a value with spaces stands in quotes',
    "css: .support -> drop": "css has no value: it follows the colon at once",
    'css:"" -> drop': "css has no value: it follows the colon at once",
    'css:".support -> drop': "the quote of css is not closed",
    'css:".support"p -> drop': "after the closing quote of css a space is missing; a quote in quotes is written twice",
    "css:.a css:.b -> drop": "css stands twice: a rule has each condition once",
    "site:paper.example -> drop": "it does not say which blocks: there are css, xpath, text, regex, was",
    "-> drop": "it does not say which blocks: there are css, xpath, text, regex, was",
    'site:"a b" css:p -> drop': '"a b" is no site: write a host such as paper.example, *.paper.example',
    "site:/news css:p -> drop": '"/news" is no site: write a host such as paper.example, *.paper.example',
    "page_type:blog css:p -> drop": 'no page type "blog": there are article, forum, product, ',
    "was:artikel css:p -> drop": 'no label "artikel": there are title, body, ',
    "css:.a[[ -> drop": "css: Malformed attribute selector at position 2",
    "css:p::before -> drop": "css: no element of a saved page is a pseudo-element",
    "css:a:hover -> drop": "css: it can hold for no element of a saved page",
    "css:p:dir(rtl) -> drop": "css: it holds a pseudo-class that rules do not know",
    "css:p:lang(en) -> drop": "css: it holds a pseudo-class that rules do not know",
    "css:svg|a -> drop": "css: elements of a page have no namespaces",
    "css:[xlink|href] -> drop": "css: attributes of a page have no namespaces",
    "css:p:contains(x) -> drop": "css: CSS has no :contains(): use text",
    f"css:.{'a' * 2_001} -> drop": "css: a selector of over 2,000 characters",
    f"""css:"{"p " * 41}" -> drop""": "css: it is made of more than 40 parts that lead on from each other",
    f"""css:"{"p " * 990}" -> drop""": "css: it is made of more than 40 parts that lead on from each other",
    f"""css:"{":not(" * 300}p{")" * 300}" -> drop""": "css: it is made of more than 40 parts",
    "xpath://div[ -> drop": "xpath: ",
    "xpath://div[document('x')] -> drop": "xpath: ",
    "xpath://div[re:test(.,'x')] -> drop": "xpath: ",
    "xpath://div[$x] -> drop": "xpath: ",
    "xpath:div/p -> drop": 'xpath: it begins at the top of the page: write "//" to look everywhere',
    "xpath:count(//p) -> drop": "xpath: it gives no elements",
    "regex:(a -> drop": "regex: missing ): (a",
    "regex:(?=a) -> drop": "regex: invalid perl operator: (?=",
    r"regex:(a)\1 -> drop": r"regex: invalid escape sequence: \1",
    "regex:(a{1000}){1000} -> drop": "regex: ",
    f"text:{'a' * 1_001} -> drop": "text is over 1,000 characters long",
    f"name:{'a' * 81} css:p -> drop": "the name is over 80 characters long",
}


@pytest.mark.parametrize(("line", "what"), LINES.items(), ids=range(len(LINES)))
def test_a_line_that_is_no_rule(line: str, what: str) -> None:
    rules = RuleSet.parse(f"# first\n\n{line}\ncss:.support -> donation", "my.rules")
    assert [mistake.startswith(f"my.rules:3: {what}") for mistake in rules.mistakes] == [True], rules.mistakes
    doc = cleaner.Cleaner(rules=rules, model=False).clean(PAGE, ADDRESS)
    assert ruled(doc) == {"The paper": "donation", "Chip in": "donation"}
    # A rule keeps its number when one before it is mended.
    assert {ask.blocks[0].reason for ask in doc.asks} == {"user rule 2"}


TABLES = {
    '[[rule]]\ncss = "p"\n': (1, "it does not say what to do: one of label, keep and drop is wanted"),
    '[[rule]]\ncss = "p"\nkeep = true\nlabel = "body"\n': (
        1,
        "it says label and keep: one of label, keep and drop is wanted",
    ),
    '[[rule]]\ncss = "p"\nkeep = false\n': (3, "keep can only be true"),
    '[[rule]]\ncss = "p"\ndrop = 1\n': (3, "drop can only be true"),
    "[[rule]]\ncss = 3\ndrop = true\n": (2, "css takes a string"),
    '[[rule]]\ncss = ["p", "b"]\ndrop = true\n': (2, "css takes a string"),
    '[[rule]]\ncss = " "\ndrop = true\n': (2, "css is empty"),
    '[[rule]]\ndrop = true\nsite = []\ncss = "p"\n': (
        3,
        "site takes a string, or several in brackets, none of them empty",
    ),
    '[[rule]]\ndrop = true\nwas = ["body", 1]\n': (3, "was takes a string, or several in brackets, none of them empty"),
    '[[rule]]\ncss = "p"\n\n# more\nlable = "body"\n': (5, 'no key "lable": did you mean label? There are site, '),
    '[[rule]]\ncss = "p"\nlabel = "advert"\n': (3, 'no label "advert": did you mean advertisement? There are title, '),
    '[[rule]]\ntext = """\n[[rule]]\n"""\nxpath = "//p["\ndrop = true\n': (5, "xpath: "),
    '[[rule]]\ncss = "p\ndrop = true\n': (2, "no TOML: illegal character"),
    '[[rule]]\ncss = "p"\ncss = "b"\ndrop = true\n': (3, "no TOML: cannot overwrite a value"),
    "[[rule]]\ncss = \n": (2, "no TOML: invalid value"),
    '[rule]\ncss = "p"\ndrop = true\n': (1, "a rule begins with [[rule]], not with [rule]"),
    '[[rules]]\ncss = "p"\ndrop = true\n': (1, "a rule begins with [[rule]], not with [[rules]]"),
    'css = "p"\n': (1, "a rule begins with [[rule]]"),
    '[[rule]]\ncss.x = "p"\ndrop = true\n': (1, "css takes a string"),
}


@pytest.mark.parametrize(
    ("table", "line", "what"), [(table, *told) for table, told in TABLES.items()], ids=range(len(TABLES))
)
def test_a_table_that_is_no_rule(table: str, line: int, what: str) -> None:
    rules = RuleSet.parse(f'{table}[[rule]]\ncss = ".support"\nlabel = "donation"', "my.toml")
    assert [mistake.startswith(f"my.toml:{line}: {what}") for mistake in rules.mistakes] == [True], rules.mistakes
    assert [rule.css for rule in rules.rules] == [".support"]


def test_all_mistakes_of_a_rule_are_told_in_the_order_of_lines() -> None:
    wrong = 'site = "a b"\nregex = "("\npage_type = "blog"\nlabel = "x"\n'
    rules = RuleSet.parse(f'[[rule]]\ncss = "p"\ndrop = true\n[[rule]]\n{wrong}[[rule]]\ncss = "[["', "a")
    assert [mistake.split()[0] for mistake in rules.mistakes] == ["a:5:", "a:6:", "a:7:", "a:8:", "a:9:", "a:10:"]
    assert len(rules.rules) == 1


@pytest.mark.parametrize(
    "rule",
    [
        Rule(),
        Rule(css="p"),
        Rule(css=None, drop=True),  # type: ignore[arg-type]
        Rule(css=["p"], drop=True),  # type: ignore[arg-type]
        Rule(css="p", site=3, drop=True),  # type: ignore[arg-type]
        Rule(css="p", was=["body", None], drop=True),  # type: ignore[list-item]
        Rule(css="p", label="nothing"),
        Rule(css="p", keep=True, drop=True),
        Rule(regex="\ud800", drop=True),
        Rule(css="p", text=" ", drop=True),
        Rule(css="p", language=[""], drop=True),
        Rule(css="p", site=(site for site in ["paper.example"]), drop=True),  # type: ignore[arg-type]
    ],
    ids=range(12),
)
def test_rules_in_python_do_not_raise(rule: Rule) -> None:
    rules = RuleSet.of([Rule(css="p", drop=True), rule])
    assert rules.rules == (Rule(css="p", drop=True),)
    assert rules.mistakes
    assert all(mistake.startswith("rule 2: ") for mistake in rules.mistakes)


def test_bytes_that_are_no_text_cost_their_rule_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.rules"
    path.write_bytes(b'text:"caf\xe9" -> drop\ncss:.support -> drop\n')
    rules = RuleSet.read(path)
    assert rules.mistakes == (f"{path}:1: text is not in UTF-8",)
    assert len(rules.rules) == 1


def test_a_file_that_holds_no_rule_says_what_it_was_taken_for(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("\n".join(f"<p>Line {i}</p>" for i in range(500)))
    mistakes = RuleSet.read(path).mistakes
    assert mistakes[0] == f"{path}: was taken for rules, one a line, and none of it can be used"
    assert mistakes[-1] == f"{path}: … and 491 more"
    assert len(mistakes) == 11


def test_an_empty_file_is_no_mistake() -> None:
    assert (RuleSet.parse("").mistakes, RuleSet.parse("\n # x\n").mistakes) == ((), ())
