"""What counts as the main content, by kind of page."""

from __future__ import annotations

from dataclasses import dataclass

from cleaner.document import PageType


@dataclass(frozen=True, slots=True)
class Convention:
    """What counts as the main content of a kind of page."""

    cards: bool = False
    """Boxes that lead to other pages may stand in the content."""
    teasers: bool = False
    """They are what the page shows, so they count in finding it."""
    links: bool = False
    """Blocks that are links may stand in the content."""
    whole_frame: bool = False
    """The content is all of the frame, not its core alone."""
    weak_signs: bool = True
    """Weak signs of the markup decide for blocks that are no prose."""
    before: bool = False
    """Short blocks before the first prose are content."""
    one: bool = False
    """The page has one main text, under its headline."""
    lead: bool = False
    """A standfirst may stand between the headline and the rest."""
    captions: bool = False
    """A short text in one box with an image is its caption."""
    repeated: int = 20
    """Words of a passage that stands on the page a second time, from which the second goes; 0 where all may stay."""
    quotes: bool = False
    """Boxes quote what stands in boxes like them."""


ARTICLE = Convention(lead=True, captions=True, one=True)
CONVENTIONS = {
    PageType.LISTING: Convention(cards=True, teasers=True, links=True, whole_frame=True, before=True),
    PageType.COLLECTION: Convention(
        cards=True, teasers=True, links=True, whole_frame=True, weak_signs=False, before=True
    ),
    PageType.PRODUCT: Convention(links=True, before=True),
    PageType.SERVICE: Convention(cards=True, links=True, whole_frame=True, lead=True),
    PageType.FORUM: Convention(cards=True, repeated=8, quotes=True),
    PageType.DOCUMENTATION: Convention(cards=True, links=True, lead=True, captions=True, repeated=0),
}
"""Every other kind of page follows the article's."""
