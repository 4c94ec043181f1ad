"""What an order's way through a line hung on: operation by operation, back from its last bundle.

Every operation begins when its bundle has come or when its operator is free, whichever is later;
the later one is followed back. So the spans follow each other without a gap from the minute at
which the line took the order to the one at which the bundle left it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from factory_env.sim.work.line_flow import LineEngine, PassResult, loading_times
from factory_env.sim.work.line_pass import LinePass

Span = tuple[str, float]  # a cause, and the working minute of the line at which it ends


@dataclass(slots=True, kw_only=True)
class LineChain:
    """Walks back from one bundle's end; ``spans`` are collected last first."""

    part: LinePass
    full: PassResult
    spans: list[Span] = field(default_factory=list)

    def walk_back(self, bundle: int) -> list[Span]:
        """The causes of a bundle's way in the order of time; the first begins at the taking."""
        station = self.full.start.shape[1] - 1
        at: tuple[int, int] | None = (bundle, station)
        while at is not None:
            at = self._operation(*at)
        return self.spans[::-1]

    def _operation(self, bundle: int, station: int) -> tuple[int, int] | None:
        """One operation, and the one that it waited for; None = the line's beginning is reached."""
        full, job = self.full, self.part.job
        begin = float(full.start[bundle, station])
        end = float(full.end[bundle, station])
        stop = float(job.stop[bundle, station]) if job.stop.shape[0] else 0.0
        change = float(job.change[bundle, station]) if job.change.shape[0] else 0.0
        self._sew(begin + change + stop, end)
        self.spans.append(("stops", begin + change + stop))
        self.spans.append(("changeover", begin + change))
        if station and float(full.end[bundle, station - 1]) == begin:
            return bundle, station - 1
        who = int(full.operator[bundle, station])
        at = np.argwhere((full.operator == who) & (full.end == begin))
        if at.shape[0]:
            return int(at[0, 0]), int(at[0, 1])
        if station == 0 and begin > float(self.part.free[who]):
            self._loading(bundle)
            begin = job.start_min
        self.spans.append(("changeover", begin))
        self.spans.append(("line_busy", begin - self.part.setup_min))
        return None

    def _loading(self, bundle: int) -> None:
        """The bundle was put on the line at the pace of its slowest station."""
        job = self.part.job
        times = loading_times(
            job.pieces, job.start_min, job.pace_min, job.learn_loss, job.learn_tau_min
        ).tolist()
        for i in range(bundle, 0, -1):
            self._sew(times[i - 1], times[i])

    def _sew(self, begin: float, end: float) -> None:
        """Sewing from ``begin``, of which learning takes its share first."""
        job = self.part.job
        lost = job.learn_loss * float(np.exp(-(begin - job.start_min) / job.learn_tau_min))
        self.spans.append(("sewing", end))
        self.spans.append(("learning", begin + (end - begin) * lost))


def line_chain(part: LinePass, engine: LineEngine, left_work: float | None = None) -> list[Span]:
    """The causes of an order's way through a line.

    Parameters
    ----------
    left_work
        Working minute at which the bundle left that is looked at; None = the last one.
    """
    full = part.recorded(engine)
    leaving = full.done.shape[0] - 1
    if left_work is not None:
        leaving = int(np.argmin(np.abs(full.done - left_work)))
    return LineChain(part=part, full=full).walk_back(int(full.order[leaving]))
