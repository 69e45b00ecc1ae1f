"""The page itself beside its labels: every block can be found in it, and nothing in it acts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from cleaner import Cleaner, Document, Page
from cleaner.html.parse import parse
from cleaner.html.words import collapse
from cleaner.render.facsimile import MARK, facsimile
from cleaner.render.facsimile.styles import MOST
from tests.conftest import SAMPLES, Sample

RULES = Cleaner(model=False)
ACTIVE = (
    "script style iframe frame object embed base meta link form svg math video audio textarea select applet template"
)


def squeezed(text: str) -> str:
    """The text without white space and what is invisible, nor the brackets that ruby gets in a block's text."""
    return re.sub(r"[\s()]", "", collapse(text))


def body_of(document: Document) -> etree._Element:
    root, _ = parse(f"<html><head></head>{facsimile(document).body}</html>".encode())
    assert root is not None
    return root


def texts_of(document: Document) -> dict[int, str]:
    """What the elements say that are marked with each block."""
    found: dict[int, str] = {}
    for element in body_of(document).iter():
        held = str(element.get(MARK) or "").split()
        values = [str(field.get("value") or "") for field in element.iter("input")]
        text = "".join([*map(str, element.itertext()), *values])
        for index in map(int, held):
            found[index] = found.get(index, "") + text
    return found


def all_marked(document: Document) -> None:
    """A formula that the page hides beside its picture is marked where it stands, with nothing to be seen."""
    found = texts_of(document)
    assert sorted(found) == list(range(len(document.blocks)))
    assert all(found[block.index].strip() for block in document.blocks if "$" not in block.text)


def test_every_block_of_a_sample_is_where_its_text_is(sample: Sample) -> None:
    document = RULES.clean(Page(sample.page.read_bytes(), kind="text" if sample.page.suffix == ".txt" else None))
    found = texts_of(document)
    for block in document.blocks:
        assert squeezed(block.text) in squeezed(found[block.index])
    # What is marked holds its block and hardly anything else: formulas, and what is hidden in it.
    assert sum(map(len, map(squeezed, found.values()))) <= 1.2 * sum(len(squeezed(b.text)) for b in document.blocks)


@pytest.mark.parametrize("name", ["jsonld-shadow-noscript", "next-data-hydration"])
def test_an_article_from_the_pages_data_is_shown(name: str) -> None:
    document = RULES.clean((SAMPLES / name / "page.html").read_bytes())
    assert len(document.text) > 500
    all_marked(document)


def test_blocks_that_share_a_container_are_told_apart() -> None:
    page = (
        "<body><div>The first line<br><br>The <b>second</b> line<br>goes on<br><br>The third <i>one</i><ul><li>An item"
        "</li></ul>And the fourth<input type=submit value='Send it'></div><td>x"
    )
    document = RULES.clean(page)
    assert [b.text for b in document.blocks[:6]] == [
        "The first line",
        "The second line\ngoes on",
        "The third one",
        "An item",
        "And the fourth",
        "Send it",
    ]
    found = texts_of(document)
    assert [squeezed(found[b.index]) for b in document.blocks] == [squeezed(b.text) for b in document.blocks]


def test_what_stands_for_text_is_marked() -> None:
    page = (
        "<body><div>See<ruby>漢<rt>kan</rt></ruby> and <math><mi>x</mi><mo>=</mo><mn>1</mn></math><br><br>"
        "<span hidden>not this</span>Then<p>more"
    )
    document = RULES.clean(page)
    found = texts_of(document)
    assert "漢" in found[0]
    assert "x" in found[0]
    assert "not this" not in "".join(found.values())


def test_plain_text_is_its_blocks() -> None:
    document = RULES.clean_text("A line of <b>text</b>.\n\nAnother & more.")
    made = facsimile(document)
    assert made.body.count(MARK) == 2
    assert "&lt;b&gt;" in made.body
    all_marked(document)


HARMFUL = [
    "<script>window.pwned=1</script>",
    "<img src=x onerror=alert(1) alt=A>",
    "<a href='javascript:alert(1)' onclick=x ping=http://evil.example>link</a>",
    "<iframe src=http://evil.example srcdoc='<script>1</script>'></iframe>",
    "<form action=http://evil.example><button formaction=javascript:x autofocus>Go</button></form>",
    "<svg onload=x><script>1</script><foreignObject><p>In it</p></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=y></style></mglyph></table></mtext></math>",
    "<base href=http://evil.example><meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<link rel=stylesheet href=http://evil.example><object data=http://evil.example></object>",
    "<video poster=http://evil.example src=http://evil.example></video>",
    "<xmp><script>1</script></xmp><plaintext><script>1</script>",
    "<noscript><p title='</noscript><img src=x onerror=1>'>Seen</p></noscript>",
    "<template><img src=x onerror=1></template><template shadowrootmode=open><p onclick=x>Shadow</p></template>",
    "<div data-block=99 data-label=x style='background:url(http://evil.example)'>Mine</div>",
    "<details ontoggle=x open><summary>More</summary>Text</details>",
    "<x-y onclick=1 is=z>Custom</x-y><o:p onclick=1>Office</o:p><marquee onstart=1>Goes</marquee>",
    "<input type=image src=http://evil.example><input type=hidden value=x><input type=password value=secret>",
    "<p>Text<embed src=http://evil.example>behind it<keygen onclick=1> and<source src=http://evil.example> more</p>",
    "<table background=http://evil.example><tr><td background=http://evil.example>Cell</table>",
]


