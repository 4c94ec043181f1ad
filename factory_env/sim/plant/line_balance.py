"""Line balance: which operators of a line stand at which operation of a style.

Greedy, then improved: the best operators take the longest operations, everybody else
joins the operation that limits the line, within the machines at hand; swaps and moves
follow while they shorten the longest station. The result is what a line technician
would draw up; it is deterministic. The steps are compiled (`balance_steps`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.plant import LineSpec
from factory_env.domain.product import MANUAL_MACHINE, Product
from factory_env.sim.plant.balance_steps import placed_people, station_rates

NO_MASTERY = np.empty((0, 0))  # everybody masters every machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Operators at stations. Arrays are read-only by convention."""

    smv_min: NDArray[np.float64]  # (K,) standard minutes per piece of each station
    crew: NDArray[np.int64]  # (C,) operator numbers, station after station
    crew_start: NDArray[np.int64]  # (K + 1,) where each station's crew begins
    bottleneck_min: float  # minutes per piece of the slowest station, settled
    efficiency: NDArray[np.float64]  # (L,) of each operator where it stands
    machines: tuple[str, ...]  # (K,) machine code of each station
    machine_type: NDArray[np.int64]  # (K,) the same by number, see `machine_types`; -1 = none
    at_hand: NDArray[np.int64]  # (types,) machines of the line

    @property
    def stations(self) -> int:
        return int(self.smv_min.shape[0])

    def balance_share(self, efficiency: NDArray[np.float64]) -> float:
        """Share of crew capacity in use when the bottleneck never waits, 0 to 1."""
        capacity = float(efficiency[self.crew].sum())
        return float(self.smv_min.sum()) / (self.bottleneck_min * capacity)


@dataclass(frozen=True, slots=True)
class _Station:
    smv_min: float
    machine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stations:
    """The stations of a line before anybody stands there; fields as in `Balance`."""

    smv_min: NDArray[np.float64]
    machines: tuple[str, ...]
    machine_type: NDArray[np.int64]
    at_hand: NDArray[np.int64]


def machine_types(line: LineSpec) -> tuple[str, ...]:
    """The line's machine types; their order is that of all arrays by machine type."""
    return tuple(sorted(m for m in line.machines if m != MANUAL_MACHINE))


def balance(
    line: LineSpec,
    product: Product,
    efficiency: NDArray[np.float64],
    mastery: NDArray[np.float64] | None = None,
) -> Balance:
    """Balance ``line`` for ``product``, which it must be able to sew.

    Parameters
    ----------
    efficiency : shape (operators,), each operator's efficiency; falling order is not needed
    mastery : shape (operators, types), factor on efficiency at each of the `machine_types`;
        None = 1 everywhere. At manual work the factor is 1.
    """
    types = machine_types(line)
    number = {m: i for i, m in enumerate(types)}
    shared = _share_machines(_merge_operations(product, line.operators), line)
    stations = _Stations(
        smv_min=np.array([s.smv_min for s in shared]),
        machines=tuple(s.machine for s in shared),
        machine_type=np.array([number.get(s.machine, -1) for s in shared], dtype=np.int64),
        at_hand=np.array([line.machines[m] for m in types], dtype=np.int64),
    )
    return _place_people(stations, efficiency, mastery)


def balance_again(
    plan: Balance, efficiency: NDArray[np.float64], mastery: NDArray[np.float64] | None = None
) -> Balance:
    """The same stations balanced for a crew that has changed; arguments as of `balance`."""
    stations = _Stations(
        smv_min=plan.smv_min,
        machines=plan.machines,
        machine_type=plan.machine_type,
        at_hand=plan.at_hand,
    )
    return _place_people(stations, efficiency, mastery)


def _place_people(
    stations: _Stations, efficiency: NDArray[np.float64], mastery: NDArray[np.float64] | None
) -> Balance:
    smv, machine = stations.smv_min, stations.machine_type
    if mastery is None:
        rates = station_rates(efficiency, NO_MASTERY, machine)
        breadth = np.zeros(efficiency.shape[0])
    else:
        rates = station_rates(efficiency, mastery, machine)
        breadth = mastery.sum(axis=1)
    crew, start, longest_min = placed_people(smv, machine, rates, breadth, stations.at_hand)
    return Balance(
        smv_min=smv,
        crew=crew,
        crew_start=start,
        bottleneck_min=longest_min,
        efficiency=_standing(crew, start, rates),
        machines=stations.machines,
        machine_type=machine,
        at_hand=stations.at_hand,
    )


def _standing(
    crew: NDArray[np.int64], start: NDArray[np.int64], rates: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Efficiency of each operator where it stands, in general without a station, shape (L,)."""
    efficiency = rates[-1].copy()
    station = np.repeat(np.arange(start.shape[0] - 1), np.diff(start))
    efficiency[crew] = rates[station, crew]
    return np.asarray(efficiency)


def _merge_operations(product: Product, operators: int) -> list[_Station]:
    """One station per operation; the lightest neighbours merge while there are too few people."""
    stations = [_Station(op.smv_min, op.machine) for op in product.operations]
    while len(stations) > operators:
        i = min(
            range(len(stations) - 1), key=lambda j: stations[j].smv_min + stations[j + 1].smv_min
        )
        a, b = stations[i], stations[i + 1]
        machine = b.machine if a.machine == MANUAL_MACHINE else a.machine
        stations[i : i + 2] = [_Station(a.smv_min + b.smv_min, machine)]
    return stations


def _share_machines(stations: list[_Station], line: LineSpec) -> list[_Station]:
    """Stations of one machine type share a machine while there are too few of them.

    The nearest merge first, of equally near ones the lightest; the work is done where the
    longer of the two stood. A type that the line does not list is not limited.
    """
    stations = list(stations)
    for machine in machine_types(line):
        while True:
            at = [k for k, s in enumerate(stations) if s.machine == machine]
            if len(at) <= max(1, line.machines[machine]):
                break
            a, b = min(
                pairwise(at),
                key=lambda p: (p[1] - p[0], stations[p[0]].smv_min + stations[p[1]].smv_min),
            )
            keep, leave = (a, b) if stations[a].smv_min >= stations[b].smv_min else (b, a)
            minutes = stations[a].smv_min + stations[b].smv_min
            stations[keep] = _Station(minutes, machine)
            del stations[leave]
    return stations
