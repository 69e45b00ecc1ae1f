"""ftr-site-config: every directive, which file is for which page, and that no XPath can hang cleaning."""

from __future__ import annotations

import pickle
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.document import Label
from cleaner.user.lists.ftr import FtrConfigs
from tests.user.lists_pages import DATA, written

DIRECTIVES = tomllib.loads((DATA / "ftr-directives.toml").read_text("utf-8"))["directive"]
PAGE = (DATA / "pages" / "directives.html").read_text("utf-8")
URL = "https://www.paper.example/ferry"
SITES = DATA / "site-config"


def read(folder: Path, *lines: str, name: str = "paper.example.txt") -> FtrConfigs:
    written(folder, "\n".join(lines), name)
    return FtrConfigs.read(folder)


@pytest.mark.parametrize("directive", DIRECTIVES, ids=lambda one: one["name"])
def test_directive(directive: dict[str, Any], tmp_path: Path) -> None:
    configs = read(tmp_path, *directive["lines"])
    document = cleaner.Cleaner(rules=[configs]).clean(PAGE, URL)
    for start, label, reason in directive.get("labels", ()):
        block = next(block for block in document.blocks if block.text.startswith(start))
        assert block.label != "body" if label == "not body" else block.label == label, block
        assert not reason or block.reason == reason
    plain = cleaner.clean(PAGE, URL)
    assert document.title == directive.get("title", plain.title)
    assert list(document.authors) == directive.get("authors", list(plain.authors))
    assert document.date == directive.get("date", plain.date)
    assert all(part in document.html for part in directive.get("html", ()))
    assert not any(part in document.html for part in directive.get("no_html", ()))
    assert list(document.warnings) == directive.get("warnings", [])
    for said, expected in ((configs.mistakes, "mistakes"), (configs.noted, "noted")):
        wanted = directive.get(expected, [])
        assert len(said) == len(wanted), said
        assert all(part in one for part, one in zip(wanted, said, strict=True)), said


def test_the_page_shows_what_the_directives_change() -> None:
    document = cleaner.clean(PAGE, URL)
    assert "boat.jpg" in document.html
    assert "flag.jpg" in document.html
    assert "<blockquote>" not in document.html
    assert document.date == "2026-03-08"
    labels = {block.text.split()[0].strip(","): block.label for block in document.blocks}
    assert {labels[name] for name in ("First", "Second", "Third", "Aside", "Bold")} == {Label.BODY}


@pytest.mark.parametrize("url", [test.url for tests in FtrConfigs.read(SITES).tests.values() for test in tests])
def test_addresses_that_files_name(url: str) -> None:
    configs = FtrConfigs.read(SITES)
    assert (configs.mistakes, configs.noted) == ((), ())
    wanted = next(test for tests in configs.tests.values() for test in tests if test.url == url)
    page = (DATA / "pages" / f"{url.rsplit('/', 1)[1]}.html").read_bytes()
    document = cleaner.Cleaner(rules=[configs]).clean(page, url)
    assert wanted.contains
    assert all(text in document.text for text in wanted.contains)
    removed = (
        "Our book",
        "This page was made",
        "Put something in",
        "From the harbour",
        "The harbour was dug",
        "Filed under",
    )
    assert not any(text in document.text for text in (*removed, "I have kept this diary"))
    assert len(document.text.split("\n\n")) == 3


def test_metadata_of_a_file() -> None:
    page = (DATA / "pages" / "ferry.html").read_bytes()
    document = cleaner.Cleaner(rules=[FtrConfigs.read(SITES)]).clean(page, "https://paper.example/2026/ferry")
    assert (document.title, document.authors, document.date) == ("The ferry is back", ("Ena Brock",), "2026-03-03")
    assert pickle.loads(pickle.dumps(document)).authors == ("Ena Brock",)


