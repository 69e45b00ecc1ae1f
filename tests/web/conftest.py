"""A service that the tests share which do not harm it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from served import Served, served


@pytest.fixture(scope="session")
def service() -> Iterator[Served]:
    with served("--workers", "2") as running:
        yield running
