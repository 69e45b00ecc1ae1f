"""A report says of every block what the document says, holds nothing of the page but text, and is whole by itself."""

from __future__ import annotations

import base64
import hashlib
import math
import random
import re
import runpy
import zlib
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import groupby
from pathlib import Path

import pytest
from handmade import document, plain
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from lxml.etree import _Element

import cleaner
from cleaner import Document, Label
from cleaner.document import Source
from cleaner.render.palette import PALETTE
from cleaner.render.report import LARGE, files, pieces, report

SAMPLES = Path(__file__).parents[2] / "samples"
HOSTILE = sorted((SAMPLES / "hostile").glob("*.html"))
OURS = cleaner.Cleaner(model=False)
NEWS = OURS.clean((SAMPLES / "wordpress-local-news" / "page.html").read_bytes())
OFF = cleaner.Cleaner(model=False, keep=list(Label))

TAGS = frozenset(
    "a b bdi blockquote body br button caption code dd del details div dl dt em fieldset figcaption figure footer "
    "h1 h2 h3 h4 h5 h6 head header html input kbd label legend li link main mark meta nav ol output p pre q rect "
    "script section small span strong style sub summary sup svg table tbody td th thead title tr ul".split()
)
ATTRIBUTES = frozenset(
    "aria-describedby aria-hidden aria-label aria-labelledby aria-sort autocomplete charset class colspan content "
    "data-of data-sort dir focusable for height href http-equiv id lang name placeholder preserveaspectratio rel "
    "rowspan scope start tabindex target type viewbox width x".split()
)


def parsed(markup: str) -> _Element:
    return lxml_html.document_fromstring(markup.encode("utf-8"), parser=lxml_html.HTMLParser(encoding="utf-8"))


def found(root: _Element, selector: str) -> list[_Element]:
    """The elements with a class, or with a tag and a class, in order."""
    tag, _, name = selector.partition(".")
    return root.xpath(f"//{tag or '*'}[contains(concat(' ', @class, ' '), ' {name} ')]")


def said(element: _Element) -> str:
    return " ".join(str(element.text_content()).split())


def number(why: _Element) -> int:
    """The number of the block that this is said of."""
    return int(why.get("id").rpartition("w")[2])


def one(markup: str, url: str | None = None) -> tuple[Document, _Element]:
    doc = document(markup, url)
    return doc, parsed(report([("page.html", doc)]))


def test_every_block_is_there_in_order() -> None:
    shown = found(parsed(report([("page.html", NEWS)])), "p.t")
    assert [said(each) for each in shown] == [" ".join(block.text.split()) for block in NEWS.blocks]


def test_every_block_says_its_label_confidence_and_reason() -> None:
    for block, why in zip(NEWS.blocks, found(parsed(report([("page.html", NEWS)])), "div.why"), strict=True):
        text = said(why)
        assert text.startswith(f"{block.label} {block.confidence:.2f} {block.reason} ")
        assert f"block {block.index}" in text
        assert text.endswith(block.xpath)


def test_what_came_next_is_named() -> None:
    doc = plain(("Words.", Label.BODY))
    doc = replace(doc, columns=replace(doc.columns, confidences=[0.55], reasons=["tagger 0.55 (related 0.41)"]))
    root = parsed(report([("page.txt", doc)]))
    (second,) = root.xpath("//div[@class='why']/span[@class='l-related']")
    assert said(second) == "next related 0.41"
    assert found(root, "div.unsure")


def test_what_was_removed_is_folded_by_runs_of_a_label() -> None:
    root = parsed(report([("page.html", NEWS)]))
    removed = {block.index for block in NEWS.removed}
    runs = [
        (label, [block.index for block in run])
        for (label, _), run in groupby(NEWS.blocks, key=lambda block: (block.label, NEWS.columns.asks[block.index]))
    ]
    folded = [
        (run.get("class").split()[2].removeprefix("l-"), [number(why) for why in run.xpath(".//div[@class='why']")])
        for run in found(root, "details.cruft")
    ]
    assert folded == [(label, blocks) for label, blocks in runs if blocks[0] in removed]
    assert len(found(root, "div.kept")) == len(runs) - len(folded)
    assert not root.xpath("//details[@open]")


