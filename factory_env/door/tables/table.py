"""A table of a user as text: header, rows with their lines, and what was noticed on the way."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from annotated_types import Interval

from factory_env.errors import Problem

MAX_ROWS: Final = 1_000_000  # of a table: ten years of quarter hours are 350,640
MAX_COLUMNS: Final = 500
MIN_WIDTH: Final = 4  # columns of a table below which a remark can be told from a row
HEAD_ROWS: Final = 40  # in which the header is looked for
BLANK: Final = frozenset({"", "na", "n/a", "nan", "nat", "null", "none", "-", "--", "#n/a"})
LONGEST_NAME: Final = (
    200  # letters of a column name that are looked at: some rules take their square
)

_BRACKETS = re.compile(r"[\[({]([^\])}]*)[\])}]")


class TypedNumber(str):
    """A number of a workbook's cell, as text: its mark is the decimal one, whatever the others."""

    unit = ""  # that its cell shows beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFormat:
    """What a table does not say by itself and its user may. None = it says it."""

    decimal: Literal["point", "comma"] | None = None  # mark before the fraction of a number
    dates: Literal["dmy", "mdy", "ymd"] | None = None  # order of day, month and year
    skip: Annotated[int, Interval(ge=0, le=10_000)] | None = None  # lines above the header
    columns: Mapping[str, str] = field(default_factory=dict)  # our name -> the file's


AS_IT_SAYS: Final = TableFormat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it was typed; cells have no blanks around them."""

    where: str  # the file, or the file and its sheet
    header: tuple[str, ...]
    header_line: int
    rows: tuple[tuple[int, list[str]], ...]  # line of the file and cells; blank lines left out
    delimiter: str  # "" = of a workbook
    problems: tuple[Problem, ...]  # found while reading; the rows are readable all the same
    notes: tuple[str, ...] = ()

    def column(self, at: int) -> list[str]:
        """The cells of one column; "" where a row is too short."""
        return [cells[at] if at < len(cells) else "" for _, cells in self.rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where the columns of a table are."""

    at: Mapping[str, int]  # our name -> position
    other_names: Mapping[str, str]  # our name -> the file's, where they differ
    rivals: Mapping[str, tuple[str, ...]]  # our name -> further columns that could be meant
    unused: tuple[str, ...]


def quote(text: str, most: int = 60) -> str:
    """A cell for a message: in quotes, on one line, not too long; "nothing" if it is empty.

    >>> quote("a\\nb"), quote("")
    ("'a\\\\nb'", 'nothing')
    """
    if not text:
        return "nothing"
    return repr(text) if len(text) <= most else f"{text[:most]!r}..."


def fold_name(name: str) -> str:
    """A column's name without capitals, units in brackets, blanks and marks.

    >>> fold_name("PO No."), fold_name("Unit-Price [USD]"), fold_name(" Efficiency %")
    ('po_no', 'unit_price', 'efficiency')
    """
    plain = _BRACKETS.sub(" ", unicodedata.normalize("NFKC", name[:LONGEST_NAME]).casefold())
    return "_".join(re.findall(r"\w+", plain.replace("_", " ")))


def name_unit(name: str) -> str:
    """The unit that a column's name carries: what stands in brackets, or a percent sign; or "".

    >>> name_unit("Price [USD]"), name_unit("efficiency %"), name_unit("Qty")
    ('USD', '%', '')
    """
    if inside := _BRACKETS.search(name[:LONGEST_NAME]):
        return inside[1].strip()
    return "%" if "%" in name or fold_name(name).split("_")[-1:] in (["percent"], ["pct"]) else ""


def match_columns(
    header: Sequence[str],
    synonyms: Mapping[str, Sequence[str]],
    given: Mapping[str, str] | None = None,
) -> Columns:
    """Which column is which: by the names that were given, by our names, then by synonyms.

    Parameters
    ----------
    synonyms
        Our name -> folded names that mean the same, the best first.
    given
        Our name -> the file's name, as its user says.
    """
    names = [fold_name(cell) for cell in header]
    at: dict[str, int] = {}
    rivals: dict[str, tuple[str, ...]] = {}
    said = {name: fold_name(own) for name, own in (given or {}).items() if name in synonyms}
    for name, own in (*said.items(), *((n, n) for n in synonyms if n not in said)):
        if own in names and names.index(own) not in at.values():
            at[name] = names.index(own)
    is_free = [i not in at.values() for i in range(len(names))]
    for name, words in synonyms.items():
        if name in at or name in (given or {}):
            continue
        spots = [names.index(word) for word in words if word in names]
        spots = [i for i in spots if is_free[i]]
        if spots:
            at[name] = spots[0]
            is_free[spots[0]] = False
            if len(spots) > 1:
                rivals[name] = tuple(header[i] for i in spots[1:])
    return Columns(
        at=at,
        other_names={n: header[i] for n, i in at.items() if names[i] != n},
        rivals=rivals,
        unused=tuple(cell for i, cell in enumerate(header) if i not in at.values() and cell),
    )


def suggest_column(name: str, columns: Columns) -> str:
    """An unused column that may be meant, or ""."""
    folded = {fold_name(cell): cell for cell in columns.unused}
    near = difflib.get_close_matches(name, list(folded), n=1)
    return folded[near[0]] if near else ""


def drop_footer(
    rows: Sequence[tuple[int, list[str]]], width: int
) -> tuple[Sequence[tuple[int, list[str]]], tuple[str, ...]]:
    """Rows without the remarks below a table, and a note on them.

    A remark is one cell of several words in a row that is otherwise empty; a row that is cut short
    is none.
    """
    last = len(rows)
    while last > 1 and width >= MIN_WIDTH:
        typed = [cell for cell in rows[last - 1][1] if cell]
        is_remark = len(typed) == 1 and bool(re.search(r"[^\W\d_]{2}", typed[0]))
        if not is_remark or len(typed[0].split()) < 2:
            break
        last -= 1
    if last == len(rows):
        return rows, ()
    shown = " ".join(cell for cell in rows[last][1] if cell)
    return rows[:last], (f"below the table, from line {rows[last][0]}, stands {quote(shown)}",)


def find_header(rows: Sequence[Sequence[str]], names: Collection[str]) -> tuple[int, int]:
    """Position of the row that is the header, and how many of ``names`` (folded) it holds.

    The first row, unless a later one of the first 40 holds more of them.
    """
    known = frozenset(names)
    best, most = 0, 0
    for i, cells in enumerate(rows[:HEAD_ROWS]):
        count = len(known.intersection(map(fold_name, cells[:MAX_COLUMNS])))
        if count > most:
            best, most = i, count
    return (best, most) if most >= min(2, len(known)) else (0, most)
