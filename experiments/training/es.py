"""``python experiments/train.py env=energy agent=es``: the look-ahead learns its numbers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from tqdm import tqdm

from agents.card import BEST, BEST_STEP, ORIGIN
from agents.lookahead.learned import HIGHEST, LOWEST, START, Floats
from agents.lookahead.load import save_lookahead
from experiments.building.scenario import announce_scenario
from experiments.command.options import read_options
from experiments.command.run_folder import RunFolder
from experiments.evaluating.site import SiteContest, compare_sites
from experiments.training.evolution import Evolution
from experiments.training.lookahead_replay import Replayer
from experiments.training.options import TrainOptions
from experiments.training.site import scheduler_policy, site_contest
from experiments.tuning.recording import record_runs
from factory_env import Scenario
from factory_env.decision import Policy
from factory_env.domain.limits import Positive, Runs
from factory_env.door.gather import Gather
from factory_env.errors import wrong

ES: Final = "es"  # no gradients: whole runs are played with one set of numbers each
OUTSIDE_USD: Final = 1000.0  # for a proposal a whole range outside its limits


@dataclass(frozen=True, slots=True, kw_only=True)
class EsSettings:
    """The learner's settings."""

    algorithm: Literal["es"] = "es"
    generations: Runs = 24
    population: Runs = 12
    runs: Runs = 6  # recorded runs that a generation is judged by
    step: Positive = 0.10  # of each number's range


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """Runs to learn from, and runs to choose the best generation by."""

    pool: range
    validation: range


@dataclass(frozen=True, slots=True, kw_only=True)
class EsLesson:
    """The look-ahead learns its numbers on recorded runs."""

    scenario: Scenario
    settings: EsSettings
    lines: Policy
    seeds: Seeds
    seed: int
    contest: SiteContest

    def learn(self, folder: Path) -> dict[str, Any]:
        """Learn into ``folder/best``."""
        return train_lookahead(
            self.scenario, self.lines, self.settings, self.seeds, self.seed, folder
        )

    def compare(self, run: RunFolder) -> dict[str, Any]:
        """Beside rules and bound."""
        return compare_sites(self.scenario, replace(self.contest, agent=str(run.path)), run)


def es_lesson(options: TrainOptions, gather: Gather) -> EsLesson:
    """Check the rest of the options.

    Parameters
    ----------
    gather
        With the problems found so far; all are raised together.
    """
    scenario = gather(announce_scenario, options)
    settings = read_options(EsSettings, options.settings, gather, "agent")
    lines = gather(scheduler_policy, options)
    if options.resume is not None:
        rule = "is not offered with agent=es"
        gather.add([wrong("command line", "resume", rule, options.resume, "leave it out")])
    gather.done()
    assert scenario is not None
    assert lines is not None
    return EsLesson(
        scenario=scenario.with_control("agent"),
        settings=settings,
        lines=lines,
        seeds=Seeds(pool=options.pool.seeds, validation=options.validation.seeds),
        seed=options.seed,
        contest=site_contest(options, ES),
    )


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
            best_usd, best = usd, generation
            facts = {
                "seed": seed,
                "generation": generation,
                BEST_STEP: generation,
                "validation_goal_usd": round(usd, 2),
                "plant": scenario.plant.name,
                "site": scenario.energy.site.name,
            }
            numbers = {scenario.energy.tariff.name: _numbers(search.mean)}
            for name in (BEST,) if generation else (BEST, ORIGIN):
                save_lookahead(folder / name, numbers, facts)
        bar.set_postfix_str(f"validation {usd:,.0f} USD, best {best_usd:,.0f}")
        if generation < settings.generations:
            runs = rng.choice(len(pool.recordings), min(settings.runs, len(pool.recordings)), False)
            search.advance(lambda at, runs=runs: _goal_usd(pool, at, runs))  # type: ignore[misc]
    return {
        "learner": "es",
        "validation_goal_usd": best_usd,
        "start_goal_usd": history[0],
        BEST_STEP: best,
        "history_goal_usd": history,
    }


def _numbers(at: Floats) -> Floats:
    return np.asarray(LOWEST + (HIGHEST - LOWEST) * np.clip(at, 0.0, 1.0))


def _goal_usd(replayer: Replayer, at: Floats, runs: Sequence[int]) -> float:
    """Mean goal of a proposal, and a fence around its limits."""
    outside = float(((at - np.clip(at, 0.0, 1.0)) ** 2).sum())
    paid = [replayer.play(_numbers(at), int(which)).goal_usd for which in runs]
    return float(np.mean(paid)) + OUTSIDE_USD * outside
