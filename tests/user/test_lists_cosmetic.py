"""Cosmetic filters: every form of them, what they are worth, and that none can hang or break cleaning."""

from __future__ import annotations

import pickle
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from benchmarks.lists import filters as made_filters
from cleaner.document import Label
from cleaner.html.seen import Seen
from cleaner.user.lists.cosmetic import NAMED, NAMELESS, OF_SITE, CosmeticFilters
from tests.user.lists_pages import DATA, FERRY, seen_page, written

PAGE = (DATA / "cosmetic-page.html").read_text("utf-8")
FORMS = tomllib.loads((DATA / "cosmetic-forms.toml").read_text("utf-8"))["form"]
PROSE = "".join(
    f"<p>The ferry sailed for the {word} time on Monday, with forty people and the band of the brigade on board.</p>"
    for word in ("first", "second", "third", "fourth", "fifth", "sixth")
)


def read(folder: Path, *lines: str, name: str = "list.txt") -> CosmeticFilters:
    return CosmeticFilters.read(written(folder, "\n".join(lines), name))


def hints(filters: CosmeticFilters, seen: Seen) -> dict[str, tuple[float, Label | None, str]]:
    """The text of every block that is spoken against, with odds, label and reason."""
    advice = filters.advise(seen)
    if advice is None:
        return {}
    rows = zip(seen.blocks.text, advice.odds, advice.labels, advice.reasons, strict=True)
    return {text: (odds, label, reason) for text, odds, label, reason in rows if odds}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form["name"])
def test_form(form: dict[str, Any], tmp_path: Path) -> None:
    filters = read(tmp_path, *form["list"])
    assert sorted(hints(filters, seen_page(PAGE, form.get("url", FERRY)))) == sorted(form["hides"])
    for said, expected in ((filters.mistakes, "mistakes"), (filters.noted, "noted")):
        wanted = form.get(expected, [])
        assert len(said) == len(wanted), said
        assert all(any(part in one for one in said) for part in wanted), (said, wanted)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form["name"])
def test_mistakes_name_file_and_line(form: dict[str, Any], tmp_path: Path) -> None:
    filters = read(tmp_path, "! a line before", *form["list"])
    lines = [int(one.split(":")[1]) for one in filters.mistakes]
    assert all(one.startswith("list.txt:") for one in filters.mistakes)
    assert sorted(lines) == sorted(set(lines))
    assert all(2 <= line <= len(form["list"]) + 1 for line in lines)


def test_reason_names_list_line_and_selector(tmp_path: Path) -> None:
    filters = read(tmp_path, "! Title: Asks", "", "##.newsletter", "paper.example##.share", name="annoyances.txt")
    found = hints(filters, seen_page(PAGE))
    assert found["Letter one"] == (NAMED, Label.NEWSLETTER, "annoyances.txt:3 ##.newsletter")
    assert found["Share one"] == (OF_SITE, Label.SOCIAL, "annoyances.txt:4 ##.share")


@pytest.mark.parametrize(
    ("title", "name", "selector", "label"),
    [
        ("", "list.txt", ".cookie-notice", Label.CONSENT),
        ("", "list.txt", "#shareButtons", Label.SOCIAL),
        ("", "list.txt", '[class*="paywall"]', Label.PAYWALL),
        ("", "list.txt", "newsletter-form", Label.NEWSLETTER),
        ("", "list.txt", ".x-1", None),
        ("Easy Cookie List", "list.txt", ".x-1", Label.CONSENT),
        ("Some Social Blocking List", "list.txt", ".x-1", Label.SOCIAL),
        ("Newsletter Notices", "list.txt", ".x-1", Label.NEWSLETTER),
        ("", "cookies.txt", ".x-1", Label.CONSENT),
        ("", "newsletters.txt", ".x-1", Label.NEWSLETTER),
        ("Annoyances", "cookies.txt", ".x-1", Label.CONSENT),
        ("Easy Cookie List", "list.txt", ".donation-box", Label.DONATION),
        ("", "list.txt", ".article-caption", None),
        # What buyers say only on a page of a shop.
        ("", "list.txt", ".product-review", None),
    ],
)
def test_label(title: str, name: str, selector: str, label: Label | None, tmp_path: Path) -> None:
    classes = "cookie-notice donation-box article-caption product-review x-1 c-paywall"
    page = f"<body>{PROSE}<newsletter-form id='shareButtons' class='{classes}'><p>Here</p></newsletter-form></body>"
    filters = read(tmp_path, f"! Title: {title}" if title else "!", f"##{selector}", name=name)
    assert hints(filters, seen_page(page))["Here"][1] is label


