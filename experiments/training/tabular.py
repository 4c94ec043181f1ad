"""``python experiments/train.py agent=q_learning``: a table learns which rule to follow when."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from tqdm import tqdm

from agents.card import BEST_STEP
from agents.deep.looks import Look
from agents.tabular.make import Made, make_policy, rule_params
from agents.tabular.policy import TabularPolicy
from agents.tabular.settings import TabularSettings
from agents.tabular.student import Student
from agents.team import Team
from experiments.building.decider import RULE, TUNED_RULE, read_decider
from experiments.building.policy import policy_from, site_policy_from
from experiments.building.scenario import announce_scenario
from experiments.command.options import read_options
from experiments.command.run_folder import RunFolder
from experiments.evaluating.player import Player
from experiments.evaluating.scheduling import compare_lines
from experiments.training.learner import Learner
from experiments.training.lesson import Plan
from experiments.training.options import TrainOptions
from experiments.training.table_course import TableCourse
from factory_env import Scenario
from factory_env.decision import Policy
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.door.gather import Gather
from factory_env.envs.episode import Episodes
from factory_env.envs.one_agent import AGENT
from factory_env.errors import InputError, wrong
from factory_env.sim.run import Factories, play

UNUSED: Final = ("rival", "rival_params")  # keys of train.py that a table makes nothing of


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationRuns:
    """Where a table is put to the test: a workplace whose jobs bring table and seed."""

    scenario: Scenario
    site: EnergyPolicy | None

    def open(self) -> Callable[[tuple[TabularPolicy, int]], float]:
        """What plays a seed; its whole cost [USD]."""
        make = Factories(self.scenario)

        def play_job(job: tuple[TabularPolicy, int]) -> float:
            policy, seed = job
            factory = make(seed)
            play(factory, policy if self.site is None else Team(lines=policy, site=self.site))
            return factory.cost_usd

        return play_job


@dataclass(frozen=True, slots=True, kw_only=True)
class TabularLesson:
    """A table, or weights of bins, learns to run the lines by choosing among rules."""

    name: str
    scenario: Scenario
    settings: TabularSettings
    plan: Plan
    rules: Mapping[str, Policy]
    site: EnergyPolicy | None
    site_name: str | None
    held_out: range

    def learn(self, folder: Path) -> dict[str, Any]:
        """Train into ``folder``: ``start``, ``best``, ``last``, ``validation.csv``."""
        plan, made = self.plan, make_policy(self.name, self.settings, self.rules)
        course = self._course(made, folder)
        notes = [] if plan.resume is None else [*course.resume(plan.resume)]
        if plan.resume is not None and course.steps >= plan.schedule.steps:
            notes.append(f"all {plan.schedule.steps:,} decisions are done: give steps= to go on")
        for note in notes:
            print(f"note: {note}", file=sys.stderr)
        try:
            _teach(course, plan.schedule.steps)
        finally:
            plan.crew.close()
        rate = (course.steps - course.begun) / course.seconds if course.seconds > 0.0 else None
        return {
            "steps": course.steps,
            "decisions_per_s": None if rate is None else round(rate, 1),  # with looks
            BEST_STEP: course.looks.best_step,
            "validation_start_usd": course.looks.start_usd,
            "validation_cost_usd": course.looks.best_usd,
        }

    def compare(self, run: RunFolder) -> dict[str, Any]:
        """Beside every rule."""
        agent = Player(name=self.name, lines=str(run.path), site=self.site_name, is_rule=False)
        workers = self.plan.crew.workers
        return compare_lines(self.scenario, agent, self.held_out, run, workers=workers)

    def _course(self, made: Made, folder: Path) -> TableCourse:
        settings, policy = self.settings, made.policy
        return TableCourse(
            student=Student(policy, made.backup, self.site),
            episodes=Episodes(self.scenario, {AGENT: settings.reward}, settings.discount_per_day),
            settings=settings,
            plan=self.plan,
            look=partial(
                self._look, ValidationRuns(scenario=self.scenario, site=self.site), policy
            ),
            folder=folder,
            card=self._card(),
        )

    def _look(self, runs: ValidationRuns, policy: TabularPolicy, seeds: Sequence[int]) -> Look:
        """What a run costs in all, by what has been learned so far."""
        costs = self.plan.crew.work_off(runs, [(policy, seed) for seed in seeds])
        by_seed = dict(zip(seeds, costs, strict=True))
        return Look(goal_usd=float(np.mean(costs)), by_seed_usd=by_seed)

    def _card(self) -> dict[str, Any]:
        settings = self.settings
        rules = self.rules.items()
        return {
            "algorithm": self.name,
            "rules": [[n, n.partition("@")[0], rule_params(rule)] for n, rule in rules],
            "bins": {name: list(edges) for name, edges in settings.used_bins.items()},
            "safe": settings.safe,
            "errors": settings.errors,
            "least_seen": settings.least_seen,
            "plant": self.scenario.plant.name,
            "scenario": self.scenario.name,
            "seed": self.plan.seed,
            "reward": settings.reward,
        }


def tabular_learner(name: str) -> Learner:
    """The learner of a file of ``agents/tabular/learners``."""
    return Learner(lesson=partial(tabular_lesson, name))


def tabular_lesson(name: str, options: TrainOptions, gather: Gather) -> TabularLesson:
    """Check the rest of the options.

    Parameters
    ----------
    gather
        With the problems found so far; all are raised together.
    """
    scenario = gather(announce_scenario, options)
    settings = read_options(TabularSettings, options.settings, gather, "agent")
    site = gather(site_policy_from, options)
    rules = {word: gather(_rule, word, options.plant_name) for word in settings.rules}
    for word in options.words:
        if (key := word.split("=")[0].split(".")[0]) in UNUSED:
            rule = f"is not used by agent={name}: its rewards are those of agent.reward"
            gather.add([wrong("command line", key, rule, word, "leave it out")])
    gather.done()
    assert scenario is not None
    return TabularLesson(
        name=name,
        scenario=scenario,
        settings=settings,
        plan=Plan.of(options),
        rules={word: rule for word, rule in rules.items() if rule is not None},
        site=site,
        site_name=options.site_agent,
        held_out=options.eval.seeds(options.env),
    )


def _rule(word: str, plant_name: str) -> Policy:
    """One of the rules that are chosen among."""
    if read_decider(word).kind not in (RULE, TUNED_RULE):
        right = "e.g. atcs_match, edd or atcs@k1:2@k2:0.5"
        raise InputError.of("agent config", "agent.rules", "must be rules", repr(word), right)
    return policy_from(word, None, plant_name, "agent.rules")


def _teach(course: TableCourse, steps: int) -> None:
    begun = course.steps
    with tqdm(total=steps, initial=begun, desc="training", unit="decision", file=sys.stderr) as bar:

        def progress(done: int, text: str) -> None:
            bar.set_postfix_str(text, refresh=False)
            bar.update(min(done, steps) - bar.n)

        course.teach(progress)
