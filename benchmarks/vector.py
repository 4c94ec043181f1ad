"""What the vector environment adds to its factories' steps: `python benchmarks/vector.py`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Protocol

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.keeping import keep  # noqa: E402
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1  # noqa: E402
from factory_env.envs.vector.env import FactoryVectorEnv  # noqa: E402

ENVS, STEPS, SEED = 16, 40, 5
MODE = AutoresetMode.SAME_STEP
Clock = Callable[[], float]
MEANING = {
    "vector_env_overhead": "FactoryVectorEnv in this process / a bare loop, processor time",
    "sync_vector_env_overhead": "the same of Gymnasium's SyncVectorEnv",
    "two_workers_speedup": "decisions per second, two worker processes / a bare loop, wall time",
    "decisions_per_s_loop": "decisions per second of the bare loop, processor time",
}


class Bare:
    """A loop over environments, with nothing around it."""

    def __init__(self, makers: list[Callable[[], gym.Env[Any, Any]]]) -> None:
        self.envs = [make() for make in makers]
        self.masks: list[Any] = []

    def reset(self, seed: int) -> None:
        self.masks = [e.reset(seed=seed + i)[0]["mask"] for i, e in enumerate(self.envs)]

    def step(self) -> None:
        for i, env in enumerate(self.envs):
            observation, _, terminated, truncated, _ = env.step(self.masks[i].argmax())
            if terminated or truncated:
                observation, _ = env.reset()
            self.masks[i] = observation["mask"]


class Player(Protocol):
    """Plays all environments a step at a time."""

    def reset(self, seed: int) -> None: ...

    def step(self) -> None: ...


class Vector:
    """A vector environment that is played the same way."""

    def __init__(self, envs: gym.vector.VectorEnv[Any, Any, Any]) -> None:
        self.envs = envs
        self.masks = np.zeros((0, 0))

    def reset(self, seed: int) -> None:
        self.masks = self.envs.reset(seed=seed)[0]["mask"]

    def step(self) -> None:
        self.masks = self.envs.step(self.masks.argmax(axis=1))[0]["mask"]


def time_in_turn(players: Sequence[Player], rounds: int, clock: Clock) -> NDArray[np.float64]:
    """Seconds of every player's steps, shape (players, steps): each the shortest of all rounds.

    All play the same seeds in every round, step by step in turn, so a step is the same work for
    all, and what another program takes off a round does not count.
    """
    seconds = np.full((rounds, len(players), STEPS), np.inf)
    for round_ in range(rounds):
        for player in players:
            player.reset(SEED)
        for step in range(STEPS):
            for i in np.roll(np.arange(len(players)), step + round_):  # nobody always comes first
                begin = clock()
                players[i].step()
                seconds[round_, i, step] = clock() - begin
    return seconds.min(axis=0)


def measure(rounds: int) -> dict[str, float]:
    """All numbers."""
    makers = [partial(SchedulingEnvV1, plant="mid")] * ENVS
    loop, ours = Bare(makers), Vector(FactoryVectorEnv(makers, autoreset_mode=MODE))
    sync = Vector(SyncVectorEnv(makers, autoreset_mode=MODE))
    alone = time_in_turn([loop, ours, sync], rounds, process_time).sum(axis=1)
    many = FactoryVectorEnv(makers, workers=2, autoreset_mode=MODE)
    wall = time_in_turn([loop, Vector(many)], rounds, perf_counter).sum(axis=1)
    many.close()
    return {
        "vector_env_overhead": float(alone[1] / alone[0]),
        "sync_vector_env_overhead": float(alone[2] / alone[0]),
        "two_workers_speedup": float(wall[0] / wall[1]),
        "decisions_per_s_loop": float(ENVS * STEPS / alone[0]),
    }


def main() -> None:
    figures = measure(rounds=int(sys.argv[1]) if sys.argv[1:] else 9)
    for name, value in figures.items():
        print(f"{name:26} {value:10,.3f}  {MEANING[name]}")
    print(f"wrote {keep('vector', figures).relative_to(ROOT)}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
