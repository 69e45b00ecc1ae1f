"""What profiles do on the sample sites: most of what they ask goes, and nothing of the articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.sites import measure_sample
from tests.conftest import SAMPLES

SITES = SAMPLES / "sites"


@pytest.mark.parametrize("name", ["de-typo3", "en-wordpress", "ja-react", "sv-hashed"])
def test_most_asks_go_and_the_articles_stay(name: str) -> None:
    score = measure_sample(Path(SITES / name))
    assert score.left >= 20
    assert score.left_now <= score.left / 3
    assert score.lost == 0
