"""The floor of a running factory at its present minute, as another run can begin with it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from factory_env.domain.floor_state import (
    CutNow,
    CuttingNow,
    FloorState,
    LateNow,
    LineNow,
    LotNow,
    Remembered,
    SewnNow,
)
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.planning.planner import Planner
from factory_env.sim.stations.spine.cutting import CuttingRoom
from factory_env.sim.stations.spine.finishing import Finishing
from factory_env.sim.stations.spine.floor import Floor
from factory_env.sim.stations.spine.sewing import SewingLine
from factory_env.sim.work.line_pass import LinePass
from factory_env.sim.work.lot import AGAIN, INSPECT, REPAIR, Lot
from factory_env.sim.world import World

GATE = "gate"


class FloorReading:
    """Looks at a factory whose lots move one by one, and changes nothing."""

    def __init__(
        self,
        world: World,
        runs: list[OrderRun],
        planner: Planner,
        cutting: CuttingRoom,
        floor: Floor,
        finishing: Finishing,
    ) -> None:
        self._world = world
        self._runs = runs
        self._planner = planner
        self._cutting = cutting
        self._floor = floor
        self._finishing = finishing

    def read(self) -> FloorState:
        """Everything that is in the house."""
        world, now = self._world, float(self._world.env.now)
        open_passes = [
            (line, part)
            for line in self._floor.lines
            for part in line.passes
            if not (part.run.is_shipped or part.run.is_cancelled)
        ]
        waiting = self._waiting()
        release = world.book.release_min
        return FloorState(
            at_min=now,
            lines=tuple(self._line(line) for line in self._floor.lines),
            sewn=tuple(self._sewn(line, part) for line, part in open_passes),
            lots=tuple(lot for _, part in open_passes for lot in self._lots(part)),
            cutting=tuple(self._being_cut()),
            cut=tuple(
                CutNow(
                    order_id=self._id(run.order),
                    ready_wall_min=run.ready_min if run.is_ready else None,
                )
                for run in waiting
            ),
            late=tuple(
                LateNow(order_id=order.order_id, release_wall_min=float(release[i]))
                for i, order in enumerate(world.book.orders)
                if order.release_min < now <= release[i] and not self._runs[i].is_cancelled
            ),
            shipped=tuple(
                self._id(run.order) for run in self._runs if run.is_shipped or run.is_cancelled
            ),
        )

    def _waiting(self) -> list[OrderRun]:
        """Orders that wait for a line, in the order of coming."""
        waiting = [run for run in self._runs if run.is_ready and not run.is_taken]
        waiting = [run for run in waiting if not run.is_cancelled]
        waiting.sort(key=lambda run: (run.ready_min, run.order))
        release = self._world.book.release_min
        if not self._world.env.now and self._world.floor is None:  # they come cut, in this minute
            waiting += [run for run in self._runs if release[run.order] <= 0.0 and not run.is_ready]
            waiting.sort(key=lambda run: (release[run.order], run.order))
        return waiting

    def _id(self, order: int) -> str:
        return self._world.book.orders[order].order_id

    def _line(self, line: SewingLine) -> LineNow:
        world, number = self._world, line.number
        styles = world.tables.styles
        return LineNow(
            line=number,
            style_id=styles[line.style].style_id,
            learned=float(world.setups.learned[number]),
            present=float(world.attendance[number]),
            free_shift_min=float(self._planner.free_shift[number]) - world.now_shift,
            remembered=tuple(
                Remembered(style_id=styles[style].style_id, share=share, left_wall_min=left)
                for style, share, left in world.setups.memories(number)
            ),
        )

    def _sewn(self, line: SewingLine, part: LinePass) -> SewnNow:
        run, world = part.run, self._world
        fallen = sum(lot.pieces for lot in part.lots if lot.has_fallen)
        return SewnNow(
            order_id=self._id(run.order),
            line=line.number,
            left=run.cut - fallen,
            began_min=line.clock.now - part.taken_work,
            taken_wall_min=run.taken_min,
            ready_wall_min=run.ready_min,
            setup_min=part.setup_min,
            share=float(part.share),
            free_min=tuple((part.free - part.taken_work).tolist()),
            end_shift_min=self._planner.planned_end(run.order) - world.now_shift,
        )

    def _lots(self, part: LinePass) -> Iterator[LotNow]:
        """Those between the line and the carton."""
        for lot in part.lots:
            if lot.has_fallen and (place := self._place(lot)) is not None:
                yield LotNow(
                    order_id=self._id(part.run.order),
                    number=lot.number,
                    place=place[0],
                    times_min=place[1],
                )

    def _place(self, lot: Lot) -> tuple[str, tuple[float, ...]] | None:
        """Where a lot is, and when it will leave; None = it is packed."""
        rooms = self._finishing.rooms
        for name in reversed(self._finishing.routes[lot.run.product.name]):
            if name in lot.times:
                now = rooms[name].clock.now
                start, end = lot.times[name]
                is_here = not np.isfinite(end) or end >= now
                return (name, (start - now, end - now)) if is_here else None
        now = self._floor.lines[lot.run.line].gate.clock.now
        stages = (lot.times[stage] for stage in (INSPECT, REPAIR, AGAIN))
        return GATE, tuple(minute - now for span in stages for minute in span)

    def _being_cut(self) -> Iterator[CuttingNow]:
        now = self._cutting.clock.now
        for plan in self._cutting.plans.values():
            run = plan.run
            if not run.is_ready and not run.is_cancelled:
                ends = {table: end - now for table, end in plan.ends().items()}
                yield CuttingNow(order_id=self._id(run.order), ends_min=tuple(ends.items()))
