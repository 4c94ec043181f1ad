"""Searches the grid of a rule's parameters: all of it, or key by key from the defaults."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

Point = dict[str, float]
Grid = Mapping[str, Sequence[float]]
# costs of points that are asked for together, with a title for the bar; [USD]
Costs = Callable[[Sequence[Point], str], Sequence[float]]

FULL_GRID = 64  # a larger grid is searched by coordinate descent


class GridSearch:
    """The cheapest point of a grid; no point is played twice.

    Parameters
    ----------
    costs
        Plays points.
    """

    def __init__(self, name: str, grid: Grid, costs: Costs) -> None:
        self._name = name
        self._grid = grid
        self._costs = costs
        self._known: dict[tuple[float, ...], float] = {}

    def cost(self, point: Point) -> float:
        """The cost of a point that was played."""
        return self._known[tuple(point.values())]

    def everywhere(self) -> Point:
        """Play the whole grid."""
        axes = self._grid.values()
        points = [dict(zip(self._grid, values, strict=True)) for values in product(*axes)]
        self._play(points, self._name)
        return min(points, key=self.cost)

    def descend(
        self, start: Point, sweeps: int, tell: Callable[[str], object] = lambda line: None
    ) -> Point:
        """One parameter after the other takes its best value, until a sweep changes nothing.

        Parameters
        ----------
        tell
            Is told how far the search has come.
        """
        here = dict(start)
        for sweep in range(1, sweeps + 1):
            before = dict(here)
            for key, values in self._grid.items():
                points = [{**here, key: value} for value in values]
                self._play(points, f"{self._name} {key} sweep {sweep}")
                here = min(points, key=self.cost)
                tell(f"{self._name} {key} sweep {sweep}: {here[key]:g}, {self.cost(here):,.0f} USD")
            if here == before:
                break
        return here

    def _play(self, points: Sequence[Point], title: str) -> None:
        fresh = [p for p in points if tuple(p.values()) not in self._known]
        if fresh:
            keys = [tuple(p.values()) for p in fresh]
            self._known |= dict(zip(keys, self._costs(fresh, title), strict=True))

    @property
    def best(self) -> Point:
        """The cheapest point that was played; of equal ones the first."""
        values = min(self._known, key=lambda values: self._known[values])
        return dict(zip(self._grid, values, strict=True))


def grid_size(grid: Grid) -> int:
    """Number of points."""
    return math.prod(len(values) for values in grid.values())


def default_point(plug: Any) -> Point:
    """A rule's own values of the parameters in its grid."""
    default = plug()
    return {key: float(getattr(default, key, values[0])) for key, values in plug.GRID.items()}
