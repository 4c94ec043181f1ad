"""A customer wants another quantity or date, or matters more than before."""

from __future__ import annotations

import numpy as np

from factory_env.domain.changes import AmendOrder
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach
from factory_env.units import MIN_PER_DAY


def begin(change: AmendOrder, reach: Reach) -> None:
    """A quantity holds only if nothing of the order is cut by then; the log says if it does not."""

    def amend() -> None:
        parts = [p for p in reach.parts(change.order_id) if reach.amendments.is_open(p)]
        if change.quantity is not None and parts:
            _set_quantity(change.quantity, parts, reach)
        for part in parts:
            if change.due_min is not None:
                _set_due(change.due_min, part, reach)
            if change.priority is not None:
                reach.world.book.set_priority(part, change.priority)

    reach.at(change.at_min, amend)


def _set_quantity(pieces: int, parts: list[int], reach: Reach) -> None:
    """Parts keep their shares; what does not divide goes to the first ones."""
    world, amendments = reach.world, reach.amendments
    if not all(amendments.is_uncut(part) for part in parts):
        world.recorder.event("quantity refused", world.env.now, order=parts[0])
        return
    ends = np.cumsum(world.book.quantity[parts])
    shares = np.diff(np.ceil(pieces * ends / ends[-1] - 1e-9), prepend=0.0)
    for part, share in zip(parts, shares.astype(int).tolist(), strict=True):
        if share:
            amendments.set_quantity(part, share)
        else:
            amendments.cancel(part)


def _set_due(due_min: float, part: int, reach: Reach) -> None:
    world = reach.world
    days = (due_min - float(world.book.due_min[part])) / MIN_PER_DAY
    world.book.set_due(part, due_min)
    if world.book.release_min[part] <= world.env.now:
        world.ledger.watch(part, world.env.now)
    world.recorder.event("due date", world.env.now, order=part, amount=days)


PLUG = Cause(kind=AmendOrder, begin=begin)
