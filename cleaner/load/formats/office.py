"""Documents of offices, which are zip archives but hold no web page."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.load.formats.zips import Archive
from cleaner.load.page import Page
from cleaner.load.part import Options, Part
from cleaner.load.stream import Broken


def read(archive: Archive, options: Options) -> Iterator[Page | Part]:  # noqa: ARG001
    """Say what it is."""
    raise Broken("is an office document, not a web page")
    yield
