"""The figures of the house, counted by syntax tree, stay within what they may reach."""

from __future__ import annotations

import pytest

from benchmarks.counting.figures import FIGURES
from benchmarks.counting.source import House, read_house
from tests.conftest import ROOT

# figure -> where it stands; a number here is only ever made smaller, and goes when the goal is met
NOT_THERE_YET = {
    "participle_names": 130,
    "preposition_names": 97,
    "found_values": 1252,
}


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(ROOT)


def test_the_house_is_read_whole(house) -> None:
    assert len(house.sources) > 500
    assert {s.file.split("/")[0] for s in house.sources} == {
        "factory_env",
        "agents",
        "experiments",
        "benchmarks",
        "tests",
    }


@pytest.mark.parametrize("key", FIGURES)
def test_a_figure_stays_within_what_it_may_reach(key, house) -> None:
    figure = FIGURES[key]
    places = figure.places(house)
    shown = "\n".join(map(str, places))
    assert len(places) <= NOT_THERE_YET.get(key, figure.most), f"{figure.meaning}:\n{shown}"


def test_every_exception_is_of_a_figure_and_above_its_goal() -> None:
    assert NOT_THERE_YET.keys() <= FIGURES.keys()
    assert all(now > FIGURES[key].most for key, now in NOT_THERE_YET.items())
