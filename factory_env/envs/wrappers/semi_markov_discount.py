"""Discounting by elapsed time for learners that know one gamma a step.

Decisions are uneven in time, so a step's discount is ``info["discount"]``, and money of step k is
worth the product of the discounts of the steps before it, D_k.
"""

from __future__ import annotations

from typing import Any, Final

import gymnasium as gym
import numpy as np

WEIGHT: Final = "weight"
STOP: Final = "stop"


class SemiMarkovDiscount(gym.Wrapper[Any, Any, Any, Any], gym.utils.RecordConstructorArgs):
    """A learner with one gamma a step optimises the reward discounted by elapsed time.

    Parameters
    ----------
    env
        An environment of the house.
    gamma
        The learner's own, by step. With 1.0 the learner does no discounting of its own.
    how
        ``weight``: the reward of step k is multiplied by D_k / gamma^k. The learner's discounted
        sum from the start of an episode is then exactly the sum of D_k r_k. Values in the middle of
        an episode are those of the semi-Markov process times a factor that the observation does not
        show, so choose ``gamma`` near the mean discount of a step (the factor then stays near 1),
        or use ``stop``.
        ``stop``: after every step the episode is terminated with probability 1 - discount, and
        rewards stay as they are. With a learner's gamma of 1.0 values and gradients are exactly
        those of the semi-Markov process in the mean, in every state, with more noise; ``gamma``
        must be 1. The info of such a last step says ``stopped``.
    seed
        Of ``stop``'s luck, until a reset is given a seed.
    """

    def __init__(
        self,
        env: gym.Env[Any, Any],
        gamma: float = 1.0,
        how: str = WEIGHT,
        seed: int | None = None,
    ) -> None:
        if how not in (WEIGHT, STOP):
            raise ValueError(f"how must be {WEIGHT!r} or {STOP!r}, got {how!r}")
        if not 0.0 < gamma <= 1.0 or (how == STOP and gamma != 1.0):
            rule = "1 with how='stop'" if how == STOP else "above 0, to 1"
            raise ValueError(f"gamma must be {rule}, got {gamma!r}")
        gym.utils.RecordConstructorArgs.__init__(self, gamma=gamma, how=how, seed=seed)
        gym.Wrapper.__init__(self, env)
        self._gamma = gamma
        self._how = how
        self._rng = np.random.default_rng(seed)
        self._weight = 1.0  # D_k / gamma^k

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """Start a run, at full weight."""
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        self._weight = 1.0
        return self.env.reset(seed=seed, options=options)

    def step(self, action: Any) -> Any:
        """A step with its reward weighed, or with the end that time has drawn."""
        seen, reward, terminated, truncated, info = self.env.step(action)
        if "refused" in info and not truncated:
            return seen, float(reward) * self._weight, terminated, truncated, info  # no time passed
        if self._how == WEIGHT:
            reward = float(reward) * self._weight
            self._weight *= info["discount"] / self._gamma
        elif not (terminated or truncated) and self._rng.random() >= info["discount"]:
            terminated, info = True, info | {"stopped": True}
        return seen, reward, terminated, truncated, info

    def action_masks(self) -> Any:
        """MaskablePPO asks the outermost environment."""
        return self.env.get_wrapper_attr("action_masks")()
