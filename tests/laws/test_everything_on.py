"""The laws hold with everything on: conservation, capacity, states, cost, common luck, answers."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.rules.edd import Edd
from agents.rules.spt import Spt
from factory_env import Factory, load_scenario
from factory_env.kpi.cost import WAGES_WITHIN, cost_table, table_total
from factory_env.kpi.delivery import customer_orders
from factory_env.kpi.states import STATES
from factory_env.kpi.table import kpis
from tests.play import fingerprint, play

# twice the changes of `rough`, so that every kind occurs on the small plant
LOUD = {
    "flow.split_days": 1.0,
    "demand.max_line_days": 3.0,
    "disruptions.changes.share": 0.3,
    "disruptions.changes.cancel_share": 0.1,
    "people": "scenario",
    "overtime.mode": "plan",
}


@pytest.fixture(scope="module")
def loud():
    return load_scenario("small", "real", LOUD, "rough")


@pytest.fixture(scope="module")
def factory(loud) -> Factory:
    """A played factory; its log is ``factory.log()``."""
    found = Factory(loud, 4, record_operations=True)
    play(found, AtcsMatch())
    return found


@pytest.fixture(scope="module")
def log(factory):
    return factory.log()


def test_every_kind_of_disruption_has_happened(log) -> None:
    kinds = set(log.tables["events"]["kind"].tolist())
    assert kinds >= {"line stop", "outage", "fabric late", "quantity", "due date", "cancelled"}
    assert log.tables["orders"]["is_rush"].sum() > 0
    assert log.tables["orders"]["audits"].sum() > 10
    assert log.tables["line_days"]["overtime_min"].sum() > 0
    assert (log.tables["states"]["down_min"] > 0).all()


def test_cut_pieces_are_shipped_seconds_scrapped_or_in_process(factory, log) -> None:
    orders, lots = log.tables["orders"], log.tables["lots"]
    n = orders["order"].shape[0]
    shipped = ~np.isnan(orders["shipped_min"])
    np.testing.assert_array_equal(
        (orders["good"] + orders["seconds"])[shipped], orders["cut"][shipped]
    )
    cancelled = ~np.isnan(orders["cancelled_min"])
    taken = ~np.isnan(orders["taken_min"])
    assert (cancelled & taken).sum() >= 1  # one was cut short on its line
    # a cancelled order's pieces are scrapped unsewn or finish as lots that nobody buys
    inside = np.zeros(n)
    for line in factory.lines:
        for part in line.passes:
            inside[part.run.order] += sum(lot.pieces for lot in part.lots)
    np.testing.assert_array_equal(inside[taken], (orders["cut"] - orders["scrapped"])[taken])
    untaken = cancelled & ~taken
    np.testing.assert_array_equal(orders["scrapped"][untaken], orders["cut"][untaken])
    packed = np.bincount(lots["order"], weights=lots["pieces"], minlength=n)
    assert (packed <= orders["cut"] - orders["scrapped"]).all()


def test_an_order_is_shipped_or_cancelled_but_not_both(log) -> None:
    orders = log.tables["orders"]
    shipped, cancelled = ~np.isnan(orders["shipped_min"]), ~np.isnan(orders["cancelled_min"])
    assert cancelled.sum() >= 2
    assert not (shipped & cancelled).any()


def test_parts_leave_together_and_count_as_one_order(log) -> None:
    orders = log.tables["orders"]
    parents = [p for p in set(orders["parent"].tolist()) if p]
    assert len(parents) > 5
    for parent in parents:
        mine = orders["parent"] == parent
        assert mine.sum() >= 2
        assert len(set(np.nan_to_num(orders["shipped_min"][mine], nan=-1.0).tolist())) == 1
    counted = customer_orders(log.tables["orders"])
    kept = np.isnan(orders["cancelled_min"])
    whole = {p or i for p, i in zip(orders["parent"][kept], orders["order_id"][kept], strict=True)}
    assert counted["due_min"].shape[0] == len(whole)
    assert counted["quantity"].sum() == orders["quantity"][kept].sum()


def test_states_of_every_operator_fill_the_run(log) -> None:
    states = log.tables["states"]
    total = sum(states[f"{name}_min"] for name in STATES)
    np.testing.assert_allclose(total, log.end_min, rtol=1e-9)
    for name in STATES:
        assert (states[f"{name}_min"] >= -1e-6).all(), name


def test_sewing_time_in_the_states_equals_the_operations_on_record(factory, log) -> None:
    # the operations table is written from start and end of each bundle at each station; the
    # states from sums inside the compiled pass: two ways to the same minutes
    states, ops = log.tables["states"], factory
    for line in ops.lines:
        here = states["line"] == line.number
        busy = (states["work_min"] + states["learning_min"])[here].sum()
        clock = line.clock
        lost = clock.lost_now()
        present = clock.shift_now - sum(
            lost.get(k, 0.0) for k in ("attendance", "stop", "outage", "blocked")
        )
        work = 0.0
        for part in line.passes:
            done = part.result.end <= clock.now
            stop = part.job.stop if part.job.stop.shape[0] else 0.0 * done
            change = part.job.change if part.job.change.shape[0] else 0.0 * done
            work += ((part.result.end - part.result.start - stop - change) * done).sum()
        # operations cut off by the end of the run are in the states only: a few bundles
        assert busy == pytest.approx(work * present / clock.now, rel=0.02)


def test_cost_parts_add_up_and_air_replaces_lateness(loud, log) -> None:
    orders = log.tables["orders"]
    charged = orders["late_usd"].sum()
    assert log.cost_usd["lateness"] + log.cost_usd["air"] == pytest.approx(charged, rel=1e-9)
    air = orders["by_air"] > 0
    assert log.cost_usd["air"] >= orders["late_usd"][air].sum() - 1e-6
    table = cost_table(log)
    assert table_total(table) == pytest.approx(
        sum(v for k, v in table.items() if k not in WAGES_WITHIN)
    )
    assert kpis(log)["total_cost_usd"] == pytest.approx(sum(log.cost_usd.values()))
    # seconds sell at 30 %: 70 % of the price is lost on each, once the order has left
    shipped = ~np.isnan(orders["shipped_min"])
    usd = (orders["seconds"] * orders["price_usd"] * 0.7)[shipped].sum()
    assert log.cost_usd["seconds"] == pytest.approx(usd, rel=1e-9)
    cancelled = ~np.isnan(orders["cancelled_min"])
    usd = (orders["cut"] * orders["price_usd"] * 0.6)[cancelled].sum()
    assert log.cost_usd["cancelled"] == pytest.approx(usd, rel=1e-9)


def test_equal_runs_give_equal_logs(loud, log) -> None:
    again = Factory(loud, 4, record_operations=True)
    assert fingerprint(play(again, AtcsMatch())) == fingerprint(log)


def test_policies_share_the_disruptions(loud, log) -> None:
    other = play(Factory(loud, 4), Spt())
    for kind in ("line stop", "outage", "fabric late"):
        rows = []
        for run in (log, other):
            events = run.tables["events"]
            mine = events["kind"] == kind
            end = min(log.end_min, other.end_min) - 1440.0
            keep = mine & (events["start_min"] < end)
            columns = (events[name][keep].tolist() for name in ("line", "order", "start_min"))
            rows.append(sorted(zip(*columns, strict=True)))
        assert rows[0] == rows[1], kind
    a, b = (run.tables["attendance"] for run in (log, other))
    days = min(a["day"].max(), b["day"].max())
    np.testing.assert_array_equal(
        a["present_share"][a["day"] <= days], b["present_share"][b["day"] <= days]
    )


def test_times_never_run_back(log) -> None:
    orders = log.tables["orders"]
    done = ~np.isnan(orders["shipped_min"])
    names = ("release_min", "ready_min", "taken_min", "loaded_min", "sewn_min", "shipped_min")
    times = np.stack([orders[name][done] for name in names])
    assert (np.diff(times, axis=0) >= 0.0).all()
    assert (orders["release_min"] >= orders["promised_min"] - 1e-9).all()


@pytest.mark.parametrize("level", ["calm", "normal", "rough"])
@pytest.mark.parametrize("seed", range(3))
def test_every_level_runs_to_its_end_under_another_rule(level, seed) -> None:
    scenario = load_scenario("small", "real", {"people": "scenario"}, level)
    found = kpis(play(Factory(scenario, seed), Edd()))
    assert found["shipped_orders"] > 5


def test_worse_disruptions_cost_more(small) -> None:
    totals = []
    for level in ("calm", "normal", "rough"):
        scenario = load_scenario("small", "real", {"people": "scenario"}, level)
        runs = [kpis(play(Factory(scenario, seed), AtcsMatch())) for seed in range(4)]
        totals.append(np.mean([run["tardiness_cost_usd"] + run["air_cost_usd"] for run in runs]))
    assert totals[0] < totals[1] < totals[2]
