"""One way to get a rule: by name and plant, in Python and on the command line."""

from __future__ import annotations

import dataclasses

import pytest

from agents import rules
from agents.rules.atcs import Atcs
from experiments.building.policy import policy_from, policy_notes
from factory_env import load_scenario, simulate
from factory_env.catalogue import plug_names
from factory_env.errors import InputError
from factory_env.kpi.table import kpis


@pytest.mark.parametrize("name", plug_names(rules))
@pytest.mark.parametrize("plant", ["small", "mid", "large", "my_plant"])
def test_the_command_line_and_python_make_the_same_rule(name, plant) -> None:
    mine, typed = rules.load(name, plant), policy_from(name, {}, plant)
    assert type(mine) is type(typed)
    assert mine == typed or not dataclasses.is_dataclass(mine)


def test_the_same_words_give_the_same_figures() -> None:
    scenario = load_scenario("small", overrides={"horizon_days": 20, "demand.days": 15})
    pair = rules.load("atcs", "small"), policy_from("atcs", {}, "small")
    loaded, typed = (kpis(simulate(scenario, rule, 0)) for rule in pair)
    assert loaded == typed
    assert pair[0] != Atcs()  # which is why a run says with which values its rule runs


def test_a_rule_says_where_its_values_come_from() -> None:
    # conf/tuned/small.yaml: k1 2, k2 1, grace_min 1200
    assert policy_notes("atcs", {}, "small") == (
        "atcs runs with k1=2, k2=1, grace_min=1200 (tuned for plant small, conf/tuned/small.yaml)",
    )
    assert rules.tell_values("atcs", "small", {"k2": 0.5}) == (
        "atcs runs with k1=2, grace_min=1200 (tuned for plant small, conf/tuned/small.yaml); "
        "k2=0.5 (as given)"
    )
    assert policy_notes("edd", {}, "small") == policy_notes("pretrained", {}, "small") == ()


def test_a_plant_without_tuned_values_says_so() -> None:
    assert rules.tell_values("atcs", "my_plant") == (
        "atcs runs with k1=2, k2=0.5, grace_min=0 (the rule's own default); no values of atcs are "
        "tuned for plant my_plant: see tune.py"
    )


def test_wrong_values_are_refused_together() -> None:
    with pytest.raises(InputError) as caught:
        rules.load("atcs", "mid", {"k1": -1, "k9": 1, "k2": float("nan")})
    fields = sorted(p.field for p in caught.value.problems)
    assert fields == ["params.k1", "params.k2", "params.k9"]
    with pytest.raises(InputError, match="try atc, atcs"):
        rules.load("atsc", "mid")
