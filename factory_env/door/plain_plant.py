"""A plant as plain values: what a file of ``conf/plant`` holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.plant import Plant


def plain_plant(plant: Plant, calendar: WorkCalendar) -> dict[str, Any]:
    """The plant with its own hours, or else those of ``calendar``; `read_group` reads it back."""
    plain: dict[str, Any] = _plain(plant)
    hours = _plain(plant.calendar or calendar)
    del hours["holiday_days"]  # of one run
    plain["calendar"] = hours
    if plain["people"] is None:
        del plain["people"]
    return plain


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
