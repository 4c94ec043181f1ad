"""A floor as it stands: what may be written, and every contradiction to plant and book at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from factory_env.domain.floor_state import FloorState
from factory_env.door.floor_cells import FloorGround
from factory_env.door.floor_door import read_floor_file
from factory_env.errors import InputError
from tests.laws.tiny_plant import order

HEADER = "place,line,order,style,left,learned,present,since\n"
NOW = "now,,,,,,,day 3 10:00\n"


def ground() -> FloorGround:
    """Two lines, of which the second cannot sew shirts; the fabric of D comes on day 5."""
    orders = [
        order("A", "tee", 1000, 20.0, 1.0),
        order("B", "tee", 500, 20.0, 1.0),
        order("C", "shirt", 500, 20.0, 1.0),
        order("D", "tee", 500, 20.0, 1.0, release_days=5.0),
        replace(order("E/1", "tee", 50, 20.0, 1.0), parent="E"),
        replace(order("E/2", "tee", 50, 20.0, 1.0), parent="E"),
    ]
    return FloorGround(
        lines=["L1", "L2"],
        operators=[30, 20],
        orders=orders,
        cut=[1030, 515, 515, 515, 52, 52],
        styles={"tee": 0, "shirt": 1},
        can_sew=np.array([[True, True], [True, False]]),
        rooms={"tee": ("packing",), "shirt": ("pressing", "packing")},
        tables=2,
        first_day=None,
        end_min=20 * 1440.0,
    )


def read(folder: Path, rows: str) -> FloorState:
    """The floor of some rows."""
    path = folder / "today.csv"
    path.write_text(HEADER + rows)
    return read_floor_file(path, ground())


def faults(folder: Path, rows: str) -> set[tuple[int, str]]:
    """Line and field of every problem of some rows."""
    with pytest.raises(InputError) as error:
        read(folder, rows)
    return {(int(p.where.rpartition(":")[2]), p.field) for p in error.value.problems}


def test_a_planners_floor_is_read(tmp_path: Path) -> None:
    rows = NOW + "sewing,l1,A,,400,,,\nline,L1,,tee,,80%,27,\ncut,,C,,,,,day 2 9:00\n"
    floor = read(tmp_path, rows + "cut,,E,,,,,\nfinished,L2,B,,120,,,\n")
    assert floor.at_min == 3 * 1440.0 + 600.0
    assert [(sewn.order_id, sewn.left, sewn.unpacked) for sewn in floor.sewn] == [
        ("A", 400, None),
        ("B", 0, 120),
    ]
    assert (floor.lines[0].learned, floor.lines[0].present) == (0.8, 0.9)
    assert [cut.order_id for cut in floor.cut] == ["C", "E/1", "E/2"]


def test_every_contradiction_is_named_at_once(tmp_path: Path) -> None:
    rows = NOW + (
        "sewing,L9,A,,400,,,\n"  # 3: no such line
        "sewing,L2,C,,400,,,\n"  # 4: the line cannot sew it
        "sewing,L1,B,,516,,,\n"  # 5: more pieces than the order, with its extra cut
        "cut,,B,,,,,\n"  # 6: a second time
        "cut,,D,,,,,\n"  # 7: its fabric has not come
        "line,L1,,wool,,150,31,\n"  # 8: no such style, no share, more people than the line has
        "cut,,X,,,,,day 4 9:00\n"  # 9: no such order, and after the floor's minute
        "late,,A,,,,,day 2\n"  # 10: a second time, and a day that is past
        "lying,L1,,,,,,\n"  # 11: no kind of row
    )
    assert faults(tmp_path, rows) >= {
        (3, "line"),
        (4, "line"),
        (5, "left"),
        (6, "order"),
        (7, "order"),
        (8, "style"),
        (8, "learned"),
        (8, "present"),
        (9, "order"),
        (9, "since"),
        (10, "order"),
        (10, "since"),
        (11, "place"),
    }


def test_the_style_in_hand_is_that_of_the_order(tmp_path: Path) -> None:
    rows = NOW + "sewing,L1,A,,400,,,\nline,L1,,shirt,,,,\n"
    assert faults(tmp_path, rows) == {(4, "style")}


@pytest.mark.parametrize("rows", ["", "now,,,,,,,\n", NOW + NOW, "now,,,,,,,day 40 10:00\n"])
def test_the_minute_is_said_once_and_lies_within_the_run(tmp_path: Path, rows: str) -> None:
    assert faults(tmp_path, rows + "cut,,A,,,,,\n")


def test_a_part_has_to_be_named_where_a_line_sews_it(tmp_path: Path) -> None:
    assert faults(tmp_path, NOW + "sewing,L1,E,,40,,,\n") == {(3, "order")}
