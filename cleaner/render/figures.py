"""Which pictures of a page belong to its article, and which captions are theirs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from cleaner.document import Label
from cleaner.html.inline import Picture
from cleaner.render.page import MarkedPage

_HIGHEST = 6
_MOST_BLOCKS = 4
_MOST_IN_FIGURE = 40
_IMAGE = re.compile(r'(<a href="[^"]*">\s*)?(<img src="([^"]+)"[^>]*>)')
_DECORATION = re.compile(
    r"avatar|gravatar|\bauthor|byline|\bbio\b|headshot|\blogo|\bicons?\b|emoji|spacer|blank\.gif|pixel|tracking|1x1"
    r"|\bshare|\bsocial|\brelated|recommend|\bpromo|sponsor|\badvert",
)


class Shown(NamedTuple):
    """A picture to show, and the container that is its figure; -1 where it stands alone."""

    picture: Picture
    figure: int


def figures(page: MarkedPage, shown: frozenset[Label]) -> tuple[list[Shown], dict[int, int]]:
    """Return the pictures to show, in page order, and for every shown caption block the container of its figure."""
    captions = {
        i: figure
        for i, label in enumerate(page.labels)
        if label is Label.CAPTION and label in shown
        if (figure := _figure(page, i, shown)) >= 0
    }
    owners = set(captions.values())
    pictures, seen = [], set()
    region = _region(page)
    for picture, source in _single(page.pictures):
        figure = next((c for c in islice(page.climb(picture.container), _HIGHEST) if c in owners), -1)
        if source not in seen and (figure >= 0 or _stands_in_article(page, picture, region, shown)):
            seen.add(source)
            pictures.append(Shown(picture, figure))
    return pictures, captions


def _single(pictures: list[Picture]) -> Iterator[tuple[Picture, str]]:
    """Every image on its own, in its link, with its address."""
    for picture in pictures:
        for link, image, source in _IMAGE.findall(picture.markup):
            yield Picture(picture.before, picture.container, f"{link}{image}</a>" if link else image), source


def _figure(page: MarkedPage, caption: int, shown: frozenset[Label]) -> int:
    """The innermost container around a caption that holds a picture and shows nothing but captions."""
    containers = page.containers
    own = page.blocks.container[caption]
    for container in islice(page.climb(own), _HIGHEST):
        first, last = containers.first[container], containers.last[container]
        named = containers.tag[container] == "figure"
        if last - first > (_MOST_IN_FIGURE if named else _MOST_BLOCKS):
            break
        if any(page.labels[i] in shown and page.labels[i] is not Label.CAPTION for i in range(first, last)):
            break
        if named or _has_picture(page, container):
            return container
    return own


def _has_picture(page: MarkedPage, container: int) -> bool:
    first, last = page.containers.first[container], page.containers.last[container]
    start = bisect_left(page.pictures, first, key=lambda picture: picture.before)
    for picture in page.pictures[start:]:
        if picture.before > last:
            return False
        if page.holds(container, picture.container):
            return True
    return False


def _stands_in_article(page: MarkedPage, picture: Picture, region: int, shown: frozenset[Label]) -> bool:
    """Whether the blocks before and after a picture are shown, and nothing says that it is decoration."""
    near = shown | {Label.BYLINE}
    before, after = picture.before - 1, picture.before
    if region < 0 or not page.holds(region, picture.container) or before < 0 or after >= len(page.labels):
        return False
    if page.labels[before] not in near or page.labels[after] not in near:
        return False
    containers = page.containers
    names = (containers.attributes[c] for c in islice(page.climb(picture.container), 3) if c != region)
    return not any(_DECORATION.search(name) for name in (picture.markup.lower(), *names))


def _region(page: MarkedPage) -> int:
    """The smallest container of the whole article; -1 where there is none."""
    inside = [i for i, label in enumerate(page.labels) if label in (Label.BODY, Label.TITLE)]
    if not inside:
        return -1
    for container in page.climb(page.blocks.container[inside[0]]):
        if page.containers.last[container] > inside[-1]:
            return container
    return 0
