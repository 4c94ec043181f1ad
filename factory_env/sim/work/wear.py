"""What a line's machines and its evenings do to the pieces: service, needles, overtime.

Nothing is drawn: running hours follow from the pieces sewn at the line's settled speed, so they
are what the schedule made them. Services come every so many weeks, before Monday.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from factory_env.domain.quality import Causes
from factory_env.sim.work.line_pass import LinePass, Wear
from factory_env.sim.world import World
from factory_env.units import MIN_PER_HOUR

Floats = NDArray[np.float64]
NEVER = float("inf")


def wear_before(part: LinePass) -> Wear:
    """What the pass before has left; a new style is sewn with new needles."""
    if part.before is None:
        return Wear()
    wear = part.before.wear
    if part.before.style != part.style:
        return Wear(service_min=wear.service_min, at_shift=wear.at_shift)
    return wear


def causes_of(world: World, line: int, part: LinePass, evenings: Floats) -> tuple[Floats, Wear]:
    """Factor on the defect probability of each bundle in order of leaving, (B,), and the wear.

    Parameters
    ----------
    evenings
        The line's overtime, shape (E, 2): from and to, in its working minutes.
    """
    causes: Causes = world.scenario.inspection.station.causes
    before, at, result = wear_before(part), part.at, part.result
    calendar, tables = world.scenario.calendar, world.tables
    bundle_min = float(tables.fill_min[line, part.style]) / float(tables.operators[line])
    week_min = calendar.working_days_per_week * calendar.shift_min
    factor, service_min, needle_min, at_shift = _factors(
        part.job.pieces,
        result.order,
        result.done,
        bundle_min / world.scenario.flow.bundle_pieces,
        (at.now_shift, at.now_work, at.rate, at.day_min, at.day_min - calendar.overtime_min),
        (before.service_min, before.needle_min, before.at_shift),
        (evenings, causes.overtime_factor),
        (
            causes.service_weeks * week_min if causes.service_weeks else NEVER,
            causes.service_due_h * MIN_PER_HOUR,
            causes.overdue_factor,
            causes.overdue_most,
        ),
        (
            causes.needle_change_h * MIN_PER_HOUR,
            causes.needle_old_h * MIN_PER_HOUR,
            causes.needle_factor,
        ),
    )
    wear = Wear(service_min=service_min, needle_min=needle_min, at_shift=at_shift)
    return factor, wear


@njit(cache=True)  # type: ignore[untyped-decorator]
def _factors(  # type: ignore[no-untyped-def]
    pieces, order, done, piece_min, shift, before, evenings, service, needle
):
    now_shift, now_work, rate, day_min, regular_min = shift
    service_min, needle_min, last = before
    spans, overtime = evenings
    every_min, due_min, overdue, most = service
    change_min, old_min, old = needle
    factor = np.ones(done.shape[0])
    for i in range(done.shape[0]):
        at = now_shift + (done[i] - now_work) / rate
        if at // every_min > last // every_min:
            service_min = 0.0
        last = max(last, at)
        minutes = pieces[order[i]] * piece_min
        service_min += minutes
        needle_min = (needle_min + minutes) % change_min
        if service_min >= due_min:
            factor[i] *= overdue + (most - overdue) * min(1.0, service_min / due_min - 1.0)
        if needle_min > old_min:
            factor[i] *= old
        late = at % day_min > regular_min
        for e in range(spans.shape[0]):
            late = late or (spans[e, 0] < done[i] and done[i] <= spans[e, 1])
        if late:
            factor[i] *= overtime
    return factor, service_min, needle_min, last
