"""What the energy accounting costs: runs with and without it, in turns, in one process."""

from __future__ import annotations

from time import process_time

import numpy as np

from agents.rules.atcs_match import AtcsMatch
from experiments.evaluating.statistics import Estimate
from factory_env import Factory, Scenario, load_scenario, play
from factory_env.presets import FIRST_TRAINING_SEED, SITE_TO_RUN
from factory_env.sim.plant.tables import PlantTables

RESAMPLES = 2_000


def measure(pairs: int = 30, plant: str = "mid") -> Estimate:
    """Processor time of a run with energy accounting / without: ratio of medians, 95 % interval.

    The site is always on, and pays the shipped US tariff with sun and battery. Both runs of a pair
    have the same seed and the same orders; who goes first changes from pair to pair.
    """
    accounted = load_scenario(plant, **SITE_TO_RUN)
    both = [(s, Factory(s, 0).tables) for s in (accounted.replace(energy=None), accounted)]
    for scenario, tables in both:  # compile, and fill the caches
        seconds(scenario, tables, FIRST_TRAINING_SEED)
    found = np.empty((pairs, 2))
    for pair in range(pairs):
        for which in (0, 1) if pair % 2 else (1, 0):
            found[pair, which] = seconds(*both[which], FIRST_TRAINING_SEED + 1 + pair)
    rows = np.random.default_rng(0).integers(0, pairs, size=(RESAMPLES, pairs))
    medians = np.median(found[rows], axis=1)
    low, high = np.quantile(medians[:, 1] / medians[:, 0], (0.025, 0.975))
    plain, with_energy = np.median(found, axis=0)
    return Estimate(float(with_energy / plain), float(low), float(high))


def seconds(scenario: Scenario, tables: PlantTables, seed: int) -> float:
    """Processor time of one run, from making the factory to its log."""
    rule = AtcsMatch()
    begin = process_time()
    factory = Factory(scenario, seed, tables=tables)
    play(factory, rule)
    return process_time() - begin
