"""Do Q-learning and SARSA find the optimum where it is known?

`python benchmarks/tabular_toy.py [runs=400] [seeds=1,2]`: on toy factories whose answers can all be
counted through, tables with orders as actions and exact states learn for so many runs; then the
greedy policy plays. Prints, and writes to `runs/benchmarks/tabular_toy/summary.json`:

- `tabular_toy_gap`: cost of the worst of them minus the optimum [USD];
- `optimum_usd` by toy, `cost_usd` by toy, learner and seed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from agents.tabular import learners  # noqa: E402
from agents.tabular.evidence import Evidence  # noqa: E402
from agents.tabular.orders import ExactStates, OrderActions  # noqa: E402
from agents.tabular.policy import TabularPolicy  # noqa: E402
from agents.tabular.student import Student  # noqa: E402
from agents.tabular.values import Table  # noqa: E402
from experiments.validating.toy import (  # noqa: E402
    toy_line,
    toy_order,
    toy_product,
    toy_scenario,
)
from factory_env import Factory, Order, Scenario  # noqa: E402
from factory_env.catalogue import load_plug  # noqa: E402
from factory_env.domain.costs import Costs, LateStep  # noqa: E402
from factory_env.envs.episode import Episodes, Workload  # noqa: E402
from factory_env.envs.one_agent import AGENT  # noqa: E402
from factory_env.sim.run import play  # noqa: E402
from factory_env.units import MIN_PER_DAY  # noqa: E402

LEARNERS: Final = ("q_learning", "sarsa", "expected_sarsa")
GIVEN: Final = {"runs": "400", "seeds": "1,2"}
MOST_HOLDS: Final = 4  # of the sequences of answers that are counted through
RATE: Final = 0.1
EXPLORE: Final = 0.5  # at the start; none in the last fifth
LATE: Final = Costs(
    late_steps=(LateStep(after_days=0.0, share=0.1), LateStep(after_days=1.0, share=0.2)),
    holding_share_per_year=0.0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Toy:
    """A factory and an order book so small that every way to run it can be played."""

    scenario: Scenario
    orders: Sequence[Order]

    def play_out(self, answers: Sequence[int], tables: Any) -> tuple[float, Sequence[int], Any]:
        """Cost so far, the legal answers to the next question (none at the end), and tables."""
        factory = Factory(self.scenario, 0, orders=self.orders, tables=tables)
        for answer in answers:
            factory.advance()
            factory.answer(answer)
        question: Any = factory.advance()
        legal = () if question is None else np.flatnonzero(question.legal()).tolist()
        return factory.cost_usd, legal, factory.tables

    def optimum_usd(self) -> float:
        """Least cost of all sequences of answers with at most `MOST_HOLDS` holds."""
        least, tables = float("inf"), None
        open_ends: list[tuple[int, ...]] = [()]
        while open_ends:
            answers = open_ends.pop()
            cost, legal, tables = self.play_out(answers, tables)
            if not legal:
                least = min(least, cost)
            open_ends += [(*answers, a) for a in legal if a or answers.count(0) < MOST_HOLDS]
        return least


@dataclass(frozen=True, slots=True)
class Steady:
    """The same chance to explore at every choice of a run."""

    chance: float

    def __call__(self, choice: int) -> float:
        return self.chance


def make_toys() -> Mapping[str, Toy]:
    """A line that must wait for an urgent order, two lines that share work, and a longer queue."""
    tee, polo = toy_product("tee", [1.0]), toy_product("polo", [1.0])
    single = [toy_line("only", 1, [tee])]
    pair = [
        replace(toy_line("tees", 1, [tee, polo]), skills={"tee": 1.0, "polo": 0.5}),
        toy_line("polos", 1, [polo]),
    ]
    books = {
        "wait": [
            _order("A", "tee", 2880, 4.0, 1000.0),
            _order("C", "tee", 1440, 1.0, 2000.0),
            _order("B", "tee", 1440, 1.75, 10000.0, 0.5),
        ],
        "share": [
            _order("P1", "polo", 1440, 1.0, 1000.0),
            _order("P2", "polo", 1440, 2.0, 3000.0),
            _order("T1", "tee", 1440, 1.0, 2000.0),
        ],
        "queue": [
            _order("A", "tee", 1440, 3.5, 4000.0),
            _order("B", "tee", 2160, 2.0, 1000.0),
            _order("C", "tee", 720, 1.0, 3000.0),
            _order("D", "tee", 1440, 2.5, 5000.0, 0.25),
        ],
    }
    lines = {"wait": (single, [tee]), "share": (pair, [tee, polo]), "queue": (single, [tee])}
    return {
        name: Toy(scenario=toy_scenario(*lines[name], 10).replace(costs=LATE), orders=book)
        for name, book in books.items()
    }


def learn_toy(toy: Toy, algorithm: str, seed: int, runs: int) -> float:
    """What the greedy policy costs after so many runs [USD]."""
    actions = OrderActions(orders=len(toy.orders))
    n = len(actions.names)
    policy = TabularPolicy(
        actions=actions,
        states=ExactStates(),
        values=Table(n, RATE),
        evidence=Evidence(n, least=20),
    )
    student = Student(policy, load_plug(learners, algorithm))
    episodes = Episodes(toy.scenario, {AGENT: "cost"}, 1.0)
    rng, work = np.random.default_rng(seed), Workload(orders=toy.orders)
    for run in range(runs):
        chance = Steady(max(0.0, EXPLORE * (1.0 - run / (0.8 * runs))))
        student.live(episodes.start(0, rng, work), chance, rng)
    factory = Factory(toy.scenario, 0, orders=toy.orders)
    play(factory, policy)
    return factory.cost_usd


def main() -> None:
    """Learn and print."""
    given = GIVEN | dict(word.split("=", 1) for word in sys.argv[1:])
    runs, seeds = int(given["runs"]), [int(s) for s in given["seeds"].split(",")]
    optima: dict[str, float] = {}
    costs: dict[str, dict[str, list[float]]] = {}
    for name, toy in make_toys().items():
        optima[name] = round(toy.optimum_usd(), 6)
        costs[name] = {a: [round(learn_toy(toy, a, s, runs), 6) for s in seeds] for a in LEARNERS}
        print(f"{name}: optimum {optima[name]:,.0f} USD; {costs[name]}")
    gaps = [cost - optima[t] for t in costs for of_one in costs[t].values() for cost in of_one]
    figures = {"tabular_toy_gap": max(gaps), "optimum_usd": optima, "cost_usd": costs, "runs": runs}
    folder = Path("runs/benchmarks/tabular_toy")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "summary.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures))


def _order(
    name: str, style: str, pieces: int, due_days: float, value_usd: float, release_days: float = 0.0
) -> Order:
    whole = toy_order(
        name, style, pieces, due_min=due_days * MIN_PER_DAY, release_min=release_days * MIN_PER_DAY
    )
    return replace(whole, price_usd=value_usd / pieces)


if __name__ == "__main__":
    main()
