"""Answers as rows of the log: what is kept, copied, refused and compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

from factory_env.domain.answers import (
    NUMBERED,
    answer_tables,
    check_structured,
    check_whole,
    numbered_row,
    structured_row,
)
from factory_env.errors import IllegalAnswer

ASKED = SimpleNamespace(serial=4, kind="dispatch", now_min=75.5, asker=2)
BUY = SimpleNamespace(serial=5, kind="buy", now_min=80.0, asker=-1)


@dataclass(frozen=True)
class Amounts:
    """A structured answer."""

    metres: np.ndarray
    supplier: str = "mill"
    days: int = 3


def test_a_numbered_row_reads_like_the_table_of_decisions() -> None:
    row = numbered_row(ASKED, np.int64(2), choices=3, order=17.0)
    table = answer_tables([row])[NUMBERED]
    assert {name: column.tolist() for name, column in table.items()} == {
        "serial": [4],
        "kind": ["dispatch"],
        "now_min": [75.5],
        "asker": [2],
        "choices": [3],
        "answer": [2],
        "order": [17.0],
    }


def test_rows_without_an_order_are_the_same_although_nan_is_not() -> None:
    one, other = (numbered_row(ASKED, 0, choices=3) for _ in range(2))
    assert one.values["order"] != other.values["order"]
    assert one.is_same(other)
    assert not one.is_same(numbered_row(ASKED, 0, choices=4))
    assert not one.is_same(replace(one, asker=1))


def test_a_structured_row_holds_a_copy_that_nobody_can_change() -> None:
    metres = np.array([1.0, 2.0])
    row = structured_row(BUY, Amounts(metres))
    metres[0] = 9.0
    assert row.values["metres"].tolist() == [1.0, 2.0]
    assert row.table == "answers_buy"
    with pytest.raises(ValueError, match="read-only"):
        row.values["metres"][0] = 9.0
    assert not row.is_same(structured_row(BUY, Amounts(metres)))


def test_arrays_of_two_dimensions_are_no_answer() -> None:
    with pytest.raises(ValueError, match=r"one dimension, got shape \(2, 2\)"):
        structured_row(BUY, Amounts(np.zeros((2, 2))))


def test_a_kinds_table_has_a_column_a_field_and_one_dtype_for_its_arrays() -> None:
    rows = [
        structured_row(BUY, Amounts(np.array([1, 2]))),
        structured_row(SimpleNamespace(**{**vars(BUY), "serial": 6}), Amounts(np.array([0.5]))),
    ]
    tables = answer_tables(rows)
    assert list(tables) == [NUMBERED, "answers_buy"]
    table = tables["answers_buy"]
    assert list(table) == ["serial", "now_min", "asker", "metres", "supplier", "days"]
    assert table["serial"].tolist() == [5, 6]
    assert [m.dtype.kind for m in table["metres"]] == ["f", "f"]
    assert table["metres"][1].tolist() == [0.5]
    assert table["days"].tolist() == [3, 3]


def test_a_row_kept_elsewhere_makes_no_table() -> None:
    row = replace(structured_row(BUY, Amounts(np.zeros(1))), table=None)
    assert list(answer_tables([row])) == [NUMBERED]


@pytest.mark.parametrize("answer", [True, 1.0, "1", None, np.float64(1)])
def test_only_whole_numbers_are_whole(answer) -> None:
    check_whole(ASKED, np.int32(1), 3)
    with pytest.raises(
        IllegalAnswer, match="dispatch 4: answer must be a whole number from 0 to 3"
    ):
        check_whole(ASKED, answer, 3)


def test_an_answer_of_another_kind_is_refused() -> None:
    check_structured(BUY, Amounts(np.zeros(1)), Amounts)
    with pytest.raises(IllegalAnswer, match="buy 5: answer must be of Amounts, got 3"):
        check_structured(BUY, 3, Amounts)