@pytest.mark.parametrize("markup", HARMFUL, ids=[str(i) for i in range(len(HARMFUL))])
def test_nothing_acts(markup: str) -> None:
    document = RULES.clean(f"<!doctype html><title>T</title><body onload=x><p>Before it.</p>{markup}<p>After it.</p>")
    body = facsimile(document).body
    assert "evil.example" not in body.replace("&lt;", "")
    tree = body_of(document)
    assert "Before it." in "".join(map(str, tree.itertext()))
    for element in tree.iter(etree.Element):
        assert element.tag not in ACTIVE.split() or (
            element.tag == "template" and not len(element) and not element.text
        )
        assert not [
            name for name in map(str, element.attrib) if name.startswith("on") or name in ("href", "srcset", "is")
        ]
    all_marked(document)


STYLES = {
    "p { color: red }": True,
    ".a\\:b:hover { margin: 0 }": True,
    "p { background: url(http://evil.example/x) red }": False,
    "p { background: URL( 'http://evil.example/x' ) }": False,
    "p { background: u\\72l(http://evil.example/x) }": False,
    "p { background: \\75\\72\\6c('//evil.example/x') }": False,
    "p { background: image-set('http://evil.example/x' 1x) }": False,
    "@import 'http://evil.example/x';": False,
    "@\\69mport url(http://evil.example/x);": False,
    "@font-face { font-family: a; src: url(http://evil.example/x) }": False,
    "@media screen { @supports (a: b) { p { cursor: url(http://evil.example/x), auto } } }": False,
    "p { background: url(data:image/png;base64,AAAA) }": True,
    "p { filter: url(#own) }": True,
    "p { background: url(data:text/html,evil.example) }": False,
    "/* </style><script>evil.example</script> */ p { color: red }": False,
    "p { content: '</style><img src=http://evil.example>' }": False,
    "p { background: url(http://evil.example/x": False,
    "p { behavior: url(http://evil.example/x); -moz-binding: url(http://evil.example/x) }": False,
}


@pytest.mark.parametrize(("css", "stays"), STYLES.items(), ids=[str(i) for i in range(len(STYLES))])
def test_styles_load_nothing(css: str, stays: bool) -> None:
    document = RULES.clean(
        f'<html><head><style>{css}</style></head><body><p style="{css}">A paragraph.</p></body></html>'
    )
    made = facsimile(document)
    sheets = "".join(made.sheets)
    assert "</" not in sheets
    assert "<!" not in sheets
    for word in ("url(http", "url(//", "url('", 'url("http', "@import", "@font-face", "image-set", "text/html"):
        assert word not in sheets.lower()
    if stays:
        assert "".join(sheets.split()) == "".join(css.split())


def test_a_media_query_of_a_sheet_is_kept() -> None:
    document = RULES.clean("<style media=print>p { display: none }</style><p>A paragraph of the page.")
    assert facsimile(document).sheets == ("@media print {\np { display: none }\n}",)


def test_deep_and_long_styles_end() -> None:
    deep = "<style>" + "a{\\" * 20_000 + "</style><p>A paragraph."
    long = f"<style>{'a{b:c}' * MOST}</style><p>A paragraph."
    for page in (deep, long):
        document = RULES.clean(page)
        assert sum(map(len, facsimile(document).sheets)) <= MOST
        all_marked(document)


TAGS = (
    "div p span b a br ul li table tr td h2 pre button input form noscript details svg math script style select ruby "
    "rt hr img template blockquote x-y iframe section label em textarea"
).split()
TREES = st.recursive(
    st.text("abc <&>\u00ad\u200bé\n", max_size=8),
    lambda inner: st.tuples(
        st.sampled_from(TAGS),
        st.sampled_from(["", " hidden", " class=sr-only", " value=v"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


def written(tree: object) -> str:
    if isinstance(tree, str):
        return tree
    tag, attribute, children = tree  # type: ignore[misc]
    return f"<{tag}{attribute}>{''.join(map(written, children))}</{tag}>"


@given(tree=TREES)
@example(tree=("div", "", ["a", ("br", "", []), ("br", "", []), "a", ("p", "", ["a"]), "a"]))
@example(tree=("rt", "", [("svg", "", ["<"])]))
@settings(max_examples=150, deadline=None)
def test_whatever_the_tree_every_block_is_marked(tree: object) -> None:
    all_marked(RULES.clean(f"<html><body>{written(tree)}</body></html>"))


def test_hostile_pages_are_shown_whole() -> None:
    for path in sorted(Path(SAMPLES / "hostile").glob("*.html")):
        document = RULES.clean(path.read_bytes())
        all_marked(document)
        sheets = "".join("".join(facsimile(document).sheets).lower().split())
        assert not [word for word in ("url(h", "url('h", 'url("h', "url(/", "@import", "</") if word in sheets]
