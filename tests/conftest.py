"""What the tests share: the samples, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"

# How long an example takes says more of the machine than of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@dataclass(frozen=True)
class Sample:
    """A page that we wrote, and what must come out of it."""

    name: str
    page: Path
    article: str
    about: dict[str, Any]


def read_sample(folder: Path) -> Sample:
    page = next(folder.glob("page.*"))
    article = (folder / "article.txt").read_text("utf-8")
    return Sample(folder.name, page, article, tomllib.loads((folder / "about.toml").read_text("utf-8")))


def sample_folders() -> list[Path]:
    return sorted(folder for folder in SAMPLES.iterdir() if (folder / "about.toml").is_file())


@pytest.fixture(params=sample_folders(), ids=lambda folder: folder.name)
def sample(request: pytest.FixtureRequest) -> Sample:
    return read_sample(request.param)
