"""Productivity of team-days: as the office worked it out, or from pieces, minutes and people.

Productivity is standard minutes of the pieces made, by minutes of those who were there. The
minutes made are a column of their own or pieces x SMV; the minutes attended are a column of their
own, hours x people, or the shift x people and their overtime.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.door.records.columns import KEY

Floats = NDArray[np.float64]
SENSE: Final = (0.1, 1.5)  # median productivity of a factory
_DAY_MIN: Final = 960.0  # nobody works longer: more minutes are those of a team
_NEAR: Final = 0.02


@dataclass(slots=True)
class Measured:
    """Productivity and what it was worked out from; arrays of shape (rows,)."""

    productivity: Floats
    target: Floats  # NaN = none
    smv_min: Floats
    overtime_min: Floats  # of the whole team
    used: tuple[str, ...]  # columns without which a row is of no use
    notes: list[str] = field(default_factory=list)
    problem: tuple[str, str, str, str] | None = None  # field, rule, got, right


def measure(values: Mapping[str, Floats], shift_min: float | None) -> Measured:
    """Productivity of every row; NaN where a number that it needs is missing.

    Parameters
    ----------
    values
        Numbers by column.
    shift_min
        Minutes of the shift, where the records say nothing about hours; None = unknown.
    """
    values = dict(values)
    rows = len(values["no_of_workers"])
    notes: list[str] = []
    problem = _name_minutes(values, notes)
    nothing = np.full(rows, math.nan)
    workers = values["no_of_workers"]
    made, made_by = _minutes_made(values, nothing)
    attended, attended_by = _minutes_attended(values, workers, shift_min, nothing, notes)
    smv, smv_by = _smv(values, nothing, notes)
    used: tuple[str, ...]
    if "actual_productivity" in values:
        productivity, used = values["actual_productivity"], ("actual_productivity",)
        _compare(productivity, made / attended, notes)
        problem = problem or _judge(productivity, used)
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            productivity = made / attended
        used = (*made_by, *attended_by)
        notes.append(f"productivity is worked out from {', '.join(dict.fromkeys(used))}")
        problem = problem or _judge(productivity, used)
    return Measured(
        productivity=productivity,
        target=_target(values, attended, nothing),
        smv_min=smv,
        overtime_min=_overtime(values, attended, workers, shift_min, attended_by),
        used=tuple(dict.fromkeys(("no_of_workers", *smv_by, *used))),
        notes=notes,
        problem=problem,
    )


def _name_minutes(values: dict[str, Floats], notes: list[str]) -> tuple[str, str, str, str] | None:
    """Say what a column "minutes" holds: those made, those of one person, those of the team."""
    if "minutes" not in values:
        return None
    minutes = values.pop("minutes")
    usual = float(np.nanmedian(minutes)) if np.isfinite(minutes).any() else 0.0
    if "pieces" in values and "smv" in values:
        made = values["pieces"] * values["smv"]
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = np.abs(minutes / made - 1.0)
        if np.isfinite(apart).any() and np.nanmedian(apart) <= _NEAR:
            values.setdefault("produced_minutes", minutes)
            notes.append("minutes: pieces x SMV, so they are the minutes produced")
            return None
    if usual <= _DAY_MIN:
        values.setdefault("hours", minutes / 60.0)
        notes.append("minutes: as many as a day has, so they are those of one person")
        return None
    if "pieces" in values and "smv" in values:
        values.setdefault("attended_minutes", minutes)
        notes.append("minutes: more than a day has, so they are those of the whole team")
        return None
    right = f"{KEY}.columns.produced_minutes='...' or {KEY}.columns.attended_minutes='...'"
    rule = "must say whether they were made or attended"
    return "minutes", rule, f"a column of about {usual:g}", right


def _minutes_made(values: Mapping[str, Floats], nothing: Floats) -> tuple[Floats, tuple[str, ...]]:
    if "produced_minutes" in values:
        return values["produced_minutes"], ("produced_minutes",)
    if "produced_hours" in values:
        return values["produced_hours"] * 60.0, ("produced_hours",)
    if "pieces" in values and "smv" in values:
        return values["pieces"] * values["smv"], ("pieces", "smv")
    return nothing, ()


def _minutes_attended(
    values: Mapping[str, Floats],
    workers: Floats,
    shift_min: float | None,
    nothing: Floats,
    notes: list[str],
) -> tuple[Floats, tuple[str, ...]]:
    if "attended_minutes" in values:
        return values["attended_minutes"], ("attended_minutes",)
    if "attended_hours" in values:
        return values["attended_hours"] * 60.0, ("attended_hours",)
    if "hours" in values:
        return values["hours"] * 60.0 * workers, ("hours", "no_of_workers")
    if shift_min is None:
        return nothing, ()
    if "actual_productivity" not in values:
        notes.append(f"no column of hours: {shift_min:g} minutes a day, the scenario's shift")
    overtime = values.get("over_time")
    by = ("no_of_workers",) if overtime is None else ("no_of_workers", "over_time")
    return shift_min * workers + (0.0 if overtime is None else overtime), by


def _smv(
    values: Mapping[str, Floats], nothing: Floats, notes: list[str]
) -> tuple[Floats, tuple[str, ...]]:
    if "smv" in values:
        return values["smv"], ("smv",)
    minutes, by = _minutes_made(values, nothing)
    if by and "pieces" in values:
        notes.append("no column SMV: minutes produced by pieces")
        pieces = np.where(values["pieces"] > 0, values["pieces"], math.nan)
        return np.round(minutes / pieces, 2), (*by, "pieces")
    return nothing, ()


def _target(values: Mapping[str, Floats], attended: Floats, nothing: Floats) -> Floats:
    if "targeted_productivity" in values:
        return values["targeted_productivity"]
    if {"target_pieces", "pieces", "smv"} <= set(values):  # alone it may be anything
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(values["target_pieces"] * values["smv"] / attended)
    return nothing


def _overtime(
    values: Mapping[str, Floats],
    attended: Floats,
    workers: Floats,
    shift_min: float | None,
    attended_by: tuple[str, ...],
) -> Floats:
    """Minutes of the whole team beyond the shift."""
    if "over_time" in values:
        return np.nan_to_num(values["over_time"])
    if shift_min is None or not set(attended_by) - {"no_of_workers"}:
        return np.zeros(workers.shape)
    return np.maximum(np.nan_to_num(attended - shift_min * workers), 0.0)


def _compare(given: Floats, own: Floats, notes: list[str]) -> None:
    """Note where pieces, minutes and people give another productivity than the office."""
    both = np.isfinite(given) & np.isfinite(own) & (given > 0)
    if both.any():
        ratio = float(np.median(own[both] / given[both]))
        if abs(ratio - 1.0) > 0.05:
            notes.append(
                f"pieces, minutes and people would give {ratio:.2f} times the productivity of its "
                "column, which is used"
            )


def _judge(productivity: Floats, used: tuple[str, ...]) -> tuple[str, str, str, str] | None:
    known = productivity[np.isfinite(productivity)]
    if not known.size:
        return None
    usual = float(np.median(known))
    if SENSE[0] <= usual <= SENSE[1]:
        return None
    rule = f"minutes made by minutes attended must be about {SENSE[0]:g} to {SENSE[1]:g}"
    right = f"check the units and the columns, e.g. {KEY}.columns.hours='...'"
    return " and ".join(dict.fromkeys(used)), rule, f"a median of {usual:.3g}", right
