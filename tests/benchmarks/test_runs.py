"""Reading sets, running extractors in processes of their own, and what is printed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import memory, robustness, scaling
from benchmarks.blocks import blocks
from cleaner.training.evaluate.command import main
from cleaner.training.evaluate.extractors import EXTRACTORS, Extract, Extractor, decode, installed
from cleaner.training.evaluate.measures import measure
from cleaner.training.evaluate.process import ROOT, peak_memory
from cleaner.training.evaluate.process import memory as resident
from cleaner.training.evaluate.run import Stats, extract_set, read_outputs
from cleaner.training.evaluate.table import Result, as_json, markdown
from cleaner.training.sets import MissingSet, find_sets, opened, read_pages, read_rows

SAMPLES = ("wordpress-local-news", "de-tageszeitung")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one set of two pages, made from samples."""
    folder = tmp_path / "data" / "wcxb-dev"
    (folder / "html").mkdir(parents=True)
    lines = []
    for name in SAMPLES:
        sample = ROOT / "samples" / name
        (folder / "html" / f"{name}.html").write_bytes((sample / "page.html").read_bytes())
        gold = (sample / "article.txt").read_text(encoding="utf-8")
        row = {"id": name, "url": None, "type": "article", "gold": gold, "with": [gold[:20]], "without": []}
        lines.append(json.dumps(row))
    (folder / "pages.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path / "data"


@pytest.fixture
def packed(data: Path, tmp_path: Path) -> Path:
    """The same, packed."""
    folder = tmp_path / "packed"
    folder.mkdir()
    with tarfile.open(folder / "wcxb-dev.tar.xz", "w:xz") as archive:
        archive.add(data / "wcxb-dev", "wcxb-dev")
    return folder


def _register(monkeypatch: pytest.MonkeyPatch, extract: Extract) -> None:
    monkeypatch.setitem(EXTRACTORS, "made", Extractor("made", "made", (), lambda: extract))


class TestSets:
    def test_unpacked(self, data: Path) -> None:
        with opened(data, ["wcxb-dev"]) as folders:
            rows = [row for row, page in read_pages(folders["wcxb-dev"]) if b"<html" in page]
        assert [(row.id, row.url, row.type) for row in rows] == [(name, "", "article") for name in SAMPLES]
        assert rows[0].gold is not None
        assert rows[0].present == (rows[0].gold[:20],)
        assert rows[0].blocks == ()

    def test_packed_is_unpacked_once_and_goes_away(self, packed: Path) -> None:
        with opened(packed, ["wcxb-dev"]) as folders:
            folder = folders["wcxb-dev"]
            assert len(list(read_pages(folder))) == 2
            assert len(list(read_pages(folder, limit=1))) == 1
        assert not folder.exists()
        assert sorted(path.name for path in packed.iterdir()) == ["wcxb-dev.tar.xz"]

    def test_a_missing_set_is_named_and_left_out(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with opened(data, ["traf-dev", "wcxb-dev"]) as folders:
            assert list(folders) == ["wcxb-dev"]
        assert "traf-dev" in capsys.readouterr().err

    def test_no_set_at_all(self, data: Path) -> None:
        with pytest.raises(MissingSet), opened(data, ["traf-dev"]):
            pass

    def test_find_sets(self, data: Path, packed: Path) -> None:
        assert find_sets(data) == find_sets(packed) == ["wcxb-dev"]


class TestRun:
    def test_an_exception_counts_as_empty_text(self, data: Path, tmp_path: Path) -> None:
        def extract(page: bytes) -> str | None:
            if "Straße".encode() in page or "ü".encode() in page:
                raise SystemExit("no umlauts, please")
            return None

        stats = extract_set(extract, data / "wcxb-dev", tmp_path / "out.jsonl")
        assert (stats.pages, stats.errors) == (2, 1)
        assert read_outputs(tmp_path / "out.jsonl") == dict.fromkeys(SAMPLES, "")
        assert stats.peak_mb > 1

    def test_soft_hyphens_part_no_words(self, tmp_path: Path) -> None:
        row = {"id": "a", "gold": "in a li\xadbrary", "with": ["li\xadbrary"], "without": ["un\xadwanted"]}
        folder = tmp_path / "set"
        (folder / "html").mkdir(parents=True)
        (folder / "pages.jsonl").write_text(json.dumps({**row, "blocks": [["body", "in a li\xadbrary"]]}))
        (folder / "html" / "a.html").write_bytes(b"<p>a li&shy;brary")
        extract_set(lambda _: "in a libr\xadary", folder, tmp_path / "out.jsonl")
        taken = measure(read_outputs(tmp_path / "out.jsonl"), list(read_rows(folder)))
        assert taken["word"]["f1"] == taken["snippet"]["f1"] == taken["cruft"]["keep"] == 1.0

    def test_what_is_not_installed_is_named_and_left_out(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        missing = Extractor("missing", "missing", ("no_such_module",), lambda: bytes.decode)
        monkeypatch.setitem(EXTRACTORS, "missing", missing)
        assert [extractor.name for extractor in installed(["missing", "trafilatura"])] == ["trafilatura"]
        assert "missing" in capsys.readouterr().err

    def test_decode(self) -> None:
        assert decode("Brücke".encode()) == "Brücke"
        assert "Br" in decode("Die alte Brücke über den Fluss".encode("iso-8859-1"))

    def test_memory(self) -> None:
        assert 0 < resident() <= peak_memory() + 1


class TestTable:
    def test_missing_numbers_are_dashes(self) -> None:
        ours = Result("cleaner", "1.0", {"cruft-dev": Stats(10, 1, 2.0, 2.0, 99.6)})
        ours.measures["cruft-dev"] = {"cruft": {"clean": 0.75, "asking": 0.5, "keep": 0.9, "ask_leak": 0.125}}
        theirs = Result("trafilatura", "2.0", {"cruft-dev": Stats(10, 0, 4.0, 4.0, 50.0)}, failed=["news-dev"])
        text = markdown([ours, theirs])
        assert "| cleaner 1.0 | – | – | – | 0.750 | 0.500 | 0.900 | 0.125 | 5.0 | 2.00 | 100 |" in text
        assert "| trafilatura 2.0 | – | – | – | – | – | – | – | 2.5 | 1.00 | 50 |" in text
        assert "cleaner: raised on 1 pages" in text
        assert "trafilatura: its process died on news-dev" in text
        assert "by page type" not in text

    def test_without_the_baseline_there_is_no_ratio(self) -> None:
        assert "| 5.0 | – | 99 |" in markdown([Result("cleaner", "1.0", {"x": Stats(10, 0, 2.0, 2.0, 99.0)})])

    def test_json_has_everything(self) -> None:
        result = Result("cleaner", "1.0", {"x": Stats(10, 0, 2.0, 2.0, 99.0)}, {"x": {"word": {"f1": 0.5}}})
        (entry,) = json.loads(json.dumps(as_json([result])))["extractors"]
        assert entry["pages_per_cpu_second"] == 5.0
        assert entry["sets"]["x"]["measures"]["word"]["f1"] == 0.5
        assert entry["sets"]["x"]["stats"]["pages"] == 10


class TestCommands:
    def test_a_run_over_two_pages(self, packed: Path, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "benchmarks", str(packed), "--only", "cleaner,trafilatura"]
        options = ["--sets", "wcxb-dev", "--json", str(tmp_path / "out.json"), "--outputs", str(tmp_path / "texts")]
        done = subprocess.run([*command, *options], cwd=ROOT, env=os.environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "| cleaner " in done.stdout
        assert "by page type" in done.stdout
        entries = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["extractors"]
        assert [entry["name"] for entry in entries] == ["cleaner", "trafilatura"]
        for entry in entries:
            found = entry["sets"]["wcxb-dev"]
            assert (found["stats"]["pages"], found["stats"]["errors"]) == (2, 0)
            assert found["measures"]["word"]["f1"] > 0.5
        assert set(read_outputs(tmp_path / "texts" / "wcxb-dev" / "cleaner.jsonl")) == set(SAMPLES)

    @pytest.mark.parametrize("options", [["--only", "nobody"], ["--sets", "nothing"], ["--jobs", "0"]])
    def test_a_wrong_call_exits_with_2(self, data: Path, options: list[str]) -> None:
        with pytest.raises(SystemExit) as error:
            main([str(data), *options])
        assert error.value.code == 2

    def test_robustness_fails_on_an_exception(
        self, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _register(monkeypatch, lambda page: page.decode("ascii"))
        call = [str(data), "--pages", "8", "--extractor", "made", "--save", str(tmp_path / "bad")]
        assert robustness.main(call) == 1
        assert "UnicodeDecodeError" in capsys.readouterr().err
        assert list((tmp_path / "bad").glob("*.html"))
        _register(monkeypatch, lambda _: "")
        assert robustness.main(call) == 0

    def test_the_same_seed_damages_alike(self, data: Path) -> None:
        folders = [data / "wcxb-dev"]
        assert list(robustness.damaged(folders, 8, 1)) == list(robustness.damaged(folders, 8, 1))
        assert list(robustness.damaged(folders, 8, 1)) != list(robustness.damaged(folders, 8, 2))

    @pytest.mark.parametrize("damage", robustness.DAMAGES)
    def test_every_damage_takes_an_empty_page(self, damage: Callable[[bytes, random.Random], bytes]) -> None:
        assert damage(b"", random.Random(1)) == b""

    def test_memory_over_a_set(
        self, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _register(monkeypatch, lambda _: "")
        call = [str(data), "--set", "wcxb-dev", "--extractor", "made", "--rounds", "2"]
        assert memory.main(call) == 0
        assert "over 4 pages" in capsys.readouterr().out


class TestScaling:
    def test_linear_growth_is_two_per_doubling_whatever_the_step(self) -> None:
        assert scaling.per_doubling([1000, 2000, 32000, 50000], [1.0, 2.0, 32.0, 50.0]) == pytest.approx([2, 2, 2])
        assert scaling.per_doubling([1000, 2000], [1.0, 4.0]) == [4.0]

    @pytest.mark.parametrize("shape", scaling.SHAPES)
    def test_pages_have_as_many_blocks_as_they_say(self, shape: str) -> None:
        assert len(blocks(scaling.make_page(shape, 100))) == 101
