"""A floor goes out as a table and comes in again; a planner's short one will do as well."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from agents.rules.edd import Edd
from experiments.building.floor_file import begin_with_floor
from experiments.report.plans.floor_sheet import write_floor
from factory_env import Factory, Scenario, load_scenario
from factory_env.sim.run import read_floor
from tests.laws.test_floor_equal import SHORT, book_of, scenario_of, ships
from tests.play import column, play

DAY = 1440.0
AT = 5 * DAY + 600.0
MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def calm() -> Scenario:
    """Nothing happens by luck."""
    return scenario_of()


@pytest.mark.parametrize("first_day", [None, MONDAY])
@pytest.mark.parametrize("name", ["floor.csv", "floor.xlsx"])
def test_a_floor_comes_back_from_its_file(
    calm: Scenario, first_day: date | None, name: str, tmp_path: Path
) -> None:
    factory = Factory(calm, 3, orders=book_of(calm, 3))
    whole = ships(play(factory, Edd()))
    floor = read_floor(factory.past, AT)
    names = [line.name for line in calm.plant.lines]
    write_floor(floor, names, first_day, tmp_path)
    back, left = begin_with_floor(str(tmp_path / name), factory, first_day)
    assert back.sewn[0].free_min == floor.sewn[0].free_min
    assert back.lots == floor.lots
    later = ships(play(Factory(calm, 3, orders=left, floor=back), Edd()))
    wanted = [whole[order] for order in later]
    np.testing.assert_allclose(list(later.values()), wanted, rtol=0.0, atol=1e-6)


def begun(folder: Path, scenario: Scenario, rows: str) -> Factory:
    """A run of seed 3 that begins with the floor of some rows."""
    path = folder / "today.csv"
    path.write_text("place,line,order,left,learned,present,since\nnow,,,,,,day 5 10:00\n" + rows)
    plain = Factory(scenario, 3, orders=book_of(scenario, 3))
    floor, left = begin_with_floor(str(path), plain, None)
    return Factory(scenario, 3, orders=left, floor=floor)


@pytest.fixture(scope="module")
def first(calm: Scenario) -> tuple[str, str, int]:
    """Line, order and cut pieces of the first order that some line sews in a run."""
    log = play(Factory(calm, 3, orders=book_of(calm, 3)), Edd())
    order = int(np.nanargmin(column(log, "orders", "taken_min")))
    line = log.lines[int(column(log, "orders", "line")[order])]
    return (
        line,
        str(column(log, "orders", "order_id")[order]),
        int(column(log, "orders", "cut")[order]),
    )


def test_the_pieces_left_come_off_the_line_from_today_on(
    calm: Scenario, first: tuple[str, str, int], tmp_path: Path
) -> None:
    line, order, cut = first
    left = cut // 2
    log = play(begun(tmp_path, calm, f"sewing,{line},{order},{left},,,\n"), Edd())
    row = column(log, "orders", "order_id").tolist().index(order)
    lots = column(log, "lots", "order") == row
    sewn, pieces = column(log, "lots", "sewn_min")[lots], column(log, "lots", "pieces")[lots]
    assert pieces.sum() == cut
    assert left <= pieces[sewn >= AT].sum() < left + calm.flow.lot_pieces
    assert column(log, "orders", "taken_min")[row] < AT < column(log, "orders", "shipped_min")[row]
    assert column(log, "orders", "good")[row] == cut


def test_fewer_pieces_left_ship_sooner(
    calm: Scenario, first: tuple[str, str, int], tmp_path: Path
) -> None:
    line, order, cut = first
    when = [
        ships(play(begun(tmp_path, calm, f"sewing,{line},{order},{left},,,\n"), Edd()))[order]
        for left in (cut, cut // 2, 0)
    ]
    assert AT <= when[2] < when[1] < when[0]


def test_nothing_happens_before_the_minute_of_the_floor(calm: Scenario, tmp_path: Path) -> None:
    log = play(begun(tmp_path, calm, ""), Edd())
    assert log.finished
    assert column(log, "decisions", "now_min").min() >= AT
    assert column(log, "orders", "ready_min").min() >= AT


def test_people_who_are_away_today_slow_the_line_today(
    first: tuple[str, str, int], tmp_path: Path
) -> None:
    scenario = load_scenario("small", overrides=SHORT)
    line, order, cut = first
    when = [
        ships(
            play(
                begun(
                    tmp_path,
                    scenario,
                    f"sewing,{line},{order},{cut // 2},,,\nline,{line},,,,{share},\n",
                ),
                Edd(),
            )
        )[order]
        for share in ("100%", "50%")
    ]
    assert when[0] < when[1]
