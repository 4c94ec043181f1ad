"""A planner's plan: what may be written, and every fault of it at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from factory_env.door.plan_door import PlanGround, read_plan
from factory_env.errors import InputError
from tests.laws.tiny_plant import order

MONDAY = date(2026, 3, 2)
HEADER = "order,line,sequence,start,pinned\n"


def ground(first_day: date | None = None) -> PlanGround:
    """Two lines, of which the second cannot sew C."""
    names = ("A", "B", "C", "D/1", "D/2")
    orders = [
        replace(order(name, "tee", 100, 5.0, 100.0), parent="D" if "/" in name else "")
        for name in names
    ]
    can_sew = np.ones((2, 5), dtype=np.bool_)
    can_sew[1, 2] = False
    return PlanGround(
        lines=["L1", "L2"], orders=orders, can_sew=can_sew, first_day=first_day, end_min=14400.0
    )


def written(folder: Path, text: str) -> Path:
    """A plan in a file."""
    path = folder / "plan.csv"
    path.write_text(text)
    return path


def faults(folder: Path, text: str, first_day: date | None = None) -> list[tuple[str, str]]:
    """Line and field of every problem of a plan."""
    with pytest.raises(InputError) as error:
        read_plan(written(folder, text), ground(first_day))
    return [(p.where.rpartition(":")[2], p.field) for p in error.value.problems]


def test_a_plan_is_read_in_its_sequence(tmp_path: Path) -> None:
    text = HEADER + "A,L1,2,day 1 10:00,yes\nB,l1,1,,no\n"
    first, second = read_plan(written(tmp_path, text), ground())
    assert (first.order_id, first.place, first.is_pinned, first.start_min) == ("B", 1, False, None)
    assert (second.order_id, second.place, second.start_min) == ("A", 2, 2040.0)


def test_without_a_sequence_starts_say_it(tmp_path: Path) -> None:
    text = "PO No,Line,Start\nA,L1,2026-03-04 10:00\nB,L1,2026-03-03\n"
    steps = read_plan(written(tmp_path, text), ground(MONDAY))
    assert [step.order_id for step in steps] == ["B", "A"]
    assert [step.start_min for step in steps] == [1440.0, 3480.0]


def test_an_order_stands_for_its_parts(tmp_path: Path) -> None:
    steps = read_plan(written(tmp_path, "order,line\nD,L2\nA,L2\n"), ground())
    assert [(step.order_id, step.place) for step in steps] == [("D/1", 1), ("D/2", 2), ("A", 3)]


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    text = HEADER + (
        "A,L9,1,,yes\n"  # 2: no such line
        "X,L1,1,,yes\n"  # 3: no such order
        "C,L2,1,,maybe\n"  # 4: the line cannot sew it, and no yes or no
        "A,L1,2,day 99 10:00,yes\n"  # 5: a second time, and after the end
        "B,L1,two,noon,yes\n"  # 6: neither a place nor a time
    )
    said = set(faults(tmp_path, text))
    assert {("2", "line"), ("3", "order"), ("4", "line"), ("4", "pinned")} <= said
    assert {("5", "order"), ("5", "start"), ("6", "sequence"), ("6", "start")} <= said


def test_orders_that_have_left_the_house_say_nothing(tmp_path: Path) -> None:
    text = "order,line\nZ,L1\nA,L1\n"
    steps = read_plan(written(tmp_path, text), replace(ground(), gone=("Z",)))
    assert [step.order_id for step in steps] == ["A"]


def test_part_and_whole_are_the_same_order_twice(tmp_path: Path) -> None:
    assert faults(tmp_path, "order,line\nD/1,L1\nD,L2\n") == [("3", "order")]


def test_two_orders_have_no_one_place(tmp_path: Path) -> None:
    assert faults(tmp_path, HEADER + "A,L1,1,,\nB,L1,1,,\n") == [("3", "sequence")]


def test_a_start_before_that_of_the_order_ahead_is_refused(tmp_path: Path) -> None:
    text = HEADER + "A,L1,1,day 3 10:00,yes\nB,L1,2,day 2 10:00,yes\n"
    assert faults(tmp_path, text) == [("3", "start")]


def test_dates_need_a_run_with_dates(tmp_path: Path) -> None:
    assert faults(tmp_path, HEADER + "A,L1,1,2026-03-03 10:00,yes\n") == [("2", "start")]


def test_a_file_without_the_columns_says_which(tmp_path: Path) -> None:
    assert {field for _, field in faults(tmp_path, "a,b\n1,2\n")} == {"order", "line"}
