"""Where an order's days went: the minutes by cause add up to its way, for every order of a run."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from experiments.futures.reasons.chained import log_with_chains
from factory_env import Factory, load_scenario
from factory_env.kpi.order_path import CAUSES, OrderPaths, order_paths
from tests.play import play

LOUD = {"overtime.mode": "plan", "flow.split_days": 1.0, "flow.gate_limit_lots": 2}
DAYS = [
    ("small", "default", "calm", {}),
    ("small", "real", "rough", LOUD),
    pytest.param("small", "default", "normal", {}, marks=pytest.mark.slow),
    pytest.param("mid", "real", "normal", {}, marks=pytest.mark.slow),
    pytest.param("mid", "default", "rough", {}, marks=pytest.mark.slow),
    pytest.param("large", "real", "rough", {}, marks=pytest.mark.slow),
]


def ways(plant: str, scenario: str, disruptions: str, overrides: dict) -> tuple[OrderPaths, dict]:
    """The ways of all orders of a run, and its orders as they should be."""
    setting = load_scenario(plant, scenario, overrides, disruptions)
    factory = Factory(setting, 3)
    play(factory, AtcsMatch())
    log = log_with_chains(factory)
    orders = log.tables["orders"]
    left = np.where(np.isnan(orders["shipped_min"]), orders["cancelled_min"], orders["shipped_min"])
    left = np.where(np.isnan(left), log.end_min, left)
    begin = np.maximum(np.minimum(orders["promised_min"], orders["release_min"]), 0.0)
    throughput = np.maximum(left - begin, 0.0)
    return order_paths(log, setting.calendar), {"throughput": throughput, "orders": orders}


@pytest.mark.parametrize(("plant", "scenario", "disruptions", "overrides"), DAYS)
def test_minutes_by_cause_add_up_to_the_throughput_time_of_every_order(
    plant: str, scenario: str, disruptions: str, overrides: dict
) -> None:
    paths, known = ways(plant, scenario, disruptions, overrides)
    np.testing.assert_allclose(paths.minutes.sum(axis=1), known["throughput"], rtol=0, atol=1e-6)
    assert paths.minutes.min() >= -1e-6
    at = {cause: paths.minutes[:, i] for i, cause in enumerate(CAUSES)}
    is_shipped = ~np.isnan(known["orders"]["shipped_min"])
    assert (at["sewing"][is_shipped] > 0).all()
    late = known["orders"]["release_min"] - np.maximum(known["orders"]["promised_min"], 0.0)
    np.testing.assert_allclose(at["fabric"][is_shipped], np.maximum(late, 0.0)[is_shipped])
    if scenario == "real":
        assert min(at[c].sum() for c in ("stops", "repair", "shipping", "finishing_wait")) > 0
