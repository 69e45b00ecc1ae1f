"""Pages that show hardly anything: what they hold is taken from where a script would show it."""

from __future__ import annotations

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
