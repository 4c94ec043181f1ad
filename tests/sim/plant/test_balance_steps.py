"""Steps of a line balance on lines of two and three stations, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.sim.plant.balance_steps import (
    crew_power,
    empty_line,
    improve,
    load_min,
    place,
    placed_people,
    slowest,
    station_rates,
)

ANY = np.array([-1, -1])  # stations that need no machine
NONE = np.empty((0, 0))


def standing(smv, efficiency, machine=ANY, at_hand=(), mastery=NONE):
    """A line on which nobody stands yet."""
    rates = station_rates(np.array(efficiency), mastery, np.asarray(machine))
    hands = np.array(at_hand, dtype=np.int64)
    return empty_line(np.array(smv), np.asarray(machine), rates, hands)


def crews(line) -> list[list[int]]:
    return [row[:n].tolist() for row, n in zip(line.crew, line.size, strict=True)]


def test_rates_are_the_efficiency_times_the_mastery_of_the_machine() -> None:
    mastery = np.array([[1.0, 0.5], [0.8, 1.0]])
    rates = station_rates(np.array([1.0, 0.9]), mastery, np.array([1, -1]))
    assert rates.tolist() == [[0.5, 0.9], [1.0, 0.9], [1.0, 0.9]]


@pytest.mark.parametrize("people", [3, 8, 21])
def test_a_crews_power_is_the_sum_that_numpy_takes(people) -> None:
    rates = np.random.default_rng(people).uniform(0.5, 1.0, people)
    crew = np.random.default_rng(1).permutation(people)
    assert crew_power(rates, crew, people) == rates[crew].sum()


def test_the_longest_station_gets_the_best_person_and_the_rest_follow_the_load() -> None:
    # 3 minutes and 1: the best (2) to the first; then 3/1.2 = 2.5 against 1/1: the next joins it
    line = standing([3.0, 1.0], [0.9, 1.0, 1.2])
    place(line, np.zeros(3))
    assert crews(line) == [[2, 0], [1], []]
    assert load_min(line, 0) == pytest.approx(3.0 / 2.1)
    assert slowest(line) == 0


def test_of_equals_the_one_with_fewer_other_skills_is_taken() -> None:
    line = standing([3.0, 1.0], [1.0, 1.0])
    place(line, np.array([5.0, 2.0]))
    assert crews(line)[:2] == [[1], [0]]


def test_without_a_machine_nobody_joins_and_people_wait_on_the_bench() -> None:
    # one machine of type 0 at either station
    line = standing([3.0, 1.0], [1.0, 1.0, 1.0], machine=[0, 1], at_hand=(1, 1))
    place(line, np.zeros(3))
    assert crews(line) == [[0], [1], [2]]
    assert line.free.tolist() == [0, 0]


def test_a_swap_that_shortens_the_longest_station_is_made() -> None:
    # 2/0.5 = 4 and 1/1 = 1; swapped 2/1 = 2 and 1/0.5 = 2
    line = standing([2.0, 1.0], [0.5, 1.0])
    for station in (0, 1):
        line.crew[station, 0], line.size[station] = station, 1
        line.power[station] = line.rates[station, station]
    assert improve(line, False) == 1
    assert crews(line)[:2] == [[1], [0]]
    assert load_min(line, slowest(line)) == pytest.approx(2.0)
    assert improve(line, False) == 0


def test_people_come_from_the_bench_only_if_they_may() -> None:
    for from_bench, steps, longest in ((False, 0, 2.0), (True, 1, 1.0)):
        line = standing([2.0, 1.0], [1.0, 1.0, 1.0])
        for row, operator in enumerate((0, 1, 2)):  # the third sits on the bench
            line.crew[row, 0], line.size[row] = operator, 1
        line.power[:] = 1.0
        assert improve(line, from_bench) == steps
        assert load_min(line, slowest(line)) == pytest.approx(longest)


def test_a_whole_balance_lists_its_crews_one_after_the_other() -> None:
    rates = station_rates(np.ones(4), NONE, ANY)
    placed = placed_people(np.array([3.0, 1.0]), ANY, rates, np.zeros(4), np.empty(0, np.int64))
    assert placed.start.tolist() == [0, 3, 4]
    assert sorted(placed.crew.tolist()) == [0, 1, 2, 3]
    assert placed.longest_min == pytest.approx(1.0)