def test_what_is_kept_or_dropped_by_wish_stands_so() -> None:
    wish = cleaner.Cleaner(model=False, keep=["newsletter"], drop=["caption"])
    page = (SAMPLES / "wordpress-local-news" / "page.html").read_bytes()
    root = parsed(report([("page.html", wish.clean(page))]))
    assert root.xpath("//div[contains(@class, 'kept') and contains(@class, 'l-newsletter')]")
    assert root.xpath("//details[contains(@class, 'l-caption')]")


def test_counts_words_and_the_bar() -> None:
    root = parsed(report([("page.html", NEWS)]))
    chips = {box.get("class").removeprefix("f f-"): said(box.getparent()) for box in root.xpath("//input")}
    for label in {block.label for block in NEWS.blocks}:
        blocks = [block for block in NEWS.blocks if block.label is label]
        words = sum(len(block.text.split()) for block in blocks)
        assert chips[label] == f"{label} {len(blocks)} {words} words"
    (bar,) = found(root, "svg.bar")
    widths = [float(rect.get("width")) for rect in bar]
    assert sum(widths) == pytest.approx(1000, abs=0.1)
    assert [rect.get("class") for rect in bar] == [f"l-{label}" for label in Label if label in set(NEWS.columns.labels)]


def test_what_the_page_says_of_itself() -> None:
    root = parsed(report([("saved/page.html", NEWS)]))
    facts = {said(fact[0]): said(fact[1]) for fact in root.xpath("//dl[@class='facts']/div")}
    assert facts == {
        "authors": "Dana Whitcomb",
        "date": "2024-05-21",
        "site": "Millrace Beacon",
        "language": "en-US",
        "page type": "article",
        "access": "full",
        "address": NEWS.url,
    }
    assert said(root.xpath("//h1")[0]) == NEWS.title == root.findtext(".//title")
    assert said(found(root, "p.name")[0]) == "saved/page.html"


def test_warnings_are_shown() -> None:
    doc = replace(NEWS, warnings=("The page is <b>cut</b>.", "So it is."))
    root = parsed(report([("page.html", doc)]))
    assert [said(each) for each in root.xpath("//ul[@class='warnings']/li")] == list(doc.warnings)


def test_a_page_of_nothing() -> None:
    root = parsed(report([("empty.html", cleaner.clean(b""))]))
    assert "No block of text was found." in said(root)
    assert said(found(root, "h1.title")[0]) == "no title"


def test_the_result_fetches_nothing() -> None:
    doc, root = one(
        "<h1>Title</h1><p>One <a href='/two'>two</a> <a href='https://a.example/'>three</a></p>"
        "<figure><img src='https://a.example/x.png' alt='A \"ferry\" <i>'><figcaption>Below.</figcaption></figure>"
        "<p>Four.</p>"
    )
    assert "<img" in doc.html
    (result,) = found(root, "div.result")
    assert not result.xpath(".//img")
    assert said(result.xpath(".//span[@class='picture']")[0]) == 'A "ferry" <i>'
    links = result.xpath(".//a[@href]")
    assert [(link.get("href"), link.get("rel"), link.get("target")) for link in links] == [
        ("https://a.example/", "noopener noreferrer", "_blank")
    ]
    assert not result.xpath(".//h1")
    assert said(result.xpath(".//h3")[0]) == "Title"


def test_alternatives_that_look_like_markup_stay_text() -> None:
    alt = '<img src="x" alt="y"> <img >&quot;><script>'
    doc, root = one(f"<p>a</p><figure><img src=/x.png alt='{alt}'><figcaption>b</figcaption></figure><p>c</p>")
    shown = found(root, "span.picture")
    assert [said(each) for each in shown] == ['<img src="x" alt="y"> <img >"><script>']
    assert "/x.png" in doc.html


