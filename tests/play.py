"""What tests want of a run: its questions, its log, and the log's fingerprint."""

from __future__ import annotations

import numpy as np

from factory_env import Factory, Policy, RunLog, play, step_through
from factory_env.decision import Question
from factory_env.logfile import fingerprint

__all__ = ["column", "fingerprint", "play", "questions"]


def questions(factory: Factory, policy: Policy) -> list[Question]:
    """All questions of a run played under ``policy``."""
    return list(step_through(factory, policy))


def column(log: RunLog, table: str, name: str) -> np.ndarray:
    """One column of a log."""
    return log.tables[table][name]
