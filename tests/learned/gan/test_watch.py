"""A training that fails is called a failure."""

from __future__ import annotations

import math

import pytest

from factory_env.learned.gan.watch import EpochFigures, warnings_of


def course(**columns) -> list[EpochFigures]:
    """Five epochs of a sound training, with some columns replaced."""
    sound = {
        "critic_loss": [1.9, 1.8, 1.75, 1.78, 1.77],
        "generator_loss": [0.1, 0.2, 0.2, 0.2, 0.2],
        "margin": [0.1, 0.2, 0.2, 0.2, 0.2],
        "generator_gradient": [0.5, 0.4, 0.4, 0.3, 0.3],
        "diversity": [(0.9,) * 6] * 5,
    }
    columns = sound | columns
    return [EpochFigures(epoch=n + 1, **{k: v[n] for k, v in columns.items()}) for n in range(5)]


def test_a_sound_training_gets_no_warning() -> None:
    history = course()
    assert [warnings_of(history[: n + 1]) for n in range(5)] == [[]] * 5


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"critic_loss": [1.386] * 5}, "has not moved"),
        ({"critic_loss": [2.2, 2.1, 2.05, 2.02, 2.01]}, "know nothing"),
        ({"critic_loss": [0.5, 0.02, 0.01, 0.005, 0.004]}, "perfect"),
        ({"diversity": [(0.9,) * 6] * 4 + [(0.9, 0.9, 0.4, 0.9, 0.9, 0.9)]}, "pullover 40%"),
        ({"generator_gradient": [0.5, 0.1, 0.05, 0.01, 0.005]}, "gradient is gone"),
        ({"critic_loss": [1.9, 1.8, 1.7, 1.7, math.nan]}, "diverged"),
        ({"generator_loss": [0.1, 0.2, 0.2, 0.2, math.inf]}, "diverged"),
    ],
)
def test_each_failure_gets_one_warning_of_its_own(columns, said) -> None:
    (found,) = warnings_of(course(**columns))
    assert said in found
    assert found.startswith("epoch 5:")


def test_the_first_epoch_is_too_early_to_judge() -> None:
    assert warnings_of(course(diversity=[(0.1,) * 6] * 5)[:1]) == []
    assert warnings_of([]) == []