def test_a_list_that_says_no_more_than_a_class_is_worth_little(tmp_path: Path) -> None:
    page = f"<body>{PROSE}<div class='x-1'><p>Here</p></div></body>"
    assert hints(read(tmp_path, "##.x-1"), seen_page(page))["Here"][0] == NAMELESS
    # The words of the title say what it is, not that this class is of it.
    assert hints(read(tmp_path, "! Title: Cookies", "##.x-1"), seen_page(page))["Here"][0] == NAMELESS
    assert NAMELESS < NAMED < OF_SITE


def test_the_strongest_hint_is_told(tmp_path: Path) -> None:
    filters = read(tmp_path, "##.line", "##.newsletter", "paper.example##.first")
    found = hints(filters, seen_page(PAGE))
    assert found["Letter one"][2] == "list.txt:3 ##.first"
    assert found["Letter two"][2] == "list.txt:2 ##.newsletter"


def test_a_cookie_dialogue_may_be_most_of_a_page_of_little_prose(tmp_path: Path) -> None:
    dialogue = "<p>We and our partners store cookies on your device to show you what you like and to count visits.</p>"
    page = f"<body><h1>Pier</h1><p>Two boats</p><p>A crane</p><div class='cookie-box'>{dialogue}</div></body>"
    assert len(hints(read(tmp_path, "##.cookie-box"), seen_page(page))) == 1
    page = page.replace("cookie-box", "promo-box")
    assert not hints(read(tmp_path, "##.promo-box"), seen_page(page))


def test_hints_turn_what_the_page_alone_leaves_open(tmp_path: Path) -> None:
    extra = (
        "<p class='x-9'>Our summer book of the islands is out, with ninety photographs and a map of all the piers.</p>"
    )
    page = f"<body><article><h1>The ferry</h1>{PROSE}{extra}{PROSE.replace('ferry', 'boat')}</article></body>"
    plain = cleaner.Cleaner(model=False).clean(page, FERRY)
    hinted = cleaner.Cleaner(model=False, rules=[read(tmp_path, "paper.example##.x-9")]).clean(page, FERRY)
    changed = [
        (one.text, one.label, other.label, other.reason)
        for one, other in zip(plain.blocks, hinted.blocks, strict=True)
        if one.label is not other.label
    ]
    book = next(block.text for block in plain.blocks if "summer book" in block.text)
    assert changed == [(book, Label.BODY, Label.OTHER, "list.txt:1 ##.x-9")]


def test_a_wrong_list_leaves_the_article(tmp_path: Path) -> None:
    generic = "content article text body main post entry row col section wrapper container inner p story".split()
    filters = read(tmp_path, *(f"##.{name}" for name in generic), *(f"###{name}" for name in generic), "##p", "##div")
    page = "".join(f"<div class='{name}'>" for name in generic) + PAGE + "</div>" * len(generic)
    before, after = cleaner.clean(page, FERRY), cleaner.Cleaner(rules=[filters]).clean(page, FERRY)
    assert after.text == before.text != ""


def test_pages_without_an_address_or_with_a_wrong_one(tmp_path: Path) -> None:
    filters = read(tmp_path, "##.newsletter", "paper.example##.share", "~paper.example##.promo")
    assert "Letter one" in hints(filters, seen_page(PAGE, None))
    assert "Share one" not in hints(filters, seen_page(PAGE, None))
    assert "Letter one" in hints(filters, seen_page(PAGE, "http://[broken/"))


def test_the_page_itself_says_where_it_is_from(tmp_path: Path) -> None:
    filters = read(tmp_path, "paper.example##.share")
    page = PAGE.replace("<title>", '<link rel="canonical" href="https://paper.example/ferry"><title>')
    assert "Share one" in hints(filters, seen_page(page, None))


def test_plain_text_has_nothing_to_hide(tmp_path: Path) -> None:
    filters = read(tmp_path, "##.newsletter", "##p")
    assert cleaner.Cleaner(rules=[filters]).clean_text("Two boats.\n\nA crane.").text == "Two boats.\n\nA crane."


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf##.newsletter\r\n##.share\r\n",
        b"##.newsletter\r##.share\r",
        "##.newsletter\n##.share\n".encode("utf-16"),
        b"! d\xe9sagr\xe9ments\n##.newsletter\n##.share",
        b"##.newsletter\n##.\xff\xfe\n\x00##.share\n",
        b"\n\n   ##.newsletter   \n\t##.share\t",
    ],
    ids=["BOM and CRLF", "CR", "UTF-16", "Latin-1", "damaged", "spaces"],
)
def test_encodings_and_ends_of_lines(content: bytes, tmp_path: Path) -> None:
    filters = CosmeticFilters.read(written(tmp_path, content))
    assert set(hints(filters, seen_page(PAGE))) == {"Letter one", "Letter two", "Share one", "Share two", "Share three"}


