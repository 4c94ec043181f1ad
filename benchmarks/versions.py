"""What the second version of the scheduling environment keeps and costs.

`python benchmarks/versions.py [rounds] [plant]`: rewards against their KPIs, logs of both versions
under one policy, and the time of a step, episodes in turn.
"""

from __future__ import annotations

import json
import sys
from math import fsum
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.keeping import keep  # noqa: E402
from factory_env.catalogue import load_plug, plug_names  # noqa: E402
from factory_env.envs import rewards  # noqa: E402
from factory_env.envs.scheduling.env import SchedulingEnv  # noqa: E402
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1  # noqa: E402
from factory_env.logfile import fingerprint  # noqa: E402

SEEDS = range(1, 6)
MEANING = {
    "rewards_sum": "largest error of an episode's sum against its KPI, both versions [USD]",
    "logs_equal_to_v0": "episodes whose logs differ between v0 and v1 under one policy",
    "v1_step": "processor time of v1's steps / of v0's, same reward, figures of the end included",
    "v1_default_step": "the same with each version's own default reward",
}


def play(env: SchedulingEnv, seed: int) -> tuple[float, float, dict[str, Any]]:
    """Sum of rewards and seconds in `step` of random legal actions, and the info of the reset."""
    rng, earned, spent, over = np.random.default_rng(seed), [], 0.0, False
    _, start = env.reset(seed=seed)
    while not over:
        action = int(rng.choice(np.flatnonzero(env.action_masks())))
        begin = process_time()
        _, reward, terminated, truncated, _ = env.step(action)
        spent += process_time() - begin
        earned.append(float(reward))
        over = terminated or truncated
    return fsum(earned), spent, start


def rewards_error(plant: str) -> float:
    """The largest difference of a sum of rewards and the KPI that it stands for [USD]."""
    worst = 0.0
    for name in plug_names(rewards):
        parts = load_plug(rewards, name).charges
        for env in (SchedulingEnv(plant, reward=name), SchedulingEnvV1(plant, reward=name)):
            for seed in SEEDS:
                total, _, start = play(env, seed)
                assert env.factory is not None
                cost = env.factory.log().cost_usd
                kpi_usd = fsum(cost.values() if parts is None else (cost[part] for part in parts))
                booked = start.get("start_usd", 0.0) - kpi_usd
                worst = max(worst, abs(total / env.reward_scale - booked))
    return worst


def unequal_logs(plant: str) -> int:
    """How many runs of one policy leave another log in v1 than in v0."""
    pair = (SchedulingEnv(plant), SchedulingEnvV1(plant, hold="free"))
    unequal = 0
    for seed in SEEDS:
        marks = set()
        for env in pair:
            play(env, seed)
            assert env.factory is not None
            marks.add(fingerprint(env.factory.log()))
        unequal += len(marks) - 1
    return unequal


def step_ratio(old: SchedulingEnv, new: SchedulingEnv, rounds: int) -> float:
    """Time in `step` of whole episodes, new / old: of every seed the shortest of all rounds."""
    seconds = np.full((rounds, 2, len(SEEDS)), np.inf)
    for round_ in range(rounds):
        for column, seed in enumerate(SEEDS):
            for row in np.roll((0, 1), round_ + column):  # nobody always comes first
                seconds[round_, row, column] = play((old, new)[row], seed)[1]
    least = seconds.min(axis=0).sum(axis=1)
    return float(least[1] / least[0])


def main() -> None:
    rounds, plant = int([*sys.argv[1:], "7"][0]), [*sys.argv[2:], "mid"][0]
    figures = {
        "rewards_sum": rewards_error(plant),
        "logs_equal_to_v0": float(unequal_logs(plant)),
        "v1_step": step_ratio(
            SchedulingEnv(plant, reward="cost"),
            SchedulingEnvV1(plant, reward="cost", hold="free"),
            rounds,
        ),
        "v1_default_step": step_ratio(
            SchedulingEnv(plant), SchedulingEnvV1(plant, hold="free"), rounds
        ),
    }
    for name, value in figures.items():
        print(f"{name:18} {value:12.3g}  {MEANING[name]}")
    print(f"wrote {keep('versions', figures).relative_to(ROOT)}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
