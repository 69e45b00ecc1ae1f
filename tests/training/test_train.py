"""Training from a set to a model that cleans, as anyone would call it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.utils import parameters_to_vector

from cleaner import Cleaner, PageType
from cleaner.tag.tagger import Tagger
from cleaner.training.evaluate.command import main as evaluate
from cleaner.training.examples import Example, example
from cleaner.training.export import to_onnx, write
from cleaner.training.fit import Options, fit_network
from cleaner.training.folds import content_key
from cleaner.training.sets import read_pages
from cleaner.training.trees import columns, fit_trees, logits

SAMPLE = Path(__file__).parents[2] / "samples" / "wordpress-local-news"


@pytest.fixture(scope="module")
def trained(samples_set: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of twenty samples, trained by the command."""
    model = tmp_path_factory.mktemp("model") / "made.onnx"
    done = _train(samples_set, model)
    assert done.returncode == 0, done.stderr
    assert "calibration error" in done.stdout
    return model


def _train(data: Path, model: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cleaner", "train", str(data), "-o", str(model), "--epochs", "1", "--jobs", "2"]
    return subprocess.run([*command, *options], capture_output=True, text=True, check=False)


def test_what_comes_out(trained: Path, samples_set: Path) -> None:
    folder = trained.with_name("made-folds")
    assert {path.name for path in folder.glob("fold-*.onnx")} == {f"fold-{k}.onnx" for k in range(5)}
    folds = json.loads((folder / "folds.json").read_text("utf-8"))
    assert {content_key(page) for _, page in read_pages(samples_set)} == set(folds)
    card = json.loads(trained.with_suffix(".json").read_text("utf-8"))
    assert card["trained"]["sets"]["wcxb-made"] > 20
    assert card["bytes"] == trained.stat().st_size


def test_the_model_cleans(trained: Path) -> None:
    document = Cleaner(model=trained).clean((SAMPLE / "page.html").read_bytes())
    assert len(document.blocks) > 20
    assert any(block.reason.startswith("tagger ") for block in document.blocks)
    assert all(0.0 <= block.confidence <= 1.0 for block in document.blocks)


def test_a_second_run_fits_nothing_again(trained: Path, samples_set: Path) -> None:
    raw = {path: path.stat().st_mtime_ns for path in trained.with_name("made-folds").glob("raw-*.onnx")}
    before = trained.read_bytes()
    assert len(raw) == 6
    done = _train(samples_set, trained)
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in raw} == raw
    assert trained.read_bytes() == before


def test_a_fit_that_was_broken_off_is_done_again_alike(trained: Path, samples_set: Path) -> None:
    folder = trained.with_name("made-folds")
    before = (folder / "raw-2.onnx").read_bytes()
    (folder / "raw-2.onnx").write_bytes(before[:1000])
    assert _train(samples_set, trained).returncode == 0
    assert (folder / "raw-2.onnx").read_bytes() == before


def test_evaluate_takes_the_folds(trained: Path, samples_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folds = trained.with_name("made-folds")
    assert evaluate([str(samples_set), "--only", "cleaner", "--folds", str(folds)]) == 0
    assert "wcxb-made word F1" in capsys.readouterr().out


def test_evaluate_says_what_is_in_sample(
    trained: Path, samples_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folds = tmp_path / "folds"
    shutil.copytree(trained.with_name("made-folds"), folds)
    for path in folds.glob("fold-*"):
        path.unlink()
    assert evaluate([str(samples_set), "--only", "cleaner", "--folds", str(folds), "--limit", "3"]) == 0
    assert "in-sample on 3 pages" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", ["nothing", "no-gold"])
def test_nothing_to_learn_from(tmp_path: Path, wrong: str) -> None:
    data = tmp_path / "set"
    if wrong == "no-gold":
        (data / "html").mkdir(parents=True)
        (data / "html" / "1.html").write_text("<html><body><p>A page.</p></body></html>")
        (data / "pages.jsonl").write_text(json.dumps({"id": "1", "gold": "Quite another text than that"}) + "\n")
    done = _train(data, tmp_path / "model.onnx")
    assert done.returncode == 1
    assert done.stderr.startswith(("train: ", "pages: "))
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "model.onnx").exists()


def test_a_line_of_labels_that_cannot_be_read(samples_set: Path, tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").write_text('{"set": "x"}\n')
    done = _train(samples_set, tmp_path / "model.onnx", "--labels", str(tmp_path / "labels.jsonl"))
    assert done.returncode == 1
    assert "labels.jsonl, line 1" in done.stderr


def test_the_network_is_the_mean_of_runs_from_one_start(samples_set: Path) -> None:
    made = [example("wcxb-made", row, page) for row, page in read_pages(samples_set, 12)]
    examples = [one for one in made if isinstance(one, Example)]
    told: list[tuple[int, int]] = []
    one, other = (fit_network(examples, Options(epochs=1, seed=seed), lambda *_: None) for seed in (1, 2))
    both = fit_network(examples, Options(runs=2, epochs=1), lambda *step: told.append(step))
    weights, elsewhere, mean = (parameters_to_vector(network.parameters()) for network in (one, other, both))
    # The second run ends nearer to the first one than what started elsewhere.
    assert 0 < torch.dist(2 * mean - weights, weights) < torch.dist(elsewhere, weights) / 2
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_the_onnx_form_says_what_network_and_trees_say(samples_set: Path, tmp_path: Path) -> None:
    made = [example("wcxb-made", row, page) for row, page in read_pages(samples_set, 12)]
    examples = [one for one in made if isinstance(one, Example)]
    network = fit_network(examples, Options(epochs=1), lambda *_: None)
    # Tables are stored in half precision: the reference gets the same.
    with torch.no_grad():
        for table in network.parameters():
            table.copy_(table.half().float())
    trees = fit_trees(examples, 1)
    write(tmp_path / "model.onnx", to_onnx(network, trees), {})
    tagger = Tagger.load(tmp_path / "model.onnx")
    f = examples[0].features
    inputs = [
        torch.from_numpy(getattr(f, name))[None] for name in ("numbers", "words", "stems", "names", "path", "boxes")
    ]
    with torch.no_grad():
        body, labels, types = network(inputs[0], *(x.long() for x in inputs[1:]))
    opinion = tagger.tag(f)
    assert np.allclose(opinion.labels, torch.softmax(labels[0], 1).numpy(), atol=1e-3)
    assert np.allclose(opinion.types, torch.softmax(types[0], 0).numpy(), atol=1e-3)
    for answer, convention in ((0, 0), (1, 3)):
        said = np.stack([body[0, :, convention].numpy(), logits(trees, columns(f.numbers, convention))], axis=1)
        assert np.allclose(tagger.logits(f, answer), said, atol=1e-2)
    own = 1 if opinion.page_type in (PageType.ARTICLE, PageType.OTHER) else 0
    assert np.allclose(opinion.body, 1 / (1 + np.exp(-tagger.logits(f, own).mean(axis=1))), atol=1e-5)
