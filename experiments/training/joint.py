"""``python experiments/train.py env=joint agent=ppo``: trains one agent for lines and site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from omegaconf import DictConfig

from agents.deep.energy.priors import Prior
from agents.deep.energy.training import Judged, SiteTrainer
from agents.deep.joint.learner import JointSettings, build_joint_ppo, make_joint_envs
from agents.deep.joint.network import take_over
from agents.deep.joint.policy import KIND, JointNetwork, build_joint, joint_features
from agents.deep.load import NetworkPolicy, load_agent
from agents.deep.semi_markov import CollectDiscounts
from experiments.building.scenario import scenario_from
from experiments.command.run_folder import RunFolder
from experiments.evaluating.joint import compare_joint
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
from factory_env.door.gather import Gather
from factory_env.envs.joint.encoder import JointEncoder
from factory_env.envs.scheduling.encoder import blocks_of
from factory_env.errors import ArtifactError, InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What the joint agent starts from."""

    settings: JointSettings
    prior: Prior
    scheduling: NetworkPolicy | None  # None = the order part starts at the rule's index

    @property
    def order_prior(self) -> Mapping[str, float]:
        """Parameters of the rule whose index is shown for orders."""
        if self.scheduling is None:
            return self.settings.order_prior
        return self.scheduling.prior

    def encoder(self, scenario: Scenario) -> JointEncoder:
        """A fresh one."""
        return JointEncoder(self.prior.policy(), self.order_prior, blocks=blocks_of(scenario))


def joint_task(cfg: DictConfig, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check the rest of the config, train, and compare on the held-out seeds.

    Parameters
    ----------
    gather
        With the problems found so far.
    """
    scenario = gather(scenario_from, cfg)
    settings: JointSettings | None = gather(checked, JointSettings, cfg.agent, "agent")
    gather(constraint_from, cfg, settings)
    tariff = "" if scenario is None or scenario.energy is None else scenario.energy.tariff.name
    start = None
    if settings is not None:
        prior = gather(start_prior, cfg, settings, tariff)
        scheduling = gather(warm_start, settings)
        if scenario is not None and prior is not None:
            start = Start(settings=settings, prior=prior, scheduling=scheduling)
            gather(untrained, start, decided(scenario))
    gather.done()
    assert scenario is not None
    assert start is not None
    facts = train_joint(cfg, decided(scenario), start, run.path)
    figures = compare_joint(scenario, str(run.path), cfg, run, name="joint ppo")
    return {**figures, **facts, "learner": "ppo"}


def warm_start(settings: JointSettings) -> NetworkPolicy | None:
    """The scheduling agent whose weights the order part takes."""
    if settings.warm_start is None:
        return None
    try:
        return load_agent(settings.warm_start)
    except ArtifactError as error:
        raise _wrong_start(settings, str(error)) from None


def untrained(start: Start, scenario: Scenario) -> JointNetwork:
    """The policy that training starts from.

    Raises
    ------
    InputError
        If the scheduling agent does not fit into the network.
    """
    encoder = start.encoder(scenario)
    network = build_joint(encoder, start.settings.network_args())
    if start.scheduling is not None:
        try:
            take_over(network, start.scheduling.network)
        except ValueError as error:
            raise _wrong_start(
                start.settings,
                f"{error}: agent.width={start.settings.width} must be its width, "
                "and it must be asked the same as here; or agent.warm_start=null",
            ) from None
    return JointNetwork(network, encoder)


def train_joint(cfg: DictConfig, scenario: Scenario, start: Start, folder: Path) -> dict[str, Any]:
    """Train into ``folder``: ``best``, ``last``, ``logs``, ``validation.csv``."""
    settings, prior = start.settings, start.prior
    assert scenario.energy is not None
    torch.manual_seed(cfg.seed)
    lines = untrained(start, scenario)
    constraint = constraint_from(cfg, settings)
    goal, price = goal_and_price(scenario, constraint, settings, lines, pool_seeds(cfg))
    curves = curves_of(cfg, scenario, settings, lines, prior.policy())
    envs = make_joint_envs(scenario, settings, prior, start.order_prior, curves, cfg.seed)
    try:
        model = build_joint_ppo(envs, settings, cfg.seed)
        if start.scheduling is not None:
            take_over(model.policy, start.scheduling.network)  # type: ignore[arg-type]
        encoder = start.encoder(scenario)
        policy = JointNetwork(model.policy, encoder)  # type: ignore[arg-type]
        judged = Judged(
            scenario=scenario, goal=goal, price=price, contestant=lambda: (policy, policy)
        )
        card = {
            "kind": KIND,
            "algorithm": settings.algorithm,
            "network_args": settings.network_args(),
            "features": joint_features(encoder),
            "site_prior": prior.card(),
            "order_prior": dict(start.order_prior),
            "warm_start": settings.warm_start,
            "reward": settings.reward,
            "plant": scenario.plant.name,
            "scenario": scenario.name,
            "site": scenario.energy.site.name,
            "tariff": scenario.energy.tariff.name,
            "seed": cfg.seed,
        }
        trainer = SiteTrainer(model, judged, folder, card, settings.averaging)
        return train_site(cfg, trainer, [CollectDiscounts()])
    finally:
        envs.close()


def _wrong_start(settings: JointSettings, right: str) -> InputError:
    return InputError.of(
        "agent config",
        "agent.warm_start",
        "must hold a scheduling agent that fits",
        repr(settings.warm_start),
        right,
    )
