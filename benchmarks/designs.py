"""What designs cost and what pictures are worth: `python benchmarks/designs.py [gan] [--quick]`.

Times 200 designs, the share of an episode that its designs take, and predicts the cost of
schedules from true and from shuffled pictures. The last line is JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
from tqdm import tqdm

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from agents.rules.atcs import Atcs
from experiments.designing.picture_value import picture_value, sewn_orders
from experiments.designing.session import studio_of
from experiments.designing.timing import designs_seconds
from factory_env import Factories, load_scenario, simulate, step_through
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.collection import season_styles


def designs_share(demand: str, seeds: int) -> dict[str, float]:
    """Seconds for a season's designs and for the rest of an episode; drawing of pages included."""
    scenario, policy = load_scenario("mid", demand=demand), Atcs()
    simulate(load_scenario("mid"), policy, 0)
    studio_of(scenario).classifier  # noqa: B018  loads weights, once in a process
    drawing = whole = 0.0
    make = Factories(scenario)
    for seed in tqdm(range(seeds), desc="episodes", file=sys.stderr):
        start = time.perf_counter()
        season_styles(scenario, Streams(seed))
        drawing += time.perf_counter() - start
        for _ in step_through(make(seed), policy):
            pass
        whole += time.perf_counter() - start
    return {
        "designs_ms_per_episode": 1000.0 * drawing / seeds,
        "episode_ms": 1000.0 * whole / seeds,
        "designs_share_of_episode": drawing / whole,
    }


def main(words: list[str]) -> None:
    """Measure and print."""
    demand = next((w for w in words if not w.startswith("-")), "drawn")
    seeds = 10 if "--quick" in words else 60
    scenario = load_scenario("mid", demand=demand)
    found: dict[str, object] = {"demand": demand, "seeds": seeds}
    found["designs_200_s"] = designs_seconds(studio_of(scenario))
    found |= designs_share(demand, seeds)
    runs = sewn_orders(scenario, Atcs(), range(1000, 1000 + seeds))
    value = picture_value(runs, np.random.default_rng(0))
    found |= {"order_error": value.order_error, "run_error": value.run_error, "r2": value.r2}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
