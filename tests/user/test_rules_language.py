"""What rules say, and what becomes of the blocks."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rules_pages import ADDRESS, PAGE, TEXT, plain, ruled, with_rules

import cleaner
from cleaner import Label
from cleaner.user.rules import Rule, RuleSet

BOX = {"The paper": "donation", "Chip in": "donation"}


@pytest.mark.parametrize(
    ("rule", "blocks"),
    [
        ("css:.support -> donation", BOX),
        ('css:"article > div p:first-child" -> donation', {"The paper": "donation"}),
        ("css:.ask -> donation", {"Chip in": "donation"}),
        ('css:".lead, #headline" -> drop', {"Harbour reopens": "other", "The harbour": "other"}),
        ("""css:'a[href="/b"]' -> body""", {"A bridge": "body"}),
        ('css:"figure:has(img) figcaption" -> keep', {"The ferry": "body"}),
        ("xpath:\"//div[contains(@class, 'support')]\" -> donation", BOX),
        ("xpath:\"//h2[.='Read more']/following-sibling::ul\" -> keep", {"A bridge": "body", "A tunnel": "body"}),
        ('xpath:"//h2/text() | //li[1]/a/@href" -> legal', {"Read more": "legal", "A bridge": "legal"}),
        ('text:"chip  in TODAY" -> donation', {"Chip in": "donation"}),
        ('text:engines -> comments', {"Two engines": "comments"}),
        ('regex:"^(Chip|Give) in" -> donation', {"Chip in": "donation"}),
        ('regex:"(?i)^copyright" -> keep', {"Copyright Paper": "body"}),
        ("was:title -> keep", {"Harbour reopens": "body"}),
        ("was:title,byline -> drop", {"Harbour reopens": "other", "By Ann": "other"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_rule_finds_blocks(rule: str, blocks: dict[str, str]) -> None:
    assert ruled(with_rules(rule)) == blocks


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ("site:paper.example", True),
        ("site:www.paper.example", True),
        ("site:PAPER.example", True),
        ("site:*.paper.example", True),
        ("site:https://paper.example/news/*", True),
        ("site:paper.example:443/news/story.html", True),
        ("site:paper.example/news/story.html/", True),
        ("site:paper.example/*from=feed", True),
        ("site:*/news/*", True),
        ("site:*", True),
        ("site:paper.*", True),
        ("site:other.example,paper.example", True),
        ("site:other.example", False),
        ("site:aper.example", False),
        ("site:*.www.paper.example", False),
        ("site:paper.example/", False),
        ("site:paper.example/news", False),
        ("site:paper.example/story*", False),
        ("page_type:article", True),
        ("page_type:forum,article", True),
        ("page_type:forum", False),
        ("language:en", True),
        ("language:en-gb", True),
        ("language:en_GB", True),
        ("language:de,en", True),
        ("language:en-US", False),
        ("language:e", False),
        ("site:paper.example page_type:article language:en", True),
        ("site:paper.example page_type:article language:de", False),
        ("site:paper.example page_type:forum language:en", False),
    ],
)
def test_a_rule_is_for_pages(where: str, holds: bool) -> None:
    assert ruled(with_rules(f"{where} css:.support -> donation")) == (BOX if holds else {})


def test_subdomains() -> None:
    for host, both, own in [
        ("blog.paper.example", True, False),
        ("paper.example", True, True),
        ("nopaper.example", 0, 0),
    ]:
        url = f"https://{host}/x"
        assert bool(ruled(with_rules("site:*.paper.example css:.support -> drop", url=url))) == bool(both)
        assert bool(ruled(with_rules("site:paper.example css:.support -> drop", url=url))) == bool(own)


def test_hosts_in_any_spelling() -> None:
    rule = "site:*.bücher.example css:.support -> drop"
    assert ruled(with_rules(rule, url="https://www.xn--bcher-kva.example/"))
    assert ruled(with_rules(rule.replace("bücher", "xn--bcher-kva"), url="https://a.bücher.example/"))


@pytest.mark.parametrize("url", [None, "", "story.html", "file:///tmp/story.html", "http://[", "https://"])
def test_a_page_without_a_host_is_of_no_site(url: str | None) -> None:
    assert not ruled(with_rules("site:* css:.support -> drop", url=url))
    assert ruled(with_rules("css:.support -> drop", url=url))


def test_a_page_says_where_it_is_from() -> None:
    page = PAGE.replace("<head>", '<head><link rel="canonical" href="https://paper.example/a">')
    assert ruled(with_rules("site:paper.example css:.support -> donation", page, None)) == BOX


def test_all_conditions_must_hold() -> None:
    assert ruled(with_rules("css:.support text:chip regex:today was:other,body,donation -> keep")) == {
        "Chip in": "body"
    }
    assert ruled(with_rules("css:.support xpath://b -> keep")) == {"Chip in": "body"}
    assert not ruled(with_rules("css:.support text:engines -> keep"))
    assert not ruled(with_rules("css:.support regex:engines -> keep"))
    assert not ruled(with_rules("css:.support xpath://h1 -> keep"))
    assert not ruled(with_rules("css:.support was:title -> keep"))


def test_an_element_in_a_line_is_not_the_line() -> None:
    """The bold word of a paragraph does not stand for it."""
    assert ruled(with_rules("css:b -> drop")).keys() == {"Chip in"}


def test_the_last_rule_that_holds_wins() -> None:
    rules = 'css:article -> drop\ncss:.support -> donation\ntext:"chip in" -> keep\ncss:.nothing -> legal'
    doc = with_rules(rules)
    by_text = {block.text: block for block in doc.blocks}
    assert by_text["Chip in today"].label == "body"
    assert by_text["Chip in today"].reason == "user rule 3"
    assert by_text["The paper runs on people who read it every day."].reason == "user rule 2"
    assert by_text["Harbour reopens"].reason == "user rule 1"
    assert doc.text == "Chip in today"
    again = with_rules("\n".join(reversed(rules.split("\n"))))
    assert again.text == ""


def test_was_is_the_label_without_the_rules() -> None:
    """Rules do not build on each other."""
    doc = with_rules("css:h1 -> legal\nwas:legal text:harbour -> keep\nwas:title -> navigation")
    assert ruled(doc)["Harbour reopens"] == "navigation"


def test_drop_leaves_out_and_keeps_what_is_known() -> None:
    doc = with_rules("css:body -> drop")
    assert (doc.text, [block for block in doc.blocks if block not in doc.removed]) == ("", [])
    for before, after in zip(plain().blocks, doc.blocks, strict=True):
        of_article = before.label in ("title", "body", "caption", "byline")
        assert after.label == ("other" if of_article else before.label)
        assert after.reason == "user rule 1"
        assert after.confidence == (1.0 if of_article else before.confidence)


def test_keep_takes_into_the_text() -> None:
    doc = with_rules("css:body -> keep")
    assert {block.label for block in doc.blocks} == {Label.BODY}
    assert "A bridge" in doc.text


def test_a_label_makes_an_ask() -> None:
    doc = with_rules("css:.support -> newsletter")
    assert [(ask.label, len(ask.blocks)) for ask in doc.asks] == [("newsletter", 2)]


def test_a_name_is_in_the_reason() -> None:
    doc = with_rules('text:x -> drop\nname:"support box" css:.support -> donation')
    assert {block.reason for block in doc.asks[0].blocks} == {"user rule 2 (support box)"}


def test_both_forms_say_the_same() -> None:
    lines = """
    # What the paper asks for.
    name:'the "box"' site:*.paper.example,b.example page_type:article css:".support > p" -> donation   # all of it
    language:en was:related,other text:"it's here" -> keep
    xpath:"//p[@class=""by""]" regex:\\d+ -> drop
    """
    toml = r"""
    # What the paper asks for.
    [[rule]]
    name = 'the "box"'
    site = ["*.paper.example", "b.example"]
    page_type = ["article"]
    css = ".support > p"
    label = "donation"

    [[rule]]
    language = ["en"]
    was = ["related", "other"]
    text = "it's here"
    keep = true
    [[rule]]
    xpath = '//p[@class="by"]'
    regex = '\d+'
    drop = true
    """
    ours, theirs = RuleSet.parse(lines), RuleSet.parse(toml)
    assert ours.mistakes == theirs.mistakes == ()
    assert ours.rules == theirs.rules
    assert [one.line for one in ours.written] == [3, 4, 5]
    assert [one.line for one in theirs.written] == [3, 10, 15]
    assert RuleSet.parse("\n".join(map(str, ours.rules))).rules == ours.rules


def test_toml_takes_one_or_several() -> None:
    one = RuleSet.parse('[[rule]]\nsite = "paper.example"\ncss = ".support"\ndrop = true')
    assert ruled(cleaner.Cleaner(rules=one, model=False).clean(PAGE, ADDRESS)).keys() == BOX.keys()


def test_rules_in_python() -> None:
    rules = [Rule(site="paper.example", css=".support", label="donation", name="box"), Rule(was=["title"], drop=True)]
    doc = with_rules(rules)
    assert ruled(doc) == {**BOX, "Harbour reopens": "other"}
    assert [str(rule) for rule in rules] == [
        "name:box site:paper.example css:.support -> donation",
        "was:title -> drop",
    ]


def test_plain_text_has_texts_and_labels() -> None:
    about_markup = "css:p -> drop\nxpath://p -> drop\nlanguage:en text:The -> drop\n"
    rules = RuleSet.parse(about_markup + 'text:"chip in" -> donation\nregex:^Two was:body,donation -> drop')
    doc = cleaner.Cleaner(rules=rules, model=False).clean_text(TEXT)
    assert ruled(doc) == {"Chip in": "donation", "Two engines": "other"}


def test_line_ends_marks_and_encodings(tmp_path: Path) -> None:
    text = "# ä\r\ncss:.support -> donation\r# more\rtext:naïve -> drop\n"
    for number, content in enumerate((text.encode(), text.encode("utf-8-sig"), text.encode("utf-16"))):
        path = tmp_path / f"{number}.rules"
        path.write_bytes(content)
        rules = RuleSet.read(path)
        assert (rules.mistakes, [one.line for one in rules.written]) == ((), [2, 4])


def test_the_page_of_hidden_data_is_ruled_too() -> None:
    story = " ".join(["The harbour was open again on Monday after eleven weeks, the harbour master said."] * 8)
    page = f'<html><body><p>Hi</p><div hidden><p>{story}</p><p class="support">Chip in today</p></div></body></html>'
    doc = with_rules("css:.support -> donation", page)
    assert doc.text.startswith("The harbour")
    assert [ask.text for ask in doc.asks] == ["Chip in today"]


def test_regexes_take_linear_time() -> None:
    """With a backtracking engine each of these takes longer than the universe has."""
    text = "a" * 5_000 + "!"
    rules = RuleSet.parse('regex:"^(a|a)*$" -> drop\nregex:"^(a+)+$" -> drop\nregex:"(.*a){25}b" -> drop')
    assert rules.mistakes == ()
    assert not ruled(cleaner.Cleaner(rules=rules, model=False).clean_text(text))


def test_many_and_large_regexes_all_count() -> None:
    """RE2 that runs out of room for them finds nothing, and says nothing of it."""
    rules = [Rule(regex=f"(?i)[a-z]{{5,30}}(é|ß|{i})x{{0,40}}w{i}", drop=True) for i in range(1_500)]
    rules += [Rule(regex="(?i)([a-z]{1,20} ){40}x", drop=True), Rule(regex="^Chip in", label="donation")]
    assert ruled(with_rules(rules)) == {"Chip in": "donation"}
    assert ruled(with_rules([Rule(regex="(?i)([a-z]{1,40} ?){2,20}today$", keep=True)])) == {"Chip in": "body"}
    rules.insert(3, Rule(regex="engines", keep=True))
    assert ruled(with_rules(rules)) == {"Chip in": "donation", "Two engines": "body"}


def test_deep_pages_are_selected_from_in_linear_time() -> None:
    """Going from each box by itself, these take minutes."""
    page = "<body>" + "<div class=a>" * 1_500 + "<p class=b>Words of a story, and more of them.</p>" * 3_000
    rules = 'css:".a .a .a .a .b" -> legal\ncss:".b ~ .b ~ .b" -> drop\ncss:".a:has(.a .b):not(.a .c)" -> keep'
    doc = with_rules(rules, page)
    assert [block.reason for block in doc.blocks] == ["user rule 3"] * 3_000


def test_an_xpath_that_would_take_too_long_is_not_asked() -> None:
    page = "<body>" + "<p>Words of a story, and more of them.</p>" * 8_000
    doc = with_rules("css:p -> drop\nxpath://p/following-sibling::p -> keep", page)
    assert {block.reason for block in doc.blocks} == {"user rule 1"}
    assert "The page is too large for the XPath of user rule 2: it was not asked." in doc.warnings


def test_rules_pickle_and_share() -> None:
    rules = RuleSet.parse(
        "css:.support -> donation\ncss:.a[[ -> drop\nregex:^Two -> drop\nxpath://h1 -> drop", "a.rules"
    )
    copy = pickle.loads(pickle.dumps(rules))
    assert (copy, copy.mistakes) == (rules, rules.mistakes)
    ours = cleaner.Cleaner(rules=copy, model=False)
    expected = cleaner.Cleaner(rules=rules, model=False).clean(PAGE, ADDRESS).to_dict()
    with ThreadPoolExecutor(4) as pool:
        assert all(doc.to_dict() == expected for doc in pool.map(ours.clean, [PAGE] * 8, [ADDRESS] * 8))


def test_no_rule_changes_nothing() -> None:
    for rules in (RuleSet(), RuleSet.parse("# nothing"), RuleSet.parse("site:other.example css:p -> drop")):
        assert cleaner.Cleaner(rules=rules, model=False).clean(PAGE, ADDRESS).to_dict() == plain().to_dict()
