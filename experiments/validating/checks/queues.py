"""Queueing theory: mean waits and shares of lots that wait in a real lot station."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import factorial
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure as Drawing
from numpy.typing import NDArray
from scipy.stats import t as student

from experiments.report.palette import LATE, save
from experiments.validating.check import CheckResult, Context, Figure, Picture, power
from experiments.validating.toy import toy_line, toy_product, toy_scenario
from factory_env.compiled import compiled
from factory_env.domain.calendar import ShiftTable
from factory_env.sim.kernel.clock import OwnClock
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.lot_station import LotStation
from factory_env.units import MIN_PER_DAY

Floats = NDArray[np.float64]
CONFIDENCE = 0.95  # of the whole family of intervals
SEED = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """A row of the table: service is 1 minute on average."""

    name: str
    servers: int
    arrivals_per_min: float
    exponential: bool
    table_wait_min: float  # as the table prints it
    table_waiting: float

    @property
    def waiting(self) -> float:
        """Exact probability that a lot waits: Erlang's C formula; of M/D/1, the load."""
        c, a = self.servers, self.arrivals_per_min
        top = a**c / factorial(c) * c / (c - a)
        return top / (sum(a**k / factorial(k) for k in range(c)) + top)

    @property
    def wait_min(self) -> float:
        """Exact mean wait; with constant service half of that (Pollaczek and Khinchine)."""
        mean = self.waiting / (self.servers - self.arrivals_per_min)
        return mean if self.exponential else mean / 2.0


