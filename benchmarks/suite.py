"""How rules rank on the benchmark suite: `python benchmarks/suite.py small mid large`.

A word that is the name of a scenario (`tight`) measures that one alone; what is in
`docs/suite.json` already is not played again. Ends by writing the tables of `docs/suite.md`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from agents import rules  # noqa: E402
from experiments.command.run_folder import write_text  # noqa: E402
from experiments.evaluating.statistics import bootstrap_mean  # noqa: E402
from factory_env import Factories, Factory, Policy, load_scenario, step_through  # noqa: E402
from factory_env.envs.registration import SIZES, SUITE  # noqa: E402
from factory_env.kpi.table import kpis  # noqa: E402

RULES: Final = ("fifo", "edd", "least_setup", "wspt", "atc", "atcs_match")
FIRST_SEED, SEEDS = 100_000, 10  # held out: no rule was tuned and no agent trained on them
RESULTS: Final = ROOT / "docs" / "suite.json"
PAGE: Final = ROOT / "docs" / "suite.md"
BEGIN, END = "<!-- measured: benchmarks/suite.py -->", "<!-- end of what was measured -->"
Costs = dict[str, dict[str, list[float]]]  # size/scenario -> rule -> cost by seed [USD]


def list_scenarios() -> list[str]:
    """Names of the suite's scenarios."""
    return sorted({kwargs["scenario"].partition("/")[2] for kwargs in SUITE.values()})


def measure(name: str, size: str) -> dict[str, list[float]]:
    """Total cost of every rule on every seed [USD]."""
    make = Factories(load_scenario(size, f"suite/{name}"))
    seeds = range(FIRST_SEED, FIRST_SEED + SEEDS)
    return {
        rule: [play_out(make(seed), rules.load(rule, size)) for seed in seeds] for rule in RULES
    }


def play_out(factory: Factory, policy: Policy) -> float:
    """What a run costs [USD], to the cent."""
    for _ in step_through(factory, policy):
        pass
    return round(kpis(factory.kpi_log())["total_cost_usd"], 2)


def count_apart(costs: Mapping[str, Sequence[float]]) -> int:
    """Pairs of rules whose mean costs these seeds tell apart, by paired 95 % intervals."""
    pairs = combinations(costs.values(), 2)
    differences = (np.array(one) - np.array(other) for one, other in pairs)
    return sum(not bootstrap_mean(difference).holds_zero for difference in differences)


def read_costs() -> Costs:
    """What has been measured so far."""
    if not RESULTS.is_file():
        return {}
    costs: Costs = json.loads(RESULTS.read_text(encoding="utf-8"))["costs_usd"]
    return costs


def write_costs(costs: Costs) -> None:
    """Keep it, a rule a line."""
    facts: dict[str, Any] = {"first_seed": FIRST_SEED, "seeds": SEEDS, "rules": list(RULES)}
    text = json.dumps(facts | {"costs_usd": dict(sorted(costs.items()))})
    write_text(
        RESULTS,
        text.replace('"], ', '"],\n').replace("], ", "],\n  ").replace("}, ", "},\n") + "\n",
    )


def make_tables(costs: Costs) -> str:
    """A table a size: each rule's mean cost over that of the cheapest, which is told in USD."""
    pairs = len(RULES) * (len(RULES) - 1) // 2
    parts = []
    for size in SIZES:
        head = f"| `{size}` | cheapest (USD) | {' | '.join(f'`{r}`' for r in RULES)} | told apart |"
        rows = [head, "|---" * (len(RULES) + 3) + "|"]
        for name in list_scenarios():
            if (cell := costs.get(f"{size}/{name}")) is None:
                continue
            means = {rule: float(np.mean(cell[rule])) for rule in RULES}
            least = min(means.values())
            shown = (
                f"**{means[r] / least:.2f}**" if means[r] == least else f"{means[r] / least:.2f}"
                for r in RULES
            )
            row = (name, f"{least:,.0f}", *shown, f"{count_apart(cell)} of {pairs}")
            rows.append(f"| {' | '.join(row)} |")
        parts.append("\n".join(rows))
    return "\n\n".join(parts)


def write_page(costs: Costs) -> None:
    """Put the tables into the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    write_text(PAGE, f"{before}{BEGIN}\n\n{make_tables(costs)}\n\n{END}{after}")


def main() -> None:
    words = sys.argv[1:]
    names = [n for n in list_scenarios() if n in words] or list_scenarios()
    sizes = [s for s in SIZES if s in words] or list(SIZES)
    for size in sizes:
        for name in names:
            costs = read_costs()
            if f"{size}/{name}" in costs:
                continue
            costs[f"{size}/{name}"] = measure(name, size)
            write_costs(costs)
            print(size, name, flush=True)
    write_page(read_costs())
    print(json.dumps({"cells": len(read_costs()), "folder": str(RESULTS.relative_to(ROOT))}))


if __name__ == "__main__":
    main()
