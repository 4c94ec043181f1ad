"""Rows of a floor, kind by kind: what each puts where, and what contradicts plant or book."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

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
from factory_env.door.floor_cells import FloorCells, FloorGround
from factory_env.door.tables.table import quote

GATE: Final = "gate"
GATE_TIMES: Final = 6
ROOM_TIMES: Final = 2


class FloorRows:
    """Takes row after row; lots come last. ``at_min`` None = wrong, and reported."""

    def __init__(self, ground: FloorGround, at_min: float | None) -> None:
        self._ground = ground
        self._at_min = at_min
        self._stands: dict[int, int] = {}  # order -> line of the file
        self._lines: dict[int, LineNow] = {}
        self._knows: dict[int, list[Remembered]] = {}
        self._sewn: list[SewnNow] = []
        self._lots: list[LotNow] = []
        self._cutting: list[CuttingNow] = []
        self._cut: list[CutNow] = []
        self._late: list[LateNow] = []
        self._shipped: list[str] = []

    def state(self) -> FloorState:
        """The floor that the rows make."""
        assert self._at_min is not None
        lines = []
        for line in sorted(self._lines.keys() | self._knows.keys()):
            now = self._lines.get(line, LineNow(line=line))
            lines.append(replace(now, remembered=tuple(self._knows.get(line, ()))))
        return FloorState(
            at_min=self._at_min,
            lines=tuple(lines),
            sewn=tuple(self._sewn),
            lots=tuple(self._lots),
            cutting=tuple(self._cutting),
            cut=tuple(self._cut),
            late=tuple(self._late),
            shipped=tuple(self._shipped),
        )

    def _stand(self, row: FloorCells, order: int, *, needs_fabric: bool = True) -> None:
        """An order stands in one place, and its fabric has come."""
        name = self._ground.orders[order].order_id
        if order in self._stands:
            got = f"{name}, which stands in line {self._stands[order]}, too"
            row.say("order", "must stand in one place", got, "one row an order")
        self._stands.setdefault(order, row.file_line)
        release = self._ground.orders[order].release_min
        if needs_fabric and self._at_min is not None and release > self._at_min:
            got = f"{name}, whose fabric comes on day {release / 1440.0:g}"
            row.say("order", "must have its fabric in the house", got, "check the book's release")

    def _past(self, row: FloorCells, name: str) -> float | None:
        """A minute that has come."""
        minute = row.minute(name)
        if minute is not None and self._at_min is not None and minute > self._at_min:
            row.say(name, "must not lie after the floor's minute", quote(row.text(name)), "earlier")
        return minute

    def _can_sew(self, row: FloorCells, line: int, style: str) -> None:
        ground = self._ground
        if not ground.can_sew[line, ground.styles[style]]:
            able = ground.can_sew[:, ground.styles[style]].tolist()
            names = [n for n, can in zip(ground.lines, able, strict=True) if can]
            right = f"lines that can: {', '.join(names) or 'none'}"
            row.say("line", f"must be able to sew {style}", ground.lines[line], right)

    def read_line(self, row: FloorCells) -> None:
        line, style = row.line(), row.style()
        if line is None:
            return
        if line in self._lines:
            row.say("line", "must be said once", self._ground.lines[line], "one row a line")
        if style is not None:
            self._can_sew(row, line, style)
        self._lines[line] = LineNow(
            line=line,
            style_id=style,
            learned=row.share("learned"),
            present=row.present(line),
            free_shift_min=row.read_any("planned_min"),
        )

    def check_style(self, row: FloorCells) -> None:
        """The style in hand is that of the order that the line has taken last."""
        line, style = row.line(), row.text("style")
        mine = [sewn.order_id for sewn in self._sewn if sewn.line == line]
        if line is None or not style or not mine:
            return
        order = next(o for o in self._ground.orders if o.order_id == mine[-1])
        if order.style_id != style:
            got = f"{style}, but its order {order.order_id} is {order.style_id}"
            row.say("style", "must be that of the line's last order", got, "leave one out")

    def read_knows(self, row: FloorCells) -> None:
        line, style, share = row.line(), row.style(), row.share("learned")
        left = self._past(row, "since")
        if not row.text("style") or not row.text("learned") or not row.text("since"):
            row.say("style", "needs style, learned and since", "less", "or leave the row out")
        elif line is not None and style is not None and share is not None and left is not None:
            past = Remembered(style_id=style, share=share, left_wall_min=left)
            self._knows.setdefault(line, []).append(past)

    def read_sewn(self, row: FloorCells) -> None:
        line, order = row.line(), row.order()
        if order is None:
            return
        self._stand(row, order)
        name = self._ground.orders[order].order_id
        most = float(self._ground.cut[order])
        left = row.number("left", most, f"{name} has {most:,.0f} pieces, extra cut included")
        if not row.text("left"):
            row.say("left", "must be the pieces that are left", "nothing", "e.g. 900")
        if line is None or left is None:
            return
        self._can_sew(row, line, self._ground.orders[order].style_id)
        is_off = row.text("place").casefold() == "finished"
        self._sewn.append(
            SewnNow(
                order_id=name,
                line=line,
                left=0 if is_off else int(left),
                unpacked=int(left) if is_off else None,
                began_min=row.number("began_min"),
                taken_wall_min=self._past(row, "since"),
                ready_wall_min=self._past(row, "cut_since"),
                setup_min=row.number("setup_min"),
                share=row.share("share"),
                free_min=row.numbers("free_min", self._ground.operators[line]),
                end_shift_min=row.read_any("planned_min"),
            )
        )

    def read_cut(self, row: FloorCells) -> None:
        ready = self._past(row, "since")
        for order in row.orders():
            self._stand(row, order)
            name = self._ground.orders[order].order_id
            self._cut.append(CutNow(order_id=name, ready_wall_min=ready))

    def read_cutting(self, row: FloorCells) -> None:
        order = row.order()
        if order is None:
            return
        self._stand(row, order)
        name, most = self._ground.orders[order].order_id, float(self._ground.cut[order])
        left = row.number("left", most, f"{name} has {most:,.0f} pieces, extra cut included")
        times = row.numbers("times_min") or ()
        ends = tuple((int(t), m) for t, m in zip(times[::2], times[1::2], strict=False))
        if len(times) % 2 or any(table >= self._ground.tables for table, _ in ends):
            rule = f"must be tables 0 to {self._ground.tables - 1}, each with its minutes"
            row.say("times_min", rule, quote(row.text("times_min")), "or leave it empty")
        pieces = None if left is None else int(left)
        self._cutting.append(CuttingNow(order_id=name, left=pieces, ends_min=ends))

    def read_late(self, row: FloorCells) -> None:
        minute = row.minute("since")
        for order in row.orders():
            self._stand(row, order, needs_fabric=False)
            if minute is None or (self._at_min is not None and minute < self._at_min):
                got = quote(row.text("since"))
                row.say("since", "must be the day on which it comes", got, "a later day")
                return
            name = self._ground.orders[order].order_id
            self._late.append(LateNow(order_id=name, release_wall_min=minute))

    def read_shipped(self, row: FloorCells) -> None:
        for order in row.orders():
            self._stand(row, order, needs_fabric=False)
            self._shipped.append(self._ground.orders[order].order_id)

    def read_lot(self, row: FloorCells) -> None:
        order, number, room = row.order(), row.number("lot"), row.text("room").casefold()
        if order is None:
            return
        name, style = self._ground.orders[order].order_id, self._ground.orders[order].style_id
        if name not in {sewn.order_id for sewn in self._sewn}:
            row.say("order", "must be in a row sewing or finished, too", name, "add that row")
        rooms = (GATE, *self._ground.rooms[style])
        if room not in rooms:
            row.say("room", "must be on the way of its pieces", quote(room), ", ".join(rooms))
            return
        times = row.numbers("times_min", GATE_TIMES if room == GATE else ROOM_TIMES)
        if number is None or times is None:
            if not row.text("lot") or not row.text("times_min"):
                row.say("lot", "needs number and times", "less", "as simulate.py writes it")
            return
        self._lots.append(LotNow(order_id=name, number=int(number), place=room, times_min=times))
