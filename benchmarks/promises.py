"""Are promises kept? Orders promised at 80 % on books of drawn orders, made under other luck.

    python -m benchmarks.promises [promises=30] [first=0] [plant=small] [scenario=default]

Every promise is made for a book, a style and a quantity of its own, from 19 futures; then the order
is made ten times under seeds that no future had, due when it was promised. ``promise_kept`` is the
share that left in time; 0.75 to 0.87 is right for 0.8. The last line is JSON.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from benchmarks.keeping import keep  # noqa: E402
from experiments.building.order_book import Workload  # noqa: E402
from experiments.futures.promising.asking import Asked, build_wish  # noqa: E402
from experiments.futures.promising.options import PromiseOptions  # noqa: E402
from experiments.futures.promising.session import make_promise  # noqa: E402
from experiments.futures.reasons.trials import play_trials  # noqa: E402
from factory_env import Factory, load_scenario  # noqa: E402
from factory_env.domain.scenario import Scenario  # noqa: E402

FUTURES: Final = 19  # of them the 16th ship time is kept with 16 / 20
TIMES: Final = 10  # each promise is tried
FIRST_TRIED: Final = 500_000  # seed
LEVEL: Final = 0.8


def draw_wish(scenario: Scenario, plant: str, number: int) -> Asked:
    """A book of its own, a style of the collection and a quantity."""
    rng = np.random.default_rng([number, 2026])
    factory = Factory(scenario, number)
    able = factory.tables.capable.any(axis=0)
    style = factory.tables.styles[int(rng.choice(np.flatnonzero(able)))]
    quantity = int(rng.integers(5, 50)) * 100
    options = PromiseOptions(
        style=style.style_id,
        quantity=quantity,
        seed=number,
        replications=FUTURES,
        cures=False,
        workers=1,
        plant={"name": plant},
    )
    work = Workload(scenario=scenario, orders=None, first_day=None, notes=())
    fabric_min = float(rng.uniform(0.0, 15.0)) * 1440.0
    return build_wish(options, work, style, fabric_min=fabric_min)


def try_promise(asked: Asked, number: int) -> list[bool]:
    """Was the promise kept under each of ten seeds?"""
    promise = make_promise(asked, title=None)
    due_min = promise.dates[LEVEL]
    made = asked.with_due("promised", due_min)
    seeds = range(FIRST_TRIED + number * TIMES, FIRST_TRIED + (number + 1) * TIMES)
    trials = play_trials([made], asked.options, seeds, workers=1, title=None)
    kept = trials.ships("promised", asked.order.order_id) <= due_min
    return [bool(hit) for hit in kept]


def main() -> None:
    """Measure and print."""
    words = dict(word.split("=", 1) for word in sys.argv[1:])
    plant, name = words.get("plant", "small"), words.get("scenario", "default")
    scenario = load_scenario(plant, name, disruptions=words.get("disruptions", "normal"))
    scenario = replace(scenario, horizon_days=max(scenario.horizon_days, 60))
    kept: list[bool] = []
    first = int(words.get("first", 0))  # others than those on which the method was chosen
    for number in range(first, first + int(words.get("promises", 30))):
        kept += try_promise(draw_wish(scenario, plant, number), number)
        print(f"{number - first + 1}: kept {np.mean(kept):.3f} of {len(kept)}", file=sys.stderr)
    figures = {"promise_kept": float(np.mean(kept)), "promises": len(kept), "level": LEVEL}
    keep("promises", figures)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
