"""Tables of data, and tables that only lay the page out."""

from __future__ import annotations

from cleaner.document import Kind
from cleaner.html.blocks import Blocks


def settle_tables(blocks: Blocks, cells: list[int]) -> None:
    """Tell tables of data from tables that only lay the page out.

    In a cell with several blocks, and in a table where no row has two cells with text, the blocks are paragraphs.
    """
    if Kind.TABLE not in blocks.kind:
        return
    first, last = blocks.containers.first, blocks.containers.last
    rich = {cell for cell in cells if last[cell] - first[cell] > 1}
    for cell in rich:
        for i in range(first[cell], last[cell]):
            # A table inside the cell is told by its own rows.
            if blocks.kind[i] is Kind.TABLE and blocks.group[i] < cell:
                blocks.kind[i] = Kind.PARAGRAPH
                blocks.row[i] = -1
    in_row: dict[int, int] = {}
    for row in blocks.row:
        in_row[row] = in_row.get(row, 0) + 1
    wide = {group for group, row in zip(blocks.group, blocks.row, strict=True) if row >= 0 and in_row[row] > 1}
    for i, kind in enumerate(blocks.kind):
        if kind is Kind.TABLE and blocks.group[i] not in wide:
            blocks.kind[i] = Kind.PARAGRAPH
            blocks.row[i] = -1
