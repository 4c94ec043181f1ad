"""Rows of a series on the grid of quarter hours: steps, duplicates, clock changes, gaps.

A row holds until the next, as long as the distance is one that the file keeps for a while: 60 min,
later 15. A longer distance that stands alone is a gap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

import numpy as np

from factory_env.domain.series import SLOT_MIN, SLOTS_PER_DAY, SLOTS_PER_HOUR, Floats, Ints
from factory_env.door.series_report import SHOWN, Report
from factory_env.door.series_rows import Rows
from factory_env.door.series_times import is_missing, is_twice, moment_text

SKIPPED_SLOTS: Final = 2 * SLOTS_PER_HOUR  # clocks never go forward by more than two hours
MUCH: Final = 0.1  # rows without a number, as a share, that a note tells
KEPT: Final = 3  # equal distances in a row that make them a step of the file
KEPT_AT_EDGE: Final = 2  # at the beginning or end of the file, if the distance is a usual one
USUAL: Final = (15, 30, 60)  # minutes
MOST_SLOTS: Final = 100 * 366 * SLOTS_PER_DAY  # of a series: a hundred years
FINE: Final = (1, 3, 5, 10)  # minutes below a quarter of an hour


def row_minutes(rows: Rows, step_min: float, report: Report) -> Ints:
    """Minutes that each row holds, (rows,); every time must lie on the grid of its step."""
    if not np.isfinite(rows.value).any():
        report.wrong("rows", "must hold numbers", "none", "at least one row")
        return np.full(len(rows.value), SLOT_MIN)
    if (rows.instant[-1] - rows.instant[0]) // SLOT_MIN > MOST_SLOTS:
        got = f"{moment_text(int(rows.minute[0]))} to {moment_text(int(rows.minute[-1]))}"
        report.wrong("times", "must lie within a hundred years", got, "correct the years")
        return np.full(len(rows.value), SLOT_MIN)
    is_good = np.isfinite(rows.value)  # a value may stand in every fourth row only
    if (share := 1.0 - float(is_good.mean())) >= MUCH:
        report.notes.append(
            f"{share:.0%} of the rows have no number: where they alternate the number before "
            "is held, other gaps are filled or refused"
        )
    times, place = np.unique(rows.instant[is_good], return_inverse=True)
    gaps = np.diff(times)
    steps = _steps(gaps) or {int(step_min)}
    for step in sorted(steps):
        if step % SLOT_MIN and step not in FINE:
            report.wrong(
                "times",
                "must be 10, or 1, 3, 5, 15 or a multiple of 15 min apart",
                f"{step} min",
                "resample the file",
            )
            return np.full(len(rows.value), SLOT_MIN)
    grid = min(*steps, SLOT_MIN)
    if len(off := rows.minute[rows.minute % grid != 0]):
        rule = f"must be full {grid} min of the clock"
        report.wrong("times", rule, _listed(off.tolist()), "round them")
    held = _hold(gaps, steps)
    minute = rows.minute[is_good]
    _note_steps(held, minute[np.unique(place, return_index=True)[1]], report)
    every = np.zeros(len(rows.value), dtype=np.int64)
    every[is_good] = held[place]
    return every


def _steps(gaps: Ints) -> set[int]:
    """Distances that the file keeps for a while; else the most common one."""
    if not len(gaps):
        return set()
    edges = np.flatnonzero(np.diff(gaps)) + 1
    begins, ends = np.append(0, edges), np.append(edges, len(gaps))
    kept = {
        int(gaps[b])
        for b, e in zip(begins, ends, strict=True)
        if e - b >= KEPT
        or (e - b >= KEPT_AT_EDGE and gaps[b] in USUAL and (b == 0 or e == len(gaps)))
    }
    return kept or {Counter(gaps.tolist()).most_common(1)[0][0]}


def _hold(gaps: Ints, steps: set[int]) -> Ints:
    """Minutes that the row at each of the unique times holds: until the next, or its step."""
    if not len(gaps):
        return np.array([min(steps)])
    is_step = np.isin(gaps, list(steps))
    known = np.flatnonzero(is_step)
    before = np.searchsorted(known, np.arange(len(gaps) + 1), side="right") - 1
    own = gaps[known[np.maximum(before, 0)]]  # the step kept before, or the first one
    until_next = np.append(gaps, own[-1])
    return np.where(np.append(is_step, False), until_next, np.minimum(own, until_next))


def _note_steps(held: Ints, minute: Ints, report: Report) -> None:
    """Tell where the distance of the rows changes for good."""
    edges = np.flatnonzero(np.diff(held)) + 1
    begins, ends = np.append(0, edges), np.append(edges, len(held))
    spans = [(int(b), int(held[b])) for b, e in zip(begins, ends, strict=True) if e - b >= KEPT]
    changes = [spans[i] for i in range(1, len(spans)) if spans[i][1] != spans[i - 1][1]]
    if changes:
        told = [f"{step} min from {moment_text(int(minute[at]))}" for at, step in changes]
        report.notes.append(
            f"rows {spans[0][1]} min apart, then {_short(told)}: each holds until the next"
        )


def report_duplicates(rows: Rows, zone: tzinfo, others: Sequence[str], report: Report) -> None:
    """Times that occur twice, other than in the hour in which clocks go back.

    Parameters
    ----------
    others
        Names of the file's further columns, one of which may tell such rows apart.
    """
    counts = Counter(rows.instant.tolist())
    double = sorted(
        minute
        for minute, count in counts.items()
        if count > 2 or (count == 2 and not (rows.is_wall and is_twice(minute, zone)))
    )
    if not double:
        return
    clock = "" if rows.is_wall else " (UTC)"
    right = "leave one row each, or write times with Z or offset"
    if len(double) > max(1, len(counts) // 10):  # no slips, the file is made so
        columns = ", ".join(others[:8])
        right = "keep one kind of row" + (f" (columns that may tell them apart: {columns})")
        right = right if others else "keep one kind of row"
        if all(minute % (60 * 24) == 0 for minute in counts):
            right = "the times are days: is the hour in another column? " + (columns or "none here")
    report.wrong("times", "must be unique", f"twice{clock}: {_listed(double)}", right)


def slot_means(rows: Rows, values: Floats, held: Ints) -> tuple[int, Floats]:
    """First slot since 1970 and the mean of every slot, weighted by minutes; NaN where none is.

    Parameters
    ----------
    held
        Minutes that each row holds, (rows,).
    """
    is_good = np.isfinite(values) & (held > 0)
    begin, end = rows.minute[is_good], rows.minute[is_good] + held[is_good]
    value, first = values[is_good], int(begin.min() // SLOT_MIN)
    pieces = (end - 1) // SLOT_MIN - begin // SLOT_MIN + 1
    row = np.repeat(np.arange(len(value)), pieces)
    inside = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    slot = begin[row] // SLOT_MIN + inside
    part = np.minimum(end[row], (slot + 1) * SLOT_MIN) - np.maximum(begin[row], slot * SLOT_MIN)
    weight = np.bincount(slot - first, part)
    if (part == part[0]).all():  # rows of one length: their plain mean
        count = np.bincount(slot - first)
        total = np.bincount(slot - first, value[row])
        return first, np.where(count > 0, total / np.maximum(count, 1), np.nan)
    total = np.bincount(slot - first, value[row] * part)
    return first, np.where(weight > 0.0, total / np.maximum(weight, 1.0), np.nan)


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
