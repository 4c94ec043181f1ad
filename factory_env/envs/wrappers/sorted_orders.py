"""Orders in a meaningful sequence, so that action 1 means the same in every question."""

from __future__ import annotations

from typing import Any, Final

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.order_choice import OrderChoice
from factory_env.envs.observation import MAX_ORDERS
from factory_env.envs.scheduling.actions import N_ACTIONS, whole_action
from factory_env.envs.wrappers.floor import check_floor

# how -> feature of the block ``orders``, and whether its highest value comes first
KEYS: Final = {"index": ("rule_log_index", True), "due": ("due_in_min", False)}
AS_THEY_COME: Final = np.arange(N_ACTIONS)


class SortedOrders(gym.Wrapper[Any, Any, Any, Any], gym.utils.RecordConstructorArgs):
    """Rows of the block ``orders``, and with them the actions, sorted by urgency.

    Action 1 takes the order that the rule would take (or that is due first), action 2 the second,
    and so on; 0 still holds. Masks in the observation, the info and ``action_masks()``,
    ``rule_action`` and ``answer_to_action()`` are sorted as well. Questions about something else
    than an order are left as they are.

    Parameters
    ----------
    env
        A scheduling environment, v0 or v1.
    by
        ``index``: the log index of ``prior``, highest first; ``due``: the time to the due date,
        earliest first, as far as the observation shows it (from -25 to 25 days). Equals stay in
        the order of the house: by release.
    """

    def __init__(self, env: gym.Env[Any, Any], by: str = "index") -> None:
        if by not in KEYS:
            raise ValueError(f"by must be one of {', '.join(KEYS)}, got {by!r}")
        gym.utils.RecordConstructorArgs.__init__(self, by=by)
        gym.Wrapper.__init__(self, env)
        self._floor = check_floor(env, "SortedOrders")
        name, self._falls = KEYS[by]
        self._column = self._floor.feature_names("orders").index(name)
        self._inner = AS_THEY_COME  # action here -> action of the environment inside
        self._outer = AS_THEY_COME  # and back

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """Start a run."""
        seen, info = self.env.reset(seed=seed, options=options)
        return self._sort(seen, info)

    def step(self, action: Any) -> Any:
        """A step with the action as the rows now stand."""
        inner = int(self._inner[whole_action(action)])
        seen, reward, terminated, truncated, info = self.env.step(inner)
        seen, info = self._sort(seen, info)
        return seen, reward, terminated, truncated, info

    def action_masks(self) -> NDArray[np.bool_]:
        """Legal actions, shape (33,)."""
        masks: NDArray[np.bool_] = self.env.get_wrapper_attr("action_masks")()
        return masks[self._inner]

    def rule_action(self) -> int:
        """What the rule of ``prior`` would do now."""
        return int(self._outer[self.env.get_wrapper_attr("rule_action")()])

    def answer_to_action(self, answer: int) -> int:
        """The action that means a policy's ``answer``."""
        return int(self._outer[self.env.get_wrapper_attr("answer_to_action")(answer)])

    def _sort(
        self, seen: dict[str, NDArray[Any]], info: dict[str, Any]
    ) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Take in a question; what is shown and told of it, with the orders sorted."""
        self._inner = self._outer = AS_THEY_COME
        if not isinstance(self._floor.question, OrderChoice):
            return seen, info
        rows = seen["orders"].reshape(MAX_ORDERS, -1)
        n = min(len(self._floor.question.table), MAX_ORDERS)
        key = rows[:n, self._column]
        places = np.argsort(-key if self._falls else key, kind="stable")
        self._inner, self._outer = AS_THEY_COME.copy(), AS_THEY_COME.copy()
        self._inner[1 : n + 1] = places + 1
        self._outer[places + 1] = np.arange(1, n + 1)
        rows[:n] = rows[places]  # of this observation alone
        seen["mask"] = seen["mask"][self._inner]
        if "action_mask" in info:
            info["action_mask"] = info["action_mask"][self._inner]
            info["rule_action"] = int(self._outer[info["rule_action"]])
        return seen, info
