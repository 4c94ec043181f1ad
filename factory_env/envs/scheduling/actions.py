"""From an agent's action to an answer at the desk, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import FloorQuestion
from factory_env.decisions.order_choice import HOLD, OrderChoice
from factory_env.decisions.overtime_choice import OvertimeChoice
from factory_env.envs.observation import MAX_ORDERS
from factory_env.errors import IllegalAnswer

N_ACTIONS = MAX_ORDERS + 1


def whole_action(action: Any) -> int:
    """The action as a whole number.

    Raises
    ------
    IllegalAnswer
        If it is not a whole number from 0 to 32.
    """
    array = np.asarray(action)
    if array.size != 1 or not np.issubdtype(array.dtype, np.integer):
        raise IllegalAnswer(
            f"action must be one whole number from 0 to {MAX_ORDERS}, got {action!r}"
        )
    number = int(array.reshape(-1)[0])
    if not 0 <= number <= MAX_ORDERS:
        raise IllegalAnswer(f"action {number} is out of range: give 0 (hold) to {MAX_ORDERS}")
    return number


def mask(question: FloorQuestion, visible: NDArray[np.int64]) -> NDArray[np.int8]:
    """Which actions are legal, shape (33,)."""
    out = np.zeros(N_ACTIONS, dtype=np.int8)
    if not isinstance(question, OrderChoice):
        out[: question.allowed.shape[0]] = question.allowed
        return out
    out[HOLD] = question.can_hold
    out[1 : visible.shape[0] + 1] = 1
    return out


def why_masked(question: FloorQuestion, visible: NDArray[np.int64], action: int) -> str:
    """Why a masked action is refused."""
    if not isinstance(question, OrderChoice):
        allowed = ", ".join(str(i) for i in np.flatnonzero(question.allowed))
        if isinstance(question, OvertimeChoice):
            return f"action {action} is refused: tonight {allowed} are legal, 0 = no overtime"
        return f"action {action} is refused: {allowed} are degrees of strictness for this order"
    if action == HOLD:
        return "hold is refused: no other work can come and no other line will take what waits"
    n = visible.shape[0]
    return f"action {action} is refused: {n} orders are visible, so 1 to {n} take one of them"


def is_legal(question: FloorQuestion, visible: NDArray[np.int64], action: int) -> bool:
    """May the action be taken?"""
    if not isinstance(question, OrderChoice):
        return action < question.allowed.shape[0] and bool(question.allowed[action])
    return question.can_hold if action == HOLD else action <= visible.shape[0]


def answer_of(question: FloorQuestion, visible: NDArray[np.int64], action: int) -> int:
    """The answer at the desk that a legal action means."""
    if not isinstance(question, OrderChoice) or action == HOLD:
        return action
    return int(visible[action - 1]) + 1


def action_of(question: FloorQuestion | None, visible: NDArray[np.int64], answer: int) -> int:
    """The action that means an answer at the desk; 1 if that order is out of sight."""
    if answer == HOLD or not isinstance(question, OrderChoice):
        return answer
    at = np.flatnonzero(visible == answer - 1)
    return int(at[0]) + 1 if at.size else 1
