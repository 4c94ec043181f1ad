"""What the inspection network is worth in the factory: `inspector=cnn` against a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from experiments.comparing.study import Study, study_figures, study_inspectors
from factory_env import load_scenario
from factory_env.domain.limits import Runs, Seed, Workers

AGENT, PLANT = "atcs_match", "mid"
INSPECTORS = ("cnn", "human", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactoryTrial:
    """Runs of the factory; see ``factory`` in conf/model/cnn.yaml."""

    first_seed: Seed = 120_000
    episodes: Runs = 50  # of each inspector
    workers: Workers = 2


def factory_study(trial: FactoryTrial) -> Study:
    """The mid plant with every inspector on the same seeds, with the shipped bank of verdicts."""
    scenarios = {name: load_scenario(PLANT, inspector=name) for name in INSPECTORS}
    seeds = range(trial.first_seed, trial.first_seed + trial.episodes)
    return study_inspectors(scenarios, AGENT, seeds, workers=trial.workers)


def ratios_of(study: Study) -> dict[str, Any]:
    """Cost of the camera over that of each other inspector, with intervals."""
    return {key: value for key, value in study_figures(study).items() if key.startswith("cnn_vs")}
