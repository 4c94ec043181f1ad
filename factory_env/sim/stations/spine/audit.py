"""The AQL audit: a sample of every packed order decides whether it ships or is re-checked.

What the sample can find are the escapes, defective pieces that the gate has let through. A
rejected order is re-checked piece by piece and offered again; after ``max_rechecks`` it ships
under a concession. Luck belongs to order and attempt, so a policy does not change it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.aql import Aql, plan
from factory_env.domain.inspection_costs import recheck_usd
from factory_env.inspectors.human import Human
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.world import World

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def accepted(rng: np.random.Generator, pieces: int, escapes: int | Ints, aql: Aql) -> bool | Bools:
    """Is a lot of ``pieces``, of which ``escapes`` are defective, accepted?

    The sample is drawn without replacement. An array of escapes is that many lots of one
    size, each with a sample of its own.
    """
    sample, accept = plan(pieces, aql)
    found = rng.hypergeometric(escapes, pieces - np.asarray(escapes), sample)
    return np.asarray(found <= accept) if np.ndim(found) else bool(found <= accept)


def accepted_share(
    rng: np.random.Generator, pieces: int, defective_share: float, lots: int, aql: Aql
) -> float:
    """Share of ``lots`` lots accepted by the audit, each piece defective with that probability."""
    escapes = rng.binomial(pieces, defective_share, lots)
    return float(np.mean(accepted(rng, pieces, escapes, aql)))


class AuditRoom:
    """Audits orders side by side; one crew re-checks, first come, first served."""

    __slots__ = ("_clock", "_crew_free", "_detects", "_rules", "_then", "_world")

    def __init__(self, world: World, clock: WorkingClock, then: Callable[[OrderRun], None]) -> None:
        self._world = world
        self._clock = clock
        self._then = then
        self._rules = world.scenario.audit
        self._detects = Human().detects
        self._crew_free = 0.0  # working minute

    def offer(self, run: OrderRun) -> None:
        """An order is packed; without audits it leaves at once."""
        if not self._rules.enabled or run.good == 0:
            self._then(run)
            return
        self._clock.call_after(self._rules.audit_min, self._judge, run)

    def _judge(self, run: OrderRun) -> None:
        if run.is_cancelled:
            return
        rng = self._luck(run, "audit", run.audits)
        run.audits += 1
        if accepted(rng, run.good, escapes(run), self._rules.aql):
            self._then(run)
            return
        run.rejections += 1
        if run.rejections > self._rules.max_rechecks:
            run.concession = 1
            self._then(run)
            return
        labour_min = run.good * run.product.inspect_min
        self._world.ledger.recheck(labour_min)
        start = max(self._clock.now, self._crew_free)
        self._crew_free = start + labour_min / self._rules.recheck_crew
        self._clock.call_at(self._crew_free, self._rechecked, run)

    def _rechecked(self, run: OrderRun) -> None:
        """Every piece has been seen again: what is found is mended on the spot and stays good."""
        rng = self._luck(run, "recheck", run.rejections)
        found = int(rng.binomial(escapes(run), self._detects))
        run.recheck_found += found
        if self._world.scenario.inspection.station.enabled:
            self._book(run, found)
        self.offer(run)

    def _book(self, run: OrderRun, found: int) -> None:
        """Otherwise a failed audit would be the cheapest inspection of all."""
        world = self._world
        style = world.tables.styles[int(world.book.style[run.order])]
        price_usd = world.book.orders[run.order].price_usd
        defect_usd = recheck_usd(world.scenario, style, price_usd)
        world.ledger.recheck_at(run.good * run.product.inspect_min, found, defect_usd)

    def _luck(self, run: OrderRun, what: str, attempt: int) -> np.random.Generator:
        luck = int(self._world.book.luck[run.order])
        return self._world.streams.generator("order", luck, what, attempt)


def escapes(run: OrderRun) -> int:
    """Defective pieces among the good ones of an order."""
    return run.defective - run.caught + run.let_go - run.recheck_found


def returns(run: OrderRun) -> float:
    """Pieces that a customer is expected to send back; what re-checks have found is out of it."""
    left = escapes(run)
    return run.returns * left / (left + run.recheck_found) if left else 0.0
