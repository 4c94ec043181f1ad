"""Imitation: what a teacher says, where it is asked, and that a network takes it on."""

from __future__ import annotations

import numpy as np
import pytest

from agents.deep.goal import LinesStage, open_stage
from agents.deep.imitating import ImitateSettings, Lessons, imitate
from agents.deep.stage import write_weights
from experiments.training.imitation import PlannerTeacher
from factory_env import load_scenario

STAGE = LinesStage(
    scenario=load_scenario("small", overrides={"demand.days": 12, "horizon_days": 20}),
    network="plan_scoring",
    network_args={"width": 16},
    prior={"k1": 2.0, "k2": 1.0, "k3": 0.1},
)
TEACHER = PlannerTeacher(moves=300, heat_usd=40.0)


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    return Lessons(stage=STAGE, teacher=TEACHER, stray=0.05)


def test_a_teacher_gives_chances_of_legal_actions_that_sum_to_one(lessons) -> None:
    examples = lessons.open()((b"", 1_000_000_000))
    assert examples.targets is not None
    np.testing.assert_allclose(examples.targets.sum(axis=1), 1.0, rtol=1e-5)
    assert (examples.targets[examples.observations["mask"] == 0] == 0.0).all()
    np.testing.assert_array_equal(examples.targets.argmax(axis=1), examples.actions)


def test_a_seed_with_the_same_weights_gives_the_same_lesson(lessons) -> None:
    _, policy = open_stage(STAGE)
    job = (write_weights(policy.network), 1_000_000_001)
    first, second = lessons.open()(job), lessons.open()(job)
    np.testing.assert_array_equal(first.targets, second.targets)
    for name, block in first.observations.items():
        np.testing.assert_array_equal(block, second.observations[name])


def test_a_network_comes_nearer_to_its_teacher(lessons) -> None:
    """A teacher that always holds where it may is nothing that a plan would say."""
    play = lessons.open()
    examples = play((b"", 1_000_000_002))
    held = np.zeros_like(examples.targets)
    may_hold = examples.observations["mask"][:, 0] == 1
    held[may_hold, 0] = 1.0
    held[~may_hold, 1] = 1.0
    _, policy = open_stage(STAGE)
    strange = type(examples)(
        observations=examples.observations, actions=held.argmax(axis=1), targets=held
    )
    figures = imitate(policy.network, strange, ImitateSettings(decisions=100, epochs=60), seed=1)
    assert figures.accuracy >= figures.accuracy_before
    assert figures.accuracy > 0.9
