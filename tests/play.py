"""Plays a factory to its end under a policy; what tests read of the log."""

from __future__ import annotations

import numpy as np

from factory_env import Factory, Policy, RunLog
from factory_env.decision import Question, ask
from factory_env.logfile import fingerprint
from factory_env.sim.run import play

__all__ = ["column", "fingerprint", "play", "questions"]


def questions(factory: Factory, policy: Policy) -> list[Question]:
    """All questions of a run played under ``policy``."""
    seen = []
    while (question := factory.advance()) is not None:
        seen.append(question)
        factory.answer(ask(policy, question))
    return seen


def column(log: RunLog, table: str, name: str) -> np.ndarray:
    """One column of a log."""
    return log.tables[table][name]
