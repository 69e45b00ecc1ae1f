"""Tables of data, built again from their rows and cells."""

from __future__ import annotations

from cleaner.render.page import MarkedPage

_FATTEST_CELL = 8
_WIDEST = 30


class Tables:
    """The tables of a page whose rows hold data, and the cells of each of their rows, the empty ones too."""

    def __init__(self, page: MarkedPage) -> None:
        self._page = page
        blocks = page.blocks
        self.data = {group for group, row in zip(blocks.group, blocks.row, strict=True) if row >= 0}
        self._cells: dict[int, list[int]] = {}
        self._heads: set[int] = set()
        self._written: dict[int, int] = {}
        self._place: dict[int, tuple[int, int]] = {}
        self._read()

    def _read(self) -> None:
        containers = self._page.containers
        table: list[int] = []
        headed: set[int] = set()
        for number, (tag, parent) in enumerate(zip(containers.tag, containers.parent, strict=True)):
            outer = table[parent] if parent >= 0 else -1
            table.append(number if tag == "table" else outer)
            if tag == "tr" and outer not in headed:
                headed.add(outer)
                if containers.tag[parent] == "thead":
                    self._heads.add(number)
            elif tag in ("td", "th"):
                cells = self._cells.setdefault(parent, [])
                self._place[number] = (parent, len(cells))
                cells.append(number)
                if containers.last[number] - containers.first[number] > _FATTEST_CELL:
                    self.data.discard(outer)

    def cell(self, container: int) -> str:
        """The tag of a cell: a header cell in the first row of the table's head."""
        parent = self._page.containers.parent[container]
        return "th" if parent in self._heads else self._page.containers.tag[container]

    def spans(self, container: int) -> str:
        """The attributes that say how many columns and rows a cell covers."""
        element = self._page.elements[container]
        spans = []
        for name in ("colspan", "rowspan"):
            number = element.get(name) or ""
            if number.isascii() and number.isdigit() and int(number[:6]) > 1:
                spans.append(f' {name}="{min(int(number[:6]), _WIDEST)}"')
        return "".join(spans)

    def before(self, container: int) -> list[str]:
        """The empty cells that stand between the last written cell of a row and this one."""
        row, place = self._place[container]
        written = self._written.get(row, 0)
        self._written[row] = place + 1
        return [self._empty(cell) for cell in self._cells[row][written:place]]

    def rest(self, row: int) -> list[str]:
        """The empty cells at the end of a row."""
        cells = self._cells.get(row, [])
        return [self._empty(cell) for cell in cells[self._written.get(row, len(cells)) :]]

    def _empty(self, cell: int) -> str:
        tag = self.cell(cell)
        return f"<{tag}{self.spans(cell)}></{tag}>"
