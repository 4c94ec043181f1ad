"""What a line's machines and its evenings do to the pieces: service, needles, overtime.

Nothing is drawn: running hours follow from the pieces sewn at the line's settled speed, so they
are what the schedule made them. Services come every so many weeks, before Monday.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.domain.quality import Causes
from factory_env.sim.work.line_pass import LinePass, Shift, Wear
from factory_env.sim.world import World
from factory_env.units import MIN_PER_HOUR

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEVER = float("inf")


def find_earlier_wear(part: LinePass) -> Wear:
    """What the pass before has left; a new style is sewn with new needles."""
    if part.before is None:
        return Wear()
    wear = part.before.wear
    if part.before.style != part.style:
        return Wear(service_min=wear.service_min, at_shift=wear.at_shift)
    return wear


def weigh_causes(world: World, line: int, part: LinePass, evenings: Floats) -> tuple[Floats, Wear]:
    """Factor on the defect probability of each bundle in order of leaving, (B,), and the wear.

    Parameters
    ----------
    evenings
        The line's overtime, shape (E, 2): from and to, in its working minutes.
    """
    causes: Causes = world.scenario.inspection.station.causes
    before, at, result = find_earlier_wear(part), part.at, part.result
    calendar, tables = world.scenario.calendar, world.tables
    bundle_min = float(tables.fill_min[line, part.style]) / float(tables.operators[line])
    week_min = calendar.working_days_per_week * calendar.shift_min
    return bundle_factors(
        part.job.pieces,
        result.order,
        result.done,
        bundle_min / world.scenario.flow.bundle_pieces,
        at,
        before,
        Service(
            every_min=causes.service_weeks * week_min if causes.service_weeks else NEVER,
            due_min=causes.service_due_h * MIN_PER_HOUR,
            overdue_factor=causes.overdue_factor,
            overdue_most=causes.overdue_most,
        ),
        Needles(
            change_min=causes.needle_change_h * MIN_PER_HOUR,
            old_min=causes.needle_old_h * MIN_PER_HOUR,
            old_factor=causes.needle_factor,
        ),
        Overtime(
            evenings=evenings,
            regular_min=at.day_min - calendar.overtime_min,
            factor=causes.overtime_factor,
        ),
    )


class Service(NamedTuple):
    """When machines are serviced, and what it means if they are not."""

    every_min: float  # shift minutes
    due_min: float  # running minutes, as the next ones
    overdue_factor: float  # on defects, rising ...
    overdue_most: float  # ... up to this


class Needles(NamedTuple):
    """When needles are changed, and what an old one does."""

    change_min: float  # running minutes
    old_min: float
    old_factor: float  # on defects


class Overtime(NamedTuple):
    """When people work longer, and what that does."""

    evenings: Floats  # (E, 2) working minutes of the line
    regular_min: float  # of a shift day; what comes after it is overtime, too
    factor: float  # on defects


@compiled
def bundle_factors(
    pieces: Floats,
    order: Ints,
    done: Floats,
    piece_min: float,
    shift: Shift,
    before: Wear,
    service: Service,
    needles: Needles,
    overtime: Overtime,
) -> tuple[Floats, Wear]:
    """Factor of each bundle in order of leaving, and the wear after the last."""
    service_min, needle_min, last = before.service_min, before.needle_min, before.at_shift
    every_min, due_min, most = service.every_min, service.due_min, service.overdue_most
    spans = overtime.evenings
    factor = np.ones(done.shape[0])
    for i in range(done.shape[0]):
        at = shift.now_shift + (done[i] - shift.now_work) / shift.rate
        if at // every_min > last // every_min:
            service_min = 0.0
        last = max(last, at)
        minutes = pieces[order[i]] * piece_min
        service_min += minutes
        needle_min = (needle_min + minutes) % needles.change_min
        if service_min >= due_min:
            over = min(1.0, service_min / due_min - 1.0)
            factor[i] *= service.overdue_factor + (most - service.overdue_factor) * over
        if needle_min > needles.old_min:
            factor[i] *= needles.old_factor
        late = at % shift.day_min > overtime.regular_min
        for e in range(spans.shape[0]):
            late = late or (spans[e, 0] < done[i] and done[i] <= spans[e, 1])
        if late:
            factor[i] *= overtime.factor
    return factor, Wear(service_min, needle_min, last)
