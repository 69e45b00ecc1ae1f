"""Corrected pages as what is learnt from: what a person set and saw, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from cleaner import Cleaner, Document, Label
from cleaner.site.fingerprint import fingerprint
from cleaner.training.align import UNKNOWN
from cleaner.training.corpus import Corpus, gather
from cleaner.training.corrected import opened_with_corrections
from cleaner.training.evaluate.command import main as evaluate
from cleaner.training.examples import Example, example
from cleaner.training.network import CONVENTIONS
from cleaner.training.sets import MissingSet, find_sets, read_pages, read_rows
from cleaner.user.corrections import Corrections
from cleaner.user.rows import Correction, Reviewed
from tests.conftest import SAMPLES
from tests.load.packing import zipped
from tests.training.conftest import write_set

NAMES = ("wordpress-local-news", "de-tageszeitung", "ghost-members", "pl-portal", "nl-krant", "es-diario")
LABELS = list(Label)


def content(name: str) -> bytes:
    return (SAMPLES / name / "page.html").read_bytes()


def document(name: str) -> Document:
    return Cleaner(model=False).clean(content(name))


def correction(name: str, index: int, label: Label) -> Correction:
    block = document(name).blocks[index]
    digest = sha256(content(name)).hexdigest()
    return Correction(f"{name}.html", digest, index, fingerprint(block.text), label, block.label)


def reviewed(name: str, labelled: bool = True) -> Reviewed:
    blocks = document(name).blocks
    labels = tuple(b.label for b in blocks) if labelled else ()
    prints = tuple(fingerprint(b.text) for b in blocks) if labelled else ()
    return Reviewed(f"{name}.html", sha256(content(name)).hexdigest(), True, 0, len(blocks) - 1, labels, prints)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A folder of pages, one of them corrected here and there and one gone through, with their corrections."""
    folder = tmp_path / "saved"
    folder.mkdir()
    for name in NAMES[:3]:
        (folder / f"{name}.html").write_bytes(content(name))
    corrections = Corrections.open(folder / "corrections.jsonl")
    corrections.append(correction(NAMES[0], 11, Label.LEGAL), correction(NAMES[0], 20, Label.BODY))
    corrections.append(reviewed(NAMES[1]), correction(NAMES[1], 6, Label.SOCIAL))
    return folder


def learnt(data: Path, corrections: list[Path] | None = None) -> dict[str, list[Example]]:
    """The examples of every corrected page, by its sample's name."""
    names = {sha256(content(name)).hexdigest()[:16]: name for name in NAMES}
    found: dict[str, list[Example]] = {}
    with opened_with_corrections([data], find_sets(data), corrections or []) as sets:
        for set_name, folder in sets.items():
            if not set_name.startswith("corrected"):
                continue
            for row, page in read_pages(folder):
                made = example(set_name, row, page)
                assert isinstance(made, Example)
                found.setdefault(names[row.id], []).append(made)
    return found


def test_what_was_set_is_known_and_nothing_else(saved: Path) -> None:
    (made,) = learnt(saved)[NAMES[0]]
    assert {i: LABELS[label] for i, label in enumerate(made.labels) if label != UNKNOWN} == {
        11: Label.LEGAL,
        20: Label.BODY,
    }
    assert {i: int(mark) for i, mark in enumerate(made.body) if mark != UNKNOWN} == {11: 0, 20: 1}
    assert len(made.labels) == len(document(NAMES[0]).blocks)
    assert CONVENTIONS[made.convention] == "cruft"


def test_what_was_seen_is_known_too(saved: Path) -> None:
    (made,) = learnt(saved)[NAMES[1]]
    wanted = [block.label for block in document(NAMES[1]).blocks]
    wanted[6] = Label.SOCIAL
    assert [LABELS[label] for label in made.labels] == wanted
    assert [int(mark) for mark in made.body] == [int(label is Label.BODY) for label in wanted]


