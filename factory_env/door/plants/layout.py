"""The sheets of a plant's workbook: what they are called, their columns and settings, and units.

Written by `new_plant.py` and read by `plant_file`: both know the workbook from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PLANT: Final = "plant"
LINES: Final = "lines"
SKILLS: Final = "skills"
MACHINES: Final = "machines"
CALENDAR: Final = "calendar"
HOLIDAYS: Final = "holidays"
PEOPLE: Final = "people"
BULLETINS: Final = "bulletins"  # read with the bulletins of other files
ORDERS: Final = "orders"  # read where somebody gives the workbook as orders=
NEEDED: Final = (PLANT, LINES, SKILLS, MACHINES)
OTHERS: Final = (CALENDAR, HOLIDAYS, PEOPLE)

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_BREAKS: Final = 6
YES: Final = ("yes", "y", "ja", "sí", "si", "是", "x", "1", "true")
NO: Final = ("no", "n", "nein", "否", "0", "false", "")


@dataclass(frozen=True, slots=True)
class Entry:
    """A column of a table, or a row of a sheet of settings."""

    key: str  # of the plant file
    title: str  # in the workbook, without its unit
    unit: str  # "" = none
    meaning: str


ROOMS: Final = (
    Entry("cutting_tables", "cutting tables", "tables", "tables on which fabric is cut"),
    Entry("cutting_crew", "cutting crew", "people", "people at one table, who share its work"),
    Entry("presses", "presses", "presses", "pressing stations after sewing"),
    Entry("press_crew", "press crew", "people", "pressers who share one transfer lot"),
    Entry("packers", "packers", "people", "people in the packing room"),
    Entry("pack_crew", "pack crew", "people", "packers who share one transfer lot"),
)
LINE_COLUMNS: Final = (
    Entry("name", "line", "", "a name of its own"),
    Entry("fabric_group", "fabric group", "", "knit or woven: a line sews one of them"),
    Entry("home", "home products", "", "what the line was built for, e.g. tee, polo"),
    Entry("operators", "operators", "people", "sewing operators on the list, absent ones included"),
    Entry("inspectors", "inspectors", "people", "people who check behind the line"),
    Entry("repairers", "repairers", "people", "people who repair what was found"),
)
HOURS: Final = (
    Entry("shift_start_min", "shift start", "hh:mm", "when the day's work begins"),
    Entry("shift_end_min", "shift end", "hh:mm", "when it ends, without overtime"),
    Entry("overtime_min", "overtime", "minutes", "worked after the shift on every working day"),
)
COUNTRY: Final = Entry(
    "holidays",
    "holidays of country",
    "two letters",
    "its public holidays are off; leave it blank where the sheet holidays lists the days",
)
BREAK_UNIT: Final = "hh:mm"


def name_break(number: int, end: str) -> str:
    """The title of a break's beginning or end.

    >>> name_break(1, "start")
    'break 1 start'
    """
    return f"break {number} {end}"
