"""How strictly an order is inspected: as the house does it, or as the policy answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.candidates import CandidateTable
from factory_env.decisions.inspection_choice import InspectionChoice
from factory_env.domain.inspection_costs import escape_usd, false_alarm_usd, repair_usd
from factory_env.domain.ports import Expecting, Marking
from factory_env.sim.kernel.desk import Desk
from factory_env.sim.questions import Rooms
from factory_env.sim.stations.spine.inspection import Needs
from factory_env.sim.stations.spine.sewing import SewingLine
from factory_env.sim.work.repair_loop import unmarked_detects

Floats = NDArray[np.float64]
NOTHING: Floats = np.empty(0)


class HandOver:
    """Hands an order to its line; where the lever is the policy's, asks it first.

    Without a threshold there is nothing to move: nobody is asked about such an inspector.
    """

    def __init__(self, rooms: Rooms, desk: Desk) -> None:
        world, rules = rooms.world, rooms.world.scenario.inspection
        self._world = world
        self._desk = desk
        self._floor = rooms.floor
        self._cutting = rooms.cutting
        self._planner = rooms.planner
        self._asks = rules.lever == "agent" and bool(
            getattr(world.inspector, "has_threshold", False)
        )
        self._options = np.asarray(rules.strictness_options, dtype=np.float64)
        self._house = int(np.abs(np.log(self._options / rules.strictness)).argmin())

    def hand_over(self, line: SewingLine, order: int) -> None:
        """``line`` takes ``order``, at once or when the policy has answered."""
        if not self._asks:
            self._take(line, order, self._world.scenario.inspection.strictness)
        else:
            self._desk.request_next(Asking(self, line, order))

    def choice(self, serial: int, line: SewingLine, order: int) -> InspectionChoice:
        """The question as things stand now."""
        world, floor = self._world, self._floor
        terms, style = world.book.orders[order], int(world.book.style[order])
        waiting = floor.waiting_for(line.number)  # it is still among them
        seen = self._planner.dispatch(serial, line.number, waiting, can_hold=False)
        row = CandidateTable(seen.table.data[waiting == order])
        share = self._learned_share(line.number, style)
        minutes = float(row.sewing_min[0] + row.learning_min[0])
        defective = self._defective_share(line.number, style, share, minutes)
        flagged, escaped = self._expected(style, defective)
        usd = NOTHING
        if flagged.size:
            usd = float(row.pieces[0]) * self._piece_usd(order, defective, flagged, escaped)
        gate_min, bench_min = line.gate.waiting_min
        return InspectionChoice(
            serial=serial,
            now_min=seen.now_min,
            asker=line.number,
            orders=np.array([order]),
            table=row,
            style=terms.style_id,
            product=world.tables.styles[style].product.name,
            price_usd=terms.price_usd,
            priority=terms.priority,
            strictness=self._options,
            allowed=self._allowed(terms.priority, terms.is_rush),
            house=self._house,
            learned_share=share,
            defective_share=defective,
            flagged=flagged,
            escaped=escaped,
            expected_usd=usd,
            gate_min=gate_min,
            bench_min=bench_min,
            lines=seen.lines,
            site=seen.site,
        )

    def take(self, line: SewingLine, order: int, answer: int) -> None:
        """The line takes the order, to be inspected as answered."""
        self._take(line, order, float(self._options[answer]))

    def _take(self, line: SewingLine, order: int, strictness: float) -> None:
        run = self._floor.pick(order, line.number)
        self._cutting.look()  # less waits for the lines now
        line.take(run, strictness)

    def _allowed(self, priority: float, is_rush: bool) -> NDArray[np.bool_]:
        """Where the customer is an important one, nothing more lenient than the house."""
        every = np.ones(self._options.shape[0], dtype=np.bool_)
        if is_rush or priority >= self._world.scenario.inspection.lenient_priority:
            every[: self._house] = False
        return every

    def _learned_share(self, line: int, style: int) -> float:
        """What the line would know of the style if it changed to it now."""
        first = float(self._world.tables.learn_loss[style])
        left = float(self._world.setups.loss[line, style])
        return 1.0 - left / first if first > 0 else 1.0

    def _defective_share(self, line: int, style: int, share: float, minutes: float) -> float:
        """Mean over ``minutes`` of sewing: the line learns, and the first pieces leave late."""
        world, tables = self._world, self._world.tables
        people = world.crews.defect_factor(line) * world.heat_defects
        settled = float(tables.defect_probability[line, style]) * people
        tau_min = float(tables.learn_tau_min[style])
        first = min(float(tables.fill_min[line, style]), minutes)
        spans = max(minutes - first, 1e-9) / tau_min
        left = (1.0 - share) * np.exp(-first / tau_min) * -float(np.expm1(-spans)) / spans
        more = world.scenario.quality.first_day_factor - 1.0
        return min(1.0, settled * (1.0 + more * float(left)))

    def _expected(self, style: int, defective_share: float) -> tuple[Floats, Floats]:
        world = self._world
        if not isinstance(world.inspector, Expecting):
            return NOTHING, NOTHING
        day = world.now_shift / world.scenario.calendar.shift_min
        return world.inspector.expected(style, day, defective_share, self._options)

    def _piece_usd(
        self, order: int, defective_share: float, flagged: Floats, escaped: Floats
    ) -> Floats:
        """Escapes, false alarms and repairs, shape (n,) [USD a piece]."""
        scenario, book = self._world.scenario, self._world.book
        number = int(book.style[order])
        price, product = book.orders[order].price_usd, self._world.tables.styles[number].product
        caught = defective_share - escaped
        alarms = flagged - caught
        return np.asarray(
            escaped * escape_usd(scenario, price)
            + alarms * false_alarm_usd(scenario, product)
            + caught * self._mend_usd(number, price)
        )

    def _mend_usd(self, style: int, price: float) -> Floats:
        """A flagged defective piece of the mean kind, shape (n,); flags by chance mark nothing."""
        world = self._world
        scenario, own, station = (
            world.scenario,
            world.tables.styles[style],
            world.scenario.inspection.station,
        )
        kinds, needs = scenario.library.defects, Needs.of(world.inspector)
        weight = np.array([kind.share for kind in kinds])
        found = np.full((2, weight.shape[0]), station.bench_detects)  # with a mark, without
        share = np.ones((self._options.shape[0], weight.shape[0]))
        if isinstance(world.inspector, Marking):
            found[1] = unmarked_detects(world)
            day = world.now_shift / scenario.calendar.shift_min
            share = np.array(
                [world.inspector.marked(style, day, s) for s in self._options.tolist()]
            )
        marked_usd, unmarked_usd = (
            np.array(
                [
                    repair_usd(
                        scenario,
                        own,
                        kind,
                        price,
                        found=seen,
                        manual_share=needs.manual_share,
                        uses_camera=needs.uses_camera,
                    )
                    for kind, seen in zip(kinds, row, strict=True)
                ]
            )
            for row in found.tolist()
        )
        usd = share * marked_usd + (1.0 - share) * unmarked_usd
        return np.asarray(usd @ weight / weight.sum())


class Asking:
    """The question about one order at the desk."""

    def __init__(self, handing: HandOver, line: SewingLine, order: int) -> None:
        self._handing = handing
        self._line = line
        self._order = order

    def question(self, serial: int) -> InspectionChoice | None:
        """The question; None if there is nothing to choose, and the order is taken."""
        choice = self._handing.choice(serial, self._line, self._order)
        if choice.allowed.sum() > 1:
            return choice
        self._handing.take(self._line, self._order, choice.house)
        return None

    def answer(self, choice: InspectionChoice, answer: int) -> None:
        """The order is taken, to be inspected so."""
        self._handing.take(self._line, self._order, answer)


def begin(rooms: Rooms, desk: Desk) -> None:
    """Hand every chosen order to its line, asking first where that is the policy's."""
    rooms.chosen.listen(HandOver(rooms, desk).hand_over)


PLUG = begin
