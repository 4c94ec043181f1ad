"""Mornings: who has come, what stands still and when, and that nothing waits for ever."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, load_scenario, play
from factory_env.domain.disruptions import LineStops, Outages
from factory_env.errors import DeadlockError
from tests.laws.tiny_plant import line, order, product, scenario


@pytest.fixture(scope="module")
def rough():
    """Three weeks in which lines stop and the grid fails."""
    base = load_scenario("small", overrides={"horizon_days": 18, "demand.days": 15})
    troubles = replace(
        base.disruptions,
        line_stops=LineStops(per_line_day=0.5, median_min=60.0, sigma=0.1, max_min=90.0),
        outages=Outages(per_day=0.5, mean_min=40.0, has_generator=False),
    )
    factory = Factory(base.replace(disruptions=troubles), 3)
    return factory, play(factory, Edd())


def test_every_line_has_an_attendance_on_every_working_day_until_the_end(rough) -> None:
    factory, log = rough
    table, calendar = log.tables["attendance"], factory.scenario.calendar
    days = sorted(set(table["day"].tolist()))
    assert days == [d for d in range(days[-1] + 1) if calendar.is_working_day(d)]
    for number in range(len(factory.lines)):
        assert table["day"][table["line"] == number].tolist() == days
    assert (table["present_share"] > 0.5).all()
    assert (table["present_share"] <= 1.0).all()


def test_a_stop_takes_its_own_line_for_its_minutes(rough) -> None:
    factory, log = rough
    events = log.tables["events"]
    stops = events["kind"] == "line stop"
    assert stops.sum() > 10
    length = events["end_min"][stops] - events["start_min"][stops]
    assert length.min() > 20.0
    assert length.max() <= 90.0
    for number, line_ in enumerate(factory.lines):
        mine = stops & (events["line"] == number)
        over = mine & (events["end_min"] <= log.end_min)
        shift = factory.world.shifts.shift_at_many
        lost = shift(events["end_min"][over]) - shift(events["start_min"][over])
        assert line_.clock.lost_now().get("stop", 0.0) >= lost.max(initial=0.0) - 1e-6


def test_an_outage_stops_all_lines_and_rooms_together(rough) -> None:
    factory, log = rough
    outages = log.tables["events"]["kind"] == "outage"
    assert outages.sum() > 3
    assert (log.tables["events"]["line"][outages] == -1).all()
    clocks = [x.clock for x in factory.lines] + [factory.house.cutting.clock]
    clocks += factory.house.finishing.clocks
    lost = [clock.lost_now().get("outage", 0.0) for clock in clocks]
    assert min(lost) > 0.0
    rooms = [clock.lost_now()["outage"] for clock in factory.house.finishing.clocks]
    assert factory.house.cutting.clock.lost_now()["outage"] == pytest.approx(rooms[0])


def test_absence_slows_the_line_by_the_share_that_is_missing() -> None:
    toy = scenario([line("only", 10, tee=1.0)], [product("tee", [1.0])], 5)
    away = replace(toy.absence, enabled=True, mean=0.2, concentration=1e9, after_day_off_factor=1)
    toy = toy.replace(absence=away, rebalance=replace(toy.rebalance, mode="even"))
    factory = Factory(toy, 0, orders=[order("A", "tee-01", 100, 5.0, 1.0)])
    factory.advance()
    assert factory.lines[0].clock.rate == pytest.approx(0.8, rel=1e-3)
    assert factory.world.attendance[0] == pytest.approx(0.8, rel=1e-3)


def test_where_people_are_counted_a_whole_number_is_missing() -> None:
    toy = scenario([line("only", 10, tee=1.0)], [product("tee", [1.0])], 5)
    away = replace(toy.absence, enabled=True, mean=0.2, concentration=1e9, after_day_off_factor=1)
    toy = toy.replace(absence=away, rebalance=replace(toy.rebalance, mode="shift"))
    factory = Factory(toy, 0, orders=[order("A", "tee-01", 100, 5.0, 1.0)])
    factory.advance()
    people = factory.lines[0].people
    assert np.count_nonzero(people.present) == 8
    assert factory.world.attendance[0] == 0.8


def test_an_order_that_no_line_can_sew_is_told_at_once() -> None:
    tee, polo = product("tee", [1.0]), product("polo", [1.0])
    toy = scenario([line("only", 2, tee=1.0)], [tee, polo], 5)
    factory = Factory(toy, 0, orders=[order("P", "polo-01", 10, 4.0, 1.0)])
    with pytest.raises(DeadlockError, match=r"orders P wait, but none of the lines only"):
        factory.advance()
