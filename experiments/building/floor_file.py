"""``floor=``: a run begins with the floor as it stands; ``floor_at=``: a run writes its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from factory_env.domain.floor_state import FloorState
from factory_env.domain.order import Order
from factory_env.door.floor_cells import FloorGround
from factory_env.door.floor_door import read_floor_file
from factory_env.door.run_moments import FORMS, read_run_minute
from factory_env.errors import InputError
from factory_env.sim.factory import Readings
from factory_env.units import MIN_PER_DAY


def begin_with_floor(
    path: str, factory: Readings, first_day: date | None
) -> tuple[FloorState, tuple[Order, ...]]:
    """The floor of a file for the lines and orders of a factory, and the orders that are left.

    Orders that have left the house are left out; the others keep the luck of their place.

    Raises
    ------
    InputError
        With every problem of the floor.
    """
    book, scenario, tables = factory.book, factory.scenario, factory.tables
    plant = scenario.plant
    floor = read_floor_file(
        path,
        FloorGround(
            lines=[line.name for line in plant.lines],
            operators=[line.operators for line in plant.lines],
            orders=book.orders,
            cut=book.cut.astype(int).tolist(),
            styles={style.style_id: i for i, style in enumerate(tables.styles)},
            can_sew=tables.capable,
            rooms={s.style_id: scenario.route(s.product.name) for s in tables.styles},
            tables=plant.rooms.cutting_tables,
            first_day=first_day,
            end_min=scenario.calendar_days * MIN_PER_DAY,
        ),
    )
    return floor, leave_shipped(book.orders, floor, path)


def leave_shipped(orders: Sequence[Order], floor: FloorState, where: str) -> tuple[Order, ...]:
    """The orders that have not left the house, each with its luck."""
    gone = set(floor.shipped)
    left = tuple(
        replace(order, luck_id=i if order.luck_id < 0 else order.luck_id)
        for i, order in enumerate(orders)
        if order.order_id not in gone
    )
    if not left:
        right = "leave an order to do"
        raise InputError.of(where, "shipped", "must not be all orders", len(orders), right)
    return left


def read_floor_minute(text: str, first_day: date | None, end_min: float) -> float:
    """The minute that ``floor_at=`` means.

    Raises
    ------
    InputError
        If it is none, or lies outside the run.
    """
    minute = read_run_minute(text, first_day)
    if isinstance(minute, str):
        raise InputError.of("command line", "floor_at", "must be a day and a time", text, FORMS)
    if not 0.0 <= minute < end_min:
        rule = f"must lie within the run, day 0 to {end_min / MIN_PER_DAY:g}"
        raise InputError.of("command line", "floor_at", rule, text, FORMS)
    return minute