@pytest.mark.parametrize(
    ("host", "files"),
    [
        ("paper.example", ["paper.example.txt"]),
        ("www.paper.example", ["paper.example.txt"]),
        ("WWW.Paper.Example", ["paper.example.txt"]),
        ("sport.paper.example", []),
        ("blog.example", []),
        ("ena.blog.example", [".blog.example.txt"]),
        ("a.ena.blog.example", [".blog.example.txt"]),
        ("own.blog.example", ["own.blog.example.txt"]),
        ("www.own.blog.example", ["own.blog.example.txt"]),
        ("deep.own.blog.example", [".blog.example.txt"]),
        ("example", []),
        ("xblog.example", []),
    ],
)
def test_which_file(host: str, files: list[str], tmp_path: Path) -> None:
    for name in ("paper.example.txt", ".blog.example.txt", "own.blog.example.txt"):
        written(tmp_path, f"title: '{name}'", name)
    found = cleaner.Cleaner(rules=[FtrConfigs.read(tmp_path)]).clean(PAGE, f"https://{host}/x")
    assert found.title == (files[0] if files else cleaner.clean(PAGE, URL).title)


@pytest.mark.parametrize(
    ("autodetect", "title"), [("yes", "From everywhere"), ("no", "The ferry is back in the harbour")]
)
def test_global_file(autodetect: str, title: str, tmp_path: Path) -> None:
    written(tmp_path, "title: 'From everywhere'", "global.txt")
    configs = read(tmp_path, f"autodetect_on_failure: {autodetect}", "strip: //p[@class='aside']")
    assert cleaner.Cleaner(rules=[configs]).clean(PAGE, URL).title == title
    assert cleaner.Cleaner(rules=[configs]).clean(PAGE, "https://other.example/").title == "From everywhere"


def test_own_files_come_before_those_of_the_collection(tmp_path: Path) -> None:
    written(tmp_path / "custom", "title: //h2\ndate: '2026-01-01'", "paper.example.txt")
    written(tmp_path / "standard", "title: 'Standard'\ndate: '2025-01-01'", "paper.example.txt")
    document = cleaner.Cleaner(rules=[FtrConfigs.read(tmp_path)]).clean(PAGE, URL)
    assert (document.title, document.date) == ("Standard", "2026-01-01")


def test_the_page_itself_says_where_it_is_from(tmp_path: Path) -> None:
    page = PAGE.replace("<title>", f'<link rel="canonical" href="{URL}"><title>')
    configs = read(tmp_path, "find_string: <p>Second", "replace_string: <p>Changed", "strip: //p[@class='aside']")
    document = cleaner.Cleaner(rules=[configs]).clean(page)
    assert "Changed of the two" in document.text
    assert "Aside" not in document.text
    assert cleaner.Cleaner(rules=[configs]).clean(PAGE).text == cleaner.clean(PAGE).text


def test_files_that_are_not_of_a_site(tmp_path: Path) -> None:
    for name in ("README.txt", "LICENSE.txt", "some notes.txt", "paper.example.md"):
        written(tmp_path, "body: //p", name)
    configs = FtrConfigs.read(tmp_path)
    assert configs.mistakes == (
        "some notes.txt: is not named after a host, such as example.com.txt",
        f"{tmp_path.name}: holds no file that is named after a host, such as example.com.txt",
    )


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no folder"):
        FtrConfigs.read(tmp_path / "missing")


def test_files_are_bounded(tmp_path: Path) -> None:
    configs = read(tmp_path, *["strip: //aside"] * 501)
    assert configs.mistakes == ("paper.example.txt:501: over 500 lines: the rest was left out",)


def test_a_page_does_not_grow_without_bound(tmp_path: Path) -> None:
    lines = [f"replace_string({'x' * n}): {'x' * 4000 * n}" for n in range(1, 60)]
    configs = read(tmp_path, *lines, "replace_string(sailed): flew")
    document = cleaner.Cleaner(rules=[configs]).clean(PAGE.replace("Second", "x Second"), URL)
    assert len(document.source.html or b"") < 2 * len(PAGE) + 1_000_000
    assert "flew again on Monday" in document.text


