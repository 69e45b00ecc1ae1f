"""``doc.html``: what of the page's markup comes back."""

from __future__ import annotations

import re

from handmade import document, plain

from cleaner import Label


def flat(markup: str) -> str:
    """Markup without the line breaks between elements."""
    return re.sub(r"\n+", "", markup)


def test_the_title_comes_first_and_once() -> None:
    page = "<p>Lead.</p><div class=is-title>The Lamp | The Herald</div><h1>The <a href=/x>Lamp</a></h1><p>One."
    assert flat(document(page).html) == "<h1>The Lamp</h1><p>Lead.</p><p>One.</p>"


def test_another_title_stays_in_its_place() -> None:
    page = "<h1>The Lamp</h1><p>One.</p><h2 class=is-title>Second part</h2>"
    assert flat(document(page).html) == "<h1>The Lamp</h1><p>One.</p><h2>Second part</h2>"


def test_headings_keep_their_level_and_h1_in_the_body_goes_down() -> None:
    page = "<h1>T</h1><h2>A</h2><p>x<h4>B</h4><p>y<h1 class=is-body>C</h1><p>z"
    assert re.findall("<(h.)>(.)", document(page).html) == [("h1", "T"), ("h2", "A"), ("h4", "B"), ("h2", "C")]


def test_lists_nest_as_on_the_page() -> None:
    page = "<ul><li>a<ol start=3><li>b<li><p>c<p>d</ol><li>e</ul><menu><li>f</menu>"
    want = '<ul><li>a<ol start="3"><li>b</li><li><p>c</p><p>d</p></li></ol></li><li>e</li></ul><ul><li>f</li></ul>'
    assert flat(document(page).html) == want


def test_definitions() -> None:
    page = "<dl><div><dt>Keel</dt><dd>The spine.</dd></div></dl>"
    assert flat(document(page).html) == "<dl><dt>Keel</dt><dd>The spine.</dd></dl>"


def test_what_stands_loose_in_a_list_becomes_an_item() -> None:
    assert flat(document("<ul>loose<li>a</ul><li>stray").html) == "<ul><li>loose</li><li>a</li></ul><p>stray</p>"


def test_a_table_keeps_empty_cells_heads_and_spans() -> None:
    page = """<table><caption>Boats</caption><thead><tr><td>Port<td>Boats<td>Crew</thead>
    <tr><td>Ness<td><td>5<tr><td colspan=2>Roe<td class=is-advertisement>Buy!<tr><td>Ull<td><p>1<p>2</table>"""
    assert flat(document(page).html) == (
        "<table><caption>Boats</caption><tbody><tr><th>Port</th><th>Boats</th><th>Crew</th></tr>"
        '<tr><td>Ness</td><td></td><td>5</td></tr><tr><td colspan="2">Roe</td><td></td></tr>'
        "<tr><td>Ull</td><td>1<br>2</td></tr></tbody></table>"
    )


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    assert flat(document("<table><tr><td><p>One.<p>Two.</table>").html) == "<p>One.</p><p>Two.</p>"


def test_quotes_and_code_with_its_language() -> None:
    page = """<blockquote><p>So be it.</blockquote><pre><code class="hl language-Python x">a &lt; b</code></pre>
    <div class="highlight highlight-source-shell"><pre>ls</pre></div><pre data-lang=toml>x</pre>
    <pre class="z">y</pre>"""
    assert flat(document(page).html) == (
        '<blockquote><p>So be it.</p></blockquote><pre><code class="language-python">a &lt; b</code></pre>'
        '<pre><code class="language-shell">ls</code></pre><pre><code class="language-toml">x</code></pre>'
        "<pre><code>y</code></pre>"
    )


def test_emphasis_links_and_line_breaks() -> None:
    page = "<p>A <b>bold</b> <i>word</i>, <a href='../b?x=1&amp;y=2'>a link</a>.<br>H<sub>2</sub>O</p>"
    want = '<p>A <strong>bold</strong> <em>word</em>, <a href="{}b?x=1&amp;y=2">a link</a>.<br>H<sub>2</sub>O</p>'
    assert document(page).html == want.format("../")
    assert document(page, url="https://paper.example/news/one").html == want.format("https://paper.example/")
    based = f"<head><base href='//static.example/in/'></head>{page}"
    assert document(based, url="https://paper.example/news/one").html == want.format("https://static.example/")


