"""The p-chart of the flagged share: quiet while nothing changes, loud when the light goes."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import load_scenario, simulate
from factory_env.domain.records import RunLog
from factory_env.kpi.control_chart import ControlChart, flagged_chart
from factory_env.kpi.table import kpis

FROM_DAY = 20.0
LATE = 28  # calendar days: orders begun before the drift are through


def log_of(kind: str) -> RunLog:
    drift = {"inspection.drift.kind": kind, "inspection.drift.from_day": FROM_DAY}
    return simulate(load_scenario("small", inspector="cnn", overrides=drift), Edd(), 0)


def late(chart: ControlChart) -> np.ndarray:
    return chart.is_out[chart.day >= LATE]


def test_the_chart_notices_drift_and_is_quiet_without_it() -> None:
    calm, dark = log_of("none"), log_of("lighting")
    before, after = flagged_chart(calm), flagged_chart(dark)
    assert before.is_out.mean() < 0.1
    assert late(after).mean() > 0.8
    early = before.day < 23  # a Monday's fourth week: working day 20
    np.testing.assert_array_equal(before.share[early], after.share[early])
    assert kpis(dark)["rft_share"] < kpis(calm)["rft_share"] - 0.05


def test_limits_are_three_sigma_of_a_binomial_if_days_spread_no_more() -> None:
    rng = np.random.default_rng(3)
    lots = {
        "order": np.zeros(400, int),
        "sewn_min": np.repeat(np.arange(40), 10) * 1440.0 + 600,
        "pieces": np.full(400, 200),
        "flagged": rng.binomial(200, 0.1, 400),
    }
    lots["flagged"][-10:] += 10  # the last day flags 5 % more
    log = RunLog(
        **{f: None for f in RunLog.__dataclass_fields__ if f != "tables"},
        tables={"lots": lots, "orders": {"product": np.array(["tee"])}},
    )
    chart = flagged_chart(log, baseline_days=30)
    assert chart.centre == pytest.approx(np.full(40, chart.centre[0]))
    sd = np.sqrt(chart.centre[0] * (1 - chart.centre[0]) / 2000)
    half = (chart.high - chart.centre) / (3 * sd)
    assert half[0] == pytest.approx(1.0, abs=0.35)
    assert half[0] >= 1.0 - 1e-9
    assert chart.is_out.tolist() == [False] * 39 + [True]
    with pytest.raises(ValueError, match="no piece was sewn"):
        flagged_chart(log, baseline_days=0)
