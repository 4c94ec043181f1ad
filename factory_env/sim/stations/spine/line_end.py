"""The end of a sewing line: judged transfer lots fall off it and go to the gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.clock_agenda import AgendaClock
from factory_env.sim.work.line_pass import LinePass
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.lot_agenda import LotAgenda, LotRows
from factory_env.sim.work.spoilage import (
    DEFECTIVE,
    ESCAPES,
    FALSE_ALARMS,
    FLAGGED,
    PIECES,
    REPAIRED,
    REPAIRS,
    SECONDS,
    Lots,
    judged_lots,
)
from factory_env.sim.world import World

NO_EVENINGS = np.empty((0, 2))


class LineEnd:
    """Where the lots of a line's passes fall off, minute by minute of the line's clock."""

    def __init__(
        self, world: World, line: int, clock: WorkingClock, arrive: Callable[[Lot], None]
    ) -> None:
        self._world = world
        self._line = line
        self._clock = clock
        self._arrive = arrive  # of the gate
        self._evenings: list[tuple[float, float]] = []  # of overtime: from and to, working minutes

    def stay(self, begin: float, end: float, passes: Sequence[LinePass]) -> None:
        """The line works on between two working minutes; what leaves it then meets overtime."""
        if not self._world.scenario.inspection.station.enabled:
            return
        self._evenings.append((begin, end))
        for part in passes:
            if float(part.result.done[-1]) > begin:
                for lot, found in zip(part.lots, self._judged(part).found(), strict=True):
                    if not lot.has_fallen:
                        lot.becomes(*found)

    def make_lots(self, part: LinePass) -> None:
        """Let judged transfer lots fall off the line's end; those that have fallen stay."""
        clock, run = self._clock, part.run
        lots = self._judged(part)
        fallen = [lot for lot in part.lots if lot.has_fallen]
        for lot in part.lots[len(fallen) :]:
            lot.is_void = True
        run.lots_open += int(lots.sewn.shape[0]) - len(part.lots)
        part.lots = kept = fallen
        pieces = lots.rows[:, PIECES].astype(np.int64).tolist()
        rows = zip(lots.sewn.tolist(), pieces, lots.found(), strict=True)
        for number, (sewn, size, fate) in enumerate(rows):
            if number < len(fallen):
                continue
            lot = Lot(run, number, size)
            lot.becomes(*fate)
            kept.append(lot)
            clock.call_at(sewn, self._sewn, lot)

    def _judged(self, part: LinePass) -> Lots:
        """The lots of a pass as things stand; the order's counts follow."""
        evenings = NO_EVENINGS
        if self._evenings:
            later = [span for span in self._evenings if span[1] > part.job.start_min]
            evenings = np.array(later).reshape(-1, 2)
        lots = judged_lots(
            self._world,
            self._line,
            part,
            part.luck,
            part.at,
            part.people,
            evenings,
        )
        run, sums = part.run, lots.sums()
        run.defective, run.false_alarms = sums[DEFECTIVE], sums[FALSE_ALARMS]
        run.caught = sums[FLAGGED] - run.false_alarms
        run.seconds, run.repaired, run.repairs = sums[SECONDS], sums[REPAIRED], sums[REPAIRS]
        run.let_go, run.returns = sums[ESCAPES] - run.defective + run.caught, lots.returns
        return lots

    def _sewn(self, lot: Lot) -> None:
        if lot.is_void:
            return
        now = self._world.env.now
        lot.has_fallen = True
        lot.sewn_min = now
        lot.run.sewn_min = now
        recorder = self._world.recorder
        if recorder.is_watched:
            recorder.watch("line", -lot.pieces, now)
            recorder.watch("gate", 1, now)
        self._arrive(lot)


class AgendaEnd(LineEnd):
    """The same where the agenda moves the lots: they are rows of its table."""

    def __init__(self, world: World, line: int, clock: AgendaClock, agenda: LotAgenda) -> None:
        super().__init__(world, line, clock, agenda.refuse)
        self._number = clock.number
        self._agenda = agenda

    def make_lots(self, part: LinePass) -> None:
        agenda, lots = self._agenda, self._judged(part)
        old = part.lots.places if isinstance(part.lots, LotRows) else []
        fallen = [place for place in old if agenda.has_fallen(place)]
        agenda.drop(old[len(fallen) :])
        new = agenda.add_lots(self._number, part.run, len(fallen), lots.rows, lots.sewn)
        part.lots = LotRows(agenda, [*fallen, *new])
