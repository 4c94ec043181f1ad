"""From an agent's action to an answer at the desk, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import FloorQuestion
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
    answers = question.answers(visible)
    out[: answers.shape[0]] = question.legal()[answers]
    return out


def why_masked(question: FloorQuestion, visible: NDArray[np.int64], action: int) -> str:
    """Why a masked action is refused."""
    return question.why_refused(action, visible)


def is_legal(question: FloorQuestion, visible: NDArray[np.int64], action: int) -> bool:
    """May the action be taken?"""
    answers = question.answers(visible)
    return action < answers.shape[0] and bool(question.legal()[answers[action]])


def answer_of(question: FloorQuestion, visible: NDArray[np.int64], action: int) -> int:
    """The answer at the desk that a legal action means."""
    return int(question.answers(visible)[action])


def action_of(question: FloorQuestion | None, visible: NDArray[np.int64], answer: int) -> int:
    """The action that means an answer at the desk; 1 if that order is out of sight."""
    if question is None:
        return answer
    answers = question.answers(visible)
    if answers.shape == question.legal().shape:
        return answer  # all are in sight
    at = np.flatnonzero(answers == answer)
    return int(at[0]) if at.size else 1
