"""A sparse linear program that is built block by block and solved by HiGHS."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Term = tuple[Ints, Any]  # columns, and a coefficient or one for each of them


class Program:
    """Minimise cost over columns within bounds, subject to rows.

    >>> program = Program()
    >>> x = program.columns(2, cost=[1.0, 2.0])
    >>> program.at_least([(x[:1], 1.0), (x[1:], 1.0)], 3.0)  # x0 + x1 >= 3
    >>> program.at_most([(x[:1], 1.0)], 2.0)  # x0 <= 2
    >>> program.solve()[0]
    4.0
    """

    def __init__(self) -> None:
        self._n = 0
        self._cost: list[Floats] = []
        self._low: list[Floats] = []
        self._high: list[Floats] = []
        self._upper = _Rows()
        self._equal = _Rows()

    def columns(self, n: int, *, low: Any = 0.0, high: Any = np.inf, cost: Any = 0.0) -> Ints:
        """Add ``n`` columns; returns their numbers, (n,)."""
        for known, given in ((self._low, low), (self._high, high), (self._cost, cost)):
            known.append(np.array(np.broadcast_to(np.asarray(given, dtype=np.float64), (n,))))
        first, self._n = self._n, self._n + n
        return np.arange(first, self._n)

    def at_most(self, terms: list[Term], bound: Any) -> None:
        """Add a row for each column of the terms: the sum of the terms <= bound."""
        self._upper.add(terms, 1.0, bound)

    def at_least(self, terms: list[Term], bound: Any) -> None:
        """Likewise, >= bound."""
        self._upper.add(terms, -1.0, bound)

    def equal(self, terms: list[Term], bound: Any) -> None:
        """Likewise, = bound."""
        self._equal.add(terms, 1.0, bound)

    def solve(self, method: str = "highs") -> tuple[float, Floats]:
        """The least cost and the columns' values.

        Raises
        ------
        RuntimeError
            If HiGHS finds no optimum.
        """
        bounds = np.column_stack([np.concatenate(self._low), np.concatenate(self._high)])
        solution = linprog(
            np.concatenate(self._cost),
            A_ub=self._upper.matrix(self._n),
            b_ub=self._upper.bounds(),
            A_eq=self._equal.matrix(self._n),
            b_eq=self._equal.bounds(),
            bounds=bounds,
            method=method,
        )
        if solution.status != 0:
            raise RuntimeError(f"HiGHS: {solution.message}")
        return float(solution.fun), np.asarray(solution.x)


class _Rows:
    """Rows of one kind, as triplets."""

    def __init__(self) -> None:
        self._n = 0
        self._row: list[Ints] = []
        self._column: list[Ints] = []
        self._value: list[Floats] = []
        self._bound: list[Floats] = []

    def add(self, terms: list[Term], sign: float, bound: Any) -> None:
        n = len(terms[0][0])
        rows = np.arange(self._n, self._n + n)
        for columns, value in terms:
            self._row.append(rows)
            self._column.append(np.asarray(columns, dtype=np.int64))
            self._value.append(sign * np.broadcast_to(np.asarray(value, dtype=np.float64), (n,)))
        self._bound.append(sign * np.broadcast_to(np.asarray(bound, dtype=np.float64), (n,)))
        self._n += n

    def matrix(self, columns: int) -> Any:
        """Shape (rows, columns); None without rows."""
        if not self._n:
            return None
        triplets = (
            np.concatenate(self._value),
            (np.concatenate(self._row), np.concatenate(self._column)),
        )
        return csc_array(triplets, shape=(self._n, columns))

    def bounds(self) -> Floats | None:
        """Right-hand sides, (rows,)."""
        return np.concatenate(self._bound) if self._n else None
