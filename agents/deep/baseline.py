"""Training against a rule: the rule's cost on the same luck is taken off the reward.

Most of an episode's cost is decided by its order book, not by the agent. A pool of training
seeds is played once by a rule, and its projected cost over time is kept; while the agent
trains on the same seeds, what the rule's cost rose by in the same span is added to the
reward. The rule's curve depends on seed and clock alone, so it is a control variate: the best
policy stays the best, the noise of the book cancels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A rule's cost on one seed: minutes and cost so far [USD], shape (points,) each."""

    seed: int
    minutes: NDArray[np.float64]
    cost_usd: NDArray[np.float64]

    def at(self, minute: float) -> float:
        """Cost until ``minute``, by straight lines between decisions."""
        return float(np.interp(minute, self.minutes, self.cost_usd))


Act = Callable[[], Any]  # the action that answers what an environment asks now


def steps(env: gym.Env[Any, Any], act: Act, seed: int) -> Iterator[tuple[float, dict[str, Any]]]:
    """Play one seed; reward and ``info`` of every step."""
    env.reset(seed=seed)
    is_over = False
    while not is_over:
        _, reward, terminated, truncated, info = env.step(act())
        yield float(reward), info
        is_over = terminated or truncated


def play_out(env: gym.Env[Any, Any], act: Act, seed: int) -> dict[str, Any]:
    """Play one seed to its end; ``info`` of the last step."""
    last: dict[str, Any] = {}
    for _, info in steps(env, act, seed):
        last = info
    return last


def cost_curve(env: gym.Env[Any, Any], act: Act, seed: int) -> Curve:
    """What the environment's reward says that a policy costs over time."""
    minutes, costs = [0.0], [0.0]
    for reward, info in steps(env, act, seed):
        minutes.append(minutes[-1] + info["elapsed_min"])
        costs.append(costs[-1] - reward)
    return Curve(seed=seed, minutes=np.array(minutes), cost_usd=np.array(costs))


def no_curves(seeds: Sequence[int]) -> list[Curve]:
    """Curves that take nothing off the reward."""
    nothing = np.zeros(1)
    return [Curve(seed=seed, minutes=nothing, cost_usd=nothing) for seed in seeds]


class AgainstRule(gym.Wrapper[Any, Any, Any, Any]):
    """Rewards are dollars saved against the rule, times ``scale``; seeds come from the pool."""

    def __init__(
        self, env: gym.Env[Any, Any], curves: Sequence[Curve], scale: float, seed: int
    ) -> None:
        super().__init__(env)
        self._curves = curves
        self._scale = scale
        self._seed = seed
        self._rng = np.random.default_rng(seed)
        self._queue: list[int] = []
        self._curve = curves[0]
        self._which = 0
        self._actions: list[Any] = []  # of this run, so that it can be lived again
        self._minute = 0.0
        self._rival_usd = 0.0  # what the rival had cost when the agent was last asked

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """The next seed of the pool, in a fresh random order every round."""
        if not self._queue:
            self._queue = self._rng.permutation(len(self._curves)).tolist()
        return self._begin(self._queue.pop(), options)

    def _begin(self, which: int, options: dict[str, Any] | None = None) -> Any:
        self._which, self._curve, self._actions = which, self._curves[which], []
        self._minute = self._rival_usd = 0.0
        return self.env.reset(seed=self._curve.seed, options=options)

    def step(self, action: Any) -> Any:
        self._actions.append(np.array(action))  # a learner may reuse its array
        observation, reward, terminated, truncated, info = self.env.step(action)
        before = self._rival_usd
        self._minute += info["elapsed_min"]
        over = terminated or truncated
        self._rival_usd = float(self._curve.cost_usd[-1]) if over else self._curve.at(self._minute)
        saved = float(reward) + self._rival_usd - before
        return observation, saved * self._scale, terminated, truncated, info

    def place(self) -> dict[str, Any]:
        """Where it stands, as JSON knows it: seeds to come, the running one, and its actions."""
        return {
            "key": self._seed,
            "rng": self._rng.bit_generator.state,
            "queue": list(self._queue),
            "which": self._which,
            "actions": [action.tolist() for action in self._actions],
        }

    def go_to(self, places: Mapping[str, Mapping[str, Any]]) -> Any:
        """Live its own run among ``places`` again; the observation there."""
        own = places[str(self._seed)]
        self._rng.bit_generator.state = dict(own["rng"])
        self._queue = [int(which) for which in own["queue"]]
        observation, _ = self._begin(int(own["which"]))
        kind = self.action_space.dtype
        for action in own["actions"]:
            observation, *_ = self.step(np.asarray(action, dtype=kind))
        return observation

    def action_masks(self) -> Any:
        """MaskablePPO asks the outermost environment."""
        return self.env.unwrapped.action_masks()  # type: ignore[attr-defined]
