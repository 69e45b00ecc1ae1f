"""The twin that looks over bytes says what Python says of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.html import _decode, decode
from tests.compiled.test_compiled_features import PAGES

EDGES = [
    *(bytes([first]) for first in range(256)),
    *(bytes([first, second]) for first in range(0xC0, 0x100) for second in (0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0)),
    *(bytes([first, second, 0x80]) for first in (0xE0, 0xE1, 0xED, 0xEF, 0xF0) for second in range(0x7F, 0xC1)),
    *(bytes([first, second, 0x80, 0xBF]) for first in range(0xEF, 0xF7) for second in range(0x7F, 0xC1)),
    *(bytes([0xF0, 0x9F, third, fourth]) for third in (0x7F, 0x80, 0xBF, 0xC0) for fourth in (0x7F, 0x80, 0xBF, 0xC0)),
]
PIECES = st.one_of(st.binary(max_size=5), st.text(max_size=5).map(lambda text: text.encode("utf-8", "surrogatepass")))


def _agree(content: bytes) -> None:
    assert _decode.is_utf8(content) is decode.is_utf8(content)
    assert _decode.without_controls(content) == decode.without_controls(content)


def test_the_twin_is_built_and_in_use() -> None:
    assert decode.COMPILED is _decode


def test_every_edge_of_every_range_at_every_place() -> None:
    for edge in EDGES:
        for before in ("", "a", "abcdefg", "abcdefgh", "äöü"):
            for after in (b"", b"b", b"\x80", b"bcdefghi"):
                _agree(before.encode() + edge + after)


@given(st.lists(PIECES, max_size=8).map(b"".join))
def test_bytes(content: bytes) -> None:
    _agree(content)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 4095, 4096, 4097, 9000])
def test_control_characters_at_either_end(size: int) -> None:
    plain = b"a" * size
    assert _decode.without_controls(plain) is plain
    for control in range(256):
        _agree(bytes([control]) + plain)
        _agree(plain + bytes([control]))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_samples(page: Path) -> None:
    content = page.read_bytes()
    _agree(content)
    for cut in range(0, len(content), 97):
        _agree(content[:cut])


def test_text_is_no_bytes() -> None:
    for look in (_decode.is_utf8, _decode.without_controls):
        for wrong in ("text", None, bytearray(b"a")):
            with pytest.raises(TypeError):
                look(wrong)  # type: ignore[arg-type]
