"""From a training config to a trained agent in a folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf, open_dict
from pydantic import TypeAdapter, ValidationError
from tqdm import tqdm

from agents.card import LAST, read_card
from agents.deep.baseline import Curve, rule_curves
from agents.deep.ppo import PpoSettings, build_ppo, make_envs
from agents.deep.training import Schedule, Trainer
from experiments.building.policy import policy_from, site_policy_from
from experiments.building.scenario import scenario_from
from experiments.command.run_folder import RunFolder
from experiments.evaluate import compare
from experiments.training.choice import same_words
from factory_env import Scenario
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.door.gather import Gather
from factory_env.errors import InputError, Problem, wrong

RETURN_SIZE = 20.0  # an episode's cost becomes about this in scaled rewards
# what resume takes over
FROM_RUN = (
    "env",
    "agent",
    "plant",
    "scenario",
    "demand",
    "inspector",
    "site",
    "tariff",
    "control",
    "scheduler",
    "energy",
    "constraint",
    "rival",
    "rival_params",
    "pool",
    "seed",
)


def resumed(cfg: DictConfig) -> DictConfig:
    """The config itself, or with ``resume`` the learner, plant and scenario of that run.

    Raises
    ------
    InputError
        If the run folder is not one, or the command line contradicts it.
    """
    if cfg.resume is None:
        return cfg
    path = Path(cfg.resume) / "config.yaml"
    words = HydraConfig.get().overrides.task if HydraConfig.initialized() else []
    same = same_words(cfg.resume)  # said twice, and the same
    new = [w for w in words if w not in same]
    clash = [w for w in new if w.lstrip("+~").split("=")[0].split(".")[0] in FROM_RUN]
    if clash:
        raise InputError(
            [
                wrong(
                    f"command line {w}",
                    w.split("=")[0],
                    "comes from the resumed run",
                    w,
                    "leave it out",
                )
                for w in clash
            ]
        )
    if not path.is_file():
        raise InputError.of(
            "command line",
            "resume",
            "must be a run folder of train.py",
            cfg.resume,
            "e.g. resume=runs/train/<date>",
        )
    read_card(Path(cfg.resume) / LAST)
    old = OmegaConf.load(path)
    taken = {key: old[key] for key in FROM_RUN if key in old}
    with open_dict(cfg):  # it has no site where none is chosen
        merged = OmegaConf.merge(cfg, taken)
    assert isinstance(merged, DictConfig)
    return merged


def scheduling_task(cfg: DictConfig, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check the rest of the config, train a scheduling agent, and put it beside every rule.

    Parameters
    ----------
    gather
        With the problems found so far.
    """
    scenario = gather(scenario_from, cfg)
    gather(settings_from, cfg)
    site = gather(site_policy_from, cfg)
    gather.done()
    assert scenario is not None
    facts = train_agent(cfg, scenario, run.path, site)
    return {**compare(scenario, str(run.path), cfg, run, name="ppo"), **facts}


def training_problems(cfg: DictConfig) -> list[Problem]:
    """What is wrong with the numbers that are not the learner's."""
    limits = {
        "steps": 1,
        "seed": 0,
        "pool.size": 1,
        "pool.first_seed": 0,
        "validation.episodes": 1,
        "validation.every": 1,
        "validation.first_seed": 0,
    }
    found = []
    for key, least in limits.items():
        value = OmegaConf.select(cfg, key)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            found.append(
                wrong(
                    "config",
                    key,
                    f"must be a whole number of at least {least}",
                    repr(value),
                    "see conf/train.yaml",
                )
            )
    return found


def settings_from(cfg: DictConfig) -> PpoSettings:
    """Checked settings of the learner."""
    plain = OmegaConf.to_container(cfg.agent, resolve=True)
    try:
        settings = TypeAdapter(PpoSettings).validate_python(plain)
    except ValidationError as error:
        raise InputError(
            [
                wrong(
                    "agent config",
                    ".".join(str(p) for p in e["loc"]),
                    e["msg"],
                    repr(e["input"]),
                    "see conf/agent/ppo.yaml",
                )
                for e in error.errors()
            ]
        ) from None
    if settings.envs % settings.workers:
        raise InputError.of(
            "agent config",
            "agent.envs",
            "must divide over agent.workers",
            f"{settings.envs} over {settings.workers}",
            "e.g. 16 over 2",
        )
    return settings


def train_agent(
    cfg: DictConfig, scenario: Scenario, folder: Path, site: EnergyPolicy | None = None
) -> dict[str, Any]:
    """Train into ``folder``: ``best``, ``last``, ``logs``, ``validation.csv``.

    Parameters
    ----------
    site
        Who runs the site; None = as usual, if there is one.
    """
    settings = settings_from(cfg)
    curves = _curves(cfg, scenario, settings, site)
    rival_cost = float(np.mean([c.cost_usd[-1] for c in curves]))
    scale = RETURN_SIZE / rival_cost
    envs = make_envs(scenario, settings, curves, scale, cfg.seed, site)
    try:
        model = build_ppo(envs, settings, cfg.seed)
        facts = {
            "plant": scenario.plant.name,
            "scenario": scenario.name,
            "seed": cfg.seed,
            "reward": settings.reward,
            "reward_scale": scale,
        }
        trainer = Trainer(model, settings, scenario, folder, facts, site)
        if cfg.resume is not None:
            trainer.resume(Path(cfg.resume))
        first = cfg.validation.first_seed
        seeds = range(first, first + cfg.validation.episodes)
        schedule = Schedule(
            steps=cfg.steps, validate_every=cfg.validation.every, validation_seeds=seeds
        )
        with tqdm(total=cfg.steps, desc="training", unit="decision", file=sys.stderr) as bar:

            def progress(steps: int, text: str) -> None:
                bar.set_postfix_str(text, refresh=False)
                bar.update(steps - bar.n)

            trainer.train(schedule, progress)
    finally:
        envs.close()
    return {"steps": model.num_timesteps, "validation_cost_usd": trainer.best_cost_usd}


def _curves(
    cfg: DictConfig, scenario: Scenario, settings: PpoSettings, site: EnergyPolicy | None
) -> Sequence[Curve]:
    """The rival's cost over time on every training seed."""
    rival = policy_from(cfg.rival, cfg.rival_params, scenario.plant.name)
    seeds = range(cfg.pool.first_seed, cfg.pool.first_seed + cfg.pool.size)
    parts = [seeds[i : i + 10] for i in range(0, len(seeds), 10)]
    with (
        ProcessPoolExecutor(cfg.eval.workers, mp_context=get_context("spawn")) as pool,
        tqdm(total=len(seeds), desc=f"{cfg.rival} on training seeds", unit="run") as bar,
    ):
        found: list[Curve] = []
        jobs = [pool.submit(rule_curves, scenario, settings.reward, rival, p, site) for p in parts]
        for job in jobs:
            found += job.result()
            bar.update(len(found) - bar.n)
    return found
