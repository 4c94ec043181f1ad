"""Lots fall off a line's end one after the other; what has fallen stays as it was judged."""

from __future__ import annotations

from dataclasses import replace

from factory_env import load_scenario
from tests.sim.stations.one_line import Bench, one_operator, orders


def spoiling():
    """One piece a minute, and defects with the small plant's inspection station."""
    base = load_scenario("small", overrides={"inspection.station.enabled": True})
    return one_operator().replace(quality=base.quality, inspection=base.inspection)


def started(plant, pieces: int = 1000, minute: float = 0.0) -> Bench:
    bench = Bench(plant, orders(pieces))
    bench.cut(0)
    bench.take(0)
    bench.world.env.run(until=minute + 0.5)
    return bench


def test_every_piece_falls_off_in_a_lot_and_is_counted_once() -> None:
    bench = started(one_operator())
    part, run = bench.floor.lines[0].passes[0], bench.runs[0]
    assert [lot.number for lot in part.lots] == list(range(len(part.lots)))
    assert sum(lot.pieces for lot in part.lots) == 1000
    assert run.lots_open == len(part.lots)
    assert not any(lot.has_fallen for lot in part.lots)
    bench.world.env.run(until=2000.0)
    assert all(lot.has_fallen for lot in part.lots)
    assert [lot.sewn_min for lot in part.lots] == sorted(lot.sewn_min for lot in part.lots)
    assert bench.through == part.lots


def test_counts_of_the_order_are_those_of_its_lots() -> None:
    bench = started(spoiling())
    part, run = bench.floor.lines[0].passes[0], bench.runs[0]
    assert run.defective > 0
    assert run.defective == sum(lot.found.defective for lot in part.lots)
    assert run.seconds == sum(lot.found.seconds for lot in part.lots)
    assert run.repaired == sum(lot.found.repaired for lot in part.lots)
    assert run.false_alarms == sum(lot.found.false_alarms for lot in part.lots)
    assert all(lot.good == lot.pieces - lot.found.seconds for lot in part.lots)


def test_when_a_pass_is_done_again_fallen_lots_stay_and_the_others_are_void() -> None:
    bench = started(one_operator(), minute=450.0)
    only, run = bench.floor.lines[0], bench.runs[0]
    before = list(only.passes[0].lots)
    fallen = [lot for lot in before if lot.has_fallen]
    assert len(fallen) == 450 // bench.world.scenario.flow.lot_pieces
    only.cut(run)
    after = only.passes[0].lots
    assert after[: len(fallen)] == fallen
    assert all(lot.is_void for lot in before[len(fallen) :])
    assert not set(map(id, after[len(fallen) :])) & set(map(id, before))
    assert run.lots_open == len(after)  # none has been packed
    bench.world.env.run(until=3000.0)
    assert bench.through == after  # void lots never reach the gate


def test_the_doors_count_pieces_off_the_line_and_lots_to_the_gate() -> None:
    bench = started(one_operator(), pieces=500)
    seen: dict[str, int] = {}

    def count(place: str, more: int, now_min: float) -> None:
        seen[place] = seen.get(place, 0) + more

    bench.world.recorder.tell(count)
    bench.world.env.run(until=1000.0)
    assert seen["line"] == -500
    assert seen["gate"] == len(bench.through)


def test_an_evening_of_overtime_spoils_more_of_what_leaves_in_it() -> None:
    base = load_scenario(
        "small",
        overrides={"inspection.station.enabled": True, "overtime.mode": "plan"},
    )
    plant = spoiling().replace(calendar=base.calendar, overtime=base.overtime)
    causes = replace(plant.inspection.station.causes, overtime_factor=3.0)
    station = replace(plant.inspection.station, causes=causes)
    plant = plant.replace(inspection=replace(plant.inspection, station=station))
    bench = started(plant, pieces=3000, minute=600.0)
    only, run = bench.floor.lines[0], bench.runs[0]
    before = [lot.found.defective for lot in only.passes[0].lots]
    only.stay(0, 120.0)
    after = [lot.found.defective for lot in only.passes[0].lots]
    # the lots of this evening, and no others, meet the factor
    changed = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    evening = base.calendar.shift_min
    assert changed
    assert run.defective == sum(after) > sum(before)
    sewn = only.passes[0].result.done
    assert sewn.max() > evening + 120.0
