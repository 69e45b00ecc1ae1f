"""Pages put aside in a temporary file, to be had again in any order: an archive is read once, standard input too."""

from __future__ import annotations

import tempfile
import zlib
from dataclasses import dataclass, replace
from threading import Lock

from cleaner import Page


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page lies on the shelf."""

    page: Page
    """The page without its content."""
    offset: int
    size: int
    is_text: bool


class Shelf:
    """A file without a name that goes when it is closed. Safe in threads."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="cleaner-review-")  # noqa: SIM115
        self._lock = Lock()
        self._end = 0

    def put(self, page: Page) -> Place:
        """Put a page aside. Raises OSError."""
        is_text = isinstance(page.content, str)
        content = page.content.encode("utf-8", "surrogatepass") if isinstance(page.content, str) else page.content
        packed = zlib.compress(content, 1)
        with self._lock:
            self._file.seek(self._end)
            self._file.write(packed)
            place = Place(replace(page, content=b""), self._end, len(packed), is_text)
            self._end += len(packed)
        return place

    def get(self, place: Place) -> Page:
        """The page at a place. Raises OSError."""
        with self._lock:
            self._file.seek(place.offset)
            packed = self._file.read(place.size)
        content = zlib.decompress(packed)
        return replace(place.page, content=content.decode("utf-8", "surrogatepass") if place.is_text else content)

    def close(self) -> None:
        """Let go of the pages."""
        self._file.close()
