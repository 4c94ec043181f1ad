"""``python experiments/train.py env=joint agent=ppo``: one agent learns lines and site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecEnv

from agents.deep.baseline import Curve
from agents.deep.energy.goal import Goal, SiteJudge, SiteRival
from agents.deep.energy.lagrangian import KeptMultiplier, LatenessPrice, PriceLateness
from agents.deep.energy.priors import Prior
from agents.deep.joint.learner import JointSettings, build_joint_ppo, make_joint_envs
from agents.deep.joint.network import take_over
from agents.deep.joint.policy import KIND, JointNetwork, JointStage, build_joint, joint_features
from agents.deep.load import NetworkPolicy, load_agent
from agents.deep.semi_markov import CollectDiscounts
from agents.deep.training import Trainer
from experiments.building.scenario import announce_scenario
from experiments.command.options import read_options
from experiments.command.run_folder import RunFolder
from experiments.evaluating.joint import compare_joint
from experiments.evaluating.tournament import Player
from experiments.training.lesson import Plan, train
from experiments.training.options import TrainOptions
from experiments.training.site import (
    constraint_problems,
    goal_and_price,
    site_card,
    site_facts,
    start_curves,
    start_prior,
)
from factory_env import Scenario
from factory_env.door.gather import Gather
from factory_env.envs.joint.seat import JointSeat
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

    def seat(self, scenario: Scenario) -> JointSeat:
        """A fresh one."""
        return JointSeat(self.prior.policy(), self.order_prior, blocks=blocks_of(scenario))


@dataclass(frozen=True, slots=True, kw_only=True)
class JointLesson:
    """MaskablePPO learns to run lines and site."""

    scenario: Scenario
    plan: Plan
    start: Start
    lines: JointNetwork  # what training starts from
    goal: Goal
    price: LatenessPrice | None
    held_out: range

    def learn(self, folder: Path) -> dict[str, Any]:
        """Train into ``folder``: ``best``, ``last``, ``logs``, ``validation.csv``."""
        return {**site_facts(train(self, folder), self.price), "learner": "ppo"}

    def compare(self, run: RunFolder) -> dict[str, Any]:
        """Beside pairs of rules."""
        agent = Player(name="joint ppo", lines=str(run.path), is_joint=True)
        workers = self.plan.crew.workers
        return compare_joint(self.scenario, agent, self.held_out, run, workers=workers)

    def curves(self) -> Sequence[Curve]:
        """What the start costs over time on every training seed."""
        rival = SiteRival(
            scenario=self.scenario,
            reward=self.start.settings.reward,
            lines=self.lines,
            site=self.start.prior.policy(),
        )
        return start_curves(rival, self.plan, self.start.settings)

    def envs(self, curves: Sequence[Curve]) -> VecEnv:
        """Environments whose rewards are money saved against the start."""
        start, seed = self.start, self.plan.seed
        return make_joint_envs(
            self.scenario, start.settings, start.prior, start.order_prior, curves, seed
        )

    def trainer(self, envs: VecEnv, curves: Sequence[Curve], folder: Path) -> Trainer:
        """Judged by the goal, in the real factory."""
        del curves
        start, settings = self.start, self.start.settings
        model: Any = build_joint_ppo(envs, settings, self.plan.seed)
        if start.scheduling is not None:
            take_over(model.policy, start.scheduling.network)
        stage = JointStage(
            scenario=self.scenario,
            prior=start.prior,
            order_prior=start.order_prior,
            network_args=settings.network_args(),
        )
        judge = SiteJudge(stage=stage, network=model.policy, goal=self.goal, price=self.price)
        card = {
            **site_card(self.scenario, settings, self.plan, start.prior),
            "kind": KIND,
            "algorithm": settings.algorithm,
            "network_args": settings.network_args(),
            "features": joint_features(start.seat(self.scenario)),
            "order_prior": dict(start.order_prior),
            "warm_start": settings.warm_start,
        }
        kept = [] if self.price is None else [KeptMultiplier(self.price)]
        averaging = settings.averaging
        return Trainer(
            model, judge.for_trainer(self.plan.play), folder, card, averaging=averaging, kept=kept
        )

    def callbacks(self) -> Sequence[BaseCallback]:
        """Discounts go by elapsed time; lateness gets dearer while runs are too late."""
        priced = [] if self.price is None else [PriceLateness(self.price)]
        return [CollectDiscounts(), *priced]


def joint_lesson(options: TrainOptions, gather: Gather) -> JointLesson:
    """Check the rest of the options.

    Parameters
    ----------
    gather
        With the problems found so far; all are raised together.
    """
    scenario = gather(announce_scenario, options)
    settings = read_options(JointSettings, options.settings, gather, "agent")
    gather.add(constraint_problems(options.constraint, settings.reward))
    tariff = "" if scenario is None or scenario.energy is None else scenario.energy.tariff.name
    prior = gather(start_prior, options, settings.prior, tariff)
    scheduling = gather(warm_start, settings)
    lines = start = None
    if scenario is not None and prior is not None:
        start = Start(settings=settings, prior=prior, scheduling=scheduling)
        torch.manual_seed(options.seed)
        lines = gather(untrained_policy, start, scenario.with_control("agent"))
    gather.done()
    assert scenario is not None
    assert start is not None
    assert lines is not None
    plan, scenario = Plan.of(options), scenario.with_control("agent")
    goal, price = goal_and_price(scenario, options.constraint, settings, lines, plan.pool)
    return JointLesson(
        scenario=scenario,
        plan=plan,
        start=start,
        lines=lines,
        goal=goal,
        price=price,
        held_out=options.eval.seeds(options.env),
    )


def warm_start(settings: JointSettings) -> NetworkPolicy | None:
    """The scheduling agent whose weights the order part takes."""
    if settings.warm_start is None:
        return None
    try:
        return load_agent(settings.warm_start)
    except ArtifactError as error:
        raise _wrong_start(settings, str(error)) from None


def untrained_policy(start: Start, scenario: Scenario) -> JointNetwork:
    """The policy that training starts from.

    Raises
    ------
    InputError
        If the scheduling agent does not fit into the network.
    """
    seat = start.seat(scenario)
    network = build_joint(seat, start.settings.network_args())
    if start.scheduling is not None:
        try:
            take_over(network, start.scheduling.network)
        except ValueError as error:
            raise _wrong_start(
                start.settings,
                f"{error}: agent.width={start.settings.width} must be its width, "
                "and it must be asked the same as here; or agent.warm_start=null",
            ) from None
    return JointNetwork(network, seat)


def _wrong_start(settings: JointSettings, right: str) -> InputError:
    return InputError.of(
        "agent config",
        "agent.warm_start",
        "must hold a scheduling agent that fits",
        repr(settings.warm_start),
        right,
    )
