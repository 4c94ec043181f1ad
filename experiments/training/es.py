"""``python experiments/train.py env=energy agent=es``: the look-ahead learns its numbers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from omegaconf import DictConfig
from tqdm import tqdm

from agents.lookahead.learned import HIGHEST, LOWEST, START, Floats
from agents.lookahead.load import save_lookahead
from experiments.building.policy import policy_from
from experiments.building.scenario import scenario_from
from experiments.command.run_folder import RunFolder
from experiments.evaluating.bound import asked
from experiments.evaluating.site import compare_sites
from experiments.training.choice import checked
from experiments.training.evolution import Evolution
from experiments.training.lookahead_replay import Replayer, record_runs
from factory_env import Scenario
from factory_env.decision import Policy
from factory_env.domain.limits import Count, Positive
from factory_env.door.gather import Gather
from factory_env.errors import wrong

OUTSIDE_USD = 1000.0  # for a proposal a whole range outside its limits


@dataclass(frozen=True, slots=True, kw_only=True)
class EsSettings:
    """The learner's settings."""

    algorithm: Literal["es"] = "es"
    generations: Count = 24
    population: Count = 12
    runs: Count = 6  # recorded runs that a generation is judged by
    step: Positive = 0.10  # of each number's range


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """Runs to learn from, and runs to choose the best generation by."""

    pool: range
    validation: range


def es_task(cfg: DictConfig, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check the rest of the config, learn, and compare on the held-out seeds.

    Parameters
    ----------
    gather
        With the problems found so far.
    """
    scenario = gather(scenario_from, cfg)
    settings = gather(checked, EsSettings, cfg.agent, "agent")
    lines = gather(policy_from, str(cfg.scheduler), None, str(cfg.plant.get("name")))
    if cfg.resume is not None:
        gather.add(
            [
                wrong(
                    "command line",
                    "resume",
                    "is not offered with agent=es",
                    cfg.resume,
                    "leave it out",
                )
            ]
        )
    gather.done()
    assert scenario is not None
    assert settings is not None
    assert lines is not None
    pool, check = cfg.pool, cfg.validation
    seeds = Seeds(
        pool=range(pool.first_seed, pool.first_seed + pool.size),
        validation=range(check.first_seed, check.first_seed + check.episodes),
    )
    facts = train_lookahead(asked(scenario), lines, settings, seeds, cfg.seed, run.path)
    return {**compare_sites(asked(scenario), str(run.path), cfg, run, name="es"), **facts}


def train_lookahead(
    scenario: Scenario, lines: Policy, settings: EsSettings, seeds: Seeds, seed: int, folder: Path
) -> dict[str, Any]:
    """Learn on recorded runs; ``folder/best`` holds the generation with the best validation.

    The start is a candidate, too. Returns facts for the summary.
    """
    assert scenario.energy is not None
    pool = Replayer(scenario, record_runs(scenario, lines, seeds.pool))
    check = Replayer(scenario, record_runs(scenario, lines, seeds.validation))
    rng = np.random.default_rng(seed)
    search = Evolution(
        (START - LOWEST) / (HIGHEST - LOWEST), settings.step, settings.population, seed
    )
    best_usd, history = float("inf"), []
    bar = tqdm(range(settings.generations + 1), desc="training", unit="generation", file=sys.stderr)
    for generation in bar:
        usd = _goal_usd(check, search.mean, range(len(check.recordings)))
        history.append(round(usd, 2))
        if usd < best_usd:
            best_usd = usd
            facts = {
                "seed": seed,
                "generation": generation,
                "validation_goal_usd": round(usd, 2),
                "plant": scenario.plant.name,
                "site": scenario.energy.site.name,
            }
            save_lookahead(
                folder / "best", {scenario.energy.tariff.name: _numbers(search.mean)}, facts
            )
        bar.set_postfix_str(f"validation {usd:,.0f} USD, best {best_usd:,.0f}")
        if generation < settings.generations:
            runs = rng.choice(len(pool.recordings), min(settings.runs, len(pool.recordings)), False)
            search.advance(lambda at, runs=runs: _goal_usd(pool, at, runs))  # type: ignore[misc]
    return {"learner": "es", "validation_goal_usd": best_usd, "history_goal_usd": history}


def _numbers(at: Floats) -> Floats:
    return np.asarray(LOWEST + (HIGHEST - LOWEST) * np.clip(at, 0.0, 1.0))


def _goal_usd(replayer: Replayer, at: Floats, runs: Sequence[int]) -> float:
    """Mean goal of a proposal, and a fence around its limits."""
    outside = float(((at - np.clip(at, 0.0, 1.0)) ** 2).sum())
    paid = [replayer.play(_numbers(at), int(which)).goal_usd for which in runs]
    return float(np.mean(paid)) + OUTSIDE_USD * outside
