"""``doc.markdown``."""

from __future__ import annotations

import pytest
from handmade import document, plain

from cleaner import Label


def markdown(page: str) -> str:
    return document(page, "https://paper.example/a/b").markdown


def test_an_article() -> None:
    page = """<h1>The Lamp</h1><p>A <b>bold</b> and <i>odd</i> <a href=c>link</a>.<br>Next line.</p><h2>Oil</h2>
    <blockquote><p>So be it.<p>Amen.</blockquote><ul><li>rope<ul><li>thin</ul><li>bread</ul>"""
    assert markdown(page) == (
        "# The Lamp\n\nA **bold** and *odd* [link](https://paper.example/a/c).\\\nNext line.\n\n## Oil\n\n"
        "> So be it.\n>\n> Amen.\n\n- rope\n  - thin\n- bread"
    )


def test_numbered_lists() -> None:
    assert markdown("<ol><li>a<li>b</ol><ol start=9><li>c<li>d</ol>") == "1. a\n2. b\n\n9. c\n10. d"


def test_a_picture_has_its_caption_in_italics() -> None:
    page = "<p>One.<figure><img src='a(1).jpg' alt='A [lamp]'><figcaption>The <i>lamp</i>.</figcaption></figure>"
    assert markdown(page) == ("One.\n\n![A \\[lamp\\]](https://paper.example/a/a%281%29.jpg)\n\n*The lamp.*")


def test_tables() -> None:
    page = "<table><tr><th>A|B<th>C<tr><td><code>x|y</code><td><p>1<p>2<tr><td><td>z</table>"
    assert markdown(page) == "| A\\|B | C |\n| --- | --- |\n| `x\\|y` | 1 2 |\n|  | z |"


def test_code_has_a_fence_that_holds_and_keeps_its_lines() -> None:
    page = "<pre class=language-md>one\n\n\n```\n*two*  \n```</pre><p>Use <code>a`b*</code>."
    assert markdown(page) == "````md\none\n\n\n```\n*two*\n```\n````\n\nUse `` a`b* ``."


def test_code_in_a_list() -> None:
    assert markdown("<ul><li>Run<pre>a\n\n\nb</pre><li>Stop</ul>") == "- Run\n\n  ```\n  a\n\n\n  b\n  ```\n- Stop"


def test_sections_that_are_laid_out_as_a_list_are_no_items() -> None:
    page = "<ul><li><h1>The Lamp</h1><p>One.<h2>Oil</h2><p>Two.<ul><li>rope<li>bread</ul></ul>"
    assert markdown(page) == "# The Lamp\n\nOne.\n\n## Oil\n\nTwo.\n\n- rope\n- bread"
    questions = "<dl><dt><h3>Why?</h3><dd>So.<dt><h3>Who?</h3><dd>Ena.</dl>"
    assert markdown(questions) == "### Why?\n\nSo.\n\n### Who?\n\nEna."


def test_mathematics_stays_as_it_is() -> None:
    page = r"<p>With $a_1 * b_1$ and <math><msub><mi>x</mi><mi>i</mi></msub></math>, $5 * 3 and $10."
    assert markdown(page) == r"With $a_1 * b_1$ and $x_{i}$, $5 \* 3 and $10."


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("# not a heading", r"\# not a heading"),
        ("- not an item", r"\- not an item"),
        ("1. not an item", r"1\. not an item"),
        ("&gt; not a quote", r"\> not a quote"),
        ("2 * 3 * 4", r"2 \* 3 \* 4"),
        ("snake_case and _this_", r"snake_case and \_this\_"),
        ("[x](y)", r"\[x\](y)"),
        ("&lt;b&gt;", r"\<b>"),
        ("&amp;copy;", r"\&copy;"),
        ("~~no~~ and ~5", r"\~\~no\~\~ and ~5"),
        ("a \\ b `c`", r"a \\ b \`c\`"),
        ("C# 3 - 4 = 5. And | so & on!", "C# 3 - 4 = 5. And | so & on!"),
    ],
)
def test_text_that_looks_like_markdown(text: str, want: str) -> None:
    assert markdown(f"<p>{text}</p>") == want


def test_an_exclamation_mark_before_a_link_makes_no_image() -> None:
    assert markdown("<p>Look!<a href=c>here</a>") == r"Look\![here](https://paper.example/a/c)"


def test_plain_text_and_nothing_at_all() -> None:
    assert plain(("Head *", Label.TITLE), ("One.\nTwo.", Label.BODY)).markdown == "# Head \\*\n\nOne.\\\nTwo."
    assert plain().markdown == ""
