"""Days bring correlated absence, forms of the day, standstills and outages; forks renew them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factory_env import Factory, load_scenario
from factory_env.domain.people import DayForm
from factory_env.sim.days.luck import DayLuck
from factory_env.sim.kernel.streams import Streams
from tests.play import play

DAYS = 2400
QUANTILES = (0.4, 0.8, 1.0, 1.1, 1.4)


def luck(correlation: float = 0.0, form: DayForm | None = None, seed: int = 1, **levels) -> DayLuck:
    """Luck of the mid plant over many days."""
    scenario = load_scenario("mid", overrides={f"disruptions.{k}": v for k, v in levels.items()})
    scenario = scenario.replace(absence=replace(scenario.absence, correlation=correlation))
    if form is not None:
        on = replace(scenario.disruptions, day_form=True)
        scenario = scenario.replace(form=form, disruptions=on)
    return DayLuck(scenario, Streams(seed), DAYS)


def lag1(rows: np.ndarray) -> float:
    """Mean lag-1 correlation of the rows."""
    return float(np.mean([np.corrcoef(row[:-1], row[1:])[0, 1] for row in rows]))


def test_absence_is_correlated_from_day_to_day_and_keeps_its_mean() -> None:
    drawn = luck(0.6)
    shares = np.array([drawn.absent(i) for i in range(len(drawn.working))]).T
    days = np.array(drawn.working)
    ordinary = np.flatnonzero(days % 7 != 0)  # Mondays follow the day off and have another mean
    pairs = ordinary[:-1][np.diff(ordinary) == 1]
    found = np.mean([np.corrcoef(row[pairs], row[pairs + 1])[0, 1] for row in shares])
    # beta with mean 0.06 is skewed: correlation 0.6 of the normal states leaves about 0.58
    assert found == pytest.approx(0.58, abs=0.04)
    assert shares.mean() == pytest.approx(0.07, abs=0.003)
    assert shares[:, days % 7 == 0].mean() > 1.6 * shares[:, days % 7 != 0].mean()


def test_independent_absence_is_not_correlated() -> None:
    drawn = luck(0.0)
    shares = np.array([drawn.absent(i) for i in range(len(drawn.working))]).T
    days = np.array(drawn.working)
    assert abs(lag1(shares[:, days % 7 != 0])) < 0.05


def test_form_follows_its_quantiles_and_correlation() -> None:
    form = DayForm(enabled=True, quantiles=QUANTILES, correlation=0.7)
    drawn = luck(form=form)
    same = np.zeros(8, dtype=bool)
    rows = np.array([drawn.form(i, same) for i in range(len(drawn.working))]).T
    # the median of the states is the middle quantile; the quarters lie at the second and fourth
    assert np.quantile(rows, [0.25, 0.5, 0.75]) == pytest.approx([0.8, 1.0, 1.1], abs=0.03)
    assert rows.min() >= 0.4
    assert rows.max() <= 1.4
    assert lag1(rows) == pytest.approx(0.68, abs=0.05)


def test_a_style_change_can_break_the_form() -> None:
    form = DayForm(enabled=True, quantiles=QUANTILES, correlation=0.9, after_change=0.0)
    drawn = luck(form=form)
    always = np.ones(8, dtype=bool)
    rows = np.array([drawn.form(i, always) for i in range(len(drawn.working))]).T
    assert abs(lag1(rows)) < 0.05


def test_lines_differ_by_their_spread() -> None:
    form = DayForm(enabled=True, quantiles=QUANTILES, correlation=0.0, line_sd=0.8)
    drawn = luck(form=form)
    same = np.zeros(8, dtype=bool)
    rows = np.array([drawn.form(i, same) for i in range(len(drawn.working))]).T
    assert rows.mean(axis=1).std() > 3.0 * rows.std(axis=1).mean() / np.sqrt(rows.shape[1])


def test_standstills_have_the_rate_and_length_of_the_scenario() -> None:
    drawn = luck(**{"line_stops.per_line_day": 0.05, "line_stops.sigma": 1.0})
    found = [stop for i in range(len(drawn.working)) for stop in drawn.stops(i)]
    n = len(drawn.working) * 8
    # binomial: four standard errors
    assert len(found) == pytest.approx(0.05 * n, abs=4 * np.sqrt(n * 0.05 * 0.95))
    lengths = np.array([length for _, _, length in found])
    assert np.median(lengths) == pytest.approx(4.8, rel=0.15)
    assert lengths.max() <= 300.0
    assert all(0.0 <= at <= 540.0 for _, at, _ in found)


def test_a_generator_shortens_outages_to_its_start() -> None:
    bare = luck(**{"outages.per_day": 0.5, "outages.has_generator": False})
    backed = luck(**{"outages.per_day": 0.5})
    both = [[row for i in range(len(d.working)) for row in d.outages(i)] for d in (bare, backed)]
    assert [at for at, *_ in both[0]] == [at for at, *_ in both[1]]  # the same outages
    assert np.mean([length for _, length, _ in both[0]]) == pytest.approx(20.0, rel=0.1)
    assert max(length for _, length, _ in both[1]) == 2.0
    assert [dark for *_, dark in both[0]] == [dark for *_, dark in both[1]]
    assert len(both[0]) == pytest.approx(0.5 * len(bare.working), rel=0.1)


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_renewed_luck_changes_the_days_to_come_and_no_other(correlation) -> None:
    plain, renewed = luck(correlation), luck(correlation)
    past = [(plain.absent(i).tolist(), renewed.absent(i).tolist()) for i in range(50)]
    renewed.renew(49, Streams(99))
    future = [(plain.absent(i).tolist(), renewed.absent(i).tolist()) for i in range(50, 80)]
    assert all(a == b for a, b in past)
    assert all(a != b for a, b in future)


def test_calm_days_stop_nothing() -> None:
    drawn = luck()
    assert drawn.form(0, np.zeros(8, dtype=bool)) is None
    assert not any(drawn.stops(i) or drawn.outages(i) for i in range(len(drawn.working)))


def test_an_outage_stops_every_room_and_work_goes_on_afterwards(short, short_tables) -> None:
    from agents.rules.edd import Edd

    calm = play(Factory(short, 1, tables=short_tables), Edd())
    dark = load_scenario(
        "small",
        overrides={
            "horizon_days": 12,
            "demand.days": 10,
            "disruptions.outages.per_day": 2.0,
            "disruptions.outages.has_generator": False,
        },
    )
    log = play(Factory(dark, 1), Edd())
    outages = log.tables["events"]
    assert (outages["kind"] == "outage").sum() > 10
    assert log.tables["states"]["down_min"].min() > 100.0
    done = [run.tables["line_days"]["earned_min"].sum() for run in (calm, log)]
    assert 0.0 < done[1] < done[0]