def test_mathematics_is_tex_between_dollars() -> None:
    page = "<p>So <math><mfrac><mi>a</mi><mi>b</mi></mfrac></math> it is."
    assert document(page).html == r"<p>So $\frac{a}{b}$ it is.</p>"


def test_a_formula_is_not_shown_twice() -> None:
    page = "<p>So <math alttext='x^2'></math><img class='mwe-math-fallback-image-inline' src=a.svg alt=x> it is."
    assert document(page).html == "<p>So $x^2$ it is.</p>"


def test_no_character_that_cannot_be_seen() -> None:
    page = "<h1>La&shy;mp</h1><p>o&#x200b;ne&nbsp;<b>cafe&#x301;</b></p><img src=a.png alt='x&shy;y&nbsp;z'><p>two"
    assert flat(document(page).html) == (
        '<h1>Lamp</h1><p>one <strong>café</strong></p><figure><img src="a.png" alt="xy z"></figure><p>two</p>'
    )


def test_plain_text_is_escaped() -> None:
    doc = plain(("One & <b>two</b>\nthree", Label.BODY), ("Head", Label.TITLE), ("Sign up", Label.NEWSLETTER))
    assert doc.html == "<h1>Head</h1>\n<p>One &amp; &lt;b&gt;two&lt;/b&gt;<br>three</p>"


class TestPictures:
    def test_a_figure_keeps_its_caption(self) -> None:
        page = """<p>One.<figure><a href=big.jpg><img src=t.gif data-src="a b.jpg" alt="A lamp"></a>
        <figcaption><p>The <i>lamp</i>.</p><p>Photo: A. Roe</p></figcaption></figure>
        <p class=is-advertisement>Buy!</p><p>Two."""
        assert flat(document(page, url="https://paper.example/").html) == (
            '<p>One.</p><figure><a href="https://paper.example/big.jpg">'
            '<img src="https://paper.example/a%20b.jpg" alt="A lamp"></a>'
            "<figcaption>The <em>lamp</em>.<br>Photo: A. Roe</figcaption></figure><p>Two.</p>"
        )

    def test_a_caption_outside_a_figure_finds_its_picture(self) -> None:
        page = "<p>One.<div><div><img src=a.jpg></div><p class='is-caption'>The lamp.</div><p>Two."
        assert '<img src="a.jpg" alt=""><figcaption>The lamp.</figcaption></figure>' in flat(document(page).html)

    def test_every_picture_of_a_gallery_has_its_own_caption(self) -> None:
        one = "<div><img src={0}.jpg><p class=is-caption>{0}</p></div>"
        page = f"<p>One.</p><div>{''.join(one.format(n) for n in 'abc')}</div><p>Two.</p>"
        want = "".join(f'<figure><img src="{n}.jpg" alt=""><figcaption>{n}</figcaption></figure>' for n in "abc")
        assert want in flat(document(page).html)

    def test_a_dropped_caption_takes_its_picture_only_at_the_edge(self) -> None:
        page = "<p>One.<figure><img src=a.jpg><figcaption>The lamp.</figcaption></figure>"
        assert document(page, drop=frozenset({Label.CAPTION})).html == "<p>One.</p>"

    def test_between_shown_blocks_yes_beside_cruft_no(self) -> None:
        page = """<main><p>One.</p><img src=a.jpg><p>Two.</p><img src=b.jpg><p class=is-related>More</p>
        <img src=c.jpg><p>Three.</p></main><img src=d.jpg>"""
        assert re.findall(r'src="(.)', document(page).html) == ["a"]

    def test_not_what_stands_outside_the_article(self) -> None:
        page = "<p class=is-legal>x</p><main><p>One.<p>Two.</main><img src=a.jpg>"
        assert "<img" not in document(page).html

    def test_no_pixels_faces_repetitions_or_data(self) -> None:
        page = """<main><p>One.</p><img src=p.gif width=1><img src=q.gif height=1><div class=author-avatar>
        <img src=me.jpg></div><img src=/img/avatar.png><img src="data:image/png;base64,AA"><img src=a.jpg>
        <img src=a.jpg><p>Two.</p></main>"""
        assert re.findall(r'src="([^"]*)', document(page).html) == ["a.jpg"]

    def test_a_source_set_will_do(self) -> None:
        page = "<p>One.</p><img srcset='s.jpg 300w, l.jpg 900w'><p>Two.</p>"
        assert 'src="s.jpg"' in document(page).html
