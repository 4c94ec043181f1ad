"""AQL sampling: how many pieces of a lot are looked at, and how many bad ones it may hold.

Single sampling, normal inspection, general level II of ISO 2859-1 (domain reference, section
9). Lots below 151 pieces take the standard's own letters A to F, those above 150,000 its
letter P; the reference does not list them. A cell that only holds an arrow is followed as
the standard does: sample size and acceptance number of the letter pointed to.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

Aql = Literal["1.0", "1.5", "2.5", "4.0", "6.5"]
AQLS: tuple[Aql, ...] = get_args(Aql)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A row of the standard's tables: a sample size code letter."""

    name: str
    largest_lot: float  # pieces
    sample: int  # pieces
    accept: tuple[int | str, ...]  # acceptance number by AQL, or the letter an arrow points to
    mark: str  # where the row comes from


SOURCED = "letter, sample and 2.5: APSEARCH, AQLCHART; the rest assumed (standard from memory)"
SOURCED_L = "letter, sample and 2.5: APSEARCH, AQLCHART; 1.5 and 4.0: APSCI; the rest assumed"
MEMORY = "letter and sample: AQLCHART; acceptance numbers assumed (standard from memory)"


def _row(name: str, largest: float, sample: int, cells: str, mark: str) -> Letter:
    accept = tuple(int(cell) if cell.isdigit() else cell for cell in cells.split())
    return Letter(name=name, largest_lot=largest, sample=sample, accept=accept, mark=mark)


LETTERS: tuple[Letter, ...] = (  # acceptance numbers for AQL 1.0, 1.5, 2.5, 4.0, 6.5
    _row("A", 8, 2, "E D C B 0", MEMORY),
    _row("B", 15, 3, "E D C 0 A", MEMORY),
    _row("C", 25, 5, "E D 0 B D", MEMORY),
    _row("D", 50, 8, "E 0 C E 1", MEMORY),
    _row("E", 90, 13, "0 D F 1 2", MEMORY),
    _row("F", 150, 20, "E G 1 2 3", MEMORY),
    _row("G", 280, 32, "H 1 2 3 5", SOURCED),
    _row("H", 500, 50, "1 2 3 5 7", SOURCED),
    _row("J", 1_200, 80, "2 3 5 7 10", SOURCED),
    _row("K", 3_200, 125, "3 5 7 10 14", SOURCED),
    _row("L", 10_000, 200, "5 7 10 14 21", SOURCED_L),
    _row("M", 35_000, 315, "7 10 14 21 L", SOURCED),
    _row("N", 150_000, 500, "10 14 21 M L", SOURCED),
    _row("P", math.inf, 800, "14 21 N M L", MEMORY),
)


@cache
def plan(lot_pieces: int, aql: Aql) -> tuple[int, int]:
    """Pieces to look at and the largest number of bad ones among them that is accepted.

    The whole lot is looked at (100 % check) if the sample is not smaller than it.
    """
    if lot_pieces < 1:
        raise ValueError(f"a lot has 1 piece or more, got {lot_pieces}")
    column = AQLS.index(aql)
    letter = next(row for row in LETTERS if lot_pieces <= row.largest_lot)
    accept = letter.accept[column]
    if isinstance(accept, str):
        letter = next(row for row in LETTERS if row.name == accept)
        accept = letter.accept[column]
        assert isinstance(accept, int)  # an arrow never points to an arrow
    return min(letter.sample, lot_pieces), accept
