"""Collects rows while the factory runs; hands out columns at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.answers import AnswerRow
from factory_env.domain.records import Table, make_table

Watcher = Callable[[str, int, float], None]  # place, how many more are there, since which minute


class Recorder:
    """Rows per table. Operations, the big table, are kept only if asked for.

    A watcher, if there is one, is told at once of whoever passes the doors of the house; a door
    that is passed often asks ``is_watched`` before it says anything.
    """

    def __init__(self, *, operations: bool) -> None:
        self.keeps_operations = operations
        self.is_watched = False
        self._watcher: Watcher | None = None
        self.answers: list[AnswerRow] = []  # in the order of asking
        self.attendance: list[tuple[int, int, float]] = []
        self.events: list[tuple[str, int, int, float, float, float]] = []
        self.operation_blocks: list[dict[str, NDArray[Any]]] = []  # columns of equal length

    def tell(self, watcher: Watcher) -> None:
        """From now on tell ``watcher`` who passes the doors."""
        self._watcher = watcher
        self.is_watched = True

    def watch(self, place: str, more: int, now_min: float) -> None:
        """From now on so many more, or fewer if negative, are at a place."""
        if self._watcher is not None:
            self._watcher(place, more, now_min)

    def event(
        self,
        kind: str,
        start_min: float,
        end_min: float | None = None,
        *,
        line: int = -1,
        order: int = -1,
        amount: float = 0.0,
    ) -> None:
        """Something out of the ordinary; it ends where it starts unless said otherwise."""
        end = start_min if end_min is None else end_min
        self.events.append((kind, line, order, start_min, end, amount))

    def operations(self) -> Table:
        """All operations of the run, in the order in which lines took the orders."""
        if not self.operation_blocks:
            return make_table("operations", [])
        names = self.operation_blocks[0].keys()
        return {name: np.concatenate([b[name] for b in self.operation_blocks]) for name in names}
