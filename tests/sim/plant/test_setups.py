"""The change table: line stops and what a line still knows (domain reference, section 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factory_env.sim.plant.setups import Setups
from factory_env.sim.plant.tables import PlantTables

DAY = 1440.0
TEES = 0  # line 0 of the small plant: at home in tees, can sew polos and pullovers


@pytest.fixture
def setups(small, small_tables) -> Setups:
    """A fresh floor: line 0 is on tee-01 and knows 0.8 of it."""
    return Setups(small, small_tables)


def style(tables: PlantTables, name: str) -> int:
    return [s.style_id for s in tables.styles].index(name)


@pytest.mark.parametrize(
    ("to", "stop", "share"),
    [
        ("tee-01", 10.0, 0.8),  # same style: everything kept
        ("tee-02", 90.0, 0.32),  # same product: 0.4 x 0.8
        ("polo-01", 180.0, 0.12),  # same fabric: 0.15 x 0.8
        ("pullover-03", 180.0, 0.12),
        ("shirt-01", 300.0, 0.0),  # knit to woven
    ],
)
def test_the_first_change_follows_the_table(setups, small_tables, to, stop, share) -> None:
    found = setups.change(TEES, style(small_tables, to), 0.0)
    assert found == pytest.approx((stop, share))


def test_a_line_never_knows_less_than_its_home_share(setups, small_tables) -> None:
    setups.learn(TEES, 0.5, 0.0)
    # 0.4 x 0.5 = 0.2 is less than the 0.3 a home line always has; polos are not its home
    assert setups.change(TEES, style(small_tables, "tee-02"), 0.0)[1] == pytest.approx(0.3)
    setups.learn(TEES, 0.5, 0.0)
    assert setups.change(TEES, style(small_tables, "polo-01"), 0.0)[1] == pytest.approx(0.075)


@pytest.mark.parametrize(
    ("days_later", "stop", "share"),
    [
        (5.0, 30.0, 0.48),  # remembered: 0.6 x 0.8 of before
        (30.0, 30.0, 0.48),  # thirty days are within thirty days
        (30.1, 180.0, 0.3),  # forgotten: 0.15 x 0.9 = 0.135, lifted to the home share
    ],
)
def test_a_style_is_remembered_for_thirty_days(
    setups, small_tables, days_later, stop, share
) -> None:
    left = 2 * DAY
    setups.change(TEES, style(small_tables, "polo-01"), left)
    setups.learn(TEES, 0.9, left + DAY)
    found = setups.change(TEES, style(small_tables, "tee-01"), left + days_later * DAY)
    assert found == pytest.approx((stop, share))


def test_planned_setups_are_what_a_change_then_costs(small, setups, small_tables) -> None:
    setups.change(TEES, style(small_tables, "polo-02"), 0.0)
    setups.learn(TEES, 0.7, DAY)
    for to in range(len(small_tables.styles)):
        planned = setups.setup_min[TEES, to], setups.loss[TEES, to]
        fresh = Setups(small, small_tables)
        fresh.change(TEES, style(small_tables, "polo-02"), 0.0)
        fresh.learn(TEES, 0.7, DAY)
        stop, share = fresh.change(TEES, to, DAY)
        loss = small_tables.learn_loss[to] * (1.0 - share)
        assert planned == pytest.approx((stop, loss))


def test_lines_do_not_share_what_they_know(setups, small_tables) -> None:
    before = setups.setup_min[1].copy(), setups.loss[1].copy()
    setups.change(TEES, style(small_tables, "polo-01"), 0.0)
    setups.learn(TEES, 0.9, DAY)
    assert (setups.setup_min[1] == before[0]).all()
    assert (setups.loss[1] == before[1]).all()


def test_changeovers_switched_off_cost_no_minute(small, small_tables) -> None:
    free = small.replace(changeover=replace(small.changeover, enabled=False))
    setups = Setups(free, small_tables)
    assert not setups.setup_min.any()
    assert setups.change(TEES, style(small_tables, "polo-01"), 0.0)[0] == 0.0
