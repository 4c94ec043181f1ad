"""``python experiments/train.py env=energy agent=sac``: trains an agent that runs the site."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from agents.deep.energy.envs import make_site_envs
from agents.deep.energy.learner import build_learner, network_args
from agents.deep.energy.network import KIND, EnergyNetwork, features
from agents.deep.energy.priors import Prior
from agents.deep.energy.settings import SETTINGS, EnergySettings
from agents.deep.energy.training import Judged, SiteTrainer
from experiments.building.policy import policy_from
from experiments.building.scenario import scenario_from
from experiments.command.run_folder import RunFolder
from experiments.evaluating.site import compare_sites
from experiments.training.choice import checked
from experiments.training.site import (
    constraint_from,
    curves_of,
    decided,
    goal_and_price,
    pool_seeds,
    start_prior,
    train_site,
)
from factory_env import Scenario
from factory_env.decision import Policy
from factory_env.door.gather import Gather
from factory_env.envs.energy.encoder import EnergyEncoder
from factory_env.errors import InputError

ES = "es"  # no gradients: the look-ahead learns its numbers


def energy_task(cfg: DictConfig, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check the rest of the config, train, and compare on the held-out seeds.

    Parameters
    ----------
    gather
        With the problems found so far.
    """
    if str(cfg.agent.algorithm) == ES:
        from experiments.training.es import es_task

        return es_task(cfg, run, gather)
    scenario = gather(scenario_from, cfg)
    settings = gather(settings_from, cfg)
    lines = gather(lines_from, cfg)
    gather(constraint_from, cfg, settings)
    tariff = "" if scenario is None or scenario.energy is None else scenario.energy.tariff.name
    prior = None if settings is None else gather(start_prior, cfg, settings, tariff)
    gather.done()
    assert scenario is not None
    assert settings is not None
    assert lines is not None
    assert prior is not None
    facts = train_energy(cfg, decided(scenario), (settings, prior, lines), run.path)
    figures = compare_sites(scenario, str(run.path), cfg, run, name=settings.algorithm)
    return {**figures, **facts, "learner": settings.algorithm}


def lines_from(cfg: DictConfig) -> Policy:
    """Who runs the lines meanwhile: ``scheduler``."""
    try:
        return policy_from(str(cfg.scheduler), None, str(cfg.plant.get("name")))
    except InputError as error:
        raise InputError([replace(p, field="scheduler") for p in error.problems]) from None


def settings_from(cfg: DictConfig) -> EnergySettings:
    """Checked settings of the learner."""
    settings: EnergySettings = checked(SETTINGS[str(cfg.agent.algorithm)], cfg.agent, "agent")
    return settings


def train_energy(
    cfg: DictConfig, scenario: Scenario, learner: tuple[EnergySettings, Prior, Policy], folder: Path
) -> dict[str, Any]:
    """Train into ``folder``: ``best``, ``last``, ``logs``, ``validation.csv``."""
    settings, prior, lines = learner
    assert scenario.energy is not None
    constraint = constraint_from(cfg, settings)
    goal, price = goal_and_price(scenario, constraint, settings, lines, pool_seeds(cfg))
    curves = curves_of(cfg, scenario, settings, lines, prior.policy())
    envs = make_site_envs(scenario, settings, prior, lines, curves, cfg.seed)
    try:
        model = build_learner(envs, settings, scenario.energy.control.decision_slots, cfg.seed)
        site = EnergyNetwork(model.policy, EnergyEncoder(prior.policy()))
        judged = Judged(scenario=scenario, goal=goal, price=price, contestant=lambda: (lines, site))
        card = {
            "kind": KIND,
            "algorithm": settings.algorithm,
            "network_args": network_args(settings),
            "features": features(),
            "site_prior": prior.card(),
            "reward": settings.reward,
            "scheduler": str(cfg.scheduler),
            "plant": scenario.plant.name,
            "scenario": scenario.name,
            "site": scenario.energy.site.name,
            "tariff": scenario.energy.tariff.name,
            "seed": cfg.seed,
        }
        return train_site(cfg, SiteTrainer(model, judged, folder, card))
    finally:
        envs.close()
