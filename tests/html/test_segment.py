"""What is a block, of which kind, and what belongs to it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trees import blocks, formed, select, texts, tree

from cleaner.html.blocks import Blocks
from cleaner.html.inline import Inline
from cleaner.html.segment import Segmenter

APART = "NAMSOS Ferry 3D Chart AQuay HKEX"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>one <b>two</b>\n  three</p>", ["one two three"]),
        ("<p>so<b>me</b>thing<i> </i>else</p>", ["something else"]),
        ("<div>a<p>b</p>c<section>d</section>e</div>", ["a", "b", "c", "d", "e"]),
        ("<span>a<p>b</p>c</span>", ["a", "b", "c"]),
        ("<p>a&nbsp;b</p><p>&nbsp;</p><p>&#8203;</p>", ["a b"]),
        ("bare text", ["bare text"]),
        ("<p>one<hr>two", ["one", "two"]),
        ("<p>one<br>two</p>", ["one\ntwo"]),
        ("<p>one<br>\n<br>two<br /><br><br>three<br></p>", ["one", "two", "three"]),
        ("<p>one<b><br></b><br>two", ["one", "two"]),
        ("<p>pan<wbr>cake and<wbr> tea</p><p>b", ["pancake and tea", "b"]),
        ("<p>a<embed src=x>b<video><source src=y><track>c</video>d<audio>e</audio>f<p>g", ["abdf", "g"]),
        ("<p>a <picture><source srcset=x><img src=y></picture> b", ["a b"]),
        ("<p>a<iframe>b</iframe><object>c</object><svg><text>d</text></svg><canvas>e</canvas>f", ["af"]),
        ("<p>a<select><option>b</select><script>c</script><style>d</style>e", ["ae"]),
        ("<my-card><p>in</p>after</my-card><x-y>alone</x-y>", ["in", "after", "alone"]),
        ("<details><summary>More</summary>text</details>", ["More", "text"]),
        ("<p>a<!-- b -->c<?d?>e", ["ace"]),
        ("<p><span>Pages</span><span>240</span> <b>Author</b><a href=x>Ena Brock</a>", ["Pages 240 Author Ena Brock"]),
        ("<li><span><i>Mañana</i></span><i></i><span><b>Él</b></span>", ["Mañana Él"]),
        ("<p><b>NAMSOS</b><a href=x>Ferry</a> <b>3D</b><b>Chart</b> <b>A</b><b>Quay</b> <b>HK</b><b>EX</b>", [APART]),
        ("<p><b>ναύς</b><b>Πλοίο</b> <b>un</b><b>done", ["ναύς Πλοίο undone"]),
        ("<p><b>Bar</b>Code <span>foot<i>Note</i></span> <i>i</i><b>Pad</b>", ["BarCode footNote iPad"]),
        ("<p><code><b>get</b><b>Value</b></code><pre><b>a1b</b><b>Cd</b>", ["getValue", "a1bCd"]),
        ("<p><b>ab</b><br><b>Cd</b><span>ef</span><img src=x><span>2", ["ab\nCdef 2"]),
    ],
)
def test_runs_of_text(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>Key <button>Copy</button></h2>", [("heading", "Key"), ("heading", "Copy")]),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", [("list_item", "a"), ("list_item", "b"), ("list_item", "c")]),
        ("<dl><dt>Term<dd>Told</dl>", [("list_item", "Term"), ("list_item", "Told")]),
        ("<ul><li><h3>H</h3><p>p</p></ul>", [("heading", "H"), ("list_item", "p")]),
        ("<blockquote><p>q</p><ul><li>i</ul></blockquote>", [("quote", "q"), ("list_item", "i")]),
        ("<figure><img src=a><figcaption>The <b>quay</b></figcaption></figure>", [("caption", "The quay")]),
        ("<button>Go</button>", [("control", "Go")]),
        ("<input type=submit value=Send><input type=button value=Go>", [("control", "Send"), ("control", "Go")]),
        (
            "<p>Mail <input type=SUBMIT value=Send> now",
            [("paragraph", "Mail"), ("control", "Send"), ("paragraph", "now")],
        ),
        ("<input value=typed><input type=hidden value=x><input type=checkbox value=y><textarea>z</textarea>", []),
        ("<pre>\n  x\n\n    y  <br>z&nbsp;!\n\n</pre>", [("code", "  x\n\n    y\nz !")]),
        ("<pre><code>if <b>a</b>:\n\tgo()</code></pre>", [("code", "if a:\n\tgo()")]),
        ("<p>call <code>go( )</code></p>", [("paragraph", "call go( )")]),
    ],
)
def test_kinds(html: str, expected: list[tuple[str, str]]) -> None:
    assert formed(html) == expected


def test_a_table_of_data_keeps_its_rows() -> None:
    found = blocks("<table><thead><tr><th>Port<th>Boats<tbody><tr><td>Tarrow<td>9<tr><td><b>Wick</b><td></table>")
    assert found.text == ["Port", "Boats", "Tarrow", "9", "Wick"]
    assert set(found.kind) == {"table"}
    assert len(set(found.group)) == 1
    assert [found.row.index(row) for row in found.row] == [0, 0, 2, 2, 4]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>Menu<tr><td>Text</table>",
        "<table><tr><td><p>One</p><p>Two</p></table>",
        "<table><tr><td>Outer<table><tr><td>In</table></table>",
    ],
)
def test_a_table_that_lays_the_page_out_holds_paragraphs(html: str) -> None:
    found = blocks(html)
    assert set(found.kind) == {"paragraph"}
    assert set(found.row) == {-1}


def test_a_table_of_data_inside_a_table_of_layout() -> None:
    layout = "<table><tr><td><p>One</p><table><tr><td>a<td>b</table></table>"
    assert formed(layout) == [("paragraph", "One"), ("table", "a"), ("table", "b")]


def test_groups_part_lists_and_keep_nested_ones_together() -> None:
    found = blocks("<ul><li>a<ol><li>b</ol></ul><p>between</p><ul><li>c</ul><table><tr><td>x<ul><li>d</ul></table>")
    group = dict(zip(found.text, found.group, strict=True))
    assert group["a"] == group["b"]
    assert group["between"] == -1
    assert len({group[name] for name in "acdx"}) == 4


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>x</p>",
        "<p style='color: red; display:none'>x</p>",
        "<div style='VISIBILITY : hidden'><p>x</p></div>",
        "<span class='link sr-only'>x</span>",
        "<a class=headerlink href=#k>¶</a>",
        "<span aria-hidden=true>•</span>",
        "<template><p>x</p></template>",
        "<template id=row><p>x</p></template>",
    ],
)
def test_what_is_hidden_is_no_block(hidden: str) -> None:
    assert texts(f"<div>before{hidden}</div><p>after</p>") == ["before", "after"]


@pytest.mark.parametrize(
    "shown",
    [
        "<p style='display:block'>x</p>",
        "<p aria-hidden=true>The whole article</p>",
        "<noscript><p>x</p></noscript>",
        "<template shadowrootmode=open><p>x</p></template>",
        "<template shadowroot=open><p>x</p></template>",
        "<p class=sr-onlyish>x</p>",
    ],
)
def test_what_is_shown_is_a_block(shown: str) -> None:
    assert len(texts(f"before{shown}<p>after</p>")) == 3


def test_ruby_stands_in_parentheses() -> None:
    assert texts("<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字<rt>ji</rt></ruby>だ") == ["漢(kan)字(ji)だ"]
    assert texts("<p><ruby><rb>漢</rb><rt> </rt></ruby>") == ["漢"]


def test_linked_text_is_counted_in_characters() -> None:
    found = blocks(
        "<p>See <a href=x>the <b>list</b></a> or <a href=y>ask</a></p><a href=z><p>one</p><p>two</p></a><p>no"
    )
    assert found.link_chars == [10, 3, 3, 0]


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("<input type=email>", True),
        ("<input type=Email name=q>", True),
        ("<input placeholder='Your e-mail address'>", True),
        ("<input type=text name=EMAIL>", True),
        ("<input type=search name=q>", False),
        ("<input type=hidden name=email>", False),
        ("<input type=checkbox name=email>", False),
    ],
)
def test_mail_fields_are_known_by_their_container(field: str, found: bool) -> None:
    containers = blocks(f"<p>a</p><form class=f><label>b</label>{field}</form>").containers
    assert [containers.tag[number] for number in containers.mail_fields] == ["form"] * found


def test_text_areas_are_known_by_their_container() -> None:
    containers = blocks("<div><section><textarea>x</textarea></section></div>").containers
    assert [containers.tag[number] for number in containers.text_areas] == ["section"]


def test_attributes_that_describe_a_container() -> None:
    containers = blocks("<div class='Story  Box' id=Top role=main data-x=no aria-label='The Story'>x</div>").containers
    assert containers.attributes[-1].split() == ["story", "box", "top", "main", "the", "story"]


def test_an_image_belongs_to_the_block_behind_it() -> None:
    found = blocks("<p>a</p><div><picture><source srcset=x><img src=y></picture></div><p>b</p><p>c</p>")
    assert [found.containers.tag[image] if image >= 0 else "" for image in found.image] == ["", "div", ""]


def test_the_bound_leaves_the_rest_out_with_a_warning() -> None:
    page = "<div>" + "<p>text</p>" * 1200 + "</div>"
    found = blocks(page, 1000)
    assert len(found) == 1000
    assert max(found.containers.last) == 1000
    assert ["1,000 blocks" in warning for warning in found.warnings] == [True]
    assert blocks(page, 1200).warnings == []


PIECES = (
    "<p> </p> <div\fhidden> <div> </div> <ul><li> </ul> <table><tr><td> <td> </table> <a\fhref=/x> </a> <b> </b> <br> "
    "<hr> <pre> </pre> <h2> </h2> <wbr> <img\fsrc=y> <picture><source\fsrcset=z> </picture> <ruby> <rt> </ruby> <code> "
    "</code> <button> </button> <blockquote> </blockquote> <span> </span> <template\fshadowrootmode=open> </template> "
    "<math> </math> <mi>x</mi> <input\ftype=submit\fvalue=Go> <x-y> </x-y> &nbsp; &shy; &#1; "
    "<span>Pages</span> <b>240</b> <a\fhref=/y>Ärö</a> <i>Él"
).split(" ")
MARKUP = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=40).map("".join)


def columns(found: Blocks) -> dict[str, object]:
    return {name: getattr(found, name) for name in Blocks.__slots__}


@settings(max_examples=150, deadline=None)
@given(MARKUP, st.integers(1, 60))
def test_the_blocks_are_the_same_with_their_markup(markup: str, most: int) -> None:
    root = tree(f"<body>{markup}x</body>")
    inline = Inline("https://wick.example/")
    plain, marked = Segmenter(most).run(root), Segmenter(most, inline=inline).run(root)
    assert columns(plain) == columns(marked)
    assert len(inline.markup) == len(marked)
    assert len(inline.elements) == len(marked.containers)


@settings(max_examples=150, deadline=None)
@given(MARKUP.map(lambda markup: markup.replace("<math>", "")))
def test_every_xpath_leads_to_an_element_that_holds_the_block(markup: str) -> None:
    root = tree(f"<body>{markup}x</body>")
    found = blocks(f"<body>{markup}x</body>")
    paths = found.containers.xpaths(found.container)
    for text, container in zip(found.text, found.container, strict=True):
        (element,) = select(root, paths[container])
        values = [element.get("value") or "", *select(element, ".//input/@value")]
        held = set("".join([*element.itertext(), *values]))
        assert {sign for sign in text if sign.isascii() and sign.isalnum()} <= held


@settings(max_examples=100, deadline=None)
@given(MARKUP)
def test_containers_nest(markup: str) -> None:
    containers = blocks(f"<body>{markup}x</body>").containers
    for number, parent in enumerate(containers.parent):
        assert parent < number
        assert containers.first[number] <= containers.last[number]
        if parent >= 0:
            assert containers.first[parent] <= containers.first[number]
            assert containers.last[number] <= containers.last[parent]
