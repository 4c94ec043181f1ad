"""The end of a sewing line: a table where every piece is checked, and a bench that mends.

Both belong to one line and keep the order of lots, so in working minutes they are two
recursions and one timer a lot. With a limit, a line whose lots pile up before the table
stands still until they are few enough again; only then is a second timer needed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from factory_env.domain.plant import LineSpec
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.lot import AGAIN, CAMERA, INSPECT, REPAIR, Lot

BLOCKED = "blocked"  # factor of the line's clock


class Gate:
    """Inspectors share the lot on the table, menders the lot on the bench.

    ``limit_lots``: lots that may be here unchecked before ``line_clock`` stops; 0 = any number.
    """

    __slots__ = (
        "_bench_free",
        "_checked",
        "_is_blocking",
        "_limit_lots",
        "_line_clock",
        "_menders",
        "_people",
        "_table_free",
        "_then",
        "clock",
    )

    def __init__(
        self,
        spec: LineSpec,
        clock: WorkingClock,
        then: Callable[[Lot], None],
        line_clock: WorkingClock,
        limit_lots: int = 0,
    ) -> None:
        self.clock = clock
        self._people = spec.inspectors
        self._menders = spec.repairers
        self._then = then
        self._line_clock = line_clock
        self._limit_lots = limit_lots
        self._table_free = 0.0
        self._bench_free = 0.0
        self._checked: deque[float] = deque()  # when each lot that is here will be checked
        self._is_blocking = False

    @property
    def waiting_min(self) -> tuple[float, float]:
        """Working minutes until table and bench are done with all that is here."""
        now = self.clock.now
        return max(0.0, self._table_free - now), max(0.0, self._bench_free - now)

    def arrive(self, lot: Lot) -> None:
        """A lot falls off the line; it goes on when checked and mended."""
        times = lot.times
        start = max(self.clock.now, self._table_free)
        lot.check_min = lot.pieces * lot.run.product.inspect_min
        checked = start + lot.check_min / self._people
        self._table_free = checked
        times[CAMERA] = start, start  # there is none
        times[INSPECT] = start, checked
        done = self._mend(lot, checked)
        times[AGAIN] = done, done  # the bench checks its own work
        self.clock.call_at(done, self._then, lot)
        self._watch(checked)

    def resume(self, lot: Lot, times_min: Sequence[float]) -> None:
        """A lot is here since before the run.

        ``times_min``: starts and ends of check, bench and second check, from now on.
        """
        now = self.clock.now
        check, bench, again = zip(*[iter(now + minute for minute in times_min)] * 2, strict=True)
        lot.times[CAMERA] = check[0], check[0]
        lot.times[INSPECT], lot.times[REPAIR], lot.times[AGAIN] = check, bench, again
        lot.check_min = lot.pieces * lot.run.product.inspect_min
        self._table_free = max(self._table_free, check[1])
        if lot.bench_min > 0.0:
            self._bench_free = max(self._bench_free, bench[1])
        self.clock.call_at(again[1], self._then, lot)
        self._watch(check[1])

    def _mend(self, lot: Lot, checked: float) -> float:
        """Pass the bench; when is the lot through?"""
        begin = done = checked
        if lot.bench_min > 0.0:
            begin = max(checked, self._bench_free)
            done = begin + lot.bench_min / self._menders
            self._bench_free = done
        lot.times[REPAIR] = begin, done
        return done

    def _watch(self, checked: float) -> None:
        """Another lot is here until it is checked: too many stop the line."""
        if self._limit_lots:
            self._checked.append(checked)
            if not self._is_blocking:
                self._look(self.clock.now)

    def _look(self, now: float) -> None:
        """Stop the line or let it go, by the lots not checked by ``now``."""
        checked, limit = self._checked, self._limit_lots
        while checked and checked[0] <= now:
            checked.popleft()
        was_blocking, self._is_blocking = self._is_blocking, len(checked) > limit
        if self._is_blocking:  # look again when all but ``limit`` lots are checked
            self.clock.call_at(checked[-limit - 1], self._look, checked[-limit - 1])
        if self._is_blocking != was_blocking:
            self._line_clock.set_factor(BLOCKED, 0.0 if self._is_blocking else 1.0)
