"""A column of days: its texts settle together which number is the day, and whether it has times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from factory_env.door.tables.moments import (
    Form,
    Written,
    full_year,
    ordinal,
    read_moment,
    serial_ordinal,
)

Order = Literal["dmy", "mdy", "ymd"]

_DAY_END_MIN: Final = 1439.0  # 23:59: how some programs write the end of a day
_SPAN_DAYS: Final = 800  # rows of one file lie closer together than that
_PATTERN: Final = {"dmy": "D/M/YYYY", "mdy": "M/D/YYYY", "ymd": "YY/M/D"}
_LOOKS: Final = {Form.ISO: "YYYY-MM-DD", Form.NAMED: "with the name of the month"}
IN_WORDS: Final = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a point in time: days since 1 January of year 1, or a day number."""

    form: Form
    days: float  # with the time of day as a fraction
    has_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayColumn:
    """A column of days; a text stands where a cell could not be read, and says why."""

    cells: tuple[Moment | str, ...]
    form: Form | None  # of most cells; None = none could be read
    order: Order | None  # of day, month and year, where the form leaves it open
    is_unsettled: bool  # nothing says which number is the day
    # every cell has the same time with a zone: a program has written the midnight of its own zone
    # in another one, and the day may be off by one
    is_shifted: bool
    notes: tuple[str, ...]


def read_days(columns: Sequence[Sequence[str]], given: Order | None = None) -> list[DayColumn]:
    """The days of the date columns of one file.

    A column settles its own order of day and month: by a value over 12, else by the file's other
    date columns, else by ``given``, which goes before all if it is there. A column whose every time
    of day is midnight holds dates.
    """
    known = {text: read_moment(text) for text in {text for texts in columns for text in texts}}
    written = [[known[text] for text in texts] for texts in columns]
    forms = Counter(w.form for column in written for w in column if isinstance(w, Written))
    is_numbers = forms[Form.NUMBER] >= max(1, sum(forms.values()) - forms[Form.NUMBER])
    orders = [_possible_orders(column) for column in written]
    shared = {next(iter(o)) for o in orders if len(o) == 1}
    days = []
    for column, own in zip(written, orders, strict=True):
        order = _choose_order(column, own, shared, given, [w for c in written for w in c])
        days.append(_read_column(column, order, is_unsettled=order is None, is_numbers=is_numbers))
    return days


def read_day(text: str, given: Order | None = None) -> Moment | str:
    """One day that stands alone, or what is wrong with it.

    >>> read_day("12").days
    12.0
    >>> read_day("02/03/2026")
    'could be 2 March or 3 February'
    """
    return read_days([[text]], given)[0].cells[0]


def could_be(written: Written) -> str:
    """The two days that an open date may mean, in words; "" if it means one."""
    first, second, _ = written.numbers
    if not written.is_open or first == second or max(first, second) > 12:
        return ""
    months = [date(2000, m, 1).strftime("%B") for m in (second, first)]
    return f"could be {first} {months[0]} or {second} {months[1]}"


def _find_orders(written: Written) -> set[Order]:
    """Orders in which an open date is a day of the calendar."""
    orders: tuple[Order, ...] = ("dmy", "mdy")
    if written.has_short_year and written.form is not Form.DOTTED:
        orders = ("dmy", "mdy", "ymd")
    return {order for order in orders if _read_ordinal(written, order) is not None}


def _read_ordinal(written: Written, order: Order) -> int | None:
    first, second, third = written.numbers
    year = full_year(third) if written.has_short_year else third
    if order == "dmy":
        return ordinal(year, second, first)
    if order == "mdy":
        return ordinal(year, first, second)
    return ordinal(full_year(first), second, third) if written.has_short_year else None


def _possible_orders(column: Sequence[Written | str]) -> set[Order]:
    """Orders in which the column's open dates can be read; empty = it has none.

    With dots the day comes first, unless a spreadsheet has mixed them with dates with other marks
    that say otherwise: it turns those that it can read into its own form and leaves the rest.
    """
    cells = [w for w in column if isinstance(w, Written) and w.is_open]
    votes = [orders for w in cells if w.form is not Form.DOTTED and (orders := _find_orders(w))]
    dotted = [w for w in cells if w.form is Form.DOTTED]
    if not votes:
        return {"dmy"} if dotted else set()
    joint = set.intersection(*votes)
    if not joint:  # a minority is wrong
        proofs = Counter(next(iter(orders)) for orders in votes if len(orders) == 1)
        (best, count), *rest = proofs.most_common(2) or [("dmy", 0)]
        return {best} if not rest or rest[0][1] < count else {"dmy", "mdy"}
    if dotted and "dmy" in joint and len(joint) > 1:
        return {"dmy"}
    return joint


def _choose_order(
    column: Sequence[Written | str],
    own: set[Order],
    shared: set[Order],
    given: Order | None,
    file: Sequence[Written | str],
) -> Order | None:
    """The order of the column's open dates; None = nothing says it."""
    if given is not None:
        return given
    left = set(own)
    if len(left) > 1 and shared & left and len(shared) == 1:
        return next(iter(shared))
    if "ymd" in left and len(left) > 1:
        left = {order for order in left if _span(file, order) <= _SPAN_DAYS} or left
    if len(left) > 1:
        cells = [w for w in column if isinstance(w, Written) and w.is_open]
        read = {order: [_read_ordinal(w, order) for w in cells] for order in left}
        first = next(iter(read.values()))
        if all(days == first for days in read.values()):
            return min(left)
    if not left:
        return "dmy"
    return left.pop() if len(left) == 1 else None


