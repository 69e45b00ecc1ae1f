"""A set of labelled pages made from our samples."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"


def write_set(folder: Path, names: list[str]) -> Path:
    """A set of the named samples: every page with its gold, every site its own."""
    (folder / "html").mkdir(parents=True)
    lines = []
    for name in names:
        about = tomllib.loads((SAMPLES / name / "about.toml").read_text("utf-8"))
        (folder / "html" / f"{name}.html").write_bytes((SAMPLES / name / "page.html").read_bytes())
        gold = (SAMPLES / name / "article.txt").read_text("utf-8")
        url = about.get("url") or ""
        row = {"id": name, "url": url, "type": about["page_type"], "gold": gold, "with": [], "without": []}
        lines.append(json.dumps(row, ensure_ascii=False))
    (folder / "pages.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def samples_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty samples as a set named ``wcxb-made``."""
    names = sorted(path.parent.name for path in SAMPLES.glob("*/page.html"))[:20]
    return write_set(tmp_path_factory.mktemp("sets") / "wcxb-made", names)
