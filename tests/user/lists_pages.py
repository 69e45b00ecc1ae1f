"""Pages for the tests of lists: as those see them who give advice."""

from __future__ import annotations

from pathlib import Path

from cleaner.html.hints import page_hints
from cleaner.html.numbered import numbered
from cleaner.html.parse import parse
from cleaner.html.seen import Came, Seen
from cleaner.html.segment import segment

DATA = Path(__file__).parent / "data"
FERRY = "https://www.paper.example/2026/ferry?ref=home"


def seen_page(html: str | bytes, url: str | None = FERRY) -> Seen:
    """A page, cut into blocks."""
    root, _ = parse(html.encode() if isinstance(html, str) else html)
    assert root is not None
    elements = numbered()
    blocks = segment(root, 100_000, elements)
    return Seen(blocks, page_hints(root, url), root, elements, Came(url))


def written(folder: Path, text: str | bytes, name: str = "list.txt") -> Path:
    """A list in a file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path
