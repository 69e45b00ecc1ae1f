"""Where on a site's pages a block stands: the elements around it, by what pages of one site have in common of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache, partial
from hashlib import blake2b

import numpy as np

from cleaner.html.blocks import Blocks, Containers
from cleaner.later import Later
from cleaner.site.fingerprint import Keys

_FIGURES = re.compile(r"\d+")
_HASH = re.compile(r"(?=[a-z_-]*\d)(?=[\d_-]*[a-z])[\da-z_-]{16,}|[\da-f]{8,}(?:-[\da-f]{4,})*")
"""Names that a page or a build has for itself: long ones of letters and figures, and hexadecimal ones."""
_MOST_NAMES = 3
"""Classes that come later tell of the one page: its topics, its author."""
_MIX = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def places(blocks: Blocks) -> Sequence[int]:
    """The path to each block as a number, made when somebody looks; none for plain text."""
    if blocks.is_text:
        return ()
    containers = Containers(blocks.containers.tag, blocks.containers.parent, blocks.containers.attributes)
    return Later(len(blocks), partial(_places, containers, blocks.container))


def _places(containers: Containers, wanted: Sequence[int]) -> list[int]:
    keys: list[int] = path_keys(containers, wanted).tolist()
    return keys


def path_keys(containers: Containers, wanted: Sequence[int]) -> Keys:
    """The path to each of the containers *wanted* as a number, the same on all pages of a site that have it.

    A path is the elements from the page's body inwards, each with the first words of its class and id. Left out are
    figures, names that look made, and all names of the body itself.
    """
    known: dict[int, int] = {-1: 0}
    for container in wanted:
        path: list[int] = []
        while container not in known:
            path.append(container)
            container = containers.parent[container]
        key = known[container]
        for inner in reversed(path):
            attributes = containers.attributes[inner] if containers.parent[inner] >= 0 else ""
            known[inner] = key = (key * _MIX & _MASK) ^ _element_key(containers.tag[inner], attributes)
    return np.asarray([known[container] for container in wanted], np.uint64)


@lru_cache(maxsize=16_384)
def _element_key(tag: str, attributes: str) -> int:
    names = [name for name in attributes.split() if not _HASH.fullmatch(name)]
    text = " ".join([tag, *(_FIGURES.sub("", name) for name in names[:_MOST_NAMES])])
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
