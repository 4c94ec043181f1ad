"""A plant that cannot sew all of the demand: left out with a note, or refused with the fix."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import pytest

from agents.rules.edd import Edd
from experiments.building.order_book import workload
from factory_env import load_scenario, simulate
from factory_env.domain.scenario import Scenario
from factory_env.door.mix_notes import note_mix
from factory_env.errors import InputError
from factory_env.presets import CONF


@pytest.fixture(scope="module")
def plant(tmp_path_factory) -> str:
    """The small plant, where nobody can sew jackets."""
    path = tmp_path_factory.mktemp("plant") / "no_jackets.yaml"
    text = (CONF / "plant" / "small.yaml").read_text("utf-8")
    path.write_text(text.replace(", jacket: 0.78", ""), encoding="utf-8")
    return str(path)


def only(scenario: Scenario, product: str) -> Scenario:
    """The same lines with a skill for one product only."""
    lines = tuple(replace(s, home=(), skills={product: 1.0}) for s in scenario.plant.lines)
    return scenario.replace(plant=replace(scenario.plant, lines=lines))


def test_a_plant_without_jackets_makes_the_rest(plant) -> None:
    with pytest.warns(UserWarning, match=r"not ordered: jacket \(line shirt-1 has no skill for"):
        scenario = load_scenario(plant, overrides={"horizon_days": 46})
    ordered = simulate(scenario, Edd(), 0).tables["orders"]["style"].tolist()
    assert not any(style.startswith("jacket") for style in ordered)
    assert any(style.startswith("shirt") for style in ordered)


def test_a_book_of_ones_own_needs_no_word_on_the_demand(plant, tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    head = "order_id,style,quantity,release,due,price,priority,customer\n"
    book.write_text(head + "A,shirt-01,300,0,9,6.5,1,N\n")
    with warnings.catch_warnings(action="ignore"):
        scenario = load_scenario(plant)
    work = workload(scenario, str(book), 0)
    assert work.notes == ()
    assert simulate(work.scenario, Edd(), 0, orders=work.orders).finished


def test_a_plant_that_can_sew_nothing_that_is_ordered_is_refused_when_it_draws() -> None:
    with warnings.catch_warnings(action="error"):
        small = load_scenario("small")
    with pytest.raises(InputError, match=r"must be able to sew something .* an order book of"):
        simulate(only(small, "cap"), Edd(), 0)


def test_the_shipped_plants_sew_all_that_is_ordered() -> None:
    for name in ("small", "mid", "large"):
        assert list(note_mix(load_scenario(name))) == []


def test_no_warning_of_an_empty_mean_is_left() -> None:
    small = load_scenario("small", overrides={"horizon_days": 46})
    with warnings.catch_warnings(action="error", category=RuntimeWarning):
        simulate(only(small, "tee"), Edd(), 0)
