"""Rows of a series on the grid of quarter hours: step, duplicates, clock changes, gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

import numpy as np

from factory_env.domain.series import SLOT_MIN, SLOTS_PER_HOUR, Floats
from factory_env.door.series_rows import SHOWN, Report, Rows
from factory_env.door.series_times import is_missing, is_twice, moment_text

SKIPPED_SLOTS: Final = 2 * SLOTS_PER_HOUR  # clocks never go forward by more than two hours


def step_of(rows: Rows, step_min: float, report: Report) -> int:
    """Minutes from row to row; every time must lie on that grid."""
    if not np.isfinite(rows.value).any():
        report.wrong("rows", "must hold numbers", "none", "at least one row")
        return SLOT_MIN
    gaps = Counter(int(gap) for gap in np.diff(rows.instant) if gap > 0)
    step = gaps.most_common(1)[0][0] if gaps else int(step_min)
    if step % SLOT_MIN and SLOT_MIN % step:
        report.wrong(
            "times",
            "must be 1, 3, 5, 15 or a multiple of 15 min apart",
            f"{step} min",
            "resample the file",
        )
        return SLOT_MIN
    grid = min(step, SLOT_MIN)
    if len(off := rows.minute[rows.minute % grid != 0]):
        report.wrong(
            "times", f"must be full {grid} min of the clock", _listed(off.tolist()), "round them"
        )
    return step


def report_duplicates(rows: Rows, zone: tzinfo, report: Report) -> None:
    """Times that occur twice, other than in the hour in which clocks go back."""
    double = sorted(
        minute
        for minute, count in Counter(rows.instant.tolist()).items()
        if count > 2 or (count == 2 and not (rows.is_wall and is_twice(minute, zone)))
    )
    if double:
        clock = "" if rows.is_wall else " (UTC)"
        report.wrong(
            "times",
            "must be unique",
            f"twice{clock}: {_listed(double)}",
            "leave one row each, or write times with Z or offset",
        )


def slot_means(rows: Rows, values: Floats, step: int) -> tuple[int, Floats]:
    """First slot since 1970 and the mean of the rows in every slot; NaN where there is none."""
    is_good = np.isfinite(values)
    begin = rows.minute[is_good] // SLOT_MIN
    held = max(1, step // SLOT_MIN)  # a row holds until the next
    slot = (begin[:, None] + np.arange(held)).ravel()
    first = int(slot.min())
    count = np.bincount(slot - first)
    total = np.bincount(slot - first, np.repeat(values[is_good], held))
    return first, np.where(count > 0, total / np.maximum(count, 1), np.nan)


def without_gaps(
    values: Floats, first: int, max_gap_h: float, zone: tzinfo, report: Report
) -> Floats:
    """The values with every gap filled: the hour that clocks skip, and short gaps.

    Long gaps are problems.
    """
    skipped, short, long = list[int](), list[tuple[int, int]](), list[tuple[int, int]]()
    values = values.copy()
    for begin, end in _gaps(values):
        span = ((first + begin) * SLOT_MIN, (first + end) * SLOT_MIN)
        if end - begin <= SKIPPED_SLOTS and is_missing(span[0], zone):
            values[begin:end] = values[begin - 1]
            skipped.append(span[0])
        elif end - begin <= max_gap_h * SLOTS_PER_HOUR:
            short.append(span)
        else:
            long.append(span)
    good = np.flatnonzero(np.isfinite(values))
    if skipped:
        report.notes.append(
            f"no such hour on this clock, the one before repeated: {_listed(skipped)}"
        )
    if short:
        report.notes.append(f"{len(short)} gaps filled by a straight line: {_spans(short)}")
    if long:
        report.wrong(
            "times",
            f"must have no gap above {max_gap_h:g} h",
            _spans(long),
            "fill them, or raise max_gap_h",
        )
    return np.interp(np.arange(len(values)), good, values[good])


def _gaps(values: Floats) -> list[tuple[int, int]]:
    """First and behind-the-last slot of every gap."""
    is_bad = np.concatenate([[False], ~np.isfinite(values), [False]])
    edges = np.flatnonzero(is_bad[1:] != is_bad[:-1]).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _listed(wall_minutes: Sequence[int]) -> str:
    return _short([moment_text(minute) for minute in wall_minutes])


def _spans(spans: Sequence[tuple[int, int]]) -> str:
    return _short([f"{moment_text(begin)} to {moment_text(end)}" for begin, end in spans])


def _short(texts: Sequence[str]) -> str:
    more = len(texts) - SHOWN
    return ", ".join(texts[:SHOWN]) + (f" and {more} more" if more > 0 else "")
