"""Numbers of a user's table: a column settles what its marks mean, or says that it cannot."""

from __future__ import annotations

import math

import pytest

from factory_env.door.tables.cell_number import read_cell
from factory_env.door.tables.number_column import agree_decimal, read_numbers
from factory_env.door.tables.table import TypedNumber


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1020", 1020.0),
        ("2,60", 2.6),
        ("2.60", 2.6),
        ("0.677", 0.677),  # no thousands begin with 0
        ("1234.567", 1234.567),  # nor with four digits
        ("1.234,50", 1234.5),
        ("1,234.50", 1234.5),
        ("12,34,567.5", 1234567.5),  # lakh
        ("1.000.000", 1e6),
        ("1 000", 1000.0),
        ("1\u202f000,5", 1000.5),
        ("1'000.50", 1000.5),
        ("€ 2.60", 2.6),
        ("1000,-", 1000.0),
        ("(5)", -5.0),
        ("5-", -5.0),
        ("\u22125", -5.0),
        ("1.02E+03", 1020.0),
        ("75 %", 75.0),
        ("350 pcs", 350.0),
    ],
)
def test_a_cell_that_means_one_number_is_read_so(text: str, value: float) -> None:
    cell = read_cell(text)
    assert cell is not None
    assert cell.value == value


@pytest.mark.parametrize(
    "text", ["abc", "1.2.3", "1,2,3", "nan", "inf", "1_000", "0x10", "1 2 3", "12:30", "5e400", ""]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_cell(text) is None


def test_a_mark_before_three_digits_is_unclear_where_nothing_settles_it() -> None:
    column = read_numbers(["1.000", "3.000", "500"])
    assert column.unclear == (0, 1)
    assert column.values[2] == 500.0


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1.000", "1.000.000"], [1000.0, 1e6]),
        (["1.000", "2,5"], [1000.0, 2.5]),
        (["1,000", "2,5"], [1.0, 2.5]),
        (["860.000", "1020.000"], [860.0, 1020.0]),  # three decimals, as some systems export
        (["860,000", "1.020,000"], [860.0, 1020.0]),
        (["1,000", "0.5"], [1000.0, 0.5]),
    ],
)
def test_the_other_cells_of_a_column_settle_it(texts: list[str], values: list[float]) -> None:
    column = read_numbers(texts, is_whole=True)
    assert column.values.tolist() == values
    assert column.unclear == ()


def test_other_columns_may_make_a_mark_one_of_thousands_but_not_of_a_fraction_of_a_piece() -> None:
    prices = ["2,60", "4,00"]
    assert agree_decimal([prices, ["1.000"]]) == "comma"
    assert read_numbers(["1.000"], others="comma", is_whole=True).values.tolist() == [1000.0]
    assert read_numbers(["1.000"], others="point", is_whole=True).unclear == (0,)
    assert read_numbers(["1.250"], others="point").values.tolist() == [1.25]


def test_the_user_has_the_last_word() -> None:
    assert read_numbers(["1.000"], decimal="comma", is_whole=True).values.tolist() == [1000.0]
    assert read_numbers(["1.000"], decimal="point", is_whole=True).values.tolist() == [1.0]


def test_columns_that_disagree_settle_nothing() -> None:
    assert agree_decimal([["2,60"], ["22.5"]]) is None
    assert read_numbers(["2,60", "2.60", "1.000"]).unclear == (2,)


def test_a_number_of_a_workbook_is_never_unclear() -> None:
    column = read_numbers([TypedNumber("1.125"), TypedNumber("1000")])
    assert column.values.tolist() == [1.125, 1000.0]
    assert column.decimal is None  # how a workbook stores numbers says nothing about typed ones


def test_blanks_and_words_are_told_apart() -> None:
    column = read_numbers(["", "NA", "many", "7"])
    assert column.wrong == (2,)
    assert column.is_blank.tolist() == [True, True, False, False]
    assert math.isnan(column.values[0])


def test_units_are_counted() -> None:
    column = read_numbers(["75%", "80 %", "90"])
    assert column.units == {"%": 2, "": 1}
    assert column.unit_of == ("%", "%", "")
