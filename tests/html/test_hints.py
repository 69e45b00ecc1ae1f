"""What the page says of itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.html.decode import encode
from cleaner.html.hints import Hints, page_hints
from cleaner.html.parse import parse

HEAD = """<title>Goat elected | The Wick</title><meta property="og:type" content="Article">
<meta name="Generator" content="WordPress 6.9"><link rel="canonical" href="https://wick.example/goat">"""


def hints(html: str, url: str | None = None) -> Hints:
    root, _ = parse(encode(html))
    assert root is not None
    return page_hints(root, url)


def test_head() -> None:
    found = hints(f'<html lang="en-GB" class="No-JS"><head>{HEAD}</head><body class="Single  Post">x</body></html>')
    assert found.og_type == "article"
    assert found.generator == "wordpress 6.9"
    assert found.root_classes == "no-js single post"
    assert found.language == "en-GB"
    assert found.title == "Goat elected | The Wick"
    assert found.url == "https://wick.example/goat"


def test_the_address_given_is_the_address() -> None:
    assert hints(f"<head>{HEAD}</head>", "https://wick.example/goat?page=2").url == "https://wick.example/goat?page=2"


def test_structured_data() -> None:
    found = hints(
        """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
        {"@type": ["NewsArticle", "https://schema.org/Article"], "headline": "A \\u201cgoat\\u201d", "name": "Wick"},
        {"@type": "schema:Organization", "name": "The Wick"}]} and then broken {</script>
        <div itemscope itemtype="http://schema.org/Product">x</div>"""
    )
    assert found.types == {"newsarticle", "article", "organization", "product"}
    assert found.headlines == ("A “goat”", "Wick", "The Wick")


def test_a_page_that_says_nothing() -> None:
    assert hints("<p>x") == Hints()


@given(st.text())
def test_never_raises(text: str) -> None:
    hints(
        f'<html lang="{text}"><meta property="og:title" content="{text}"><script type="application/ld+json">'
        f'{{"@type": "{text}", "headline": "{text}"}}</script><body class="{text}">x'
    )
