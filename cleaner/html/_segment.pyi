"""Tree to blocks, compiled."""

from lxml.etree import _Element

from cleaner.html.blocks import Blocks
from cleaner.html.numbered import Numbered

def segment(root: _Element, max_blocks: int, elements: Numbered | None = None) -> Blocks | None: ...
