"""A page gives the same blocks with and without the tags that HTML lets it leave out, as SingleFile leaves them out."""

from __future__ import annotations

from pathlib import Path

import html5lib
import pytest
from html5lib.serializer import HTMLSerializer
from html5lib.treewalkers import getTreeWalker

import cleaner
from cleaner.html.decode import decode

from .conftest import sample_folders

PAGES = [page for folder in sample_folders() if (page := folder / "page.html").is_file()]


def rewritten(page: bytes, *, omit: bool) -> str:
    """The page as its tree has it, with every tag and quote or with those only that it needs."""
    root = html5lib.parse(decode(page)[0].decode())
    writer = HTMLSerializer(
        omit_optional_tags=omit,
        quote_attr_values="spec" if omit else "always",
        strip_whitespace=False,
        inject_meta_charset=False,
    )
    return str(writer.render(getTreeWalker("etree")(root)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_optional_tags_change_nothing(page: Path) -> None:
    full, short = (rewritten(page.read_bytes(), omit=omit) for omit in (False, True))
    assert len(short) < len(full)
    told = [
        [(block.label, block.kind, block.text, block.reason) for block in cleaner.clean(html).blocks]
        for html in (page.read_bytes(), full, short)
    ]
    assert told[2] == told[1]
    assert told[0] == told[1]
