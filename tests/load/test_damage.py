"""What is cut short or damaged: nothing raises, what stands before the break comes out, and the break is reported."""

from __future__ import annotations

import random
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import cleaner

FORMATS = Path(__file__).parent.parent.parent / "samples" / "formats"
SAMPLES: list[dict[str, Any]] = tomllib.loads((FORMATS / "formats.toml").read_text("utf-8"))["sample"]
FILES = [sample["file"] for sample in SAMPLES if not sample["errors"] and not sample.get("links")]
PLACES = 50
# Their end is marked, or their length or a sum of them is known.
MARKED = (".gz", ".bz2", ".xz", ".zst", ".zip", ".epub", ".maff", ".wacz", ".webarchive", ".mhtml", "webkitgtk.mht")
# Every byte of their content stands in a sum.
SUMMED = (".gz", ".bz2", ".xz", ".zst", ".zip", ".epub", ".maff")

each_file = pytest.mark.parametrize("name", FILES)


def opened(content: bytes, name: str, folder: Path) -> tuple[list[cleaner.Page], list[cleaner.Page]]:
    path = folder / Path(name).name
    path.write_bytes(content)
    pages = list(cleaner.load(path, url_field="address" if "other" in name else "url"))
    return [page for page in pages if page.error is None], [page for page in pages if page.error is not None]


def contents(pages: list[cleaner.Page]) -> list[bytes | str]:
    return [page.content for page in pages]


def places(name: str, length: int) -> list[int]:
    return sorted(random.Random(name).sample(range(1, length), min(PLACES, length - 1)))


@each_file
def test_cut_short(name: str, tmp_path: Path) -> None:
    whole = (FORMATS / name).read_bytes()
    expected = contents(opened(whole, name, tmp_path)[0])
    for place in places(name, len(whole)):
        pages, broken = opened(whole[:place], name, tmp_path)
        found = contents(pages)
        if name.endswith(MARKED):
            assert broken, place
            assert all(page.error is not None and page.error.offset is not None for page in broken), place
            # A book's chapters come in the order of the file where the book's own list is lost.
            # Without its list of pages a crawl gives its frames, too.
            assert name.endswith(".wacz") or all(content in expected for content in found), place
        elif len(expected) > 1:
            assert found[:-1] == expected[: max(len(found) - 1, 0)], place
        for page in (*pages, *broken):
            cleaner.Cleaner(model=False).clean(page)


@each_file
def test_damaged(name: str, tmp_path: Path) -> None:
    whole = (FORMATS / name).read_bytes()
    expected = contents(opened(whole, name, tmp_path)[0])
    damage = random.Random(name)
    for place in places(name, len(whole)):
        content = bytearray(whole)
        content[place] ^= damage.randrange(1, 256)
        pages, broken = opened(bytes(content), name, tmp_path)
        if name.endswith(SUMMED):
            assert broken or contents(pages) == expected, place
            assert all(content in expected for content in contents(pages)), place


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(MARKED)])
def test_the_command_line_says_where(name: str, tmp_path: Path) -> None:
    whole = (FORMATS / name).read_bytes()
    path = tmp_path / Path(name).name
    path.write_bytes(whole[: len(whole) * 3 // 4])
    command = [sys.executable, "-m", "cleaner", "inspect", path]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "(at byte " in run.stderr
    assert "Traceback" not in run.stderr


def test_a_damaged_record_costs_that_record_only(tmp_path: Path) -> None:
    name = "warc/encodings.warc.gz"
    whole = (FORMATS / name).read_bytes()
    expected = contents(opened(whole, name, tmp_path)[0])
    for place in places(name, len(whole)):
        content = bytearray(whole)
        content[place] ^= 0x55
        pages, broken = opened(bytes(content), name, tmp_path)
        assert len(pages) + len(broken) >= len(expected) - 1
        assert [content for content in contents(pages) if content not in expected] == []
