"""Answers as the run log keeps them: one row each, from which forks and branches live them again.

A numbered answer is a row of the table ``decisions``. A structured one, a frozen dataclass of
numbers, texts and arrays of one dimension, is a row of a table of its kind with a column a field.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Protocol

import numpy as np

from factory_env.domain.records import SCHEMA, Column, RunLog, Table, make_table, objects
from factory_env.errors import IllegalAnswer

NUMBERED: Final = "decisions"  # the table of all answers that are whole numbers
OWN: Final = "answers_"  # and a kind: the table of its structured answers
HEAD: Final = ("serial", "now_min", "asker")  # columns of such a table before the answer's fields
N_ASKED: Final = 4  # columns of the table of decisions that tell who asked what and when


class Asked(Protocol):
    """What tells one question of a run from all others."""

    @property
    def serial(self) -> int:
        """Its number: 0, 1, 2, ... within the run."""
        ...

    @property
    def kind(self) -> str:
        """What is asked."""
        ...

    @property
    def now_min(self) -> float:
        """Wall minute."""
        ...

    @property
    def asker(self) -> int:
        """Number of the line or table; -1 = the site."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnswerRow:
    """One answered question, in plain values."""

    serial: int
    kind: str
    now_min: float
    asker: int
    table: str | None  # of the log; None = its kind reads it from a table with another purpose
    values: Mapping[str, Any]  # column of the table -> value

    @property
    def asked(self) -> tuple[int, str, float, int]:
        """Which question it was."""
        return (self.serial, self.kind, self.now_min, self.asker)

    def is_same(self, other: AnswerRow, but: Collection[str] = ()) -> bool:
        """Are question and answer the same, ``but`` for some columns? NaN equals NaN."""
        return (
            self.asked == other.asked
            and self.values.keys() == other.values.keys()
            and all(
                _is_equal(value, other.values[name])
                for name, value in self.values.items()
                if name not in but
            )
        )


def numbered_row(
    question: Asked, answer: int, *, choices: int, order: float = float("nan")
) -> AnswerRow:
    """The row of an answer by number.

    Parameters
    ----------
    choices
        How many were shown.
    order
        Position in the book of the order that it is about.
    """
    values = {"choices": choices, "answer": int(answer), "order": order}
    return _row(question, NUMBERED, values)


def structured_row(question: Asked, answer: Any) -> AnswerRow:
    """The row of a dataclass, for the table of its kind: its fields, arrays copied."""
    values = {field.name: _frozen(getattr(answer, field.name)) for field in fields(answer)}
    return _row(question, f"{OWN}{question.kind}", values)


def check_whole(question: Asked, answer: Any, last: int) -> None:
    """Raise `IllegalAnswer` unless ``answer`` is a whole number; ``last`` is the highest."""
    if isinstance(answer, bool) or not isinstance(answer, int | np.integer):
        raise IllegalAnswer(
            f"{question.kind} {question.serial}: answer must be a whole number from 0 to {last}, "
            f"got {answer!r}"
        )


def check_structured(question: Asked, answer: Any, kind: type) -> None:
    """Raise `IllegalAnswer` unless ``answer`` is one of its kind."""
    if not isinstance(answer, kind):
        raise IllegalAnswer(
            f"{question.kind} {question.serial}: answer must be of {kind.__name__}, got {answer!r}"
        )


def answer_tables(rows: Iterable[AnswerRow]) -> dict[str, Table]:
    """The log's tables of answers: ``decisions``, and one a kind of structured answers given."""
    numbered: list[tuple[Any, ...]] = []
    own: dict[str, list[AnswerRow]] = {}
    for row in rows:
        if row.table == NUMBERED:
            numbered.append((*row.asked, *row.values.values()))
        elif row.table is not None:
            own.setdefault(row.table, []).append(row)
    tables = {NUMBERED: make_table(NUMBERED, numbered)}
    return tables | {name: _own_table(own[name]) for name in sorted(own)}


def rows_in(log: RunLog) -> list[AnswerRow]:
    """The answers that `answer_tables` wrote, table by table."""
    names = tuple(SCHEMA[NUMBERED])
    columns = (log.tables[NUMBERED][name].tolist() for name in names)
    rows = [
        AnswerRow(
            serial=serial,
            kind=kind,
            now_min=now_min,
            asker=asker,
            table=NUMBERED,
            values=dict(zip(names[N_ASKED:], values, strict=True)),
        )
        for serial, kind, now_min, asker, *values in zip(*columns, strict=True)
    ]
    for name, table in log.tables.items():
        if name.startswith(OWN):
            rows += _own_rows(name, table)
    return rows


def _row(question: Asked, table: str | None, values: Mapping[str, Any]) -> AnswerRow:
    return AnswerRow(
        serial=question.serial,
        kind=question.kind,
        now_min=question.now_min,
        asker=question.asker,
        table=table,
        values=values,
    )


def _frozen(value: Any) -> Any:
    """A value as the log can hold it; of an array a copy that nobody can change."""
    if not isinstance(value, np.ndarray):
        return value
    if value.ndim != 1:
        raise ValueError(f"arrays of an answer must have one dimension, got shape {value.shape}")
    copy = value.copy()
    copy.flags.writeable = False
    return copy


def _own_table(rows: list[AnswerRow]) -> Table:
    head = {name: np.array([getattr(row, name) for row in rows]) for name in HEAD}
    return head | {name: _column([r.values[name] for r in rows]) for name in rows[0].values}


def _column(values: list[Any]) -> Column:
    """Values of one field over all answers; arrays and texts are kept as objects."""
    if isinstance(values[0], np.ndarray):
        dtype = np.result_type(*values)
        values = [value.astype(dtype) for value in values]
    elif not isinstance(values[0], str):
        return np.array(values)
    return objects(values)


def _own_rows(name: str, table: Table) -> list[AnswerRow]:
    names = [column for column in table if column not in HEAD]
    columns = (table[column].tolist() for column in (*HEAD, *names))
    return [
        AnswerRow(
            serial=serial,
            kind=name.removeprefix(OWN),
            now_min=now_min,
            asker=asker,
            table=name,
            values=dict(zip(names, values, strict=True)),
        )
        for serial, now_min, asker, *values in zip(*columns, strict=True)
    ]


def _is_equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return bool(one == other or (one != one and other != other))
