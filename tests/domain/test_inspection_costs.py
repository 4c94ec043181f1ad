"""What a verdict costs: by hand for simple stations, and bounds that hold for all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory_env import load_scenario
from factory_env.domain.inspection import LEAST_SEVERITY, Inspection, Station
from factory_env.domain.inspection_costs import (
    escape_usd,
    false_alarm_usd,
    inspection_usd,
    mean_return_probability,
    minute_usd,
    repair_min,
    repair_usd,
    return_probability,
    second_usd,
)
from factory_env.domain.product import Style

BASE = load_scenario("small")
TEE = BASE.library.product("tee")
PLAIN_TEE = Style(style_id="tee", name="tee", product=TEE, smv_factor=1.0, popularity=1.0)
STITCH = next(k for k in BASE.library.defects if k.name == "skipped_stitch")
SHADE = next(k for k in BASE.library.defects if k.name == "shade_variation")


def at_station(**fields):
    """The small plant with these numbers of the station."""
    return BASE.replace(inspection=Inspection(station=Station(enabled=True, **fields)))


def test_an_escape_costs_the_price_and_the_handling_of_those_that_come_back() -> None:
    scenario = at_station(return_share=0.5, return_usd=6.0)
    assert escape_usd(scenario, 4.0) == pytest.approx(0.5 * 10.0)
    assert false_alarm_usd(scenario, TEE) == pytest.approx(TEE.inspect_min * 0.042)
    assert second_usd(scenario, 4.0) == pytest.approx(2.8)
    assert inspection_usd(scenario, TEE, 0.5, True) == pytest.approx(
        0.5 * TEE.inspect_min * minute_usd(scenario) + 0.018
    )


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.8, 1.0])
def test_the_mean_probability_of_a_return_is_that_over_all_severities(share) -> None:
    scenario = at_station(return_share=share)
    cells = (np.arange(200_000) + 0.5) / 200_000
    severity = LEAST_SEVERITY + (1.0 - LEAST_SEVERITY) * cells
    mean = return_probability(scenario, severity).mean()
    assert mean_return_probability(scenario) == pytest.approx(mean, abs=1e-6)


def test_one_sure_repair_costs_a_look_a_repair_and_a_second_verdict() -> None:
    scenario = at_station(bench_detects=1.0, repair_fails=0.0, max_repairs=2)
    kind = replace(STITCH, repairable=1.0)
    op_min = TEE.smv_min / len(TEE.operations)
    assert repair_min(scenario, PLAIN_TEE, kind) == pytest.approx(2 * op_min + 0.5)
    minutes = 2 * TEE.inspect_min + 2 * op_min + 0.5
    assert repair_usd(scenario, PLAIN_TEE, kind, 2.6) == pytest.approx(minutes * 0.042)


def test_a_design_with_more_sewing_in_it_takes_longer_to_mend() -> None:
    scenario = at_station(bench_detects=1.0, repair_fails=0.0, max_repairs=2)
    kind, rich = replace(STITCH, repairable=1.0), replace(PLAIN_TEE, smv_factor=1.25)
    more_min = 2 * 0.25 * TEE.smv_min / len(TEE.operations)  # two operations' time, a quarter more
    assert repair_min(scenario, rich, kind) == pytest.approx(
        repair_min(scenario, PLAIN_TEE, kind) + more_min
    )
    assert repair_usd(scenario, rich, kind, 2.6) == pytest.approx(
        repair_usd(scenario, PLAIN_TEE, kind, 2.6) + more_min * 0.042
    )


def test_a_second_repair_follows_a_failed_one_that_is_seen() -> None:
    scenario = at_station(bench_detects=1.0, repair_fails=0.5, max_repairs=2)
    kind = replace(STITCH, repairable=1.0)
    look, mend = TEE.inspect_min * 0.042, repair_min(scenario, PLAIN_TEE, kind) * 0.042
    escape, second = escape_usd(scenario, 2.6), second_usd(scenario, 2.6)
    # look, mend, verdict; half fail; 0.8 of those are seen: again; half fail; seen: a second
    last = 0.5 * (0.8 * (look + second) + 0.2 * escape)
    one = 0.5 * (0.8 * (look + mend + look + last) + 0.2 * escape)
    expected = look + mend + look + one
    assert repair_usd(scenario, PLAIN_TEE, kind, 2.6, detects=0.8) == pytest.approx(expected)


def test_a_slower_mender_takes_longer_and_fails_more() -> None:
    usd = [repair_usd(at_station(mender_grade=g), PLAIN_TEE, STITCH, 2.6) for g in "ABCT"]
    minutes = [repair_min(at_station(mender_grade=g), PLAIN_TEE, STITCH) for g in "ABCT"]
    assert minutes == sorted(minutes)
    assert minutes[2] / minutes[1] == pytest.approx(0.78 / 0.62)
    assert usd[0] < usd[1] < usd[2] < usd[3]


@given(
    detects=st.floats(0, 1),
    found=st.floats(0, 1),
    fails=st.floats(0, 1),
    most=st.integers(0, 6),
    price=st.floats(0.1, 50),
)
def test_a_flagged_defect_costs_no_more_than_all_that_can_happen(
    detects, found, fails, most, price
) -> None:
    scenario = at_station(bench_detects=found, repair_fails=fails, max_repairs=most)
    worst = max(escape_usd(scenario, price), second_usd(scenario, price))
    rounds = most * (
        repair_min(scenario, PLAIN_TEE, SHADE) * 0.042 + 2 * false_alarm_usd(scenario, TEE)
    )
    usd = repair_usd(scenario, PLAIN_TEE, SHADE, price, detects=detects)
    assert false_alarm_usd(scenario, TEE) - 1e-9 <= usd
    assert usd <= worst + rounds + false_alarm_usd(scenario, TEE) + 1e-9
