"""Questions whose answer the domain reference knows (sections 13, 14 and 19)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from experiments.futures.answer import answer
from experiments.futures.asking.reading import read_question, read_question_file
from experiments.futures.outcome import Outcome
from experiments.futures.question import Question, Variant
from experiments.validating.checks.missing_operators import graded_line
from experiments.validating.checks.rush import PEOPLE, PIECES, Rate, polo_line
from experiments.validating.toy import toy_order
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.changes import AddOrder, Heads
from factory_env.domain.scenario import Scenario
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY

DAY_MIN = 480.0


def ask(base: Variant, *variants: Variant, replications: int = 1) -> dict[str, Outcome]:
    """The first run of the base and of each variant."""
    question = Question(
        name="reference", title="", base=base, variants=variants, replications=replications
    )
    return {name: runs[0] for name, runs in answer(question, 1).outcomes.items()}


def smooth_days(line: Scenario) -> float:
    """What the rush takes on the learning curve, minute by minute."""
    polo = line.library.product("polo")
    curve = line.library.learning_class(polo.learning_class)
    return Rate(curve=curve, settled_a_day=PEOPLE * DAY_MIN * curve.e_max / polo.smv_min).days(
        PIECES
    )


def test_a_rush_of_2000_polos_on_a_cold_line_takes_two_and_a_half_days_and_its_changeover() -> None:
    line = polo_line()
    line = line.replace(flow=replace(line.flow, bundle_pieces=1, lot_pieces=20))
    first = toy_order("first", "tee-01", 400, due_min=50_000.0)
    at_min = 3 * MIN_PER_DAY
    rush = replace(toy_order("rush", "polo-01", PIECES, due_min=50_000.0), release_min=at_min)
    base = Variant(name="base", scenario=line, orders=(first,), agent="fifo")
    added = replace(base, name="rush", changes=(AddOrder(at_min=at_min, order=rush),))
    bars = ask(base, added)["rush"].gantt
    shifts = ShiftTable(line.calendar, 30)
    mine = bars["order_id"] == "rush"
    lengths = shifts.shift_at_many(bars["end_min"]) - shifts.shift_at_many(bars["begin_min"])
    days = {str(k): d / DAY_MIN for k, d in zip(bars["kind"][mine], lengths[mine], strict=True)}
    assert days["setup"] == pytest.approx(0.4, abs=0.05)
    # at the efficiency of each day's first minute 2.5 days, minute by minute a little sooner
    assert smooth_days(line) * 0.98 <= days["sew"] <= 2.5 * 1.02


def test_a_tenth_fewer_operators_make_a_tenth_fewer_pieces_where_lines_are_balanced_anew() -> None:
    line = graded_line().replace(horizon_days=12)
    many = toy_order("many", "polo-01", 200_000, due_min=50_000.0)
    base = Variant(name="base", scenario=line, orders=(many,), agent="fifo")
    fewer = replace(base, name="fewer", changes=(Heads(from_min=0.0, share=-0.1),))
    runs = ask(base, fewer)
    pieces = {name: run.days["packed_pieces"].sum() for name, run in runs.items()}
    assert pieces["fewer"] / pieces["base"] == pytest.approx(0.9, abs=0.03)
    wages = {name: run.money_usd["labour"] for name, run in runs.items()}
    assert wages["fewer"] / wages["base"] == pytest.approx(0.9, abs=0.01)


@cache
def asked_of_energy(name: str) -> dict[str, tuple[Outcome, ...]]:
    """A question on the energy of mid, 24 working days of June."""
    short = {"scenario.horizon_days": 24, "scenario.demand.days": 20}
    doubled = {"set": {"tariff.energy.peak.price": 25.90}, "name": "doubled"}
    contents = {
        "peak": {
            "base": {"site": "grid_only", "tariff": "bd_industry", "set": short},
            "variants": [doubled],
        },
        "battery": {
            "base": {
                "site": "pv_battery",
                "tariff": "us_demand",
                "energy": "pretrained",
                "set": short | {"site.battery.capacity_kwh": 0},
            },
            "vary": {"site.battery.capacity_kwh": [500]},
        },
    }
    content = {"title": name, "replications": 2, **contents[name]}
    question = read_question(read_question_file(content, name), name, name).question
    return dict(answer(question, 2).outcomes)


@pytest.mark.slow
def test_a_doubled_peak_price_raises_the_bill_as_the_share_of_peak_energy_says() -> None:
    runs = asked_of_energy("peak")
    for one, other in zip(runs["base"], runs["doubled"], strict=True):
        hours = np.arange(one.load_kw.shape[0]) % (one.load_kw.shape[0] // DAYS_PER_WEEK) / 4.0
        peak = (hours >= 17.0) & (hours < 23.0)
        share = float(one.load_kw[peak].sum() / one.load_kw.sum())
        dear = share * 12.95 / 9.68
        derived = dear / (dear + 1.0 - share)  # section 13: 15 % of the bill at a share of 12 %
        rise = other.kpis["energy_bill_usd"] / one.kpis["energy_bill_usd"] - 1.0
        assert 0.9 * derived <= rise <= derived  # the standing charge does not rise
        assert other.kpis["kwh"] == pytest.approx(one.kpis["kwh"])


@pytest.mark.slow
def test_the_battery_is_worth_what_the_reference_says_a_year_under_a_demand_charge() -> None:
    runs = asked_of_energy("battery")
    saved = [
        one.money_usd["energy"] - other.money_usd["energy"]
        for one, other in zip(runs["base"], runs["capacity_kwh=500"], strict=True)
    ]
    days = runs["base"][0].days["day"].shape[0]
    a_year = float(np.mean(saved)) * 365.0 / days
    assert 12_000.0 <= a_year <= 48_000.0  # section 14: about 24,000 USD; summer charges are higher
