"""Whatever a page holds, its views are safe to open, and come in time."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from handmade import document, plain
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Label
from cleaner.render.html import ATTRIBUTES, TAGS, sanitise

HOSTILE = [
    "<h1><script>alert(1)</script>Title</h1>",
    "<h1>Title &lt;script&gt;alert(1)&lt;/script&gt;</h1>",
    "<p onclick=alert(1) style='x:expression(alert(1))' class=c id=i>text</p>",
    "<p><a href=javascript:alert(1)>x</a></p>",
    "<p><a href='jAvA&#9;scr&#10;ipt:alert(1)'>x</a></p>",
    "<p><a href='&#106;&#97;vascript&colon;alert(1)'>x</a></p>",
    "<p><a href='&#1; javascript:alert(1)'>x</a></p>",
    "<p><a href='javas&amp;#99;ript:alert(1)'>x</a></p>",
    "<p><a href='javascript\\:alert(1)'>x</a></p>",
    "<p><a href='vbscript:x'>x</a><a href='data:text/html,<script>alert(1)</script>'>y</a></p>",
    "<p>a</p><img src=x onerror=alert(1)><p>b</p>",
    "<p>a</p><img src='x\" onerror=\"alert(1)' alt='\"><script>alert(1)</script>'><p>b</p>",
    "<p>a <img src=javascript:alert(1)> <img src='data:image/svg+xml,<svg onload=alert(1)>'></p>",
    "<p>a<svg><style><img src=x onerror=alert(1)></style><script>alert(1)</script></svg></p>",
    "<p>a<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<p><math alttext='<script>alert(1)</script>'></math> b</p>",
    "<p>&#1;<script>alert(1)</script>&#2; &#1;&lt;script&gt;alert(1)&lt;/script&gt;&#2;</p>",
    "<input type=submit value='&#1;<script>alert(1)</script>&#2;'>",
    "<pre><code class='language-x\" onclick=\"alert(1)'>x</code></pre>",
    "<ol start='1\" onclick=\"alert(1)'><li>x</ol>",
    "<table><tr><td colspan='2\" onclick=\"alert(1)'>x<td>y</table>",
    "<p>[x](javascript:alert(1)) ![y](javascript:alert(1)) &lt;javascript:alert(1)&gt;</p>",
    "<p>$[x](javascript:alert(1))$ $&lt;script&gt;alert(1)&lt;/script&gt;$</p>",
    "<p>[x]: javascript:alert(1)</p><p>[x]</p>",
    "<base href='javascript:alert(1)//'><p><a href='x'>y</a></p>",
]


class Reader(HTMLParser):
    """Collects the tags and attributes of some HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.addresses: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


def assert_safe(markup: str) -> None:
    read = Reader(markup)
    assert read.tags <= TAGS
    assert read.attributes <= {(tag, name) for tag, names in ATTRIBUTES.items() for name in names}
    for address in read.addresses:
        head = "".join(address.split()).lower()
        assert not head.startswith(("javascript:", "data:", "vbscript:")), address


def rendered(markdown: str) -> str:
    """Markdown as HTML, its raw HTML let through."""
    import markdown_it as commonmark

    return str(commonmark.MarkdownIt("commonmark", {"html": True}).render(markdown))


@pytest.mark.parametrize("page", HOSTILE)
@pytest.mark.parametrize("url", [None, "https://paper.example/one"])
def test_the_html_view_is_safe(page: str, url: str | None) -> None:
    assert_safe(document(page, url, keep=frozenset(Label)).html)


@pytest.mark.parametrize("page", HOSTILE)
@pytest.mark.parametrize("url", [None, "https://paper.example/one"])
def test_the_markdown_view_is_safe(page: str, url: str | None) -> None:
    read = Reader(rendered(document(page, url, keep=frozenset(Label)).markdown))
    assert not read.tags & {"script", "svg", "math", "style", "iframe"}
    assert not [name for _, name in read.attributes if name.startswith("on")]
    assert not [each for each in read.addresses if "script:" in each.lower() and "/" not in each.split("script:")[0]]


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_a_tag_that_is_not_on_the_list(text: str) -> None:
    assert_safe(plain((text, Label.TITLE), (text, Label.BODY)).html)
    assert_safe(sanitise(text))


PIECES = st.sampled_from(
    """<p> </p> <b> <i> </b> <a&#32;href='javascript:x'> </a> <table> <tr> <td> <ul> <li> <svg> <style> <script>
    </script> <math> <figure> <img&#32;src=x&#32;onerror=y> <figcaption> <pre> <code&#32;class=language-a> <br> <h1>
    <!-- --> &lt;script&gt; $ ` * [ ](javascript:x) word &#1; <template> <noscript> <blockquote> "'>""".split()
)


@given(st.lists(PIECES, max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_markup_makes_a_tag_that_is_not_on_the_list(pieces: list[str]) -> None:
    doc = document("<body><p>x" + " ".join(pieces).replace("&#32;", " "), "https://paper.example/")
    assert_safe(doc.html)
    assert isinstance(doc.markdown, str)


@pytest.mark.parametrize(
    "page",
    [
        "<b><p>x" * 3000,
        "<ul><li>a" * 3000,
        "<blockquote>a" * 3000,
        "<a href='/" + "x" * 4000 + "'>" + "<p>x</p>" * 3000,
        "<ol>" + "<li>x" * 3000,
        "<table>" + "<tr><td>a<td>b" * 3000,
        "<table><tr>" + "<td colspan=1000>a" * 3000,
        "<figure>" + "<img src=a.png><figcaption>c</figcaption>" * 3000,
        "<p>" + "*_`[$<a>" * 3000,
    ],
)
def test_long_and_deep_pages_come_in_time(page: str) -> None:
    doc = document(page)
    start = time.process_time()
    assert doc.html
    assert doc.markdown
    assert time.process_time() - start < 10
    assert len(doc.html) < 60 * len(page)
