"""What would have helped: variants of a run with one thing done for the order."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from experiments.futures.question import Variant
from experiments.futures.reasons.subject import Subject
from factory_env.domain.changes import Change, ForceOrder, Heads, Overtime, WorkDay
from factory_env.domain.order import Order
from factory_env.units import MIN_PER_DAY, MIN_PER_HOUR

OVERTIME_H: Final = 2.0  # an evening: the legal limit [source: RSG-LAW]
MORE_HEADS: Final = 0.1  # of a line's operators
MOST_LINES: Final = 3  # other lines that are tried
Cure = tuple[str, Variant]  # what is done in words, and the run with it


def list_cures(subject: Subject) -> Iterator[Cure]:
    """Everything that is tried; names of the variants begin with ``cure``."""
    orders = subject.factory.house.runs
    run = orders[subject.parts[0]]
    line = subject.factory.lines[run.line].name if run.is_taken else None
    window = _window(subject)
    if line is not None:
        extra = Overtime(from_min=window[0], to_min=window[1], hours=OVERTIME_H, line=line)
        yield _with(subject, f"{OVERTIME_H:g} h of overtime on {line}", "overtime", [extra])
        more = Heads(from_min=window[0], to_min=window[1], line=line, share=MORE_HEADS)
        yield _with(subject, f"{MORE_HEADS:.0%} more operators on {line}", "people", [more])
        first = [_force(subject, part, line) for part in subject.parts]
        yield _with(subject, f"the next one on {line}, before all others", "first", first)
    everywhere = Overtime(from_min=window[0], to_min=window[1], hours=OVERTIME_H)
    yield _with(
        subject, f"{OVERTIME_H:g} h of overtime on every line", "overtime all", [everywhere]
    )
    if days := _days_off(subject, window):
        worked = [WorkDay(day=day) for day in days]
        yield _with(subject, f"{len(days)} weekly days off worked", "days off", worked)
    for other in _other_lines(subject, line)[:MOST_LINES]:
        moved = [_force(subject, part, other) for part in subject.parts]
        yield _with(subject, f"on {other} instead", f"on {other}", moved)
    if len(subject.parts) == 1 and subject.order.quantity > 1:
        words = "in two halves, which two lines may sew"
        yield words, _with_book(subject, "split", _halves(subject))
    before = _find_blocker(subject)
    if before is not None:
        words = f"{subject.book[before].order_id} starts only behind it"
        yield words, _with_book(subject, "later", _later(subject, before))


def extra_wages_usd(subject: Subject, changes: Sequence[Change]) -> float:
    """What people cost whom the changes bring; the cost table knows the plant's own alone."""
    factory = subject.factory
    calendar, costs = factory.scenario.calendar, factory.scenario.costs
    usd = 0.0
    for change in changes:
        if isinstance(change, Heads):
            own = sum(x.operators for x in factory.lines if change.line in (None, x.name))
            last = min(change.to_min, factory.horizon_min)
            days = range(int(change.from_min // MIN_PER_DAY), math.ceil(last / MIN_PER_DAY))
            worked = sum(calendar.is_working_day(day) for day in days)
            people = (own + change.heads) * (1.0 + change.share) - own
            usd += people * worked * calendar.shift_min * costs.labour_usd_per_min
    return usd


def _window(subject: Subject) -> tuple[float, float]:
    """From its booking until it left: within it something could be done for it."""
    left = [subject.factory.house.runs[part].shipped_min for part in subject.parts]
    end = max(subject.factory.now_min if math.isnan(minute) else minute for minute in left)
    begin = max(subject.order.booked_min, 0.0)
    return begin, max(math.ceil(end / MIN_PER_DAY) * MIN_PER_DAY, begin + MIN_PER_DAY)


def _force(subject: Subject, part: int, line: str) -> Change:
    """From when its fabric is promised; it waits until the order is cut."""
    order = subject.book[part]
    return ForceOrder(at_min=max(order.release_min, 0.0), order_id=order.order_id, line=line)


def _days_off(subject: Subject, window: tuple[float, float]) -> list[int]:
    """Weekly days off between fabric and lorry."""
    calendar = subject.factory.scenario.calendar
    first = int(max(subject.order.release_min, window[0]) // MIN_PER_DAY)
    last = min(int(window[1] // MIN_PER_DAY), subject.factory.scenario.calendar_days)
    days = range(first, last)
    return [d for d in days if not calendar.is_working_day(d) and d not in calendar.holiday_days]


def _other_lines(subject: Subject, line: str | None) -> list[str]:
    """Lines that can sew it, those with the least to do first."""
    factory = subject.factory
    style = int(factory.book.style[subject.parts[0]])
    able = factory.tables.capable[:, style]
    lines = [x for x in factory.lines if able[x.number] and x.name != line]
    return [x.name for x in sorted(lines, key=lambda x: (len(x.passes), x.number))]


def _halves(subject: Subject) -> tuple[Order, ...]:
    place, order = subject.parts[0], subject.order
    half = order.quantity // 2
    colours = order.colours
    parts = [
        replace(
            order,
            order_id=f"{order.order_id}/{i + 1}",
            parent=order.order_id,
            quantity=pieces,
            colours=max(1, min(pieces, colours // 2 + i * (colours % 2))),
            luck_id=(place if order.luck_id < 0 else order.luck_id)
            if i == 0
            else len(subject.book),
        )
        for i, pieces in enumerate((order.quantity - half, half))
    ]
    kept = _with_luck(subject.book)
    return (*kept[:place], parts[0], *kept[place + 1 :], parts[1])


def _find_blocker(subject: Subject) -> int | None:
    """Place of the order that its line sewed before it; None = there was none."""
    factory = subject.factory
    for line in factory.lines:
        orders = [p.run.order for p in line.passes]
        mine = [i for i, order in enumerate(orders) if order in subject.parts]
        if mine and mine[0] and orders[mine[0] - 1] not in subject.parts:
            return orders[mine[0] - 1]
    return None


def _later(subject: Subject, before: int) -> tuple[Order, ...]:
    """The other's fabric comes when this one has been taken."""
    ready = subject.factory.house.runs[subject.parts[0]].ready_min
    moved = max(ready + MIN_PER_HOUR, subject.book[before].release_min)
    book = list(_with_luck(subject.book))
    book[before] = replace(book[before], release_min=moved)
    return tuple(book)


def _with_luck(book: Sequence[Order]) -> tuple[Order, ...]:
    """The same orders, whose luck is theirs wherever they stand."""
    return tuple(replace(o, luck_id=i) if o.luck_id < 0 else o for i, o in enumerate(book))


def _with(subject: Subject, words: str, name: str, changes: Sequence[Change]) -> Cure:
    return words, replace(
        subject.base, name=f"cure {name}", changes=(*subject.base.changes, *changes)
    )


def _with_book(subject: Subject, name: str, book: tuple[Order, ...]) -> Variant:
    return replace(subject.base, name=f"cure {name}", orders=book)
