from collections.abc import Iterable, Sequence

from lxml.etree import _Element

def elements_by(
    root: _Element, names: Iterable[str]
) -> tuple[dict[str, dict[str, list[int]]], Sequence[_Element]] | None: ...
