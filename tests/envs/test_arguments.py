"""Whatever is wrong in the arguments of an environment is said at once, in one way."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import pytest

from agents.rules.edd import Edd
from factory_env.envs.arguments import INDEX_PARAMETERS, is_policy
from factory_env.envs.energy.prior import Usual
from factory_env.envs.registration import ENERGY, JOINT, SCHEDULING, SCHEDULING_V1
from factory_env.errors import InputError

IDS = (SCHEDULING_V1, SCHEDULING, ENERGY, JOINT)
INDEX = dict.fromkeys(INDEX_PARAMETERS, 1.0)


def problems(env_id: str, **given: Any) -> dict[str, str]:
    """What is said of every wrong field."""
    with pytest.raises(InputError) as caught:
        gym.make(env_id, **given)
    assert {problem.where for problem in caught.value.problems} == {"environment"}
    return {problem.field: str(problem) for problem in caught.value.problems}


@pytest.mark.parametrize("env_id", IDS)
def test_all_wrong_arguments_are_named_at_once(env_id: str) -> None:
    given = {
        "reward": None,
        "plant": 3,
        "scenario": 3,
        "overrides": 3,
        "prior": 3,
        "discount_per_day": "a",
        "disruptions": 3,
        "on_masked": "nix",
        "foo": 1,
    }
    assert problems(env_id, **given).keys() == given.keys()


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("reward", None, "must be the name of a file of envs/rewards; got None"),
        ("reward", "nix", "must be one of the .* known rewards; got 'nix'"),
        ("plant", 3, "must be the name of a plant or the path of a YAML file; got 3"),
        ("overrides", {1: 2}, "must be values by dotted keys"),
        ("prior", "nix", "must .* got 'nix'"),
        ("prior", Edd, "must "),
        ("discount_per_day", 1.5, "must be a number above 0, up to 1; got 1.5"),
        ("discount_per_day", 0, "must be a number above 0, up to 1; got 0"),
    ],
)
def test_a_wrong_argument_is_named_alone(env_id: str, field: str, value: Any, rule: str) -> None:
    assert problems(env_id, **{field: value}).keys() == {field}
    with pytest.raises(InputError, match=f"environment: {field}: {rule}"):
        gym.make(env_id, **{field: value})


def test_an_unknown_plant_is_said_beside_the_rest() -> None:
    with pytest.raises(InputError, match="2 problems") as caught:
        gym.make(SCHEDULING_V1, plant="nix", foo=1)
    assert "must be a known plant" in str(caught.value)


def test_of_an_unknown_argument_the_nearest_and_all_known_are_named() -> None:
    said = problems(SCHEDULING_V1, rewards="cost")["rewards"]
    assert "nearest is reward; known are plant, scenario, overrides, reward, prior, " in said
    assert "hold, scale" in said
    assert "hold" not in problems(SCHEDULING, foo=1)["foo"]
    assert "scheduler" in problems(ENERGY, foo=1)["foo"]
    assert "order_prior" in problems(JOINT, order_prio=1)["order_prio"]


@pytest.mark.parametrize("prior", [{}, {"k1": 1.0}, INDEX | {"k4": 1.0}, INDEX | {"k1": "a"}])
def test_an_index_needs_its_parameters_and_numbers(prior: Any) -> None:
    assert problems(SCHEDULING_V1, prior=prior).keys() == {"prior"}
    assert problems(JOINT, order_prior=prior).keys() == {"order_prior"}


def test_what_is_right_is_taken() -> None:
    gym.make(SCHEDULING_V1, plant="small", prior=INDEX | {"grace_min": 60}, discount_per_day=1)
    gym.make(ENERGY, plant="small", prior=Usual(), scheduler=Edd())


def test_an_object_that_answers_is_a_policy() -> None:
    assert is_policy(Edd())
    assert is_policy(Usual())
    assert not any(is_policy(value) for value in (Edd, "edd", 3, None))
