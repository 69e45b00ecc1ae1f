"""What the markup says of blocks."""

from __future__ import annotations

import pytest

from cleaner.document import Label, PageType
from cleaner.html.decode import encode
from cleaner.html.parse import parse
from cleaner.html.segment import segment
from cleaner.tag.structure import Sign, zones

PROSE = "<p>The harbour was quiet that morning, and nobody expected the ferry to leave before noon.</p>"
STORY = f"<article>{PROSE * 20}</article>"


def signs(html: str, *, headline: str = "", kind: PageType = PageType.ARTICLE) -> dict[str, Sign | None]:
    """What each block's container says."""
    root, _ = parse(encode(html))
    assert root is not None
    blocks = segment(root, 1000)
    prose = [words if words > 8 else 0 for words in blocks.words]
    found = zones(blocks, prose, blocks.text.index(headline) if headline else -1, kind)
    return {text: found[container] for text, container in zip(blocks.text, blocks.container, strict=True)}


def sign(html: str) -> Sign | None:
    return signs(html + STORY)["x"]


@pytest.mark.parametrize(
    ("html", "label"),
    [
        ("<div class='c-Newsletter-box'>x</div>", Label.NEWSLETTER),
        ("<div id=donate>x</div>", Label.DONATION),
        ("<section aria-label='Subscribe'>x</section>", Label.PAYWALL),
        ("<div class='cookie-banner'><div><p>x</p></div></div>", Label.CONSENT),
        ("<nav>x</nav>", Label.NAVIGATION),
        ("<div role=navigation>x</div>", Label.NAVIGATION),
        ("<figure><figcaption>x</figcaption></figure>", Label.CAPTION),
        ("<time>x</time>", None),
        ("<address>x</address>", Label.BYLINE),
        ("<div class=ad>x</div>", Label.ADVERTISEMENT),
        ("<div class=shadow>x</div>", None),
        ("<div class=headline>x</div>", None),
        ("<div>x</div>", None),
    ],
)
def test_strong_signs(html: str, label: Label | None) -> None:
    found = sign(html)
    assert (found.label if found else None) is label
    assert not (found and found.weak)


@pytest.mark.parametrize(
    ("html", "label"),
    [("<div class=paywall>x</div>", Label.PAYWALL), ("<noscript>x</noscript>", Label.CONSENT)],
)
def test_weak_signs(html: str, label: Label) -> None:
    found = sign(html)
    assert found
    assert (found.label, found.weak) == (label, True)


def test_a_sign_says_which_word_it_is() -> None:
    found = sign("<div class='box newsletter'>x</div>")
    assert found
    assert found.token == "newsletter"


def test_the_nearest_sign_wins_but_no_weak_one_over_a_strong_one() -> None:
    nearest = sign("<nav><div class=newsletter>x</div></nav>")
    strong = sign("<nav><div class=teaser>x</div></nav>")
    assert nearest
    assert strong
    assert (nearest.label, strong.label) == (Label.NEWSLETTER, Label.NAVIGATION)


def test_a_container_with_much_of_the_prose_is_a_frame_of_the_page() -> None:
    found = signs(f"<div class=newsletter>{STORY}<p>y</p><div class=newsletter>x</div></div>")
    assert found["y"] is None
    assert found["x"]


def test_a_container_with_the_headline_is_a_frame_of_the_page() -> None:
    header = "<div class=site-header><h1>Goat elected</h1><p>x</p></div>" + STORY
    assert signs(header)["x"]
    assert signs(header, headline="Goat elected")["x"] is None


def test_comments_below_the_article_may_be_longer_but_not_in_a_forum() -> None:
    page = STORY + f"<div id=comments><p>x</p>{PROSE * 60}</div>"
    found = signs(page)["x"]
    assert found
    assert (found.label, found.weak) == (Label.COMMENTS, False)
    assert signs(page, kind=PageType.FORUM)["x"] is None


@pytest.mark.parametrize("box", ["id=reviews", "class='product-reviews grid'", "itemprop=review", "class=yotpo-main"])
def test_what_buyers_say_is_of_the_shop_and_a_review_an_article_elsewhere(box: str) -> None:
    page = STORY + f"<div {box}><p>x</p>{PROSE * 60}</div>"
    found = signs(page, kind=PageType.PRODUCT)["x"]
    assert found
    assert (found.label, found.weak) == (Label.COMMENTS, False)
    assert signs(page)["x"] is None
    assert signs(f"<div {box}><p>x</p>{PROSE * 60}</div>", kind=PageType.PRODUCT)["x"] is None


@pytest.mark.parametrize("box", ["<footer><p>x</p>{}</footer>", "<footer><div class=wide><p>x</p>{}</div></footer>"])
def test_the_foot_of_the_page_is_no_article_however_long(box: str) -> None:
    found = signs(STORY + box.format(PROSE * 60))["x"]
    assert found
    assert (found.label, found.weak) == (Label.NAVIGATION, False)
    # Not of an article, nor where it is all there is.
    assert signs(f"<article>{PROSE * 9}{box.format(PROSE * 60)}</article>")["x"] is None
    assert signs(box.format(PROSE * 60))["x"] is None


def test_a_signature_below_a_post_is_no_byline() -> None:
    box = "<div class=post-signature><p>x</p></div>"
    labels = {kind: signs(STORY + box, kind=kind)["x"] for kind in (PageType.ARTICLE, PageType.FORUM)}
    assert {kind: found.label for kind, found in labels.items() if found} == {
        PageType.ARTICLE: Label.BYLINE,
        PageType.FORUM: Label.AUTHOR_BIO,
    }


def test_a_signature_may_be_most_of_a_forum_page() -> None:
    found = signs(PROSE + f"<div class=signature><p>x</p>{PROSE * 9}</div>", kind=PageType.FORUM)["x"]
    assert found
    assert found.label is Label.AUTHOR_BIO


def test_a_preview_is_no_review() -> None:
    assert signs(STORY + f"<div class=preview-box><p>x</p>{PROSE}</div>", kind=PageType.PRODUCT)["x"] is None


@pytest.mark.parametrize(
    ("attribute", "kept"), [("id=legal", False), ("class=tooltip", False), ("class=newsletter", True)]
)
def test_names_of_headings_are_anchors_and_styles(attribute: str, kept: bool) -> None:
    assert bool(sign(f"<h2 {attribute}>x</h2>")) is kept


def test_a_preview_of_another_page_is_no_post() -> None:
    box = f"<div class='onebox allowlistedgeneric'><p>x</p>{PROSE * 9}</div>"
    found = signs(PROSE + box, kind=PageType.FORUM)["x"]
    assert found
    assert found.label is Label.RELATED
    assert signs(PROSE + box)["x"] is None
