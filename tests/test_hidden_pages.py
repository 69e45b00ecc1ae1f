"""Pages that show hardly anything: what they hold is taken from where a script would show it."""

from __future__ import annotations

import json

import pytest

import cleaner

SAID = [
    "The kettle holds a litre and a half and boils it in four minutes, on any stove that you care to put it on.",
    "Its handle is of beech from the woods above Tarrow and stays cool, even when the whistle has been going for long.",
    "We make forty of them a week. Each has its number under the base, and we mend it for as long as you own it.",
    "Wash it by hand. The beech wants a drop of oil every spring, of the kind that comes with it in the small bottle.",
]
DESCRIPTION = "".join(f"<p>{said}</p>" for said in SAID)
PRODUCT = (
    '<html lang="en"><head><title>Beech kettle</title><meta property="og:type" content="product">'
    '<script type="application/ld+json">{"@type": "Product", "name": "Beech kettle", '
    '"offers": {"@type": "Offer", "price": "79"}}</script></head><body>%s</body></html>'
)


@pytest.mark.parametrize(
    "body",
    [
        '<a href="/">Home</a><div style="display:none" class="late"><h1>Beech kettle</h1>%s</div>',
        '<a href="/">Home</a><div hidden class="late"><h1>Beech kettle</h1>%s</div>',
        '<a href="/">Home</a><template id="B:0"></template><div hidden id="S:0"><h1>Beech kettle</h1>%s</div>',
    ],
)
def test_a_product_that_is_hidden_until_a_script_runs(body: str) -> None:
    document = cleaner.clean(PRODUCT % (body % DESCRIPTION))
    for said in SAID:
        assert said in document.text


def test_what_a_product_page_hides_beside_what_it_shows_stays_hidden() -> None:
    terms = "".join(f"<p>{said}</p>" for said in SAID[2:])
    shown = (
        f'<h1>Beech kettle</h1><div class="product-description">{"".join(f"<p>{said}</p>" for said in SAID[:2])}</div>'
    )
    document = cleaner.clean(PRODUCT % f'{shown}<div style="display:none">{terms}</div>')
    assert SAID[0] in document.text
    assert SAID[2] not in document.text


STORY = [
    "The last ferry of the year left Tarrow at noon on Friday, with nine islanders, two dogs and a brass bed aboard.",
    "Nobody on the quay had expected it to sail, least of all the harbour master, Ena Brock, who was asleep.",
    "She had closed the ticket office in October and given the key to the postman, who lost it in the first snow.",
    "The bed belongs to the new schoolteacher. It had waited for a crossing since August, in a shed with the nets.",
    "By one o'clock it stood in the schoolhouse, and the ferry lay at the pier again, where it will stay until March.",
    "Ena Brock has asked for an alarm clock. The council will look at the matter when it sits again, in the new year.",
    "Until then the islanders row, as they did before there was a ferry, and as most of them say that they prefer to.",
    "The dogs do not. One has moved in with the postman, the other waits on the quay at noon, every day but Sunday.",
]
OTHER = [said.replace("kettle", "teapot") for said in SAID] * 2


def shown_in_part(*bodies: list[str], shown: list[str], title: str = "Last ferry sails") -> cleaner.Document:
    articles = [{"@type": "NewsArticle", "headline": title, "articleBody": "\n\n".join(body)} for body in bodies]
    data = f'<script type="application/ld+json">{json.dumps(articles)}</script>'
    story = "".join(f"<p>{paragraph}</p>" for paragraph in shown)
    return cleaner.clean(f'<html lang="en"><head>{data}</head><body><h1>{title}</h1>{story}</body></html>')


def test_the_article_comes_out_whole_where_the_page_shows_its_beginning() -> None:
    document = shown_in_part(STORY, shown=STORY[:3])
    assert document.text.split("\n\n") == STORY
    assert document.blocks[-1].reason.endswith("from json-ld")
    assert all(document.markdown.count(paragraph) == 1 for paragraph in STORY)


def test_the_one_article_that_a_page_declares_is_its_own() -> None:
    standfirst = "A brass bed, two dogs and a sleeping harbour master: how the ferry to Tarrow sailed once more, " * 3
    document = shown_in_part(STORY, shown=[standfirst])
    assert document.text.split("\n\n")[1:] == STORY


def test_the_beginning_tells_which_of_the_articles_in_the_data_it_is() -> None:
    assert shown_in_part(STORY, SAID[:2], shown=STORY[:3]).text.split("\n\n") == STORY
    assert shown_in_part(OTHER, SAID[:2], shown=STORY[:3]).text.split("\n\n") == STORY[:3]