def test_messages_are_bounded(tmp_path: Path) -> None:
    filters = read(tmp_path, *(f"##.a{n}:nosuch" for n in range(3_000)))
    assert len(filters.mistakes) == 1_001
    assert filters.mistakes[-1] == "… and 2,000 more"


def test_lines_are_bounded(tmp_path: Path) -> None:
    filters = CosmeticFilters.read(written(tmp_path, "##.a\n" + "!\n" * 500_000))
    assert filters.mistakes == ("list.txt: has over 500,000 lines: the rest was left out",)
    assert len(filters) == 1


def test_no_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        CosmeticFilters.read(tmp_path / "missing.txt")


def test_pickles(tmp_path: Path) -> None:
    filters = read(tmp_path, *(line for form in FORMS for line in form["list"]))
    again = pickle.loads(pickle.dumps(filters))
    assert hints(again, seen_page(PAGE)) == hints(filters, seen_page(PAGE))


@pytest.mark.parametrize(
    "selector",
    [
        " ".join(["div"] * 16),
        " ~ ".join(["p"] * 16),
        "div:has(div:has(div:has(div:has(div))))",
        "div:not(:has(p:has-text(/x.*y.*z.*w/)))",
        "div " * 8 + "p:has-text(/(a+)+$/)",
        "p:xpath(//p/following-sibling::p)",
        "p:upward(255):has(p)",
        "*:nth-last-of-type(2n+1)",
        "p:nth-last-child(2n+1)",
        "p:matches-attr(/a/=/b/)",
    ],
)
@pytest.mark.parametrize("shape", ["deep", "wide"])
def test_costly_selectors_are_bounded(selector: str, shape: str, tmp_path: Path) -> None:
    # Without a bound each of these takes minutes at least.
    body = (
        "<div><p>aaaaaaaaaaaaaaaaaaaaaa!" * 1_500 if shape == "deep" else "<p a='b'>aaaaaaaaaaaaaaaaaaaaaa!</p>" * 6_000
    )
    filters = read(tmp_path, *[f"##{selector}"] * 5)
    filters.advise(seen_page(f"<body>{body}</body>"))


def test_what_is_over_the_bound_is_told(tmp_path: Path) -> None:
    page = "<body>" + "<p>The ferry is back on the lake.</p>" * 3_000
    small = cleaner.Cleaner(rules=read(tmp_path, "##p ~ p")).clean(page[:600])
    large = cleaner.Cleaner(rules=read(tmp_path, "##p:nth-last-child(2n+1)")).clean(page)
    assert not any("passed over" in warning for warning in small.warnings)
    assert any("passed over" in warning for warning in large.warnings)


LINE = st.one_of(
    st.sampled_from([line for form in FORMS for line in form["list"]]),
    st.text(alphabet=list("#@?$%.[]()>~+*:=^|,\"'/\\ !ab-"), max_size=30).map(lambda text: "##" + text),
    st.text(max_size=40),
)


@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.lists(LINE, max_size=12).map(lambda lines: "\n".join(lines).encode("utf-8", "replace")),
    )
)
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_list(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    filters = CosmeticFilters.read(written(tmp_path_factory.getbasetemp(), content, "any.txt"))
    filters.advise(seen_page(PAGE))


TAGS = [
    "<div class=newsletter>",
    "</div>",
    "<p id=a class=text>",
    "</p>",
    "<ul>",
    "<li>",
    "<aside class='promo card'>",
    "<a href=x>",
]


@given(page=st.lists(st.one_of(st.sampled_from(TAGS), st.text(max_size=12)), max_size=40).map("".join))
@settings(max_examples=60, deadline=None)
def test_any_page_gives_a_document(page: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    lines = [line for form in FORMS for line in form["list"]]
    filters = read(tmp_path_factory.getbasetemp(), *lines, name="all.txt")
    document = cleaner.Cleaner(rules=[filters], model=False).clean(page.encode("utf-8", "replace"), FERRY)
    assert len(document.blocks) == len(
        cleaner.Cleaner(model=False).clean(page.encode("utf-8", "replace"), FERRY).blocks
    )


def test_the_lists_of_the_benchmark(tmp_path: Path) -> None:
    lines = list(made_filters(2_000, ["www.paper.example"]))
    filters = read(tmp_path, *lines)
    assert len(set(lines)) == 2_000
    assert filters.mistakes == filters.noted == ()
    assert 1_900 < len(filters) < 2_000
    assert all(
        reason == "" or reason.startswith("list.txt:") for _, _, reason in hints(filters, seen_page(PAGE)).values()
    )
