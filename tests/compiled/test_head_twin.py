"""The twin that looks for what declares something finds the same places."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.html import _head, head
from tests.compiled.test_compiled_features import PAGES

PIECES = st.sampled_from(
    [b"<meta", b"<time", b"<script", b"<", b"<m", b"<met", b"<scrip", b"t", b"\0", b"</script", b"x"]
)


def test_the_twin_is_built_and_in_use() -> None:
    assert head.COMPILED is _head


@given(st.lists(PIECES, max_size=12).map(b"".join), st.integers(-3, 40))
def test_pieces_of_markup(html: bytes, start: int) -> None:
    assert _head.places(html, max(0, start)) == head.places(html, max(0, start))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_samples(page: Path) -> None:
    html = page.read_bytes()
    assert _head.places(html, 0) == head.places(html, 0)
    assert _head.places(html, len(html) + 9) == []


def test_text_is_no_bytes() -> None:
    with pytest.raises(TypeError):
        _head.places("<meta>", 0)  # type: ignore[arg-type]
