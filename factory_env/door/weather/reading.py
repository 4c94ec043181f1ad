"""Which weather file is it, and its table; files that no publisher's format fits are none."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import Final

from factory_env.door.series_report import Report
from factory_env.door.tables.files import read_bytes
from factory_env.door.tables.table import Table, fold_name
from factory_env.door.weather.epw import is_epw, read_epw
from factory_env.door.weather.ninja import is_ninja, read_ninja
from factory_env.door.weather.nsrdb import is_nsrdb, read_nsrdb
from factory_env.door.weather.pvgis import is_pvgis, read_pvgis
from factory_env.door.weather.tmy3 import is_tmy3, read_tmy3
from factory_env.door.weather.weather import (
    MOST_ROWS,
    NAMES,
    PV,
    SUN,
    TEMPERATURE,
    Weather,
    as_table,
)
from factory_env.errors import InputError

HEAD_BYTES: Final = 8000
FORMATS: Final[dict[str, tuple[Callable[[str], bool], Callable[[str], Weather]]]] = {
    "EPW": (is_epw, read_epw),
    "TMY3": (is_tmy3, read_tmy3),
    "NSRDB": (is_nsrdb, read_nsrdb),
    "PVGIS": (is_pvgis, read_pvgis),
    "renewables.ninja": (is_ninja, read_ninja),
}


def format_of(path: Path) -> str:
    """The format of a weather file; "" = it is none, or cannot be read."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES).decode("utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return ""
    return next((name for name, (fits, _) in FORMATS.items() if fits(head)), "")


def read_weather(path: Path, year: int) -> tuple[Table, tzinfo | None]:
    """The table of a weather file, and the zone of its place's clock (None = that of the times).

    Parameters
    ----------
    year
        Into which a typical year is moved.

    Raises
    ------
    InputError
        If the file is not whole.
    """
    name, where = format_of(path), str(path)
    text = read_bytes(path).decode("utf-8-sig", errors="replace")
    if text.count("\n") > MOST_ROWS:
        raise InputError.of(where, "file", f"must have at most {MOST_ROWS} rows", "more", "fewer")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            weather = FORMATS[name][1](text)
    except Exception as error:  # the library raises what it comes upon
        got = f"{type(error).__name__}: {error}"[:120]
        rule = f"must be a whole file in the format {name}"
        raise InputError.of(where, "file", rule, got, "the file as it was downloaded") from None
    if not len(weather.times):
        rule = f"must be a whole file in the format {name}"
        raise InputError.of(where, "file", rule, "no rows", "the file as it was downloaded")
    return as_table(weather, where, year), weather.zone


def choose_column(table: Table, wanted: str, kind: str, report: Report) -> str | None:
    """Our name of the column that is asked for; by its kind where none is named."""
    held = [name for name in table.header if name != "time"]
    by_kind = {"temperature": (TEMPERATURE,), "pv": (PV, SUN)}.get(kind, ())
    name = NAMES.get(fold_name(wanted), wanted) if wanted else ""
    if not name:
        name = next((column for column in by_kind if column in held), "")
    if name in held:
        return name
    right = "columns: " + ", ".join(held)
    report.wrong("column", "must be one that the weather file holds", repr(wanted), right)
    return None
