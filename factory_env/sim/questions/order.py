"""Which order next? Asked by a line that could take one, and by a free cutting table."""

from __future__ import annotations

from factory_env.decisions.order_choice import HOLD, OrderChoice
from factory_env.sim.kernel.desk import Desk
from factory_env.sim.planning.planner import Planner
from factory_env.sim.questions import Rooms
from factory_env.sim.stations.spine.cutting import CuttingRoom
from factory_env.sim.stations.spine.sewing import SewingLine


class LineAsks:
    """Files a request for every line that the floor tells of."""

    def __init__(self, rooms: Rooms, desk: Desk) -> None:
        self._world = rooms.world
        self._floor = rooms.floor
        self._cutting = rooms.cutting
        self._planner = rooms.planner
        self._desk = desk
        self.hand_over = rooms.chosen.ring
        self._askers = [Asking(self, line) for line in rooms.floor.lines]
        rooms.floor.listen(self.request)

    def request(self, line: SewingLine) -> None:
        """The line wants to ask, unless it does already."""
        self._desk.request(self._askers[line.number])

    def choice(self, serial: int, line: SewingLine) -> OrderChoice | None:
        """The question as things stand now; None if nothing waits or there is one choice only."""
        if not line.can_take:
            return None
        forced = self._floor.first_meant(line.number)
        if forced is not None:
            self.hand_over(line, forced)
            return None
        orders = self._floor.waiting_for(line.number)
        if not orders.shape[0]:
            return None
        can_hold = self._may_hold(line)
        if orders.shape[0] == 1 and not can_hold:
            self.hand_over(line, int(orders[0]))
            return None
        return self._planner.dispatch(serial, line.number, orders, can_hold)

    def _may_hold(self, line: SewingLine) -> bool:
        """May other work still come, or another line of the group still take what waits?"""
        group = int(self._world.tables.group_lines[line.number])
        if self._world.to_come.may_ready(group) and self._cutting.may_feed(group):
            return True
        return any(
            not other.is_idle or self._desk.has_request(self._askers[other.number])
            for other in self._floor.others(line)
        )


class Asking:
    """One line's question at the desk."""

    def __init__(self, lines: LineAsks, line: SewingLine) -> None:
        self._lines = lines
        self._line = line

    def question(self, serial: int) -> OrderChoice | None:
        """Which waiting order next?"""
        return self._lines.choice(serial, self._line)

    def answer(self, choice: OrderChoice, answer: int) -> None:
        """Hold, or take an order."""
        if answer != HOLD:
            self._lines.hand_over(self._line, int(choice.orders[answer - 1]))


class TableAsks:
    """Files a request whenever the cutting room could begin an order."""

    def __init__(self, cutting: CuttingRoom, planner: Planner, desk: Desk) -> None:
        self._cutting = cutting
        self._planner = planner
        self._desk = desk
        cutting.listen(self._request)

    def question(self, serial: int) -> OrderChoice | None:
        """The pending choice, or None if there is nothing to choose any more."""
        table, orders = self._cutting.free_table, self._cutting.allowed_orders()
        if table is None or not orders.shape[0]:
            return None
        if orders.shape[0] == 1:
            self._cutting.begin(int(orders[0]))
            return None
        return self._planner.cutting(serial, table, orders)

    def answer(self, choice: OrderChoice, answer: int) -> None:
        """Begin with the chosen order."""
        self._cutting.begin(int(choice.orders[answer - 1]))
        self._cutting.go_on()

    def _request(self) -> None:
        self._desk.request(self)


def begin(rooms: Rooms, desk: Desk) -> None:
    """Ask for the lines, and for the cutting tables where that is the policy's."""
    LineAsks(rooms, desk)
    TableAsks(rooms.cutting, rooms.planner, desk)


PLUG = begin
