"""The styles of a run come from its design source, and its pictures go into the log."""

from __future__ import annotations

from factory_env import load_scenario
from factory_env.domain.records import SCHEMA, make_table
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.collection import design_rows, season_styles


def test_the_catalogue_is_the_same_under_every_seed_and_has_no_pictures(small) -> None:
    one, other = (season_styles(small, Streams(seed)) for seed in (1, 2))
    assert [s.style_id for s in one] == [s.style_id for s in other]
    assert len({s.style_id for s in one}) == len(one) >= len(small.library.products)
    assert design_rows(one) == []


def test_drawn_styles_follow_the_seed_and_make_a_row_each() -> None:
    scenario = load_scenario("small", demand="drawn")
    one, same, other = (season_styles(scenario, Streams(seed)) for seed in (1, 1, 2))
    assert [s.style_id for s in one] == [s.style_id for s in same]
    rows = design_rows(one)
    assert len(rows) == len(one)
    table = make_table("designs", rows)
    assert table.keys() == set(SCHEMA["designs"])
    assert table["smv_min"].tolist() == [s.smv_min for s in one]
    assert (
        table["smv_min"].tolist() != make_table("designs", design_rows(other))["smv_min"].tolist()
    )