def test_pages_that_nobody_corrected_are_not_learnt_from(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert set(learnt(saved)) == set(NAMES[:2])
    assert "2 corrected pages\n" in capsys.readouterr().err


def test_corrections_beside_sets_and_folders(saved: Path, tmp_path: Path) -> None:
    """A file named apart is about the pages of all the data: of sets, of folders, of archives."""
    moved = (saved / "corrections.jsonl").rename(tmp_path / "mine.jsonl")
    write_set(tmp_path / "data" / "wcxb-made", [NAMES[0], NAMES[3]])
    made = learnt(tmp_path / "data", [moved])
    assert set(made) == {NAMES[0]}
    packed = tmp_path / "packed"
    packed.mkdir()
    (packed / "pages.zip").write_bytes(zipped(*((f"{name}.html", content(name)) for name in NAMES)))
    assert set(learnt(packed, [moved])) == set(NAMES[:2])


def test_corrections_do_not_replace_a_sets_own_gold(saved: Path, tmp_path: Path) -> None:
    write_set(tmp_path / "data" / "wcxb-made", [NAMES[0], NAMES[3]])
    with opened_with_corrections([tmp_path / "data"], ["wcxb-made"], [saved / "corrections.jsonl"]) as sets:
        assert {name: len(list(read_rows(folder))) for name, folder in sets.items()} == {
            "wcxb-made": 2,
            "corrected": 1,
        }
        corpus = gather(sets, {}, 1, 1, lambda *_: None)
    own = [one for one in corpus.examples if one.set_name == "corrected"]
    assert len(own) == 1
    twin = next(one for one in corpus.examples if one.set_name == "wcxb-made" and one.id == NAMES[0])
    assert own[0].folds == twin.folds


def gathered(folder: Path) -> Corpus:
    with opened_with_corrections([folder], []) as sets:
        return gather(sets, {}, 1, 1, lambda *_: None)


def test_only_pages_that_were_gone_through_are_learnt_from_as_text(saved: Path) -> None:
    names = {sha256(content(name)).hexdigest()[:16]: name for name in NAMES}
    texts = [one for one in gathered(saved).examples if one.features.is_text]
    assert [names[one.id.removesuffix("+text")] for one in texts] == [NAMES[1]]


def test_a_page_marked_by_hand_has_the_cleaners_own_labels(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(content(NAMES[3]))
    Corrections.open(tmp_path / "corrections.jsonl").append(
        reviewed(NAMES[3], labelled=False), correction(NAMES[3], 4, Label.LEGAL)
    )
    (made,) = learnt(tmp_path)[NAMES[3]]
    wanted = [block.label for block in Cleaner().clean(content(NAMES[3])).blocks]
    wanted[4] = Label.LEGAL
    assert [LABELS[label] for label in made.labels] == wanted


def test_what_is_undone_is_not_learnt_from(saved: Path) -> None:
    corrections = Corrections.load(saved / "corrections.jsonl")
    corrections.append(*(replace(row, label=None) for row in list(corrections)))
    assert set(learnt(saved)) == {NAMES[1]}
    corrections.append(replace(reviewed(NAMES[1]), done=False))
    with pytest.raises(MissingSet, match="no page that was corrected"):
        learnt(saved)


def test_a_page_in_another_encoding(tmp_path: Path) -> None:
    page = (SAMPLES / "encodings" / "windows-1251-ru.html").read_bytes()
    (tmp_path / "page.html").write_bytes(page)
    doc = Cleaner(model=False).clean(page)
    block = next(b for b in doc.blocks if len(b.text) > 60)
    row = Correction("x", sha256(page).hexdigest(), block.index, fingerprint(block.text), Label.BODY)
    Corrections.open(tmp_path / "corrections.jsonl").append(row)
    with opened_with_corrections([tmp_path], []) as sets:
        ((name, folder),) = sets.items()
        ((found, again),) = read_pages(folder)
        assert name == f"corrected-{tmp_path.name}"
        assert found.blocks == (("body", block.text),)
        made = example(name, found, again)
        assert isinstance(made, Example)
        assert made.body[block.index] == 1


def test_the_command_learns_from_such_a_folder(saved: Path, tmp_path: Path) -> None:
    for name in NAMES[3:]:
        (saved / f"{name}.html").write_bytes(content(name))
        Corrections.load(saved / "corrections.jsonl").append(reviewed(name))
    command = [sys.executable, "-m", "cleaner", "train", str(saved), "-o", str(tmp_path / "own.onnx"), "--epochs", "1"]
    done = subprocess.run([*command, "--jobs", "2"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    card = json.loads((tmp_path / "own.json").read_text("utf-8"))
    assert card["trained"]["sets"] == {"corrected-saved": 9}
    assert len(Cleaner(model=tmp_path / "own.onnx").clean(content(NAMES[0])).blocks) > 20


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_a_broken_file_is_named(saved: Path, tmp_path: Path, command: str) -> None:
    (saved / "corrections.jsonl").write_text("nonsense\n", encoding="utf-8")
    options = ["-o", str(tmp_path / "own.onnx")] if command == "train" else []
    arguments = [sys.executable, "-m", "cleaner", command, str(saved), *options]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2)
    assert "corrections.jsonl:1: no JSON" in done.stderr
    assert "Traceback" not in done.stderr


def test_evaluate_reads_them(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate([str(saved), "--only", "cleaner-rules"]) == 0
    out = capsys.readouterr().out
    assert "corrected-saved keep" in out
