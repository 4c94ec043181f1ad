"""More lines, smaller setups, later due dates: the best of all schedules never gets worse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure as Drawing

from experiments.report.palette import save
from experiments.validating.check import CheckResult, Context, Figure, Picture
from experiments.validating.toy import toy_line, toy_order, toy_product, toy_scenario
from factory_env import Factory, Order, Scenario, play
from factory_env.decision import Decision
from factory_env.decisions.order_choice import HOLD
from factory_env.domain.learning import Change, Changeover
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.plant.tables import PlantTables

SEED = 0
TOLERANCE_MIN = 1e-6
Plan = tuple[tuple[int, ...], ...]  # orders of each line, in sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The policy: every line takes its next planned order, or waits for it."""

    plan: Plan
    taken: set[int]

    def choose(self, decision: Decision) -> int:
        mine = (o for o in self.plan[decision.asker] if o not in self.taken)
        order = next(mine, None)
        waiting = decision.orders.tolist()
        if order is None or order not in waiting:
            return HOLD
        self.taken.add(order)
        return int(waiting.index(order)) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Toy:
    """A factory small enough to try every schedule."""

    scenario: Scenario
    tables: PlantTables
    orders: tuple[Order, ...]

    def best_min(self) -> float:
        """Least total tardiness over all plans [piece minutes, by an order's pieces]."""
        return min(self.tardiness(plan) for plan in plans(len(self.orders), self.lines))

    @property
    def lines(self) -> int:
        return len(self.scenario.plant.lines)

    def tardiness(self, plan: Plan) -> float:
        """Pieces x minutes late, summed over orders, when the factory lives through a plan."""
        factory = Factory(self.scenario, SEED, orders=self.orders, tables=self.tables)
        policy = Planned(plan=plan, taken=set())
        log = play(factory, policy)
        assert log.finished
        table = log.tables["orders"]
        late = np.maximum(table["shipped_min"] - table["due_min"], 0.0)
        return float((late * table["quantity"]).sum())


def plans(orders: int, lines: int) -> Iterator[Plan]:
    """Every way to give orders to equal lines in sequence; plans that only swap lines once."""
    for sequence in permutations(range(orders)):
        for cuts in combinations(range(orders + lines - 1), lines - 1):
            ends = [cut - i for i, cut in enumerate(cuts)]
            parts = [sequence[a:b] for a, b in zip([0, *ends], [*ends, orders], strict=True)]
            firsts = [part[0] if part else orders for part in parts]
            if firsts == sorted(firsts):
                yield tuple(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Monotonicity:
    """Random order books; each is solved by brute force before and after a change for the better.

    The best of *all* schedules is compared: single schedules may well get worse.
    """

    title: ClassVar[str] = "More lines, smaller setups, later due dates"
    place: ClassVar[int] = 90
    seconds: ClassVar[float] = 15.0
    needs_data: ClassVar[bool] = False
    keys: ClassVar[tuple[str, ...]] = ("monotonicity_violations",)
    books: int = 6
    orders: int = 4

    def run(self, context: Context) -> CheckResult:
        changes = ("a second line", "a third line", "setups halved", "due 6 h later")
        kept: dict[str, list[tuple[float, float]]] = {name: [] for name in changes}
        tried = 0
        for number in range(self.books):
            orders = random_book(number, self.orders)
            later = tuple(replace(o, due_min=o.due_min + 360.0) for o in orders)
            toys = [
                _toy(1, 1.0, orders),
                _toy(2, 1.0, orders),
                _toy(3, 1.0, orders),
                _toy(2, 0.5, orders),
                _toy(2, 1.0, later),
            ]
            one, two, three, half, due = (toy.best_min() for toy in toys)
            tried += sum(sum(1 for _ in plans(self.orders, toy.lines)) for toy in toys)
            pairs = ((one, two), (two, three), (two, half), (two, due))
            for name, pair in zip(changes, pairs, strict=True):
                kept[name].append(pair)
            context.progress((number + 1) / self.books)
        return self._told(kept, tried, context)

    def _told(
        self, kept: dict[str, list[tuple[float, float]]], tried: int, context: Context
    ) -> CheckResult:
        pairs_all = [pair for pairs in kept.values() for pair in pairs]
        worse = sum(after > before + TOLERANCE_MIN for before, after in pairs_all)
        better = sum(after < before - TOLERANCE_MIN for before, after in pairs_all)
        return CheckResult(
            what="Nothing that makes life easier may make the *best* schedule worse (domain "
            "reference, section 19).",
            how=f"{self.books} random books of {self.orders} orders in three styles on a toy "
            f"factory. Every schedule ({tried:,} in all, waiting for a later order included) is "
            "lived through by the real factory, with real changeovers; the least total tardiness "
            "is compared before and after each change.",
            expected="Never worse.",
            found=f"{worse} of {len(pairs_all)} comparisons got worse, {better} got better, the "
            "rest stayed equal.",
            figures=(
                Figure(
                    key="monotonicity_violations",
                    what="changes for the better that made the optimum worse",
                    target="0",
                    measured=f"{worse} of {len(pairs_all)} ({better} better)",
                    value=worse,
                    met=worse == 0 and better > 0,
                    part_of="reference_answers",
                ),
            ),
            pictures=(_draw(kept, context),),
        )


def random_book(number: int, orders: int) -> tuple[Order, ...]:
    """Orders of about half a day to a day of one line, due too early for all to be on time."""
    rng = Streams(SEED).generator("monotone", number)
    return tuple(
        toy_order(
            f"O{i}",
            f"style-{rng.integers(3)}",
            int(rng.integers(40, 90)) * 10,
            release_min=float(rng.integers(0, 3)) * 360.0,
            due_min=float(rng.integers(2, 8)) * 360.0,
        )
        for i in range(orders)
    )


def _toy(lines: int, setups: float, orders: Sequence[Order]) -> Toy:
    products = [toy_product(f"style-{i}", [1.0, 1.0 + 0.1 * i]) for i in range(3)]
    specs = [toy_line(f"line-{i}", 2, products) for i in range(lines)]
    base = toy_scenario(specs, products, 12)
    change = Change(setup_min=240.0 * setups, kept=1.0)
    scenario = base.replace(
        changeover=Changeover(
            same_style=Change(setup_min=20.0 * setups, kept=1.0),
            repeat_style=change,
            same_product=change,
            same_fabric=change,
            other_fabric=change,
        )
    )
    tables = Factory(scenario, SEED, orders=[]).tables
    return Toy(scenario=scenario, tables=tables, orders=tuple(orders))


def _draw(kept: dict[str, list[tuple[float, float]]], context: Context) -> Picture:
    figure = Drawing(figsize=(10.0, 2.9), layout="constrained")
    per_day = 1_440.0 * 1_000.0  # piece minutes -> 1,000 piece days
    for axes, (name, pairs) in zip(figure.subplots(1, len(kept)), kept.items(), strict=True):
        for before, after in pairs:
            axes.plot(
                [0, 1],
                [before / per_day, after / per_day],
                "o-",
                color="#4C72B0",
                markersize=4,
                linewidth=1,
            )
        axes.set_xticks([0, 1], ["before", name], fontsize=8)
        axes.set_xlim(-0.3, 1.3)
        axes.set_ylim(bottom=0)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    figure.supylabel("least tardiness,\n1,000 piece days", fontsize=8)
    return Picture(
        file=save(figure, context.pictures / "monotonicity.png"),
        caption="The best of all schedules, before and after a change for the better.",
    )


PLUG = Monotonicity
