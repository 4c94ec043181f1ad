"""Priority indices over a candidate table, as logarithms: the formulas of the rules.

They live beside the question because two readers need them: the dispatching rules, and the
observation that gives a learner the rule's opinion as a prior. ``p`` is sewing time, the
effective setup is line stop plus learning (domain reference, section 15).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.decisions.candidates import INDEX, CandidateTable

Floats = NDArray[np.float64]
TINY = 1e-9
_SEWING, _SETUP = INDEX["sewing_min"], INDEX["setup_min"]
_LEARNING, _SLACK = INDEX["learning_min"], INDEX["slack_min"]
_WEIGHT, _HERE, _ELSEWHERE = INDEX["weight_usd"], INDEX["here_min"], INDEX["elsewhere_min"]


def effective_setup(table: CandidateTable) -> Floats:
    """Line stop plus minutes lost to learning, shape (n,)."""
    return table.setup_min + table.learning_min


def plain_slack(table: CandidateTable) -> Floats:
    """due - t - p - finishing, without the setup, shape (n,)."""
    return table.slack_min + effective_setup(table)


def log_wspt(table: CandidateTable) -> Floats:
    """log(w / p)."""
    return np.asarray(np.log(table.weight_usd / table.sewing_min + TINY))


def log_atc(table: CandidateTable, k1: float, grace_min: float = 0.0) -> Floats:
    """log of apparent tardiness cost; ``grace_min`` shifts due dates, as penalties do."""
    p_bar = float(table.sewing_min.mean())
    late = np.maximum(0.0, plain_slack(table) + grace_min)
    return np.asarray(log_wspt(table) - late / (k1 * p_bar))


def log_atcs(table: CandidateTable, k1: float, k2: float, grace_min: float = 0.0) -> Floats:
    """log of ATC with setups."""
    setup = effective_setup(table)
    s_bar = max(float(setup.mean()), TINY)
    return np.asarray(log_atc(table, k1, grace_min) - setup / (k2 * s_bar))


def mismatch(table: CandidateTable) -> Floats:
    """How much earlier another line could finish, in mean sewing times, shape (n,)."""
    p_bar = float(table.sewing_min.mean())
    return np.asarray(np.maximum(0.0, table.here_min - table.elsewhere_min) / p_bar)


def log_atcs_match(
    table: CandidateTable, k1: float, k2: float, k3: float, grace_min: float = 0.0
) -> Floats:
    """log of ATCS x exp(-mismatch / k3): the line-matching index.

    Compiled, because every observation shows it; equals
    ``log_atcs(...) - mismatch(...) / k3``.
    """
    return np.asarray(_log_atcs_match(table.data, k1, k2, k3, grace_min))


@compiled
def _log_atcs_match(data: Floats, k1: float, k2: float, k3: float, grace_min: float) -> Floats:
    n = data.shape[0]
    out = np.empty(n)
    p_bar, s_bar = 0.0, 0.0
    for i in range(n):
        p_bar += data[i, _SEWING] / n
        s_bar += (data[i, _SETUP] + data[i, _LEARNING]) / n
    s_bar = max(s_bar, TINY)
    for i in range(n):
        setup = data[i, _SETUP] + data[i, _LEARNING]
        late = max(0.0, data[i, _SLACK] + setup + grace_min)
        apart = max(0.0, data[i, _HERE] - data[i, _ELSEWHERE])
        index = np.log(data[i, _WEIGHT] / data[i, _SEWING] + TINY)
        out[i] = index - late / (k1 * p_bar) - setup / (k2 * s_bar) - apart / (k3 * p_bar)
    return out
