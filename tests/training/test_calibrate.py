"""Chances that mean what they say."""

import numpy as np
import pytest

from cleaner.training.calibrate import Answers, calibration_error, joined, logit, scaling


def _answers(stretch: float, shift: float, count: int = 40_000) -> Answers:
    """Answers of a model whose logits are stretched and shifted from the truth."""
    dice = np.random.default_rng(5)
    true = dice.normal(0, 2, count)
    marks = (dice.random(count) < 1 / (1 + np.exp(-true))).astype(float)
    return Answers(1 / (1 + np.exp(-(true * stretch + shift))), marks)


@pytest.mark.parametrize(("stretch", "shift"), [(1.0, 0.0), (2.0, 0.5), (0.5, -1.0)])
def test_scaling_undoes_what_was_done(stretch: float, shift: float) -> None:
    answers = _answers(stretch, shift)
    found = scaling(answers)
    assert found.scale == pytest.approx(1 / stretch, rel=0.05)
    assert found.bias == pytest.approx(-shift / stretch, abs=0.05)
    chances = 1 / (1 + np.exp(-(found.scale * logit(answers.chances) + found.bias)))
    assert calibration_error(Answers(chances, answers.marks)) < 0.01


def test_error_of_one_who_is_always_sure() -> None:
    assert calibration_error(Answers(np.ones(10), np.array([1.0] * 7 + [0.0] * 3))) == pytest.approx(0.3)
    assert calibration_error(Answers(np.full(10, 0.7), np.array([1.0] * 7 + [0.0] * 3))) == pytest.approx(0.0)


def test_joined() -> None:
    one = _answers(1.0, 0.0, 10)
    assert len(joined([one, one]).chances) == 20
