"""Does a line work on tonight? Asked line by line, some time before the shift ends."""

from __future__ import annotations

from factory_env.decisions.overtime_choice import GO_HOME, OvertimeChoice
from factory_env.sim.days.evening import Evenings
from factory_env.sim.kernel.desk import Desk
from factory_env.sim.planning.planner import Planner
from factory_env.sim.questions import Rooms
from factory_env.sim.stations.spine.sewing import SewingLine
from factory_env.sim.world import World


class OvertimeAsks:
    """Files a request for every line that the evening tells of."""

    def __init__(self, world: World, evenings: Evenings, planner: Planner, desk: Desk) -> None:
        self._world = world
        self._evenings = evenings
        self._planner = planner
        self._desk = desk
        evenings.listen(self._request)

    def choice(self, serial: int, line: SewingLine) -> OvertimeChoice | None:
        """The question as things stand now; None if there is nothing to choose."""
        evenings, planner, number = self._evenings, self._planner, line.number
        allowed = evenings.allowed(number)
        if allowed.sum() <= 1:
            return None
        return OvertimeChoice(
            serial=serial,
            now_min=float(self._world.env.now),
            asker=number,
            minutes=evenings.minutes,
            allowed=allowed,
            labour_usd=evenings.labour_usd(line, evenings.minutes),
            late_usd=planner.late_after_evenings(number, evenings.minutes),
            week_min=evenings.week_min(number),
            lines=planner.view_lines(number),
            site=planner.view_site(number),
        )

    def _request(self, line: SewingLine, day: int) -> None:
        self._desk.request(Asking(self, self._evenings, line, day))


class Asking:
    """One line's question at the desk."""

    def __init__(self, asks: OvertimeAsks, evenings: Evenings, line: SewingLine, day: int) -> None:
        self._asks = asks
        self._evenings = evenings
        self._line = line
        self._day = day

    def question(self, serial: int) -> OvertimeChoice | None:
        """The question; None if there is nothing to choose."""
        return self._asks.choice(serial, self._line)

    def answer(self, choice: OvertimeChoice, answer: int) -> None:
        """Go home or stay."""
        if answer != GO_HOME:
            self._evenings.stay(self._line, self._day, float(choice.minutes[answer]))


def begin(rooms: Rooms, desk: Desk) -> None:
    """Ask about the evenings, if there may be overtime."""
    if rooms.evenings is not None:
        OvertimeAsks(rooms.world, rooms.evenings, rooms.planner, desk)


PLUG = begin
