"""Tree to blocks, compiled."""

from lxml.etree import _Element

from cleaner.html.blocks import Blocks

def segment(root: _Element, max_blocks: int, elements: list[_Element] | None = None) -> Blocks | None: ...
