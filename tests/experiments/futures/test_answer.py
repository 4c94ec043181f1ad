"""Base and variants share their luck; what is kept of a run adds up; workers change nothing."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pytest

from experiments.futures.answer import Answer, answer
from experiments.futures.outcome import Outcome
from experiments.futures.question import Question, Variant
from factory_env import Factory, load_scenario
from factory_env.domain.changes import OtherPolicy
from factory_env.errors import InputError

SHORT = {"demand.days": 4, "horizon_days": 8}


@cache
def question(replications: int = 2) -> Question:
    scenario = load_scenario("small", overrides=SHORT, site="grid_only")
    orders = tuple(Factory(scenario, 0).book.orders)
    fewer = dataclasses.replace(
        scenario.plant,
        lines=tuple(
            dataclasses.replace(x, operators=x.operators - 4) for x in scenario.plant.lines
        ),
    )
    return Question(
        name="fewer",
        title="Four operators fewer a line",
        base=Variant(name="base", scenario=scenario, orders=orders),
        variants=(
            Variant(name="the same", scenario=scenario, orders=orders),
            Variant(name="fewer", scenario=scenario.replace(plant=fewer), orders=orders),
        ),
        replications=replications,
    )


@cache
def answered() -> Answer:
    return answer(question(), workers=1)


def first(name: str) -> Outcome:
    return answered().outcomes[name][0]


def test_every_variant_is_played_under_every_seed() -> None:
    seeds = {name: [o.seed for o in runs] for name, runs in answered().outcomes.items()}
    assert seeds == {name: [0, 1] for name in ("base", "the same", "fewer")}
    assert answered().played == 6


def test_a_variant_that_changes_nothing_is_the_base_to_the_bit() -> None:
    for one, other in zip(*(answered().outcomes[n] for n in ("base", "the same")), strict=True):
        assert one.kpis == other.kpis
        assert one.money_usd == other.money_usd
        assert np.array_equal(one.orders["ship_min"], other.orders["ship_min"], equal_nan=True)
        assert np.array_equal(one.orders["line"], other.orders["line"])


def test_two_workers_answer_as_one_does() -> None:
    two = answer(question(), workers=2)
    for name, runs in answered().outcomes.items():
        for one, other in zip(runs, two.outcomes[name], strict=True):
            assert one.kpis == other.kpis
            assert np.array_equal(one.load_kw, other.load_kw)


def test_the_parts_of_the_money_add_up_and_fewer_people_earn_less() -> None:
    for runs in answered().outcomes.values():
        for outcome in runs:
            parts = {k: usd for k, usd in outcome.money_usd.items() if k != "total"}
            assert sum(parts.values()) == pytest.approx(outcome.money_usd["total"])
    lines = load_scenario("small").plant.lines
    share = 1.0 - 4 * len(lines) / sum(line.operators for line in lines)
    wages = {name: first(name).money_usd["labour"] for name in answered().outcomes}
    assert wages["fewer"] == pytest.approx(share * wages["base"])


def test_the_money_of_energy_and_lateness_is_that_of_the_kpis() -> None:
    for outcome in answered().outcomes["base"]:
        assert outcome.money_usd["energy"] == pytest.approx(outcome.kpis["energy_total_usd"])
        assert outcome.money_usd["lateness"] == pytest.approx(outcome.kpis["tardiness_cost_usd"])


def test_orders_are_those_of_the_book_and_their_figures_those_of_the_log() -> None:
    outcome, book = first("base"), question().base.orders
    assert book is not None
    assert list(outcome.orders["order_id"]) == [order.order_id for order in book]
    shipped = int((~np.isnan(outcome.orders["ship_min"])).sum())
    assert shipped == outcome.kpis["shipped_orders"] > 3
    assert outcome.orders["late_usd"].sum() == pytest.approx(outcome.money_usd["lateness"])


def test_days_end_with_what_is_left_and_packed_pieces_are_all_pieces() -> None:
    outcome = first("base")
    assert outcome.days["wip_pieces"].min() >= 0
    packed = outcome.days["packed_pieces"].sum()
    assert packed == pytest.approx(outcome.kpis["pieces_packed"], rel=0.01)  # less the seconds
    assert outcome.days["peak_kw"].max() == pytest.approx(outcome.kpis["peak_kw"])
    assert outcome.load_kw.shape == (672,)


def test_lines_are_as_busy_as_their_operators_and_no_room_is_busier_than_it_can_be() -> None:
    outcome = first("base")
    busy = dict(zip(outcome.stations["name"], outcome.stations["busy_share"], strict=True))
    assert {"cutting", "inspection", "repair", "pressing", "packing"} < set(busy)
    assert all(0.0 <= share <= 1.0 for name, share in busy.items() if name != "cutting")
    assert outcome.stations["waiting_min"].min() >= 0.0


def test_bars_are_kept_of_the_first_seed_alone() -> None:
    runs = answered().outcomes["fewer"]
    assert set(runs[0].gantt["kind"]) == {"setup", "sew"}
    assert (runs[0].gantt["end_min"] >= runs[0].gantt["begin_min"]).all()
    assert not runs[1].gantt


def test_a_half_width_that_is_asked_for_costs_more_runs_but_not_more_than_allowed() -> None:
    asked = dataclasses.replace(question(), half_width_share=1e-6, most_replications=7)
    assert len(answer(asked, workers=1).seeds) == 7


def test_two_variants_of_one_name_are_refused() -> None:
    twice = dataclasses.replace(question(), variants=question().variants[:1] * 2)
    with pytest.raises(InputError, match="the same"):
        answer(twice)


def test_another_policy_takes_over_on_its_day() -> None:
    busy = load_scenario("small", overrides={"demand.days": 12, "horizon_days": 16})
    base = Variant(name="base", scenario=busy)

    def handed(name: str, at_min: float) -> Variant:
        return dataclasses.replace(
            base, name=name, changes=(OtherPolicy(at_min=at_min, agent="spt"),)
        )

    asked = dataclasses.replace(
        question(),
        base=base,
        variants=(
            dataclasses.replace(base, name="spt", agent="spt"),
            handed("at once", 0.0),
            handed("never", 1e9),
        ),
    )
    runs = answer(asked, 1).outcomes
    assert [o.kpis for o in runs["at once"]] == [o.kpis for o in runs["spt"]]
    assert [o.kpis for o in runs["never"]] == [o.kpis for o in runs["base"]]
    assert [o.kpis for o in runs["spt"]] != [o.kpis for o in runs["base"]]


def test_an_order_more_at_the_end_makes_no_line_look_idler() -> None:
    drawn = question().base
    assert drawn.orders is not None
    base = dataclasses.replace(drawn, scenario=drawn.scenario.replace(horizon_days=40))
    later = dataclasses.replace(
        drawn.orders[0], order_id="LATE", release_min=4e4, due_min=5e4, luck_id=999
    )
    more = dataclasses.replace(base, name="more", orders=(*drawn.orders, later))
    asked = dataclasses.replace(question(), base=base, variants=(more,), replications=1)
    runs = answer(asked, workers=1).outcomes
    busy = {name: runs[name][0].stations["busy_share"] for name in runs}
    lines = len(base.scenario.plant.lines)
    assert (busy["more"][:lines] >= busy["base"][:lines] - 1e-9).all()
    assert (busy["more"][:lines] > busy["base"][:lines] + 1e-3).any()
