"""Rules between the values of one change, and between changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from factory_env.domain import changes as what
from factory_env.domain.changes import Change
from factory_env.domain.order import Order
from factory_env.door.changing.known import Fault, Known
from factory_env.door.changing.moments import moment_text
from factory_env.units import MIN_PER_DAY

Finding = tuple[int, str, Fault, Any]  # row, key ("" = its word), what is wrong, what was found
Rows = Mapping[int, Change]
EVERYWHERE: Final = "all"


def broken_rules(changes: Rows, known: Known) -> Iterator[Finding]:
    """Everything that is wrong with changes whose values are right each by itself."""
    for rule in RULES:
        yield from rule(changes, known)


def _windows(changes: Rows, known: Known) -> Iterator[Finding]:
    """A window ends after it begins, and touches no other of its kind and place."""
    seen: list[tuple[int, Any]] = []
    for i, change in changes.items():
        if not isinstance(change, what.Window):
            continue
        if change.to_min <= change.from_min:
            right = f"after {moment_text(change.from_min, known.first_day)}"
            got = moment_text(change.to_min, known.first_day)
            yield i, "to", Fault("must be after from", right), got
            continue
        for j, other in seen:
            if _overlap(change, other):
                fault = Fault("must not overlap another window of its kind", "one window, or two")
                span = f"{moment_text(change.from_min, known.first_day)}, as in {_row_text(j)}"
                yield i, "from", fault, span
        seen.append((i, change))


def _row_text(i: int) -> str:
    return f"changes[{i}]" if i >= 0 else "a change of the run"


def _overlap(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if getattr(one, "machine", None) != getattr(other, "machine", None):
        return False
    places = {getattr(one, "line", None), getattr(other, "line", None)}
    is_same_place = len(places) == 1 or None in places
    return is_same_place and one.from_min < other.to_min and other.from_min < one.to_min


def _calendar(changes: Rows, known: Known) -> Iterator[Finding]:
    """A day off is opened, a working day is closed, and either once."""
    calendar, seen = known.scenario.calendar, set[int]()
    for i, change in changes.items():
        if not isinstance(change, what.WorkDay | what.ClosedDay):
            continue
        got = moment_text(change.day * MIN_PER_DAY, known.first_day)
        if change.day in seen:
            yield i, "", Fault("must be named once", "another day"), got
        elif calendar.is_working_day(change.day) == isinstance(change, what.WorkDay):
            is_off = isinstance(change, what.WorkDay)
            rule = "must be a day off" if is_off else "must be a working day"
            yield i, "", Fault(rule, "another day: nothing would change"), got
        seen.add(change.day)


def _orders(changes: Rows, known: Known) -> Iterator[Finding]:
    """What is changed of an order is still there, and is another value than before."""
    gone = {
        c.order_id: (i, c.at_min) for i, c in changes.items() if isinstance(c, what.CancelOrder)
    }
    born = {c.order.order_id: c.at_min for c in changes.values() if isinstance(c, what.AddOrder)}
    for i, change in changes.items():
        if isinstance(change, what.AddOrder):
            yield from _check_new(i, change, known)
        order_id = getattr(change, "order_id", None)
        if order_id is None:
            continue
        at_min: float = change.at_min  # type: ignore[union-attr]
        if at_min < born.get(order_id, 0.0):
            got = moment_text(at_min, known.first_day)
            right = f"from {moment_text(born[order_id], known.first_day)} on"
            yield i, "on", Fault("must not be before the order is there", right), got
        row, since = gone.get(order_id, (i, at_min))
        if row != i and since <= at_min:
            rule = f"must not come after {_row_text(row)} cancels it"
            fault = Fault(rule, "before, or leave out")
            yield i, "", fault, order_id
        yield from _check_order(i, change, known)


def _check_new(i: int, change: what.AddOrder, known: Known) -> Iterator[Finding]:
    order, come = change.order, max(change.order.release_min, change.at_min)
    if order.due_min <= come:
        got = moment_text(order.due_min, known.first_day)
        right = f"after {moment_text(come, known.first_day)}"
        yield i, "due", Fault("must be after the order and its fabric are there", right), got


def _check_order(i: int, change: Change, known: Known) -> Iterator[Finding]:
    """Rules of one change of an order."""
    order = (known.orders or {}).get(getattr(change, "order_id", ""))
    if isinstance(change, what.AmendOrder):
        yield from _check_amendment(i, change, order, known)
    elif isinstance(change, what.LateFabric):
        yield from _check_fabric(i, change, order, known)
    elif isinstance(change, what.ForceOrder):
        yield from _check_force(i, change, known)


def _check_amendment(
    i: int, change: what.AmendOrder, order: Order | None, known: Known
) -> Iterator[Finding]:
    wanted = (change.quantity, change.due_min, change.priority)
    if wanted == (None, None, None):
        fault = Fault("must change something", "add quantity:, due: or priority:")
        yield i, "", fault, change.order_id
    if change.due_min is not None and change.due_min <= change.at_min:
        got = moment_text(change.due_min, known.first_day)
        yield i, "due", Fault("must be after on", "a later day"), got
    if change.quantity is not None and order is not None and order.release_min <= 0.0:
        fault = Fault("must be of an order that is not cut", "its fabric is cut on day 0")
        yield i, "quantity", fault, change.quantity


def _check_fabric(
    i: int, change: what.LateFabric, order: Order | None, known: Known
) -> Iterator[Finding]:
    come = change.at_min if order is None else order.release_min
    if order is not None and come <= change.at_min:
        got = moment_text(change.at_min, known.first_day)
        right = f"before {moment_text(come, known.first_day)}, or leave it out"
        yield i, "on", Fault("must be before the fabric comes", right), got
    elif change.release_min <= come:
        got = moment_text(change.release_min, known.first_day)
        right = f"after {moment_text(come, known.first_day)}"
        yield i, "until", Fault("must be later than it would come", right), got


def _check_force(i: int, change: what.ForceOrder, known: Known) -> Iterator[Finding]:
    """A line gets only what it can sew."""
    order = (known.orders or {}).get(change.order_id)
    style = None if order is None else (known.styles or {}).get(order.style_id)
    line = known.scenario.plant.lines[known.lines.index(change.line)]
    if style is not None and not line.can_sew(style.product):
        able = [known.lines[k] for k in known.scenario.plant.lines_for(style.product)]
        rule = f"must be a line that can sew {style.product.name}"
        yield i, "line", Fault(rule, ", ".join(able) or "no line can"), change.line


def _energy(changes: Rows, known: Known) -> Iterator[Finding]:
    """Energy costs something only where it is accounted for."""
    for i, change in changes.items():
        if isinstance(change, what.EnergyPrice) and known.scenario.energy is None:
            right = "site=pv_battery tariff=us_demand, or others"
            yield i, "", Fault("must be of a run with an energy side", right), "none"


def _demand(changes: Rows, known: Known) -> Iterator[Finding]:
    """Only drawn books can hold more orders."""
    for i, change in changes.items():
        if isinstance(change, what.MoreDemand) and known.orders is not None:
            right = "add_order: ... for each, or leave orders= out"
            yield i, "", Fault("must be of a run that draws its orders", right), "a given book"


RULES: Final[tuple[Callable[[Rows, Known], Iterator[Finding]], ...]] = (
    _windows,
    _calendar,
    _orders,
    _energy,
    _demand,
)
