"""What the energy accounting costs: runs with and without it, in turns, in one process."""

from __future__ import annotations

import gc
from time import process_time

import numpy as np

from agents.rules.atcs_match import AtcsMatch
from experiments.evaluating.statistics import Estimate
from factory_env import load_scenario, play
from factory_env.presets import FIRST_TRAINING_SEED, SITE_TO_RUN
from factory_env.sim.run import Factories

RESAMPLES = 2_000


def measure(pairs: int = 30, plant: str = "mid") -> Estimate:
    """Processor time of a run with energy accounting / without: ratio of medians, 95 % interval.

    The site is always on, and pays the shipped US tariff with sun and battery. Both runs of a pair
    have the same seed and the same orders; who goes first changes from pair to pair.
    """
    accounted = load_scenario(plant, **SITE_TO_RUN)
    both = [Factories(scenario) for scenario in (accounted.replace(energy=None), accounted)]
    for make in both:  # compile, and fill the caches: not every run meets every kernel
        for seed in range(min(pairs, 3) + 1):
            seconds(make, FIRST_TRAINING_SEED + seed)
    spent = np.empty((pairs, 2))
    for pair in range(pairs):
        for which in (0, 1) if pair % 2 else (1, 0):
            spent[pair, which] = seconds(both[which], FIRST_TRAINING_SEED + 1 + pair)
    rows = np.random.default_rng(0).integers(0, pairs, size=(RESAMPLES, pairs))
    medians = np.median(spent[rows], axis=1)
    low, high = np.quantile(medians[:, 1] / medians[:, 0], (0.025, 0.975))
    plain, with_energy = np.median(spent, axis=0)
    return Estimate(float(with_energy / plain), float(low), float(high))


def seconds(make: Factories, seed: int) -> float:
    """Processor time of one run, from making the factory to its log."""
    rule = AtcsMatch()
    gc.collect()  # else a run pays for what earlier ones left behind, three times its own cost
    begin = process_time()
    play(make(seed), rule)
    return process_time() - begin