def _span(cells: Sequence[Written | str], order: Order) -> int:
    """Days from the first to the last open date of a file under an order."""
    dates = [w for w in cells if isinstance(w, Written) and w.is_open]
    days = [day for w in dates if (day := _read_ordinal(w, order)) is not None]
    return max(days) - min(days) if days else 0


def _read_column(
    column: Sequence[Written | str], order: Order | None, *, is_unsettled: bool, is_numbers: bool
) -> DayColumn:
    cells = [w for w in column if isinstance(w, Written)]
    family = Counter(_family(w) for w in cells)
    main = Form.NUMBER if is_numbers else _main_family(family)
    has_times = _has_times(cells)
    read = tuple(
        w if isinstance(w, str) else _read_cell(w, main, order, has_times=has_times) for w in column
    )
    forms = Counter(w.form for w in cells if _family(w) is main)
    form = forms.most_common(1)[0][0] if forms else None
    notes = list(_note_column(cells, forms, order, has_times=has_times))
    is_open = main is Form.SLASHED and form is not None
    return DayColumn(
        cells=_refuse_swaps(read, cells, column),
        form=form,
        order=order if is_open else None,
        is_unsettled=is_unsettled and is_open,
        is_shifted=_is_shifted(cells),
        notes=tuple(notes),
    )


def _family(written: Written) -> Form:
    """Forms that one file may mix: what a spreadsheet reads and what it leaves as text."""
    return Form.SLASHED if written.is_open else written.form


def _main_family(family: Counter[Form]) -> Form | None:
    dates = Counter({form: n for form, n in family.items() if form is not Form.NUMBER})
    return dates.most_common(1)[0][0] if dates else None


def _has_times(cells: Sequence[Written]) -> bool:
    """Do the times of day say something? All midnight, or all the end of the day, does not."""
    times = [w.time_min for w in cells if w.time_min is not None]
    is_end = bool(times) and all(_DAY_END_MIN <= t < 1440.0 for t in times)
    return any(times) and not is_end


def _read_cell(
    written: Written, main: Form | None, order: Order | None, *, has_times: bool
) -> Moment | str:
    """The point in time of a cell, or why it is of no use beside the others."""
    if _family(written) is not main:
        return _explain_other(written, main, order)
    has_time = has_times and written.time_min is not None
    if written.form is Form.NUMBER:
        return Moment(written.form, written.days, not written.days.is_integer())
    since = (written.time_min or 0.0) / 1440.0 if has_time else 0.0
    if written.form is Form.SERIAL:
        return Moment(written.form, serial_ordinal(written.days) + since, has_time)
    if not written.is_open:
        year, month, day = written.numbers
        return Moment(written.form, date(year, month, day).toordinal() + since, has_time)
    if order is None:
        return could_be(written) or "nothing says which number is the day"
    days = _read_ordinal(written, order)
    if days is None:
        own = _find_orders(written)
        if own:
            return f"is written {_PATTERN[min(own)]}, most rows {_PATTERN[order]}"
        return "there is no such day: day is out of range for month"
    return Moment(written.form, days + since, has_time)


def _explain_other(written: Written, main: Form | None, order: Order | None) -> str:
    """Why a cell that is written in another way than most is of no use."""
    if written.form is Form.SERIAL:
        return "looks like a spreadsheet's serial number of a date"
    if words := could_be(written):
        return words
    own = _find_orders(written) if written.is_open else set()
    this = _PATTERN[min(own)] if own else _LOOKS.get(written.form, written.form.value)
    most = "" if main is None else _LOOKS.get(main, main.value)
    most = _PATTERN[order] if main is Form.SLASHED and order else most
    return f"is written {this}, most rows {most}; all days of a file must be written one way"


def _refuse_swaps(
    read: tuple[Moment | str, ...],
    cells: Sequence[Written],
    column: Sequence[Written | str],
) -> tuple[Moment | str, ...]:
    """Year-first dates are refused where a spreadsheet has turned day and month in them.

    It shows by the others, which it could not read: all of these have a number over 12, and none
    of its own has.
    """
    own = [w for w in cells if w.form is Form.ISO]
    rest = [w for w in cells if w.is_open]
    if not own or not rest or any(w.numbers[2] > 12 for w in own):
        return read
    if any(max(w.numbers[:2]) <= 12 for w in rest) or len(own) + len(rest) < 4:
        return read
    reason = (
        "day and month may have changed places: a spreadsheet has read these as dates and left "
        "those with a number over 12 as text"
    )
    return tuple(
        reason if isinstance(w, Written) and w.form is Form.ISO else cell
        for w, cell in zip(column, read, strict=True)
    )


def _note_column(
    cells: Sequence[Written], forms: Counter[Form], order: Order | None, *, has_times: bool
) -> list[str]:
    notes = []
    if len(forms) > 1 and order is not None:
        counted = " and ".join(f"{n} {form.value}" for form, n in forms.most_common())
        notes.append(f"a spreadsheet's mixture of {counted}: all read {IN_WORDS[order]}")
    elif forms[Form.SERIAL]:
        notes.append("a spreadsheet's serial numbers, read as dates since 1900")
    elif order is not None and (forms[Form.SLASHED] or forms[Form.DASHED]):
        notes.append(f"dates read {IN_WORDS[order]}")
    zones = sorted({w.zone for w in cells if w.zone})
    if zones and has_times:
        notes.append(f"times with a zone ({', '.join(zones)}) taken as the clock on the wall")
    return notes


def _is_shifted(cells: Sequence[Written]) -> bool:
    """Do all cells have the same time with a zone, and is it not midnight?"""
    if len(cells) < 3 or not all(w.zone for w in cells):
        return False
    times = {w.time_min for w in cells}
    only = times.pop()
    return not times and only is not None and 0.0 < only < _DAY_END_MIN