def test_two_folders_at_once(tmp_path: Path) -> None:
    one = read(tmp_path / "one", "strip: //p[@class='aside']")
    other = read(tmp_path / "other", "title: 'From the other'")
    document = cleaner.Cleaner(rules=[one, other]).clean(PAGE, URL)
    assert document.title == "From the other"
    assert "Aside" not in document.text


def test_threads(tmp_path: Path) -> None:
    configs = read(tmp_path, "body: //div[@id='second']")
    written(tmp_path, "body: //div[@id='first']", "other.example.txt")
    shared = cleaner.Cleaner(rules=[FtrConfigs.read(tmp_path)], model=False)
    urls = [URL, "https://other.example/", "https://none.example/"] * 8
    with ThreadPoolExecutor(6) as pool:
        texts = list(pool.map(lambda url: shared.clean(PAGE, url).text, urls))
    assert texts == texts[:3] * 8
    assert len(set(texts)) == 3
    assert configs.mistakes == ()


def test_pickles(tmp_path: Path) -> None:
    configs = read(tmp_path, *(line for one in DIRECTIVES for line in one["lines"]))
    again = pickle.loads(pickle.dumps(configs))
    assert again.mistakes == configs.mistakes
    both = [cleaner.Cleaner(rules=[one], model=False).clean(PAGE, URL) for one in (configs, again)]
    assert both[0].blocks == both[1].blocks


def test_plain_text(tmp_path: Path) -> None:
    configs = read(tmp_path, "body: //p", "strip: //p")
    assert cleaner.Cleaner(rules=[configs]).clean_text("Two boats.\n\nA crane.").text == "Two boats.\n\nA crane."


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfstrip: //p[@class='aside']\r\nauthor: 'Zo\xc3\xab'\r\n",
        b"strip: //p[@class='aside']\rauthor: 'Zo\xc3\xab'\r",
        "strip: //p[@class='aside']\nauthor: 'Zoë'".encode("utf-16"),
        b"strip: //p[@class='aside']\n# d\xe9j\xe0 vu \xe0 No\xebl\nauthor: 'Zo\xeb'",
        b"\x00strip: //p[@class='aside']\n\x01\nauthor: 'Zo\xc3\xab'",
    ],
    ids=["BOM and CRLF", "CR", "UTF-16", "Latin-1", "control characters"],
)
def test_encodings_and_ends_of_lines(content: bytes, tmp_path: Path) -> None:
    written(tmp_path, content, "paper.example.txt")
    document = cleaner.Cleaner(rules=[FtrConfigs.read(tmp_path)]).clean(PAGE, URL)
    assert "Aside" not in document.text
    assert document.authors == ("Zoë",)


COSTLY = [
    "//p/following-sibling::p",
    "//div/ancestor::div/descendant::p/preceding::div",
    "//div[.//div[.//div[.//div[.//div[.//p]]]]]",
    "//p[count(preceding::p) > count(following::p)]",
    "//p[. = //p]",
    "//*[contains(string(.), 'x')]//*[contains(string(.), 'y')]",
    "//p[preceding-sibling::p[preceding-sibling::p]]",
    "(//p | //div | //p/.. | //div/..)[count(//p[. = //div]) > 1]",
    "//p" + "/../p" * 100,
]