QUEUES = (
    Queue("M/M/1, load .8", 1, 0.8, True, 4.0, 0.8),
    Queue("M/M/1, load .9", 1, 0.9, True, 9.0, 0.9),
    Queue("M/D/1, load .8", 1, 0.8, False, 2.0, 0.8),
    Queue("M/M/2, load .8", 2, 1.6, True, 1.778, 0.7111),
    Queue("M/M/3, load .8", 3, 2.4, True, 1.079, 0.6472),
    Queue("M/M/5, load .8", 5, 4.0, True, 0.554, 0.5541),
    Queue("M/M/8, load .9", 8, 7.2, True, 0.877, 0.7015),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Mean over replications with its simultaneous interval, beside the exact value."""

    queue: Queue
    what: str
    exact: float
    mean: float
    half: float

    @property
    def inside(self) -> bool:
        return abs(self.mean - self.exact) <= self.half

    @property
    def error(self) -> float:
        return abs(self.mean / self.exact - 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """Independent replications; the first lots of each are the warm-up and do not count."""

    title: ClassVar[str] = "Queueing theory"
    place: ClassVar[int] = 30
    seconds: ClassVar[float] = 65.0
    needs_data: ClassVar[bool] = False
    keys: ClassVar[tuple[str, ...]] = (
        "queue_theory_max_error",
        "queue_theory_all_inside",
        "queue_each_wait_max_difference_min",
        "queue_long_run_max_error",
    )
    lots: int = 30_000
    warm_up: int = 5_000
    replications: int = 20
    long_lots: int = 200_000  # of a replication of the recursion alone
    long_replications: int = 100

    def run(self, context: Context) -> CheckResult:
        found: list[Measured] = []
        long: list[Measured] = []
        apart = 0.0
        for row, queue in enumerate(QUEUES):
            pair, difference = self.measure(row, queue)
            found += pair
            apart = max(apart, difference)
            long += self.measure_recursion(row, queue)
            context.progress((row + 1) / len(QUEUES))
        return self._told(found, long, apart, context)

    def _told(
        self, found: Sequence[Measured], long: Sequence[Measured], apart: float, context: Context
    ) -> CheckResult:
        inside = sum(m.inside for m in found)
        worst, worst_long = (max(rows, key=lambda m: m.error) for rows in (found, long))
        long_inside = sum(m.inside for m in long)
        counted = self.replications * (self.lots - self.warm_up)
        return CheckResult(
            what="Seven queues with known answers (domain reference, section 19).",
            how=f"Lots arrive at the real `LotStation`, on its real `WorkingClock`, in the event "
            f"loop of a real factory that has nothing else to do: {self.replications} independent "
            f"replications of {self.lots:,} lots, the first {self.warm_up:,} left out, so "
            f"{counted:,} lots count in each row. Sizes and seeds were fixed before the first "
            f"run. The {len(found)} intervals (mean wait and share that waits, seven rows) hold "
            f"*together* with {CONFIDENCE:.0%} confidence (Bonferroni): with plain 95 % "
            f"intervals one of {len(found)} would miss in every second honest run.",
            expected="Every exact value inside its interval. Because waits of full queues vary "
            "so much that even these runs leave wide intervals, every single wait is also compared "
            "with the textbook recursion (Kiefer and Wolfowitz) on the same arrivals and services, "
            f"and the recursion alone is run over {self.long_replications * self.long_lots:,} "
            "lots a row.",
            found=f"{inside} of {len(found)} inside. The largest difference of a mean is "
            f"{worst.error:.2%} ({worst.queue.name}, {worst.what}: {worst.mean:.4g} for "
            f"{worst.exact:.4g}); no single wait differs from the recursion by more than "
            f"{power(apart)} min, and on its long run the largest difference is "
            f"{worst_long.error:.2%} ({long_inside} of {len(long)} inside).\n\n"
            + _table(found, long),
            figures=_figures(found, long, apart),
            pictures=(_draw(found, context),),
        )

    def measure(self, row: int, queue: Queue) -> tuple[tuple[Measured, Measured], float]:
        """Through the real station; and how far its waits are from the recursion's [min]."""
        apart = 0.0

        def station_waits(arrival: Floats, service: Floats) -> Floats:
            nonlocal apart
            wait = waits(arrival, service, queue.servers)
            exact = kiefer_wolfowitz(arrival, service, queue.servers)
            apart = max(apart, float(np.abs(wait - exact).max()))
            return wait

        sizes = (self.lots, self.replications)
        return self._estimate(queue, ("queue", row), sizes, station_waits), apart

    def measure_recursion(self, row: int, queue: Queue) -> tuple[Measured, Measured]:
        """Through the recursion alone, on other luck."""
        sizes = (self.long_lots, self.long_replications)
        return self._estimate(
            queue,
            ("long queue", row),
            sizes,
            lambda arrival, service: kiefer_wolfowitz(arrival, service, queue.servers),
        )

    def _estimate(
        self,
        queue: Queue,
        stream: tuple[str, int],
        sizes: tuple[int, int],
        waits_of: Callable[[Floats, Floats], Floats],
    ) -> tuple[Measured, Measured]:
        """Mean wait and share that waits, over replications of so many lots."""
        lots, replications = sizes
        means = np.empty((replications, 2))
        for i in range(replications):
            rng = Streams(SEED).generator(*stream, i)
            arrival = rng.exponential(1.0 / queue.arrivals_per_min, lots).cumsum()
            service = rng.exponential(1.0, lots) if queue.exponential else np.ones(lots)
            wait = waits_of(arrival, service)[self.warm_up :]
            means[i] = wait.mean(), (wait > 1e-9).mean()
        family = 2 * len(QUEUES)
        quantile = student.ppf(1.0 - (1.0 - CONFIDENCE) / family / 2.0, replications - 1)
        half = quantile * means.std(axis=0, ddof=1) / np.sqrt(replications)
        mean = means.mean(axis=0)
        return (
            Measured(queue, "wait, min", queue.wait_min, float(mean[0]), float(half[0])),
            Measured(queue, "share that waits", queue.waiting, float(mean[1]), float(half[1])),
        )


def waits(arrival: Floats, service: Floats, servers: int) -> Floats:
    """Waiting times of lots at a real station that never rests."""
    product = toy_product("tee", [1.0])
    days = int((arrival[-1] + service.sum()) // MIN_PER_DAY) + 2
    calendar = toy_scenario([toy_line("idle", 1, [product])], [product], days).calendar
    clock = OwnClock(ShiftTable(calendar, days + 1), "queue")
    minutes, come = service.tolist(), arrival.tolist()
    lots = [Lot(None, i, 1) for i in range(len(come))]  # type: ignore[arg-type]
    gone: list[Lot] = []
    station = LotStation("queue", clock, servers, lambda lot: minutes[lot.number], gone.append)

    def arrive(i: int) -> None:
        station.arrive(lots[i])
        if i + 1 < len(come):
            clock.call_at(come[i + 1], arrive, i + 1)

    clock.call_at(come[0], arrive, 0)
    clock.run()
    assert len(gone) == len(lots), "a lot was lost"
    return np.array([lot.times["queue"][0] for lot in lots]) - arrival


@compiled
def kiefer_wolfowitz(arrival: Floats, service: Floats, servers: int) -> Floats:
    """Waiting times in a first-come first-served queue, from the textbook recursion."""
    free = np.zeros(servers)
    found = np.empty(arrival.shape[0])
    for i in range(arrival.shape[0]):
        first = free.argmin()
        start = max(arrival[i], free[first])
        free[first] = start + service[i]
        found[i] = start - arrival[i]
    return found


def _figures(
    found: Sequence[Measured], long: Sequence[Measured], apart: float
) -> tuple[Figure, ...]:
    inside, long_inside = (sum(m.inside for m in rows) for rows in (found, long))
    worst, worst_long = (max(m.error for m in rows) for rows in (found, long))
    return (
        Figure(
            key="queue_theory_max_error",
            what="largest relative difference of mean wait or share that waits",
            target="inside the 95 % interval",
            measured=f"{worst:.2%}",
            value=worst,
            met=inside == len(found),
        ),
        Figure(
            key="queue_theory_all_inside",
            what="exact values inside their simultaneous 95 % intervals",
            target="all",
            measured=f"{inside} of {len(found)}",
            value=inside == len(found),
            met=inside == len(found),
        ),
        Figure(
            key="queue_each_wait_max_difference_min",
            what="largest difference of any wait from the textbook recursion",
            target="at most 1e-6 min",
            measured=f"{power(apart)} min",
            value=apart,
            met=apart <= 1e-6,
        ),
        Figure(
            key="queue_long_run_max_error",
            what="the same recursion over many more lots, largest relative difference",
            target="inside the 95 % interval",
            measured=f"{worst_long:.2%}",
            value=worst_long,
            met=long_inside == len(long),
        ),
    )


def _table(found: Sequence[Measured], long: Sequence[Measured]) -> str:
    rows = [
        "| queue | | exact | station, 95 % interval | inside | recursion, long run | inside |",
        "|---|---|---|---|---|---|---|",
    ]
    for m, n in zip(found, long, strict=True):
        yes = ["yes" if x.inside else "**no**" for x in (m, n)]
        rows.append(
            f"| {m.queue.name} | {m.what} | {m.exact:.4f} | {m.mean:.4f} ± {m.half:.4f} "
            f"| {yes[0]} | {n.mean:.4f} ± {n.half:.4f} | {yes[1]} |"
        )
    return "\n".join(rows)


def _draw(found: Sequence[Measured], context: Context) -> Picture:
    figure = Drawing(figsize=(10.0, 3.6), layout="constrained")
    for axes, what in zip(figure.subplots(1, 2), ("wait, min", "share that waits"), strict=True):
        rows = [m for m in found if m.what == what]
        at = np.arange(len(rows))
        axes.bar(at, [m.exact for m in rows], color="#CCDDEE", label="theory", width=0.7)
        axes.errorbar(
            at,
            [m.mean for m in rows],
            yerr=[m.half for m in rows],
            fmt="o",
            color=LATE,
            markersize=4,
            capsize=4,
            label="simulated, simultaneous 95 % interval",
        )
        axes.set_xticks(at, [m.queue.name.replace(", load ", "\n") for m in rows], fontsize=8)
        axes.set_title(what, loc="left", fontsize=10)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    axes.legend(fontsize=8, loc="lower right", framealpha=0.9)
    return Picture(
        file=save(figure, context.pictures / "queues.png"),
        caption="Waits and shares that wait: theory (bars) and the real lot station (points).",
    )


PLUG = Queues
