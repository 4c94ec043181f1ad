"""What the bank of verdicts costs: runs with it and with a perfect inspector, in turns."""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time

import numpy as np

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, Scenario, load_scenario, play
from factory_env.domain.ports import Bools, Inspector, Pieces
from factory_env.presets import FIRST_TRAINING_SEED
from factory_env.sim.plant.tables import PlantTables
from factory_env.sim.world import make_inspector

RESAMPLES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BankOverhead:
    """Processor time of the bank's verdicts."""

    share: float  # of the runs' time, spent in the inspector; the median run
    share_low: float  # 95 % interval of the median
    share_high: float
    ratio: float  # median of runs with the bank / median of runs with a perfect inspector
    pieces_per_s: float  # judged by the bank


class _Timed:
    """An inspector whose time is counted."""

    def __init__(self, inspector: Inspector) -> None:
        self._inspector, self.seconds, self.pieces = inspector, 0.0, 0

    def judge(self, pieces: Pieces) -> Bools:
        begin = process_time()
        found = self._inspector.judge(pieces)
        self.seconds += process_time() - begin
        self.pieces += len(found)
        return found


def measure(pairs: int = 20, plant: str = "mid") -> BankOverhead:
    """Time ``pairs`` of runs of the default scenario at the plain gate, equal seeds in a pair."""
    default = load_scenario(plant)
    both = [
        (s, Factory(s, 0).tables)
        for s in (default.replace(inspector="perfect"), default.replace(inspector="cnn"))
    ]
    for scenario, tables in both:  # compile, read the bank, fill the caches
        _run(scenario, tables, FIRST_TRAINING_SEED)
    spent = np.empty((pairs, 2))
    judged = np.empty((pairs, 2))
    for pair in range(pairs):
        for which in (0, 1) if pair % 2 else (1, 0):
            whole, inspector = _run(*both[which], FIRST_TRAINING_SEED + 1 + pair)
            spent[pair, which] = whole
            if which:
                judged[pair] = inspector.seconds, inspector.pieces
    shares = judged[:, 0] / spent[:, 1]
    rows = np.random.default_rng(0).integers(0, pairs, size=(RESAMPLES, pairs))
    low, high = np.quantile(np.median(shares[rows], axis=1), (0.025, 0.975))
    medians = np.median(spent, axis=0)
    return BankOverhead(
        share=float(np.median(shares)),
        share_low=float(low),
        share_high=float(high),
        ratio=float(medians[1] / medians[0]),
        pieces_per_s=float(judged[:, 1].sum() / judged[:, 0].sum()),
    )


def _run(scenario: Scenario, tables: PlantTables, seed: int) -> tuple[float, _Timed]:
    """Processor time of one run, from making the factory to its log, and its timed inspector."""
    rule = AtcsMatch()
    begin = process_time()
    timed = _Timed(make_inspector(scenario, tables.styles))
    play(Factory(scenario, seed, tables=tables, inspector=timed), rule)
    return process_time() - begin, timed
