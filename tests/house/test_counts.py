"""The figures of the house, counted by syntax tree, stay within what they may reach."""

from __future__ import annotations

import pytest

from benchmarks.counting.figures import FIGURES
from benchmarks.counting.source import House, read_house
from tests.conftest import ROOT


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
    assert len(places) <= figure.most, f"{figure.meaning}:\n{shown}"
