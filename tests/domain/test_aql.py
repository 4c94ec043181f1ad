"""AQL plans equal the table of the domain reference; acceptance is binomial."""

from __future__ import annotations

import pytest
from scipy.stats import binom

from factory_env.domain.aql import AQLS, LETTERS, plan

# domain reference, section 9: largest lot, sample, acceptance numbers at 1.0 1.5 2.5 4.0 6.5;
# a letter means "use that letter", with its sample
SECTION_9 = [
    (280, 32, ("H", 1, 2, 3, 5)),
    (500, 50, (1, 2, 3, 5, 7)),
    (1_200, 80, (2, 3, 5, 7, 10)),
    (3_200, 125, (3, 5, 7, 10, 14)),
    (10_000, 200, (5, 7, 10, 14, 21)),
    (35_000, 315, (7, 10, 14, 21, "L")),
    (150_000, 500, (10, 14, 21, "M", "L")),
]
ARROWS = {("H", 0): (50, 1), ("L", 4): (200, 21), ("M", 3): (315, 21)}


@pytest.mark.parametrize("column", range(5))
@pytest.mark.parametrize(("largest", "sample", "cells"), SECTION_9)
def test_a_plan_is_that_of_the_reference_up_to_the_last_lot_of_its_row(
    largest, sample, cells, column
) -> None:
    cell = cells[column]
    expected = ARROWS[(cell, column)] if isinstance(cell, str) else (sample, cell)
    assert plan(largest, AQLS[column]) == expected
    assert plan(largest - 1, AQLS[column]) == expected


def test_one_piece_more_takes_the_next_row() -> None:
    samples = [row[1] for row in SECTION_9]
    assert [plan(row[0] + 1, "2.5")[0] for row in SECTION_9[:-1]] == samples[1:]
    assert plan(151, "2.5") == (32, 2)


@pytest.mark.parametrize(
    ("lot", "aql", "expected"),
    [
        (8, "6.5", (2, 0)),  # letter A
        (8, "4.0", (3, 0)),  # A points down to B
        (15, "6.5", (2, 0)),  # B points up to A
        (25, "6.5", (8, 1)),  # C points down to D
        (90, "1.0", (13, 0)),  # letter E
        (150, "1.0", (13, 0)),  # F points up to E
        (150, "1.5", (32, 1)),  # F points down to G
        (150, "2.5", (20, 1)),  # letter F
    ],
)
def test_small_lots_take_the_letters_of_the_standard(lot, aql, expected) -> None:
    assert plan(lot, aql) == expected


def test_a_lot_not_larger_than_its_sample_is_looked_at_piece_by_piece() -> None:
    assert plan(10, "1.0") == (10, 0)  # B points to E: 13 pieces, but there are 10 only
    assert plan(1, "6.5") == (1, 0)


def test_a_lot_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="1 piece or more, got 0"):
        plan(0, "2.5")


def test_an_arrow_points_to_the_nearest_letter_that_has_a_number() -> None:
    """Section 9 gives five arrows; the standard's rule gives them all, those of A to F and P too.

    Below the first number of a column (0) the arrow points down, right after it up, then down
    once; below 21, the last number, it points up.
    """
    for column in range(5):
        cells = [letter.accept[column] for letter in LETTERS]
        for i, cell in enumerate(cells):
            if isinstance(cell, int):
                continue
            numbers = [j for j, other in enumerate(cells) if isinstance(other, int)]
            zero, last = cells.index(0), numbers[-1]
            target = zero if i <= zero + 1 else last if i > last else i + 1
            assert LETTERS[target].name == cell


def test_numbers_go_up_the_columns_as_in_the_standard() -> None:
    for column in range(5):
        numbers = [row.accept[column] for row in LETTERS if isinstance(row.accept[column], int)]
        full = [0, 1, 2, 3, 5, 7, 10, 14, 21]
        assert numbers == full[: len(numbers)]


@pytest.mark.parametrize(
    ("pieces", "expected"),  # at 2.5 %, 5 % and 10 %: domain reference, section 9
    [
        (1_000, (0.985, 0.789, 0.177)),
        (2_000, (0.986, 0.712, 0.060)),
        (5_000, (0.987, 0.583, 0.008)),
        (20_000, (0.986, 0.387, 0.000)),
    ],
)
def test_plans_accept_as_often_as_the_reference_says(pieces, expected) -> None:
    sample, accept = plan(pieces, "2.5")
    found = [float(binom.cdf(accept, sample, share)) for share in (0.025, 0.05, 0.10)]
    assert found == pytest.approx(expected, abs=0.0005)
