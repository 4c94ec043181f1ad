"""A day of the calendar is turned round for everybody at once."""

from __future__ import annotations

from factory_env import Factory
from factory_env.domain.changes import ClosedDay, Overtime, WorkDay
from factory_env.sim.kernel.halt import StopSimulation

DAY = 1440.0


def at(run: Factory, minute: float) -> Factory:
    run.halt_at(minute)
    try:
        while (question := run.advance()) is not None:
            run.answer(question.usual())
    except StopSimulation:
        pass
    return run


def test_due_dates_are_a_shift_nearer_or_farther_from_midnight_on(short, short_tables) -> None:
    for change, more in ((ClosedDay(day=2), -1.0), (WorkDay(day=6), 1.0)):
        run = Factory(short, 1, tables=short_tables, changes=(change,))
        last, before = run.book.due_min.argmax(), run.book.due_shift.max()
        at(run, change.day * DAY + 1.0)
        gain = run.book.due_shift[last] - before
        assert gain == more * short.calendar.shift_min


def test_lines_with_hours_of_their_own_are_turned_too(short, short_tables) -> None:
    changes = (Overtime(from_min=0.0, to_min=DAY, hours=1.0), ClosedDay(day=2))
    run = at(Factory(short, 1, tables=short_tables, changes=changes), 3 * DAY)
    for line in run.lines:
        assert not line.clock.shifts.is_worked(2)
        assert line.clock.shifts.shift_at(3 * DAY) == line.clock.shifts.shift_at(2 * DAY)
