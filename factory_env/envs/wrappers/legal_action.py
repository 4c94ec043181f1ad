"""Any action becomes a legal one: for learners that know no masks."""

from __future__ import annotations

from typing import Any, Final

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from factory_env.envs.scheduling.actions import N_ACTIONS
from factory_env.envs.wrappers.floor import check_floor
from factory_env.errors import IllegalAnswer

NEAREST, RULE, RANDOM = "nearest", "rule", "random"
# how -> what is taken, in words
HOWS: Final = {NEAREST: "the nearest legal one", RULE: "the rule's", RANDOM: "a random legal one"}


class LegalAction(gym.Wrapper[Any, Any, Any, Any], gym.utils.RecordConstructorArgs):
    """A masked action of the scheduling environment is replaced by a legal one.

    The info of such a step says so: ``asked`` is the action that came, ``replaced`` why another was
    taken, ``taken`` which.

    Parameters
    ----------
    env
        A scheduling environment, v0 or v1; `SortedOrders` may lie between.
    how
        ``nearest``: the legal action whose number is nearest, of two the lower; ``rule``: what
        the rule of ``prior`` would do; ``random``: any legal one, each as likely.
    seed
        Of ``random``'s luck, until a reset is given a seed.
    """

    def __init__(self, env: gym.Env[Any, Any], how: str = NEAREST, seed: int | None = None) -> None:
        if how not in HOWS:
            raise ValueError(f"how must be one of {', '.join(HOWS)}, got {how!r}")
        check_floor(env, "LegalAction")
        gym.utils.RecordConstructorArgs.__init__(self, how=how, seed=seed)
        gym.Wrapper.__init__(self, env)
        self._how = how
        self._rng = np.random.default_rng(seed)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """Start a run."""
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        return self.env.reset(seed=seed, options=options)

    def step(self, action: Any) -> Any:
        """A step with the action, or the legal one in its place."""
        number = np.asarray(action)
        if number.size != 1 or not np.issubdtype(number.dtype, np.integer):
            raise IllegalAnswer(f"action must be one whole number, got {action!r}")
        asked = int(number.reshape(-1)[0])
        masks = self.action_masks()
        if 0 <= asked < N_ACTIONS and masks[asked]:
            return self.env.step(asked)
        taken = self._replace(asked, np.flatnonzero(masks))
        seen, reward, terminated, truncated, info = self.env.step(taken)
        why = f"action {asked} is masked; {HOWS[self._how]} is taken: {taken}"
        told = info | {"asked": asked, "replaced": why, "taken": taken}
        return seen, reward, terminated, truncated, told

    def action_masks(self) -> NDArray[np.bool_]:
        """Legal actions, shape (33,)."""
        masks: NDArray[np.bool_] = self.env.get_wrapper_attr("action_masks")()
        return masks

    def _replace(self, asked: int, legal: NDArray[np.int64]) -> int:
        if self._how == RULE:
            return int(self.env.get_wrapper_attr("rule_action")())
        if self._how == RANDOM:
            return int(self._rng.choice(legal))
        return int(legal[np.argmin(np.abs(legal - asked))])
