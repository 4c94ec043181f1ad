"""Units of daily records that the header or a cell names: times, dozens, and whose overtime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.door.records.columns import KEY
from factory_env.door.tables.table import fold_name, name_unit

Floats = NDArray[np.float64]
_MINUTES: Final = {
    **dict.fromkeys(("min", "mins", "minute", "minutes", "minuten", "m"), 1.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "stunden"), 60.0),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sek"), 1.0 / 60.0),
}
_PIECES: Final = dict.fromkeys(("dz", "doz", "dzn", "dozen", "dozens", "dtz"), 12.0)
# column -> minutes of the unit that it is kept in
_TIMES: Final = {
    **dict.fromkeys(("smv", "over_time", "produced_minutes", "attended_minutes"), 1.0),
    **dict.fromkeys(("minutes", "idle_time"), 1.0),
    **dict.fromkeys(("hours", "produced_hours", "attended_hours"), 60.0),
}
_COUNTS: Final = ("pieces", "target_pieces", "wip")
LONGEST_EVENING: Final = 360.0  # minutes: fewer are those of one person, not of a team
MOST_HOURS: Final = 24.0  # below it, a bare number of overtime may be hours or minutes


def scale_units(
    name: str, numbers: Floats, units: Sequence[str], header: str
) -> tuple[Floats, str]:
    """Numbers in the unit that their column is kept in, and a note if any were in another."""
    worth = _PIECES if name in _COUNTS else _MINUTES if name in _TIMES else {}
    if not worth:
        return numbers, ""
    of_header = _header_unit(name, header)
    named = [(unit or of_header).casefold().strip(". ") for unit in units]
    base = _TIMES.get(name, 1.0)
    factors = np.array([worth[unit] / base if unit in worth else 1.0 for unit in named])
    others = sorted({u for u, f in zip(named, factors.tolist(), strict=True) if f != 1.0})
    kept = "pieces" if name in _COUNTS else "minutes" if base == 1.0 else "hours"
    note = f"{name}: in {' and '.join(others)}, read as {kept}" if others else ""
    return numbers * factors, note


def share_overtime(
    minutes: Floats, workers: Floats, units: Sequence[str], header: str
) -> tuple[Floats, str, tuple[str, str, str] | None]:
    """Overtime of the whole team: minutes, a note, and what must be asked (rule, got, right)."""
    known = minutes[np.isfinite(minutes) & (minutes > 0)]
    if not known.size:
        return minutes, "", None
    usual = float(np.median(known))
    says_unit = _header_unit("over_time", header) or any(units)
    if not says_unit and usual <= MOST_HOURS:
        rule = "must say whether it is in hours or minutes"
        right = f"name the column 'overtime hours' or 'overtime minutes' (now {header!r})"
        return minutes, "", (rule, f"a median of {usual:g}", f"{right}, see {KEY}.columns")
    if usual > LONGEST_EVENING or not says_unit:
        return minutes, "", None
    note = f"over_time: {usual:g} minutes, as one evening has, so they are those of one person"
    return minutes * workers, f"{note}, times no_of_workers", None


def _header_unit(name: str, header: str) -> str:
    """The unit of a header: in brackets, or its last word; "" if it says none."""
    unit = name_unit(header).casefold().strip(". ")
    last = fold_name(header).split("_")[-1]
    if unit not in _MINUTES and unit not in _PIECES:
        unit = last if name in _TIMES and last in _MINUTES and len(last) > 1 else ""
        unit = last if name in _COUNTS and last in _PIECES else unit
    return "h" if unit == "" and name == "over_time" and last == "h" else unit