class Reader(HTMLParser):
    """Every tag and attribute, as a second parser sees them, and the texts of styles and scripts."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.addresses: set[str] = set()
        self.raw: list[tuple[str, str]] = []
        self.policy = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src", "content")}
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"] or ""
        if tag in ("style", "script"):
            self.raw.append((tag, ""))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem in ("style", "script"):
            tag, before = self.raw[-1]
            self.raw[-1] = tag, before + data


def assert_safe(markup: str) -> None:
    read = Reader(markup)
    assert read.tags <= TAGS
    assert read.names <= ATTRIBUTES
    for address in read.addresses:
        assert "script:" not in address.lower() or not re.match(r"\W*\w+script:", address.lower()), address
    for tag, text in read.raw:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in read.policy
    assert [tag for tag, _ in read.raw] == ["style", "script"]


def test_the_hostile_pages_are_what_their_script_makes() -> None:
    made = runpy.run_path(str(SAMPLES / "hostile" / "make.py"))["make"]()
    assert {path.name: path.read_bytes() for path in HOSTILE} == dict(made)
    assert len(made) >= 200


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_a_hostile_page_is_text(path: Path) -> None:
    doc = OFF.clean(path.read_bytes())
    assert_safe(report([(f"{path.name}<script>", doc)]))


@given(st.text(max_size=120), st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_text_is_markup(text: str, reason: str, name: str) -> None:
    doc = plain((text, Label.TITLE), (text, Label.BODY), (text, Label.DONATION))
    doc = replace(doc, columns=replace(doc.columns, reasons=[reason] * 3, xpaths=[text] * 3), warnings=(text,))
    doc = replace(doc, source=Source(None, url=text))
    assert_safe(report([(name, doc)]))


def test_the_policy_lets_nothing_else_in() -> None:
    policy = Reader(report([("page.html", NEWS)])).policy
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules.pop("style-src").startswith("'sha256-")
    assert rules.pop("script-src").startswith("'sha256-")
    assert rules == {"default-src": "'none'", "img-src": "data:", "base-uri": "'none'", "form-action": "'none'"}


def test_style_and_script_name_no_address() -> None:
    for _, text in Reader(report([("page.html", NEWS)])).raw:
        assert not re.search(r"https?:|//\w|@import|url\(", text)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", " JaVaScRiPt:alert(1)", "file:///etc/passwd", "//a.example"]
)
def test_only_addresses_of_the_web_are_links(address: str) -> None:
    doc = replace(NEWS, source=Source(None, url=address))
    root = parsed(report([("page.html", doc)]))
    assert not root.xpath("//div[@class='address']//a")
    assert said(root.xpath("//div[@class='address']/dd")[0]) == address.strip()


def test_names_that_deceive_are_written_out() -> None:
    root = parsed(report([("saved\u202elmth.egap\x1b[2J\ud800.html", NEWS)]))
    assert said(found(root, "p.name")[0]) == "saved\\u202elmth.egap\\x1b[2J\\ud800.html"


def test_a_language_that_is_none_is_no_attribute() -> None:
    page = b"<html lang='&quot; onclick=x'><body><h1>T</h1><p>" + b"word " * 60
    assert not found(parsed(report([("page.html", OURS.clean(page))])), "div.result")[0].get("lang")


# Several pages.


def doc_of(confidence: float, words: int, title: str = "A title") -> Document:
    doc = plain((title, Label.TITLE), ("word " * words, Label.BODY))
    return replace(doc, columns=replace(doc.columns, confidences=[confidence] * 2))


def test_the_least_certain_page_comes_first() -> None:
    pages = [
        ("a.html", doc_of(0.9, 5)),
        ("b.html", doc_of(0.2, 5)),
        ("c.html", doc_of(0.6, 5)),
        ("d.html", cleaner.clean(b"")),
    ]
    root = parsed(report(pages))
    rows = root.xpath("//table[@class='pages']/tbody/tr")
    assert [said(row.xpath(".//small")[0]) for row in rows] == ["d.html", "b.html", "c.html", "a.html"]
    assert [said(row[0]) for row in rows] == ["100 %", "80 %", "40 %", "10 %"]


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 400)), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_doubt_is_a_mean_by_the_root_of_the_words(blocks: list[tuple[float, int]]) -> None:
    doc = plain(*[(" ".join(["word"] * words), Label.BODY) for _, words in blocks])
    doc = replace(doc, columns=replace(doc.columns, confidences=[confidence for confidence, _ in blocks]))
    expected = sum((1 - c) * math.sqrt(w) for c, w in blocks) / sum(math.sqrt(w) for _, w in blocks)
    root = parsed(report([("a.html", doc), ("b.html", doc)]))
    assert said(root.xpath("//tbody/tr/td")[0]) == f"{100 * expected:.0f} %"


def test_every_page_is_in_the_file_and_linked() -> None:
    pages = [(f"{n}.html", doc_of(0.5, 5, f"Title {n}")) for n in range(5)]
    root = parsed(report(pages))
    links = root.xpath("//tbody//a")
    assert sorted(said(link) for link in links) == [f"Title {n}" for n in range(5)]
    for link in links:
        (page,) = root.xpath(f"//section[@id='{link.get('href')[1:]}']")
        assert said(page.xpath(".//h2[contains(@class, 'title')]")[0]) == said(link)


def test_ids_are_unique() -> None:
    ids = parsed(report([("a.html", NEWS), ("b.html", NEWS)])).xpath("//@id")
    assert len(ids) == len(set(ids)) > 2 * len(NEWS.blocks)


def test_totals() -> None:
    root = parsed(report([("a.html", NEWS), ("b.html", NEWS), ("c.html", cleaner.clean(b""))]))
    words = sum(len(block.text.split()) for block in NEWS.blocks)
    kept = words - sum(len(block.text.split()) for block in NEWS.removed)
    assert [said(fact) for fact in root.xpath("//ul[contains(@class, 'totals')]/li")] == [
        f"{2 * kept:,} of {2 * words:,} words kept",
        "2 article, 1 other",
        "2 full, 1 empty",
        f"{2 * len(NEWS.asks)} asks",
        "1 with warnings",
    ]


def test_many_pages_lie_packed() -> None:
    pages = [(f"{n}.html", doc_of(0.5, 5, f"Title <{n}>")) for n in range(LARGE + 1)]
    root = parsed(report(pages))
    assert len(root.xpath("//tbody/tr")) == LARGE + 1
    assert not root.xpath("//section")
    packed = root.xpath("//script[@data-page]")
    assert [script.get("data-page") for script in packed] == [f"p{n}" for n in range(1, LARGE + 2)]
    page = parsed(zlib.decompress(base64.b64decode(packed[7].text)).decode())
    assert said(found(page, "h2.title")[0]) == "Title <7>"
    assert page.xpath("//section[@class='page']/@id") == ["p8"]


def test_no_more_than_some_pages_need_no_script() -> None:
    pages = [(f"{n}.html", doc_of(0.5, 5)) for n in range(LARGE)]
    assert len(parsed(report(pages)).xpath("//section[@class='page']")) == LARGE


def test_a_page_is_written_before_the_next_is_read() -> None:
    taken: list[int] = []

    def pages() -> Iterator[tuple[str, Document]]:
        for n in range(3):
            taken.append(n)
            yield f"{n}.html", doc_of(0.5, 5)

    name, _ = next(files(pages()))
    assert (name, taken) == ("pages/0001-0.html", [0])


def test_a_folder_of_files() -> None:
    written = dict(files([("saved/My page.html", NEWS), ("../ü?*.htm", NEWS), ("-", doc_of(0.1, 3))]))
    assert list(written) == ["pages/0001-saved-my-page.html", "pages/0002-htm.html", "pages/0003.html", "index.html"]
    links = parsed(written["index.html"]).xpath("//tbody//a/@href")
    assert links == ["pages/0003.html", "pages/0001-saved-my-page.html", "pages/0002-htm.html"]
    assert parsed(written["pages/0003.html"]).xpath("//nav/a/@href") == ["../index.html"]
    for markup in written.values():
        assert_safe(markup)


def test_a_report_of_no_page() -> None:
    assert "0 pages" in said(parsed(report([])))


def test_the_same_report_every_time() -> None:
    pages = [("a.html", NEWS), ("b.html", NEWS)]
    assert report(pages) == report(pages) == "".join(pieces(iter(pages)))


def test_a_large_page() -> None:
    words = random.Random(1)
    lines = [("word " * words.randint(1, 9), words.choice(list(Label))) for _ in range(20_000)]
    root = parsed(report([("large.html", plain(*lines))]))
    assert len(found(root, "p.t")) == 20_000


# Colours.


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("label", list(Label))
def test_colours_can_be_read(label: Label) -> None:
    colours = PALETTE[label]
    for pair, ground in ((colours.light, "#ffffff"), (colours.dark, "#000000")):
        assert contrast(pair.background, pair.text) >= 4.5
        assert contrast(ground, pair.text) >= 4.5
    assert min(contrast(colours.terminal, "#ffffff"), contrast(colours.terminal, "#000000")) >= 4.3


def test_no_two_labels_look_the_same() -> None:
    assert len({colours.light.text for colours in PALETTE.values()}) == len(Label)
    assert len({colours.dark.text for colours in PALETTE.values()}) == len(Label)
    assert len({colours.terminal for colours in PALETTE.values()}) == len(Label)
