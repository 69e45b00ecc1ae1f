"""Chances that mean what they say."""

import numpy as np
import pytest

from cleaner.training.calibrate import Answers, Scaling, calibration_error, joined, scaling


def _answers(stretch: float, shift: float, count: int = 40_000) -> Answers:
    """Answers of two models: one's logits are stretched and shifted from the truth, the other's say nothing."""
    dice = np.random.default_rng(5)
    true = dice.normal(0, 2, count)
    marks = (dice.random(count) < 1 / (1 + np.exp(-true))).astype(float)
    logits = np.stack([true * stretch + shift, dice.normal(0, 1, count)], axis=1)
    return Answers(logits, marks, np.ones(count))


@pytest.mark.parametrize(("stretch", "shift"), [(1.0, 0.0), (2.0, 0.5), (0.5, -1.0)])
def test_scaling_undoes_what_was_done_and_leaves_aside_who_knows_nothing(stretch: float, shift: float) -> None:
    answers = _answers(stretch, shift)
    found = scaling(answers)
    assert found.network == pytest.approx(1 / stretch, rel=0.05)
    assert found.trees == pytest.approx(0, abs=0.05)
    assert found.bias == pytest.approx(-shift / stretch, abs=0.05)
    assert calibration_error(found.chances(answers.logits), answers.marks) < 0.01


def test_what_weighs_nothing_is_not_learnt_from() -> None:
    good, bad = _answers(1.0, 0.0), _answers(-3.0, 1.0)
    found = scaling(joined([good, bad._replace(weights=np.zeros(len(bad.marks)))]))
    assert found == pytest.approx(scaling(good), abs=1e-6)


def test_from_few_blocks_nothing_is_fitted() -> None:
    assert scaling(_answers(3.0, 1.0, 100)) == Scaling()
    assert scaling(joined([])) == Scaling()


def test_error_of_one_who_is_always_sure() -> None:
    assert calibration_error(np.ones(10), np.array([1.0] * 7 + [0.0] * 3)) == pytest.approx(0.3)
    assert calibration_error(np.full(10, 0.7), np.array([1.0] * 7 + [0.0] * 3)) == pytest.approx(0.0)


def test_joined() -> None:
    one = _answers(1.0, 0.0, 10)
    assert joined([one, one]).logits.shape == (20, 2)
