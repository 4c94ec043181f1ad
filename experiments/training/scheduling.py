"""``python experiments/train.py agent=ppo``: an agent learns to run the lines, by gradients."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecEnv

from agents.deep.baseline import Curve
from agents.deep.cloning_examples import Teacher
from agents.deep.goal import LinesStage, RuleRival, judge_by_cost
from agents.deep.imitating import ImitationFigures
from agents.deep.lines import Ground, LinesSettings, make_envs
from agents.deep.load import feature_names
from agents.deep.policies import wants_plans
from agents.deep.training import Trainer
from experiments.building.decider import list_unsaid
from experiments.building.policy import policy_from, site_policy_from
from experiments.building.scenario import announce_scenario
from experiments.command.options import read_options
from experiments.command.run_folder import RunFolder
from experiments.evaluating.scheduling import compare_lines
from experiments.evaluating.tournament import Player
from experiments.training.choice import CLONED
from experiments.training.cloning import CloningLesson, settings_with_prior
from experiments.training.closing import training_facts
from experiments.training.imitation import ImitateAgain, ImitationRounds
from experiments.training.learner import Learner
from experiments.training.lesson import Plan, rival_curves, train
from experiments.training.mix import name_ground, read_mix
from experiments.training.options import TrainOptions
from experiments.training.recipe import Recipe
from factory_env import Scenario
from factory_env.decision import Policy
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.door.gather import Gather
from factory_env.envs.scheduling.encoder import Encoder, blocks_of

RETURN_SIZE: Final = 20.0  # an episode's cost becomes about this in scaled rewards
FIRST_RUNS: Final = 16  # of the rival, which tell how long a run is


@dataclass(frozen=True, kw_only=True)
class SchedulingLesson:
    """A learner with gradients learns to run the lines."""

    recipe: Recipe
    scenario: Scenario
    settings: LinesSettings
    plan: Plan
    rival: Policy
    rival_name: str
    site: EnergyPolicy | None  # who runs the site meanwhile, if somebody is asked
    site_name: str | None
    held_out: range
    cloning: CloningLesson  # before learning begins
    beside: Sequence[Scenario] = ()  # other factories that are trained on, see `mix`

    def learn(self, folder: Path) -> dict[str, Any]:
        """Train into ``folder``: ``best``, ``last``, ``logs``, ``validation.csv``."""
        trainer = train(self, folder, self.first)
        return {
            **{key: card[key] for card in [trainer.card(0)] if (key := "clone") in card},
            **({"imitation": [asdict(f) for f in told]} if (told := self._told) else {}),
            **training_facts(trainer),
            "validation_start_usd": trainer.start_usd,
            "validation_cost_usd": trainer.best_usd,
        }

    def compare(self, run: RunFolder) -> dict[str, Any]:
        """Beside every rule."""
        agent = Player(
            name=self.recipe.name, lines=str(run.path), site=self.site_name, is_rule=False
        )
        workers = self.plan.crew.workers
        return compare_lines(self.scenario, agent, self.held_out, run, workers=workers)

    def curves(self) -> Sequence[Curve]:
        """What the rival costs over time on every training seed."""
        return self._curves(self.scenario, self.rival_name)

    def _curves(self, scenario: Scenario, title: str) -> Sequence[Curve]:
        """The same in a factory; in no more runs than its share of the training takes."""
        rival = RuleRival(
            scenario=scenario, reward=self.settings.reward, rule=self.rival, site=self.site
        )
        plan, steps = self.plan, self.plan.schedule.steps // (1 + len(self.beside))
        first = rival_curves(rival, replace(plan, pool=plan.pool[:FIRST_RUNS]), title)
        rest = plan.pool[FIRST_RUNS : count_runs(steps, first)]
        return [*first, *rival_curves(rival, replace(plan, pool=rest), title)] if rest else first

    def envs(self, curves: Sequence[Curve]) -> VecEnv:
        """Environments whose rewards are scaled by what the rival costs."""
        scale, grounds = reward_scale(curves), {}
        for other in self.beside:
            title = f"{self.rival_name} on {name_ground(other)}"
            if (name := name_ground(other)) not in grounds:
                own = self._curves(other, title)
                grounds[name] = Ground(scenario=other, curves=own, scale=reward_scale(own))
        beside = [grounds[name_ground(other)] for other in self.beside]
        return make_envs(
            self.scenario, self.settings, curves, scale, self.plan.seed, self.site, beside
        )

    def trainer(self, envs: VecEnv, curves: Sequence[Curve], folder: Path) -> Trainer:
        """Judged by what a run costs in all."""
        settings, scenario = self.settings, self.scenario
        model: Any = self.recipe.build(envs, settings, self.plan.seed)
        cloned = None
        if settings.clone.decisions and self.plan.resume is None:
            cloned = self.cloning.clone(model.policy, self.plan.seed)
        encoder = Encoder(
            settings.prior, blocks_of(scenario, plans=wants_plans(settings.network_name()))
        )
        judged = judge_by_cost(self._stage(), model.policy, self.plan.play)
        card = {
            "learner": self.recipe.name,
            "network": settings.network_name(),
            "network_args": settings.network_args(),
            "prior": dict(encoder.prior),
            "features": feature_names(encoder),
            "plant": scenario.plant.name,
            "scenario": scenario.name,
            "seed": self.plan.seed,
            "reward": settings.reward,
            "reward_scale": reward_scale(curves),
            "beside": [name_ground(other) for other in self.beside],
        }
        if cloned is not None:
            card["clone"] = asdict(cloned)
        return Trainer(model, judged, folder, card, averaging=settings.averaging)

    def callbacks(self) -> Sequence[BaseCallback]:
        """Those of the learner, and imitation in its course."""
        own, rounds = list(self.recipe.callbacks(self.settings)), self._imitation
        if rounds is not None and rounds.settings.again:
            own.append(ImitateAgain(rounds, self.plan.schedule.steps))
        return own

    def first(self, trainer: Trainer) -> Callable[[], int] | None:
        """Imitation of the planner, where the settings want it."""
        rounds = self._imitation
        if rounds is None or not rounds.settings.decisions:
            return None
        return lambda: rounds.teach(trainer.model.policy)

    @cached_property
    def _imitation(self) -> ImitationRounds | None:
        settings, plan = getattr(self.settings, "imitate", None), self.plan
        if settings is None:
            return None
        return ImitationRounds(self._stage(), settings, plan.pool, plan.crew, plan.seed)

    @property
    def _told(self) -> Sequence[ImitationFigures]:
        """How near each round of imitation came."""
        return [] if self._imitation is None else self._imitation.told

    def _stage(self) -> LinesStage:
        settings = self.settings
        encoder = Encoder(settings.prior, blocks_of(self.scenario))
        return LinesStage(
            scenario=self.scenario,
            network=settings.network_name(),
            network_args=settings.network_args(),
            prior=dict(encoder.prior),
            site=self.site,
        )


def count_runs(steps: int, curves: Sequence[Curve]) -> int:
    """Runs that so many decisions take, by the length of some: a short training needs no more."""
    return -(-steps // max(1, int(np.mean([c.minutes.size - 1 for c in curves]))))


def reward_scale(curves: Sequence[Curve]) -> float:
    """Of a USD, so that an episode of the rival costs `RETURN_SIZE`."""
    return RETURN_SIZE / float(np.mean([c.cost_usd[-1] for c in curves]))


def lines_learner(recipe: Recipe) -> Learner:
    """The learner of a recipe, as ``train.py`` knows it."""
    return Learner(lesson=partial(scheduling_lesson, recipe), settle=recipe.settle, recipe=recipe)


def scheduling_lesson(recipe: Recipe, options: TrainOptions, gather: Gather) -> SchedulingLesson:
    """Check the rest of the options.

    Parameters
    ----------
    gather
        With the problems found so far; all are raised together.
    """
    scenario = gather(announce_scenario, options)
    beside = gather(read_mix, options)
    said = recipe.settle(options.settings, options.steps)
    settings = read_options(recipe.settings, said, gather, "agent")
    site = gather(site_policy_from, options)
    rival = gather(
        policy_from, options.rival, options.own_rival_params, options.plant_name, "rival"
    )
    cloned = {CLONED: settings.clone.rule}
    unsaid = list_unsaid(cloned, cloned, options.words, "the learner's settings")
    gather.add(unsaid)
    rule = None if unsaid else gather(policy_from, *cloned.values(), None, options.plant_name)
    gather.done()
    assert scenario is not None
    assert rival is not None
    assert rule is not None
    settings = settings_with_prior(settings, scenario.plant.name)
    plan = Plan.of(options)
    if recipe.only_imitates:
        if any(word.startswith("steps=") for word in options.words):
            told = "agent.imitate.decisions and agent.imitate.rounds say how much is learned from"
            print(f"note: steps= is not used by agent={recipe.name}: {told}", file=sys.stderr)
        plan = replace(plan, schedule=replace(plan.schedule, steps=0))
    teacher = _make_teacher(scenario, rule, settings, site)
    clone, pool = settings.clone, plan.pool
    cloning = CloningLesson(teacher=teacher, settings=clone, seeds=pool, crew=plan.crew)
    return SchedulingLesson(
        recipe=recipe,
        scenario=scenario,
        settings=settings,
        plan=plan,
        cloning=cloning,
        rival=rival,
        rival_name=options.rival,
        site=site,
        site_name=options.site_agent,
        held_out=options.eval.seeds(options.env),
        beside=beside or (),
    )


def _make_teacher(
    scenario: Scenario, rule: Policy, settings: LinesSettings, site: EnergyPolicy | None
) -> Teacher:
    return Teacher(
        scenario=scenario,
        rule=rule,
        prior=settings.prior or {},
        stray=settings.clone.stray,
        site=site,
        plans=wants_plans(settings.network_name()),
    )
