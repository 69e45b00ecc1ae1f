"""``cleaner train``: folds, each a step that can be taken up again, then the model of all pages.

Beside the model ``NAME.onnx`` come a folder ``NAME-folds`` with the model of each fold, ``folds.json`` with the fold
of every page, and ``left-out.json`` with the pages that were not learnt from.
"""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from cleaner.tag.features import FEATURE_VERSION
from cleaner.tag.tagger import ModelError, Tagger
from cleaner.training.calibrate import Answers, Floats, calibrated, calibration_error, joined, scaling
from cleaner.training.corpus import Corpus, Progress
from cleaner.training.export import ANSWERED, write
from cleaner.training.fit import Options, fit
from cleaner.training.folds import FOLDS
from cleaner.training.network import CONVENTIONS

_ALL = -1
_PLACES = (*ANSWERED, *(f"{name}, plain text" for name in ANSWERED))
"""What is calibrated by itself, in the order of the model's tables."""
# What the processes of the fits inherit: sending it to each would take as long as a fit's first round.
_INHERITED: dict[str, Corpus] = {}


@dataclass(frozen=True, slots=True)
class Trained:
    """What came out: where, and the calibration error out of fold by convention."""

    model: Path
    folds: Path
    calibration: dict[str, float]


def folds_of(model: Path) -> Path:
    """The folder of the fold models of a model."""
    return model.with_name(f"{model.stem}-folds")


def train(corpus: Corpus, model: Path, options: Options, jobs: int, progress: Progress) -> Trained:
    """Fit every fold and all pages; fits that are there already for the same examples and options are kept."""
    folder = folds_of(model)
    folder.mkdir(parents=True, exist_ok=True)
    _write_json(folder / "folds.json", corpus.contents)
    _write_json(folder / "left-out.json", [left._asdict() for left in corpus.left_out])
    sign = _sign(corpus, options)
    raw = [folder / f"raw-{k}.onnx" for k in range(FOLDS)] + [folder / "raw-all.onnx"]
    waiting = [k for k in (*range(FOLDS), _ALL) if not _is_done(raw[k], sign)]
    _INHERITED["corpus"] = corpus
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
        for done, _ in enumerate(pool.map(_fit, [(k, raw[k], options, sign) for k in waiting]), 1):
            progress("fits", done, len(waiting))
    return _finish(corpus, model, raw, {"options": asdict(options), "sets": _counts(corpus), "sign": sign})


def _fit(task: tuple[int, Path, Options, str]) -> None:
    fold, path, options, sign = task
    examples = [one for one in _INHERITED["corpus"].examples if fold not in one.folds]
    note = path.with_suffix(".log")

    def progress(done: int, steps: int) -> None:
        if done % 20 == 0 or done == steps:
            note.write_text(f"{done} of {steps} steps\n", encoding="utf-8")

    write(path, fit(examples, replace(options, seed=options.seed + fold + 1), progress), {"sign": sign})
    note.unlink(missing_ok=True)


def _finish(corpus: Corpus, model: Path, raw: Sequence[Path], trained: dict[str, object]) -> Trained:
    """Calibrate: each fold by what the others answered, the model of all pages by all of them."""
    answers = [_answers(corpus, k, raw[k]) for k in range(FOLDS)]
    folder = folds_of(model)
    places = range(len(_PLACES))
    told: list[list[tuple[Floats, Floats]]] = [[] for _ in places]
    for k in range(FOLDS):
        fitted = [scaling(joined([answers[j][p] for j in range(FOLDS) if j != k])) for p in places]
        for p in places:
            told[p].append((fitted[p].chances(answers[k][p].logits), answers[k][p].marks))
        write(folder / f"fold-{k}.onnx", calibrated(raw[k].read_bytes(), fitted), {"fold": k, **trained})
    fitted = [scaling(joined([answers[k][p] for k in range(FOLDS)])) for p in places]
    errors = {_PLACES[p]: round(calibration_error(*map(np.concatenate, zip(*told[p], strict=True))), 4) for p in places}
    weights = {_PLACES[p]: [round(value, 3) for value in fitted[p]] for p in places}
    noted = {**trained, "calibration_error": errors, "weights": weights}
    write(model, calibrated(raw[_ALL].read_bytes(), fitted), noted)
    return Trained(model, folder, errors)


def _answers(corpus: Corpus, fold: int, path: Path) -> list[Answers]:
    """What a fold's model says of the pages that it never saw, by convention and form, planted pages left aside."""
    tagger = Tagger.load(path)
    parts: list[list[Answers]] = [[] for _ in _PLACES]
    for one in corpus.examples:
        name = CONVENTIONS[one.convention]
        if one.folds != {fold} or name not in ANSWERED:
            continue
        known = one.body >= 0
        c = ANSWERED.index(name)
        said = tagger.logits(one.features, c)[known].astype(np.float64)
        weight = np.sqrt(one.words[known] + 1.0)
        place = c + len(ANSWERED) * one.features.is_text
        parts[place].append(Answers(said, one.body[known].astype(np.float64), weight / max(1.0, weight.sum())))
    return [joined(found) for found in parts]


def _sign(corpus: Corpus, options: Options) -> str:
    said = json.dumps([FEATURE_VERSION, asdict(options), corpus.digest()])
    return sha256(said.encode()).hexdigest()


def _is_done(path: Path, sign: str) -> bool:
    try:
        Tagger.load(path)
        return bool(json.loads(path.with_suffix(".json").read_text("utf-8"))["trained"]["sign"] == sign)
    except (OSError, ModelError, KeyError):
        return False


def _counts(corpus: Corpus) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for one in corpus.examples:
        counts[one.set_name] = counts.get(one.set_name, 0) + 1
    return counts


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
