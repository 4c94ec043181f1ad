"""The inspection station: a camera, the people's table and the bench, with a way back.

In working minutes it is three recursions and, like the plain gate, one timer a lot. Mended pieces
are inspected again before anything else: their minutes are taken from camera and table as soon
as the lot has been checked, so lots that come later wait for them, whenever the bench is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from factory_env.domain.inspection import Station
from factory_env.domain.plant import LineSpec
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.ledger import Ledger
from factory_env.sim.stations.spine.gate import Gate
from factory_env.sim.work.lot import AGAIN, CAMERA, INSPECT, Lot
from factory_env.sim.world import World

S_PER_MIN = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a verdict of an inspector takes."""

    manual_share: float = 1.0  # of the people's check of a piece
    uses_camera: bool = False

    @classmethod
    def of(cls, inspector: Any) -> Needs:
        """As the plug says; one that says nothing is a person."""
        return cls(
            manual_share=float(getattr(inspector, "manual_share", 1.0)),
            uses_camera=bool(getattr(inspector, "uses_camera", False)),
        )

    def at(self, station: Station) -> Verdict:
        """What a verdict takes at a station."""
        if not self.uses_camera:
            return Verdict(manual_share=self.manual_share)
        return Verdict(
            manual_share=self.manual_share,
            camera_min=station.camera_s / S_PER_MIN,
            camera_usd=station.camera_usd,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the verdict on a piece takes: of people, and of the camera if there is one."""

    manual_share: float  # of the people's check of a piece
    camera_min: float = 0.0
    camera_usd: float = 0.0


class InspectionStation(Gate):
    """Camera, table and bench of a line; see `Gate` for the limit."""

    __slots__ = ("_camera_free", "_camera_min", "_camera_usd", "_ledger", "_manual_share")

    def __init__(
        self,
        spec: LineSpec,
        clock: WorkingClock,
        then: Callable[[Lot], None],
        line_clock: WorkingClock,
        limit_lots: int,
        ledger: Ledger,
        verdict: Verdict,
    ) -> None:
        super().__init__(spec, clock, then, line_clock, limit_lots)
        self._ledger = ledger
        self._manual_share = verdict.manual_share
        self._camera_min = verdict.camera_min
        self._camera_usd = verdict.camera_usd
        self._camera_free = 0.0

    def arrive(self, lot: Lot) -> None:
        """A lot falls off the line; it goes on when nothing of it is left on the bench."""
        times, again = lot.times, lot.found.repairs
        shown, check_min, second_min = self._camera(lot)
        start = max(shown, self._table_free)
        checked = start + check_min / self._people
        self._table_free = checked + second_min / self._people
        times[INSPECT] = start, checked
        if not self._camera_min:
            times[CAMERA] = start, start
        done = self._mend(lot, checked)
        over = done + again * self._camera_min + second_min / self._people
        times[AGAIN] = done, over
        lot.check_min = check_min + second_min
        usd = (lot.pieces + again) * self._camera_usd
        self._ledger.inspect(lot.check_min + lot.bench_min, usd)
        self.clock.call_at(over, self._then, lot)
        self._watch(checked)

    def _camera(self, lot: Lot) -> tuple[float, float, float]:
        """When the camera has seen all of it; people's minutes for the lot and for what returns."""
        start = max(self.clock.now, self._camera_free) if self._camera_min else self.clock.now
        end = start + lot.pieces * self._camera_min
        self._camera_free = end + lot.found.repairs * self._camera_min
        lot.times[CAMERA] = start, end
        piece_min = lot.run.product.inspect_min * self._manual_share
        return end, lot.pieces * piece_min, lot.found.repairs * piece_min


def gate_of(
    world: World,
    spec: LineSpec,
    clock: WorkingClock,
    then: Callable[[Lot], None],
    line_clock: WorkingClock,
) -> Gate:
    """The end of a line: the station if the scenario has one, else the plain gate."""
    limit, station = world.scenario.flow.gate_limit_lots, world.scenario.inspection.station
    if not station.enabled:
        return Gate(spec, clock, then, line_clock, limit)
    verdict = Needs.of(world.inspector).at(station)
    return InspectionStation(spec, clock, then, line_clock, limit, world.ledger, verdict)
