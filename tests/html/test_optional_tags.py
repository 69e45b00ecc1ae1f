"""A page gives the same blocks with and without the tags that HTML lets it leave out, as SingleFile leaves them out."""

from __future__ import annotations

import html5lib
import pytest
from html5lib.serializer import HTMLSerializer
from html5lib.treewalkers import getTreeWalker

import cleaner

from ..conftest import Sample


def written(page: bytes, omit: bool) -> str:
    root = html5lib.parse(page, transport_encoding=None, likely_encoding=cleaner.decode(page).encoding)
    writer = HTMLSerializer(
        omit_optional_tags=omit,
        quote_attr_values="spec" if omit else "always",
        strip_whitespace=False,
        inject_meta_charset=False,
    )
    return str(writer.render(getTreeWalker("etree")(root)))


def test_optional_tags(sample: Sample) -> None:
    if sample.page.suffix == ".txt":
        pytest.skip()
