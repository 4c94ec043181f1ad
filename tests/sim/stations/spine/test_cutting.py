"""The cutting room: lays on tables, orders dropped, and a limit on what is cut ahead."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rules.atcs_match import AtcsMatch
from agents.rules.edd import Edd
from factory_env import Factory, Scenario, load_scenario
from factory_env.decisions.order_choice import HOLD
from factory_env.domain.scenario import Cutting
from factory_env.errors import InputError
from factory_env.sim.plant.tables import PlantTables
from factory_env.sim.work.lays import lay_out, lay_sizes
from tests.laws.tiny_plant import DAY, line, order, product, scenario
from tests.play import column, fingerprint, play
from tests.twin.cutting_twin import PlainRoom

# knit, 60 plies x 4 garments = 240 pieces a lay; half a minute a piece, two people at a table:
# a full lay takes 10 + 240 x 0.5 / 2 = 70 minutes
TEE = replace(product("tee", [0.1]), cutting_min=0.3, fusing_min=0.2)
RULES = Cutting(lays=True, plies=(("knit", 60),), pieces_per_ply=4, lay_min=10.0, lead_min=30.0)


def room(tables: int, cutting: Cutting = RULES, rule: str = "fifo", days: int = 10) -> Scenario:
    """A plant that cuts around the clock."""
    toy = scenario([line("a", 1, tee=1.0)], [TEE], days)
    rooms = replace(toy.plant.rooms, cutting_tables=tables, cutting_crew=2)
    return toy.replace(
        plant=replace(toy.plant, rooms=rooms),
        flow=replace(toy.flow, cutting_rule=rule),
        cutting=cutting,
    )


@cache
def built(tables: int) -> tuple[Scenario, PlantTables]:
    """A plant and its line balances, computed once."""
    plant = room(tables)
    return plant, Factory(plant, 0).world.tables


def pieces_coming(*orders: tuple[float, int]):
    """Orders of so many pieces whose fabric comes at a minute of day 1."""
    return [
        order(f"o{i}", "tee-01", pieces, due_days=9.0, value_usd=1.0, release_days=1 + minute / DAY)
        for i, (minute, pieces) in enumerate(orders)
    ]


def lays_cut(factory: Factory) -> dict[str, np.ndarray]:
    """Every lay cut so far, as columns."""
    room = factory.house.cutting
    rows = [
        (order, *lay)
        for order, plan in room.plans.items()
        for lay in zip(plan.table, plan.pieces, plan.start, plan.end, strict=True)
        if lay[3] <= room.clock.now
    ]
    table = np.array(rows, dtype=np.float64).reshape(-1, 5).T
    columns = {
        name: table[i].astype(np.int64) for i, name in enumerate(("order", "table", "pieces"))
    }
    walls = room.clock.history_wall_at
    return {**columns, "start_min": walls(table[3]), "end_min": walls(table[4])}


def lays_of(factory: Factory) -> list[tuple[int, int, int, float, float]]:
    """order, table, pieces, start and end of every lay, in minutes of day 1."""
    lays = lays_cut(factory)
    names = ("order", "table", "pieces")
    rows = zip(
        *(lays[name].tolist() for name in names),
        (lays["start_min"] - DAY).tolist(),
        (lays["end_min"] - DAY).tolist(),
        strict=True,
    )
    return [(o, t, n, pytest.approx(s), pytest.approx(e)) for o, t, n, s, e in rows]


def begun_pieces(factory: Factory, order: int) -> int:
    """Pieces of an order in lays begun by now."""
    room = factory.house.cutting
    if order not in room.plans:
        return 0
    plan = room.plans[order]
    return sum(plan.pieces[: plan.begun(room.clock.now)])


def run_to(factory: Factory, minute: float) -> None:
    """Go on to a minute of day 1; nobody answers the line, so what is cut waits."""
    factory.world.env.run(until=DAY + minute)


@pytest.mark.parametrize(
    ("pieces", "sizes"), [(700, [240, 240, 220]), (480, [240, 240]), (100, [100]), (241, [240, 1])]
)
def test_an_order_is_laid_in_full_lays_and_a_rest(pieces, sizes) -> None:
    assert lay_sizes(pieces, 240) == sizes


def test_the_next_lay_goes_to_the_table_that_is_free_first() -> None:
    tables, starts, ends = lay_out([10.0, 10.0, 10.0, 4.0], [(0.0, 0), (5.0, 1)])
    assert tables == [0, 1, 0, 1]
    assert starts == [0.0, 5.0, 10.0, 15.0]
    assert ends == [10.0, 15.0, 20.0, 19.0]


def test_all_tables_cut_one_order_and_the_next_begins_when_no_lay_is_left() -> None:
    factory = Factory(room(2), 0, orders=pieces_coming((0, 1_000), (5, 240)))
    play(factory, Edd())
    # 1,000 = 4 x 240 + 40; the rest takes 10 + 40 x 0.5 / 2 = 20 minutes
    assert lays_of(factory) == [
        (0, 0, 240, 0, 70),
        (0, 1, 240, 0, 70),
        (0, 0, 240, 70, 140),
        (0, 1, 240, 70, 140),
        (0, 0, 40, 140, 160),
        (1, 1, 240, 140, 210),
    ]
    # ready 30 minutes after the last lay
    assert column(factory.log(), "orders", "ready_min") - DAY == pytest.approx([190.0, 240.0])


def test_without_lays_a_table_cuts_an_order_as_a_whole() -> None:
    factory = Factory(
        room(2, replace(RULES, lays=False)), 0, orders=pieces_coming((0, 1_000), (5, 240), (6, 80))
    )
    play(factory, Edd())
    # 1,000 x 0.5 / 2 = 250 minutes; 240 on the other table: 60; then 80: 20
    assert lays_of(factory) == [(0, 0, 1_000, 0, 250), (1, 1, 240, 5, 65), (2, 1, 80, 65, 85)]
    assert column(factory.log(), "orders", "ready_min") - DAY == pytest.approx([250.0, 65.0, 85.0])


def test_without_lays_the_numbers_of_lays_mean_nothing(short, short_tables) -> None:
    strange = replace(RULES, lays=False, lay_min=500.0, lead_min=900.0)
    logs = [play(Factory(s, 1), AtcsMatch()) for s in (short, short.replace(cutting=strange))]
    assert fingerprint(logs[0]) == fingerprint(logs[1])


def test_an_order_begun_is_cut_before_a_more_urgent_one_that_comes_later() -> None:
    orders = pieces_coming((0, 480), (10, 240), (20, 240))
    orders[2] = replace(orders[2], due_min=5 * DAY)
    factory = Factory(room(1, rule="edd"), 0, orders=orders)
    play(factory, Edd())
    assert [row[0] for row in lays_of(factory)] == [0, 0, 2, 1]


@pytest.mark.slow
@settings(max_examples=60)
@given(
    orders=st.lists(st.tuples(st.integers(0, 300), st.integers(1, 1_500)), min_size=1, max_size=7),
    tables=st.integers(1, 4),
)
def test_the_room_equals_the_room_event_by_event(orders, tables) -> None:
    orders = sorted(orders, key=lambda pair: pair[0])
    plant, balances = built(tables)
    factory = Factory(plant, 0, orders=pieces_coming(*orders), tables=balances)
    while factory.advance() is not None:
        factory.answer(1)
    lengths = [[10.0 + 0.25 * size for size in lay_sizes(n, 240)] for _, n in orders]
    twin = PlainRoom([(m, by) for (m, _), by in zip(orders, lengths, strict=True)], tables)
    lays = lays_cut(factory)
    found = zip(lays["order"], lays["start_min"] - DAY, lays["end_min"] - DAY, strict=True)
    assert sorted(found) == [pytest.approx(row) for row in sorted(twin.spans)]
    # law 2: a table cuts one lay at a time
    for table in range(tables):
        here = lays["table"] == table
        by = np.argsort(lays["start_min"][here], kind="stable")
        start, end = lays["start_min"][here][by], lays["end_min"][here][by]
        assert (start[1:] >= end[:-1] - 1e-6).all()
    assert set(lays["table"].tolist()) <= set(range(tables))


def test_an_order_costs_as_many_events_in_twelve_lays_as_in_two() -> None:
    events = []
    for pieces in (480, 12 * 240):
        factory = Factory(room(2), 0, orders=pieces_coming((0, pieces)))
        env, count = factory.world.env, 0
        while env.peek() < DAY + 900.0:  # nobody answers the line
            env.step()
            count += 1
        assert factory.house.runs[0].is_ready
        assert len(factory.house.cutting.plans[0].pieces) == pieces // 240
        events.append(count)
    assert events[0] == events[1]


def test_an_order_that_waits_is_dropped_without_a_trace() -> None:
    factory = Factory(room(1), 0, orders=pieces_coming((0, 240), (0, 240), (0, 240)))
    run_to(factory, 10.0)
    assert factory.house.cutting.waiting == 2
    assert factory.house.cutting.drop(1)
    assert not factory.house.cutting.drop(1)
    assert begun_pieces(factory, 1) == 0
    run_to(factory, 500.0)
    assert lays_of(factory) == [(0, 0, 240, 0, 70), (2, 0, 240, 70, 140)]


def test_of_a_dropped_order_lays_begun_are_cut_to_their_end_and_the_others_are_not() -> None:
    factory = Factory(room(2), 0, orders=pieces_coming((0, 1_200), (5, 240)))
    run_to(factory, 100.0)
    cutting, run = factory.house.cutting, factory.house.runs[0]
    # lays 1 and 2 were done at 70, 3 and 4 are on the tables until 140, the fifth is not begun
    assert begun_pieces(factory, 0) == 4 * 240
    assert run.cut == 1_200
    assert not cutting.drop(0)
    assert begun_pieces(factory, 0) == run.cut == 4 * 240
    run_to(factory, 800.0)
    assert begun_pieces(factory, 0) == 4 * 240
    assert lays_of(factory)[2:] == [
        (0, 0, 240, 70, 140),
        (0, 1, 240, 70, 140),
        (1, 0, 240, 140, 210),
    ]
    assert run.ready_min != run.ready_min  # it never went on to the floor
    assert factory.house.runs[1].ready_min == pytest.approx(DAY + 240.0)


def test_a_table_still_at_the_order_before_a_dropped_one_is_free_when_that_is_done() -> None:
    factory = Factory(room(2), 0, orders=pieces_coming((0, 280), (0, 2_400), (50, 240)))
    run_to(factory, 60.0)
    # order 0: 240 on table 0 until 70, 40 on table 1 until 20; order 1 on table 1 from 20
    assert begun_pieces(factory, 1) == 240
    factory.house.cutting.drop(1)
    run_to(factory, 500.0)
    assert lays_of(factory) == [
        (0, 0, 240, 0, 70),
        (0, 1, 40, 0, 20),
        (1, 1, 240, 20, 90),
        (2, 0, 240, 70, 140),
    ]


@pytest.mark.parametrize(
    ("minute", "cut"),
    [
        (2.0, 0),  # order 1 waits for the table
        (80.0, 240),  # its first lay is on the table from 70 to 140
        (150.0, 480),  # and its second until 210
        (220.0, 480),  # all is cut, the lead time runs until 240
    ],
)
def test_of_an_order_cancelled_in_the_cutting_room_what_is_cut_is_scrapped(minute, cut) -> None:
    factory = Factory(room(1), 0, orders=pieces_coming((0, 240), (1, 480), (2, 240)))
    run_to(factory, minute)
    factory.cancel(1)
    run = factory.house.runs[1]
    run_to(factory, 900.0)
    assert (run.cut, run.scrapped, run.good) == (cut, cut, 0)
    assert run.ready_min != run.ready_min
    to_come = factory.to_come
    assert not to_come.may_ready(0)
    assert not to_come.may_ready(1)
    # the others are not hurt: the next lay follows on the one that was cut to its end
    assert factory.house.runs[0].ready_min == pytest.approx(DAY + 100.0)
    after = {0: 70.0, 240: 140.0, 480: 210.0}[cut]
    assert factory.house.runs[2].ready_min == pytest.approx(DAY + after + 100.0)


def test_an_order_with_all_lays_begun_leaves_the_tables_as_they_are_when_dropped() -> None:
    factory = Factory(room(2), 0, orders=pieces_coming((0, 280), (0, 240), (0, 240), (0, 240)))
    run_to(factory, 80.0)  # order 0 is in its lead time, orders 1 and 2 are on the tables
    factory.house.cutting.drop(0)
    run_to(factory, 500.0)
    assert lays_of(factory)[2:] == [
        (1, 1, 240, 20, 90),
        (2, 0, 240, 70, 140),
        (3, 1, 240, 90, 160),
    ]
    assert factory.house.runs[0].ready_min != factory.house.runs[0].ready_min


def test_a_small_plant_cuts_in_lays_and_keeps_every_piece() -> None:
    base = load_scenario("small", overrides={"cutting.lays": True, "cutting.lead_min": 60.0})
    rooms = replace(base.plant.rooms, cutting_tables=2, cutting_crew=5)
    factory = Factory(base.replace(plant=replace(base.plant, rooms=rooms)), 1)
    log = play(factory, AtcsMatch())
    orders, lays = log.tables["orders"], lays_cut(factory)
    laid = np.bincount(lays["order"], weights=lays["pieces"], minlength=orders["order"].shape[0])
    came = (orders["release_min"] > 0.0) & ~np.isnan(orders["ready_min"])
    assert came.sum() > 10
    np.testing.assert_array_equal(laid[came], orders["cut"][came])
    shipped = ~np.isnan(orders["shipped_min"])
    np.testing.assert_array_equal(
        (orders["good"] + orders["seconds"])[shipped], orders["cut"][shipped]
    )
    # law 2: at every start of a lay at most two are on the two tables, and now and then two are
    start, end = lays["start_min"], lays["end_min"]
    busy = [int(((start <= m) & (end > m + 1e-6)).sum()) for m in start]
    assert max(busy) == 2
    # ready 60 working minutes after the last lay
    shift_at = factory.world.shifts.shift_at
    for i in np.flatnonzero(came).tolist():
        last = shift_at(float(end[lays["order"] == i].max()))
        assert shift_at(float(orders["ready_min"][i])) - last == pytest.approx(60.0, abs=1e-6)


LIMIT = 0.5  # days of a line


def limited(rule: str = "edd", lays: bool = True) -> Scenario:
    """The small plant with a tight limit on cut work."""
    return load_scenario(
        "small",
        overrides={
            "flow.wip_limit_days": LIMIT,
            "flow.cutting_rule": rule,
            "cutting.lays": lays,
        },
    )


def most_ahead(factory: Factory) -> dict[bool, float]:
    """By group: most days of cut and waiting work per line at the minute an order was begun."""
    lays, orders = lays_cut(factory), factory.log().tables["orders"]
    begun = np.full(orders["order"].shape[0], np.inf)
    np.minimum.at(begun, lays["order"], lays["start_min"])
    here = np.where(orders["release_min"] <= 0.0, 0.0, begun)
    taken = np.where(np.isnan(orders["taken_min"]), np.inf, orders["taken_min"])
    days, knit = factory.house.planner.work_days, factory.tables.group_of
    group = knit[factory.book.style]
    lines = factory.tables.group_lines
    most = {}
    for is_knit in (True, False):
        ahead = [
            days[(group == is_knit) & (here < begun[i]) & (taken > begun[i])].sum()
            for i in np.flatnonzero((group == is_knit) & np.isfinite(begun))
        ]
        most[is_knit] = float(max(ahead) / (lines == is_knit).sum())
    return most


@pytest.mark.parametrize("lays", [True, False])
@pytest.mark.parametrize("rule", ["edd", "fifo", "agent"])
def test_no_order_is_begun_while_enough_is_cut(rule, lays) -> None:
    factory = Factory(limited(rule, lays), 1)
    log = play(factory, AtcsMatch())
    for days in most_ahead(factory).values():
        assert days < LIMIT
    assert (~np.isnan(log.tables["orders"]["shipped_min"])).sum() > 10


def test_without_a_limit_much_more_is_cut_ahead(small, small_tables) -> None:
    factory = Factory(small, 1, tables=small_tables)
    play(factory, AtcsMatch())
    assert all(days > 2 * LIMIT for days in most_ahead(factory).values())


class AlwaysHold:
    """Holds whenever it may."""

    def choose(self, decision) -> int:
        return HOLD if decision.can_hold else 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_limit_and_lines_that_hold_never_lock_each_other(seed) -> None:
    """While a line holds for work to come, the room must not wait for the line."""
    factory = Factory(limited(), seed)
    orders = play(factory, AlwaysHold()).tables["orders"]
    backlog = orders["release_min"] <= 0.0
    taken = ~np.isnan(orders["taken_min"])
    assert taken[backlog].all()
    assert taken[~backlog].sum() > 10


def days_ahead(factory: Factory, group: int) -> float:
    """Work of a group that is cut and waits for a line, or is being cut."""
    house, groups = factory.house, factory.tables.group_of[factory.book.style]
    being_cut = [
        plan.work_days
        for plan in house.cutting.plans.values()
        if groups[plan.run.order] == group and not plan.run.is_ready
    ]
    return house.floor.waiting_days(group) + sum(being_cut)


def test_a_policy_is_asked_only_about_orders_that_may_begin() -> None:
    factory = Factory(limited("agent"), 1)
    rule, asked = AtcsMatch(), 0
    group = factory.tables.group_of[factory.book.style]
    while (question := factory.advance()) is not None:
        if question.kind == "cutting":
            asked += 1
            for which in {int(group[o]) for o in question.orders}:
                days = days_ahead(factory, which)
                lines = (factory.tables.group_lines == which).sum()
                assert days == 0.0 or days < LIMIT * lines
        factory.answer(rule.choose(question))
    assert asked > 0


def test_a_room_held_back_goes_on_when_what_waits_is_cancelled() -> None:
    """The line does nothing, so only the cancellation can free the room."""
    toy = room(1)
    toy = toy.replace(flow=replace(toy.flow, wip_limit_days=0.01))
    # a line sews 240 pieces of 0.1 minutes in 24 minutes or more of its 1,440: above 0.01 days
    factory = Factory(toy, 0, orders=pieces_coming((0, 240), (5, 240), (6, 240)))
    run_to(factory, 300.0)
    assert factory.house.cutting.waiting == 2
    factory.cancel(0)
    assert factory.house.cutting.waiting == 1


def test_the_room_goes_on_in_the_minute_in_which_a_line_takes_what_waits() -> None:
    toy = room(1)
    toy = toy.replace(flow=replace(toy.flow, wip_limit_days=0.01))
    factory = Factory(toy, 0, orders=pieces_coming((0, 240), (5, 240), (6, 240)))
    play(factory, Edd())
    # 70 minutes on the table and 30 of lead: the line takes each order when it is ready, at 100,
    # and only then the next is begun
    assert [row[3] for row in lays_of(factory)] == [
        pytest.approx(0.0),
        pytest.approx(100.0),
        pytest.approx(200.0),
    ]


@pytest.mark.parametrize(
    "plies", [[["knit", 60]], [["knit", 60], ["woven", 80], ["knit", 40]], [["silk", 5]]]
)
def test_plies_are_given_once_for_each_fabric_group(plies) -> None:
    with pytest.raises(InputError, match=r"cutting.plies: must name each fabric group"):
        load_scenario("small", overrides={"cutting.plies": plies})