@pytest.mark.parametrize("path", COSTLY)
@pytest.mark.parametrize("shape", ["deep", "wide", "bushy"])
def test_costly_expressions_are_not_run(path: str, shape: str, tmp_path: Path) -> None:
    # Without a bound most of these take minutes or hours.
    bodies = {
        "deep": "<div><p>Pier</p>" * 1_800,
        "wide": "<p>Pier</p>" * 20_000,
        "bushy": ("<div>" * 10 + "<p>Pier</p>" * 5 + "</div>" * 10) * 1_000,
    }
    configs = read(tmp_path, f"strip: {path}", f"title: {path}", "wrap_in(b): " + path, "author: 'Ena'")
    assert configs.mistakes == ()
    document = cleaner.Cleaner(rules=[configs], model=False, max_blocks=500).clean(f"<body>{bodies[shape]}</body>", URL)
    assert document.authors == ("Ena",)


def test_what_is_not_run_is_told(tmp_path: Path) -> None:
    configs = read(tmp_path, "strip: //p/following-sibling::p")
    document = cleaner.Cleaner(rules=[configs], model=False, max_blocks=500).clean("<p>Pier</p>" * 20_000, URL)
    assert "The XPath of paper.example:1 was not run: it would take too long on this page." in document.warnings
    small = cleaner.Cleaner(rules=[configs], model=False).clean("<p>Pier</p>" * 20, URL)
    assert not any("XPath" in warning for warning in small.warnings)


@pytest.mark.parametrize(
    "path",
    [
        "//div[@class='a' and not(@id)]//p[position() < 3]",
        "//p[contains(concat(' ', normalize-space(@class), ' '), ' aside ')]",
        "//div[@id='first']/following-sibling::*",
        "//p[.='x' or starts-with(text(), 'y')][last()]",
        "(//p)[1] | id('first')/p[2]",
        "//*[@class and string-length(.) > 10 * 2 - 1 div 3 mod 2]",
        "/html/body/article/div[1]/../div[-1]",
        "//div/descendant-or-self::node()/comment() | //processing-instruction('x')",
        "//div/div//div/p[preceding-sibling::p[1][@class]]",
        "//article//*[self::p or self::h2][ancestor::div[@id]]",
        "string(//h1)",
        "//div//@class",
    ],
)
def test_usual_expressions_are_run(path: str, tmp_path: Path) -> None:
    configs = read(tmp_path, f"strip: {path}")
    assert configs.mistakes == ()
    document = cleaner.Cleaner(rules=[configs], model=False).clean(PAGE.replace("<p>", "<p>" + "<br>" * 40), URL)
    assert not any("XPath" in warning for warning in document.warnings)


LINE = st.one_of(
    st.sampled_from([line for one in DIRECTIVES for line in one["lines"]]),
    st.text(alphabet=list("/@*[]()'=.|:- pdiv1and"), max_size=30).map(lambda text: "strip: //" + text),
    st.tuples(
        st.sampled_from(["body", "title", "date", "find_string", "replace_string(x)", "wrap_in(b)"]),
        st.text(max_size=20),
    ).map(lambda pair: f"{pair[0]}: {pair[1]}"),
    st.text(max_size=40),
)


@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.lists(LINE, max_size=12).map(lambda lines: "\n".join(lines).encode("utf-8", "replace")),
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_file(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    written(folder, content, "paper.example.txt")
    document = cleaner.Cleaner(rules=[FtrConfigs.read(folder)], model=False).clean(PAGE, URL)
    assert document.blocks


TAGS = [
    "<div id=first>",
    "<div id=second>",
    "</div>",
    "<p class=aside>",
    "</p>",
    "<h1>",
    "<b>",
    "<img src=flag>",
    "<script>",
    "</script>",
]


@given(page=st.lists(st.one_of(st.sampled_from(TAGS), st.text(max_size=12)), max_size=40).map("".join))
@example(page="<img src=flag>\f")
@settings(max_examples=60, deadline=None)
def test_any_page_gives_a_document(page: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    configs = read(tmp_path_factory.getbasetemp() / "all", *(line for one in DIRECTIVES for line in one["lines"]))
    document = cleaner.Cleaner(rules=[configs], model=False).clean(page.encode("utf-8", "replace"), URL)
    assert document.to_dict()["schema"]
