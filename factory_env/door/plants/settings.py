"""Sheets of settings: a title and a value in each row, as numbers, times, days or yes and no."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from factory_env.door.plants.cells import PlantSheet
from factory_env.door.plants.layout import NO, YES
from factory_env.door.tables.table import fold_name
from factory_env.units import MIN_PER_DAY, MIN_PER_HOUR

TITLES: Final = ("setting", "value")
_CLOCK: Final = re.compile(r"(?:.* )?(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(am|pm)?", re.I)


@dataclass(frozen=True, slots=True)
class Setting:
    """A value as it was typed, and where it stands."""

    text: str
    line: int
    column: int
    title: str


def read_settings(sheet: PlantSheet, known: Sequence[str], prefix: str = "") -> dict[str, Setting]:
    """Folded title -> setting. Unknown titles are reported, unless they begin with ``prefix``."""
    at = sheet.find(TITLES)
    if len(at) < len(TITLES):
        return {}
    settings: dict[str, Setting] = {}
    names = {fold_name(title): title for title in known}
    for line, cells in sheet.table.rows:
        title, text = cells[at["setting"]], cells[at["value"]]
        key = fold_name(title)
        if not key:
            sheet.say(
                line, at["setting"], "must be given", "nothing", f"{', '.join(known[:4])} ..."
            )
        elif key in settings:
            rule, first = "must be there once", f"{title!r}, also in line {settings[key].line}"
            sheet.say(line, at["setting"], rule, first, "leave one of them out")
        elif key in names or (prefix and title.casefold().startswith(prefix)) or ":" in title:
            settings[key] = Setting(text, line, at["value"], title)
        else:
            near = difflib.get_close_matches(key, names, n=1)
            right = f"did you mean {names[near[0]]!r}?" if near else f"known: {', '.join(known)}"
            sheet.say(line, at["setting"], "must be a known setting", repr(title), right)
    return settings


def read_minute(sheet: PlantSheet, setting: Setting) -> float | None:
    """Minutes after midnight of a time of day; None = wrong, and reported."""
    clock = _CLOCK.fullmatch(setting.text.strip())
    if clock:
        hours, minutes, seconds = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        if clock[4]:
            hours = hours % 12 + (12 if clock[4].casefold() == "pm" else 0)
        total = hours * MIN_PER_HOUR + minutes + seconds / 60
        if minutes < 60 and total <= MIN_PER_DAY:
            return float(total)
    got = repr(setting.text) if setting.text else "nothing"
    sheet.say(setting.line, setting.column, "must be a time of day", got, "e.g. 08:00")
    return None


def read_switch(sheet: PlantSheet, line: int, column: int, text: str) -> bool:
    """Yes or no; what is neither is reported and counts as no."""
    word = text.casefold().strip()
    if word in YES:
        return True
    if word not in NO:
        sheet.say(line, column, "must be yes or no", repr(text), "yes")
    return False
