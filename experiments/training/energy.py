"""``python experiments/train.py env=energy agent=sac``: an agent learns to run the site."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecEnv

from agents.deep.baseline import Curve
from agents.deep.energy.envs import make_site_envs
from agents.deep.energy.goal import Goal, SiteJudge, SiteRival
from agents.deep.energy.lagrangian import KeptMultiplier, LatenessPrice, PriceLateness
from agents.deep.energy.learner import build_learner, kept_temperature, network_args
from agents.deep.energy.network import KIND, EnergyStage, features
from agents.deep.energy.priors import Prior
from agents.deep.energy.settings import SETTINGS, EnergySettings, SacSettings
from agents.deep.training import Trainer
from experiments.building.scenario import announce_scenario
from experiments.command.options import read_options
from experiments.command.run_folder import RunFolder
from experiments.evaluating.site import SiteContest, compare_sites
from experiments.training.lesson import Plan, train
from experiments.training.options import TrainOptions
from experiments.training.site import (
    constraint_problems,
    goal_and_price,
    scheduler_policy,
    site_card,
    site_contest,
    site_facts,
    start_curves,
    start_prior,
)
from factory_env import Scenario
from factory_env.decision import Policy
from factory_env.door.gather import Gather


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyLesson:
    """SAC, TD3 or PPO learns to run the site while a policy runs the lines."""

    scenario: Scenario
    settings: EnergySettings
    plan: Plan
    prior: Prior
    lines: Policy
    goal: Goal
    price: LatenessPrice | None
    contest: SiteContest

    def learn(self, folder: Path) -> dict[str, Any]:
        """Train into ``folder``: ``best``, ``last``, ``logs``, ``validation.csv``."""
        facts = site_facts(train(self, folder), self.price)
        return {**facts, "learner": self.settings.algorithm}

    def compare(self, run: RunFolder) -> dict[str, Any]:
        """Beside rules and bound."""
        contest = dataclasses.replace(self.contest, agent=str(run.path))
        return compare_sites(self.scenario, contest, run)

    def curves(self) -> Sequence[Curve]:
        """What the start costs over time on every training seed."""
        rival = SiteRival(
            scenario=self.scenario,
            reward=self.settings.reward,
            lines=self.lines,
            site=self.prior.policy(),
        )
        return start_curves(rival, self.plan, self.settings)

    def envs(self, curves: Sequence[Curve]) -> VecEnv:
        """Environments whose rewards are money saved against the start."""
        seed = self.plan.seed
        return make_site_envs(self.scenario, self.settings, self.prior, self.lines, curves, seed)

    def trainer(self, envs: VecEnv, curves: Sequence[Curve], folder: Path) -> Trainer:
        """Judged by the goal, in the real factory."""
        del curves
        scenario, settings = self.scenario, self.settings
        assert scenario.energy is not None
        decision_slots = scenario.energy.control.decision_slots
        model = build_learner(envs, settings, decision_slots, self.plan.seed)
        stage = EnergyStage(
            scenario=scenario,
            lines=self.lines,
            prior=self.prior,
            algorithm=settings.algorithm,
            network_args=network_args(settings),
        )
        judge = SiteJudge(stage=stage, network=model.policy, goal=self.goal, price=self.price)
        card = {
            **site_card(scenario, settings, self.plan, self.prior),
            "kind": KIND,
            "algorithm": settings.algorithm,
            "network_args": network_args(settings),
            "features": features(),
            "scheduler": self.contest.scheduler,
        }
        multiplier = [] if self.price is None else [KeptMultiplier(self.price)]
        kept = [*kept_temperature(model), *multiplier]
        return Trainer(model, judge.for_trainer(self.plan.play), folder, card, kept=kept)

    def callbacks(self) -> Sequence[BaseCallback]:
        """Lateness gets dearer while runs are too late."""
        return [] if self.price is None else [PriceLateness(self.price)]


def energy_lesson(options: TrainOptions, gather: Gather) -> EnergyLesson:
    """Check the rest of the options.

    Parameters
    ----------
    gather
        With the problems found so far; all are raised together.
    """
    algorithm = str(options.agent.get("algorithm"))
    scenario = gather(announce_scenario, options)
    settings = read_options(SETTINGS.get(algorithm, SacSettings), options.settings, gather, "agent")
    lines = gather(scheduler_policy, options)
    gather.add(constraint_problems(options.constraint, settings.reward))
    tariff = "" if scenario is None or scenario.energy is None else scenario.energy.tariff.name
    prior = gather(start_prior, options, settings.prior, tariff)
    gather.done()
    assert scenario is not None
    assert lines is not None
    assert prior is not None
    plan, scenario = Plan.of(options), scenario.with_control("agent")
    goal, price = goal_and_price(scenario, options.constraint, settings, lines, plan.pool)
    return EnergyLesson(
        scenario=scenario,
        settings=settings,
        plan=plan,
        prior=prior,
        lines=lines,
        goal=goal,
        price=price,
        contest=site_contest(options, settings.algorithm),
    )
