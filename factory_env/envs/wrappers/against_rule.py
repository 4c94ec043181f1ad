"""Rewards become money saved against a rule that plays the same luck.

Most of an episode's cost is decided by its order book, not by the agent. What the rule's cost rose
by in the same span is added to the reward: it depends on seed and clock alone, so it is a control
variate. The best policy stays the best, the noise of the book cancels.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, cast

import gymnasium as gym
import numpy as np

from factory_env.envs.arguments import is_policy
from factory_env.envs.curve import Curve
from factory_env.envs.one_agent import OneAgentEnv
from factory_env.errors import InputError


class AgainstRule(gym.Wrapper[Any, Any, Any, Any]):
    """An episode's sum of rewards is ``scale`` x (cost of the rule - cost of the agent).

    Parameters
    ----------
    env
        An environment of the house, with or without wrappers that leave rewards as they are.
    rule
        A policy, for instance ``agents.rules.edd.Edd()``: it plays every seed when that is first
        reset to, which costs a run, and its curve is kept. With a ``pool`` it plays each of
        those seeds once.
        Or the curves themselves, one a seed: then resets draw from their seeds, whatever seed they
        are given, in a fresh random order every round. A rule's name is not enough.
    scale
        Factor on the saved money; the reward of v1 is scaled already.
    seed
        Of the draws from curves; of those from ``pool`` until a reset is given a seed.
    pool
        Seeds from which resets without one draw, with a policy as rule. None = as the environment
        has it: every episode has a fresh seed, so the rule plays every time, too.

    Raises
    ------
    InputError
        If ``rule`` is neither a policy nor at least one curve.
    """

    def __init__(
        self,
        env: gym.Env[Any, Any],
        rule: object | Sequence[Curve],
        scale: float = 1.0,
        seed: int | None = None,
        pool: Sequence[int] | None = None,
    ) -> None:
        super().__init__(env)
        self._scale = scale
        self._seeds = pool
        self._rng = np.random.default_rng(seed)
        curves = _check_curves(rule)
        self._pool = None if curves is None else _Pool(curves, seed)
        self._rival = _Rival(self._house, rule) if curves is None else None
        self._curve: Curve | None = None
        self._minute = 0.0
        self._rival_usd = 0.0  # what the rival had cost when the agent was last asked

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """Start a run, and know what the rule costs in it."""
        if self._pool is not None:
            self._curve = self._pool.draw()
            seen, info = self.env.reset(seed=self._curve.seed, options=options)
        else:
            if seed is not None:
                self._rng = np.random.default_rng(seed)
            elif self._seeds is not None:
                seed = int(self._seeds[int(self._rng.integers(len(self._seeds)))])
            seen, info = self.env.reset(seed=seed, options=options)
            assert self._rival is not None
            self._curve = self._rival.play(self._house, options)
        self._minute, self._rival_usd = info.get("elapsed_min", 0.0), 0.0
        return seen, info

    def step(self, action: Any) -> Any:
        """A step of the environment, with what the rule's cost rose by added to its reward."""
        if self._curve is None:
            raise gym.error.ResetNeeded("call reset() before step()")
        observation, reward, terminated, truncated, info = self.env.step(action)
        before = self._rival_usd
        self._minute += info["elapsed_min"]
        over = terminated or (truncated and self._house.is_over)
        self._rival_usd = float(self._curve.cost_usd[-1]) if over else self._curve.at(self._minute)
        saved = float(reward) + self._rival_usd - before
        return observation, saved * self._scale, terminated, truncated, info

    def tell_draws(self) -> dict[str, Any] | None:
        """Where the draws from curves stand, as JSON knows it; None with a policy as rule."""
        return None if self._pool is None else self._pool.tell()

    def set_draws(self, draws: Mapping[str, Any]) -> None:
        """Draw on from where `tell_draws` says."""
        if self._pool is None:
            raise ValueError("a rule that plays draws from no curves")
        self._pool.go_on(draws)

    def action_masks(self) -> Any:
        """MaskablePPO asks the outermost environment."""
        return self.env.get_wrapper_attr("action_masks")()

    @property
    def _house(self) -> OneAgentEnv[Any, Any]:
        return cast("OneAgentEnv[Any, Any]", self.env.unwrapped)


def _check_curves(rule: object) -> Sequence[Curve] | None:
    """The curves, or None if it is a policy; which rule a name means, only ``agents`` knows."""
    is_list = isinstance(rule, Sequence) and not isinstance(rule, str | bytes)
    if is_list and rule and all(isinstance(curve, Curve) for curve in rule):  # type: ignore[attr-defined]
        return rule  # type: ignore[return-value]
    if not is_list and is_policy(rule):
        return None
    must = "must be a policy or at least one curve"
    right = "give a policy, e.g. agents.rules.load('edd', 'mid')"
    raise InputError.of("AgainstRule", "rule", must, repr(rule), right)


class _Pool:
    """Curves in a random order, every one once a round."""

    def __init__(self, curves: Sequence[Curve], seed: int | None) -> None:
        self._curves = curves
        self._rng = np.random.default_rng(seed)
        self._queue: list[int] = []

    def draw(self) -> Curve:
        """The next one."""
        if not self._queue:
            self._queue = self._rng.permutation(len(self._curves)).tolist()
        return self._curves[self._queue.pop()]

    def tell(self) -> dict[str, Any]:
        """The generator, and what is left of the round."""
        return {"rng": self._rng.bit_generator.state, "queue": list(self._queue)}

    def go_on(self, draws: Mapping[str, Any]) -> None:
        """As `tell` says."""
        self._rng.bit_generator.state = dict(draws["rng"])
        self._queue = [int(which) for which in draws["queue"]]


class _Rival:
    """A policy that plays what the agent plays, in an environment of its own."""

    def __init__(self, house: OneAgentEnv[Any, Any], rule: object) -> None:
        self._env = copy.deepcopy(house)
        self._rule = rule
        self._curves: dict[int, Curve] = {}

    def play(self, house: OneAgentEnv[Any, Any], options: dict[str, Any] | None) -> Curve:
        """Its curve in the run that ``house`` has begun; kept where the seed alone decides it."""
        assert house.factory is not None
        seed = house.factory.seed
        if options is not None and options.get("orders") is not None:
            return self._rehearse(seed, options)
        if seed not in self._curves:
            self._curves[seed] = self._rehearse(seed, None)
        return self._curves[seed]

    def _rehearse(self, seed: int, options: dict[str, Any] | None) -> Curve:
        return self._env.rehearse(copy.deepcopy(self._rule), seed, options)
