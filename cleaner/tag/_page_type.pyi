from cleaner.html.blocks import Blocks
from cleaner.tag.page_type import SignalTable

def shape(blocks: Blocks, table: SignalTable) -> tuple[dict[str, int], frozenset[str]]: ...
