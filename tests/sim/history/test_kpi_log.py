"""The log for the table of KPIs alone gives the KPIs of the whole log."""

from __future__ import annotations

from typing import Any

import pytest

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, load_scenario
from factory_env.decision import ask
from factory_env.kpi.table import kpis

RUNS: dict[str, Any] = {
    "default": {},
    "late and rough": {
        "overrides": {"demand.load": 1.6, "demand.days": 8, "horizon_days": 9},
        "disruptions": "rough",
    },
    "real": {"scenario": "real", "overrides": {"demand.days": 10, "horizon_days": 14}},
    "a station of inspection": {
        "overrides": {"inspection.station.enabled": True, "demand.days": 6, "horizon_days": 9}
    },
    "with a site": {
        "overrides": {"demand.days": 4, "horizon_days": 6},
        "site": "pv_battery",
        "tariff": "us_demand",
    },
}


@pytest.mark.filterwarnings("ignore:site pv_battery is made for")
@pytest.mark.parametrize("run", RUNS)
def test_its_kpis_are_those_of_the_whole_log_to_the_bit(run: str) -> None:
    factory, rule = Factory(load_scenario("small", **RUNS[run]), 3), AtcsMatch()
    while (question := factory.advance()) is not None:
        factory.answer(ask(rule, question))
    figures = kpis(factory.kpi_log())
    assert figures == kpis(factory.log())
    assert figures["pieces_packed"] > 0
    assert figures["orders"] > 0
