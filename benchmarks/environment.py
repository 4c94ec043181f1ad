"""What a decision costs in the environment, in units of a bare SimPy resource cycle."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import Any

import simpy

from agents.rules.atcs_match import AtcsMatch
from factory_env.envs.scheduling.env import SchedulingEnv

CYCLES = 20_000


def simpy_cycle_s() -> float:
    """Seconds of one request, timeout and release of a bare SimPy `Resource`."""
    env = simpy.Environment()
    resource = simpy.Resource(env, capacity=1)

    def user() -> Any:
        for _ in range(CYCLES):
            with resource.request() as turn:
                yield turn
                yield env.timeout(1.0)

    env.process(user())
    begin = perf_counter()
    env.run()
    return (perf_counter() - begin) / CYCLES


class TimedEpisodes:
    """Episodes of the mid plant under line-matching ATCS; only `step` is timed."""

    def __init__(self) -> None:
        self.env = SchedulingEnv(plant="mid")
        self.rule = AtcsMatch()
        self._inside = 0.0

    def play(self, seed: int, *, watch_factory: bool) -> tuple[float, float, int]:
        """Seconds in `step`, of these in the factory (if watched), and the number of steps."""
        env, spent, steps, over = self.env, 0.0, 0, False
        env.reset(seed=seed)
        self._inside = 0.0
        if watch_factory:
            self._watch(env.factory)
        while not over:
            action = env.answer_to_action(self.rule.choose(env.question))
            begin = perf_counter()
            _, _, terminated, truncated, _ = env.step(action)
            spent += perf_counter() - begin
            steps += 1
            over = terminated or truncated
        return spent, self._inside, steps

    def _watch(self, factory: Any) -> None:
        for name in ("advance", "answer"):
            setattr(factory, name, self._timed(getattr(factory, name)))

    def _timed(self, method: Any) -> Any:
        def timed(*arguments: Any) -> Any:
            begin = perf_counter()
            try:
                return method(*arguments)
            finally:
                self._inside += perf_counter() - begin

        return timed


def step_speeds(rounds: int) -> dict[str, float]:
    """Step time against the SimPy cycle of the same moment; medians over rounds."""
    episodes = TimedEpisodes()
    episodes.play(0, watch_factory=False)
    ratios, cycles, steps_s, overheads = [], [], [], []
    for seed in range(1, rounds + 1):
        before = simpy_cycle_s()
        spent, _, steps = episodes.play(seed, watch_factory=False)
        cycle = (before + simpy_cycle_s()) / 2.0
        watched, inside, _ = episodes.play(seed, watch_factory=True)
        step = spent / steps
        ratios.append(step / cycle)
        cycles.append(cycle)
        steps_s.append(step)
        overheads.append(1.0 - inside / watched)
    return {
        "simpy_cycle_us": 1e6 * median(cycles),
        "env_step_us": 1e6 * median(steps_s),
        "decision_in_simpy_cycles": median(ratios),
        "decisions_per_s": 1.0 / median(steps_s),
        "env_overhead_share": median(overheads),
    }
