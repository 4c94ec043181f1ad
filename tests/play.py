"""What tests want of a run: its questions, its log, and the log's fingerprint."""

from __future__ import annotations

import hashlib

import numpy as np

from factory_env import Factory, Policy, RunLog, play, step_through
from factory_env.decision import Question

__all__ = ["column", "fingerprint", "play", "questions"]


def questions(factory: Factory, policy: Policy) -> list[Question]:
    """All questions of a run played under ``policy``."""
    return list(step_through(factory, policy))


def fingerprint(log: RunLog) -> str:
    """SHA-256 over every byte of every column, and the costs."""
    digest = hashlib.sha256()
    for name, table in sorted(log.tables.items()):
        for column, values in table.items():
            digest.update(f"{name}.{column}:{values.dtype}:{values.shape[0]}".encode())
            plain = repr(values.tolist()).encode() if values.dtype == object else values.tobytes()
            digest.update(plain)
    facts = (log.seed, log.end_min, log.finished, sorted(log.cost_usd.items()))
    digest.update(repr(facts).encode())
    return digest.hexdigest()


def column(log: RunLog, table: str, name: str) -> np.ndarray:
    """One column of a log."""
    return log.tables[table][name]
