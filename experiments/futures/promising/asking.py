"""What a customer asks for, beside all that is on order already."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from experiments.building.floor_file import begin_with_floor
from experiments.building.order_book import (
    DAYS_AFTER_LAST_DUE,
    Workload,
    working_days_until,
    workload,
)
from experiments.building.policy import policies_from
from experiments.building.scenario import scenario_and_notes, with_own_sheets
from experiments.futures.promising.options import PromiseOptions
from experiments.futures.question import Variant
from experiments.futures.reasons.subject import base_variant
from experiments.simulating.branch_point import point_min
from factory_env.domain.floor_state import FloorState
from factory_env.domain.order import Order
from factory_env.domain.product import Style
from factory_env.door.gather import Gather
from factory_env.errors import InputError
from factory_env.sim.factory import Factory
from factory_env.units import MIN_PER_DAY

NAME: Final = "NEW"  # of the order asked for, if the book has none of that name
FIRST_GUESS_DAYS: Final = 30.0  # due date of the first futures, calendar days after its fabric


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A new order and the house that is to make it."""

    options: PromiseOptions
    base: Variant  # the book without it
    order: Order  # due date: a first guess
    lines: tuple[str, ...]  # that can sew it, those of its home first
    by_min: float | None
    first_day: date | None
    end_min: float  # of every future
    notes: tuple[str, ...] = ()

    def with_due(self, name: str, due_min: float) -> Variant:
        """The book with the order, due at a minute."""
        assert self.base.orders is not None
        new = replace(self.order, due_min=due_min)
        return replace(self.base, name=name, orders=(*self.base.orders, new))


def read_wish(options: PromiseOptions) -> Asked:
    """Check what is asked for.

    Raises
    ------
    InputError
        With every problem of scenario, book, style and dates.
    """
    gather = Gather()
    options, sheets = with_own_sheets(options, options.orders)
    made = gather(scenario_and_notes, options)
    gather(policies_from, options, options.agent, {})
    gather.done()
    assert made is not None
    work = workload(made[0], options.orders, options.seed, options.orders_format)
    factory = Factory(work.scenario, options.seed, orders=work.orders)
    style = gather(find_style, options.style, factory.tables.styles)
    fabric_min = gather(_minute, "fabric", options.fabric, work.first_day, 0.0)
    by_min = gather(_minute, "by", options.by, work.first_day, MIN_PER_DAY)
    opening = None
    if options.floor is not None:
        now = gather(begin_with_floor, options.floor, factory, work.first_day)
        opening, orders = now or (None, work.orders)
        work = replace(work, orders=orders)
    gather.done()
    assert style is not None
    notes = (*made[1], *sheets, *work.notes)
    asked = build_wish(
        options, work, style, fabric_min=fabric_min or 0.0, by_min=by_min, opening=opening
    )
    return replace(asked, notes=notes)


def build_wish(
    options: PromiseOptions,
    work: Workload,
    style: Style,
    *,
    fabric_min: float = 0.0,
    by_min: float | None = None,
    opening: FloorState | None = None,
) -> Asked:
    """The order of a known style beside a checked book, on the floor as it stands (``opening``).

    Raises
    ------
    InputError
        If no line can sew it.
    """
    factory = Factory(work.scenario, options.seed, orders=work.orders)
    book, styles = tuple(factory.book.orders), factory.tables.styles
    place = styles.index(style)
    able, home = factory.tables.capable[:, place], factory.tables.home[:, place]
    names = [(not home[x.number], x.name) for x in factory.lines if able[x.number]]
    if not names:
        rule = "must be a style that a line of the plant can sew"
        raise InputError.of("command line", "style", rule, options.style, "another style or plant")
    today_min = 0.0 if opening is None else opening.at_min
    begin_min = max(fabric_min, today_min, work.scenario.calendar.shift_start_min)
    order = _order(options, style, book, begin_min)
    base = base_variant(work.scenario, styles, book, options.agent)
    latest = max(order.due_min, by_min or 0.0)
    days = working_days_until(work.scenario, latest) + DAYS_AFTER_LAST_DUE
    scenario = base.scenario.replace(horizon_days=max(work.scenario.horizon_days, days))
    return Asked(
        options=options,
        base=replace(base, scenario=scenario, opening=opening),
        order=order,
        lines=tuple(name for _, name in sorted(names)),
        by_min=by_min,
        first_day=work.first_day,
        end_min=scenario.calendar_days * MIN_PER_DAY,
    )


def find_style(name: str, styles: Sequence[Style]) -> Style:
    """A style by its name.

    Raises
    ------
    InputError
        With the nearest names, if nobody knows it.
    """
    known = {style.style_id.casefold(): style for style in styles}
    if (style := known.get(name.casefold())) is not None:
        return style
    near = difflib.get_close_matches(name.casefold(), list(known), n=3)
    names = ", ".join(known[n].style_id for n in near or list(known)[:8])
    right = f"did you mean {names}?" if near else f"known are {names}, ..."
    raise InputError.of("command line", "style", "must be a style of the house", repr(name), right)


def _order(options: PromiseOptions, style: Style, book: Sequence[Order], begin: float) -> Order:
    names = {order.order_id for order in book} | {order.parent for order in book}
    name = next(n for n in (NAME, *(f"{NAME}-{i}" for i in range(2, 10_000))) if n not in names)
    prices = [o.price_usd for o in book if o.style_id == style.style_id]
    price = prices[-1] if prices else style.product.price_usd
    return Order(
        order_id=name,
        style_id=style.style_id,
        quantity=options.quantity,
        release_min=begin,
        due_min=begin + FIRST_GUESS_DAYS * MIN_PER_DAY,
        price_usd=options.price_usd or price,
        priority=1.0,
        customer="promise",
        luck_id=len(book),
    )


def _minute(field: str, text: str | None, first_day: date | None, more_min: float) -> float | None:
    """A day as a person writes it: its first minute, or its last with ``more_min``."""
    if text is None:
        return None
    try:
        minute = point_min(f"{text} 00:00", first_day) + more_min
    except InputError:
        minute = -1.0
    if minute < 0.0:
        right = "2026-04-10 where the book has dates, else day 30"
        raise InputError.of("command line", field, "must be a day of the run", repr(text), right)
    return minute
