"""The door for dated changes: mappings as a person writes them in, checked changes out.

``{add_order: {style: polo-02, quantity: 2000, due: 2026-12-18}, on: "day 3 10:00"}``: one word of
`factory_env.door.changing.kinds.KINDS` with its value, and beside it when it happens and what it
concerns. Days are dates, or numbers counted from 0; a day without a time is its beginning, and as
an end its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from factory_env.domain.changes import AddOrder, Change
from factory_env.domain.order import Order
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.door.changing.fields import read_fields
from factory_env.door.changing.kinds import KINDS
from factory_env.door.changing.known import Fault, Known, known_run, nearest
from factory_env.door.changing.new_order import Faults
from factory_env.door.changing.rules import broken_rules
from factory_env.errors import InputError, Problem, wrong


def read_changes(
    rows: Sequence[Any] | None,
    scenario: Scenario,
    first_day: date | None,
    orders: Sequence[Order] | None,
    where: str,
    *,
    styles: Sequence[Style] | None = None,
    earlier: Sequence[Change] = (),
) -> tuple[Change, ...]:
    """Changes of a run, in the order given.

    Parameters
    ----------
    rows
        One mapping a change; None = there are none.
    first_day
        The date of day 0; None = the run has day numbers only.
    orders
        The run's book; None = it draws its own.
    where
        The file, for the report.
    styles
        The season's; None = those of a catalogue, or none are known where they are drawn.
    earlier
        What changes in the run anyway.

    Raises
    ------
    InputError
        With every problem of every row.
    """
    if rows is None:
        return ()
    if isinstance(rows, str | Mapping) or not isinstance(rows, Sequence):
        raise InputError.of(where, "changes", "must be a list", repr(rows), "- line_down: ...")
    known = known_run(scenario, first_day, orders, styles)
    known.added.update(c.order.order_id for c in earlier if isinstance(c, AddOrder))
    reader = _Reader(known, where)
    changes: dict[int, Change] = {}
    # orders that are added first: the others may name them
    for i in sorted(range(len(rows)), key=lambda i: not _adds(rows[i])):
        change = reader.read(i, rows[i])
        if change is not None:
            changes[i] = change
    reader.check({-1 - i: change for i, change in enumerate(earlier)} | changes)
    if reader.problems:
        raise InputError(reader.problems)
    return tuple(changes[i] for i in sorted(changes))


def _adds(row: Any) -> bool:
    return isinstance(row, Mapping) and "add_order" in row


class _Reader:
    """Reads row by row, and keeps what is wrong."""

    def __init__(self, known: Known, where: str) -> None:
        self._known = known
        self._where = where
        self._words: dict[int, str] = {}
        self.problems: list[Problem] = []

    def read(self, i: int, row: Any) -> Change | None:
        """One change; None = something is wrong with it, and reported."""
        word = self._word(i, row)
        if word is None:
            return None
        kind = KINDS[word]
        values, faults = read_fields(kind.fields(word), row, self._known)
        for key in kind.needs:
            if key not in row:
                faults.append((key, "nothing", Fault("must be given", f"add {key}: ...")))
        for key, got, fault in faults:
            self._say_fault(f"changes[{i}]", key, got, fault)
        if faults:
            return None
        self._words[i] = word
        return kind.of(**{**kind.defaults, **values})

    def check(self, changes: Mapping[int, Change]) -> None:
        """Report what no row can know alone; those before the first are another file's."""
        for i, key, fault, got in broken_rules(changes, self._known):
            if i >= 0:
                self._say(f"changes[{i}].{key or self._words[i]}", got, fault)

    def _word(self, i: int, row: Any) -> str | None:
        if not isinstance(row, Mapping):
            fault = Fault("must be a mapping", "e.g. {line_down: polo-1, from: day 3}")
            self._say(f"changes[{i}]", row, fault)
            return None
        words = [key for key in row if key in KINDS]
        if len(words) == 1:
            return str(words[0])
        if words:
            fault = Fault("must be one change", "one row for each of them")
            self._say(f"changes[{i}]", ", ".join(words), fault)
        else:
            keys = [str(key) for key in row]
            right = nearest(keys[0], KINDS) if keys else nearest("", KINDS)
            self._say(f"changes[{i}]", ", ".join(keys), Fault("must name a change", right))
        return None

    def _say_fault(self, row: str, key: str, got: Any, fault: Fault) -> None:
        if isinstance(fault, Faults):
            for key_of, value, what in fault.inner:
                self._say(f"{row}.{key}.{key_of}", value, what)
        else:
            self._say(f"{row}.{key}", got, fault)

    def _say(self, field: str, got: Any, fault: Fault) -> None:
        self.problems.append(wrong(self._where, field, fault.rule, got, fault.right))
