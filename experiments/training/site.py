"""What ``train.py env=energy`` and ``env=joint`` share: start, curves, limit on lateness, card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from agents.card import LAST, PRETRAINED, SHIPPED, read_card
from agents.deep.baseline import Curve, no_curves
from agents.deep.energy.goal import Goal, SiteRival, play_site
from agents.deep.energy.lagrangian import LatenessPrice
from agents.deep.energy.priors import Prior, prior_from_card
from agents.deep.energy.settings import LAGRANGIAN, Constraint, SiteSettings
from agents.deep.training import Trainer
from agents.lookahead.learned import NAMES, START
from agents.lookahead.load import load_lookahead
from agents.site_rules import LOOKAHEAD, USUAL, site_rule, site_rule_names
from experiments.building.policy import policy_from
from experiments.building.site_policy import tuned_energy
from experiments.evaluating.site import SiteContest
from experiments.training.closing import training_facts
from experiments.training.lesson import Plan, rival_curves
from experiments.training.options import TrainOptions
from factory_env import Scenario
from factory_env.decision import Policy
from factory_env.envs.energy.prior import Usual
from factory_env.errors import InputError, Problem, wrong


def start_prior(options: TrainOptions, name: str, tariff: str) -> Prior:
    """The rule that the agent starts from; a resumed one keeps its own, with its own values.

    Raises
    ------
    InputError
        If there is no such rule.
    """
    if options.resume is None:
        return named_prior(name, tariff)
    folder = Path(options.resume) / LAST
    return prior_from_card(read_card(folder), folder, site_rule)


def named_prior(name: str, tariff: str) -> Prior:
    """The rule an agent starts from, with its values tuned for the tariff.

    Raises
    ------
    InputError
        If there is no such rule.
    """
    if name == USUAL:
        return Prior(rule=USUAL, rules=site_rule)
    if name in (LOOKAHEAD, PRETRAINED):
        return Prior(rule=LOOKAHEAD, params=_lookahead_numbers(tariff), rules=site_rule)
    known = site_rule_names()
    if name not in known:
        raise InputError.of(
            "agent config",
            "agent.prior",
            "must be a rule for the site",
            repr(name),
            f"one of {', '.join(known)}",
        )
    return Prior(rule=name, params=tuned_energy(tariff).get(name, {}), rules=site_rule)


def _lookahead_numbers(tariff: str) -> dict[str, float]:
    """The shipped numbers of the look-ahead; where none are shipped, those it starts from."""
    if not (SHIPPED / "energy").is_dir():
        return dict(zip(NAMES, START.tolist(), strict=True))
    numbers = load_lookahead(PRETRAINED, tariff).numbers
    return dict(zip(NAMES, numbers.tolist(), strict=True))


def constraint_problems(constraint: Constraint, reward: str) -> Iterator[Problem]:
    """A limit that the reward does not know."""
    if constraint.lateness_usd is not None and reward != LAGRANGIAN:
        field, rule = "constraint.lateness_usd", f"needs agent.reward={LAGRANGIAN}"
        right = f"agent.reward={LAGRANGIAN}, or no constraint"
        yield wrong("config", field, rule, f"agent.reward={reward}", right)


def goal_and_price(
    scenario: Scenario,
    constraint: Constraint,
    settings: SiteSettings,
    lines: Policy,
    seeds: Sequence[int],
) -> tuple[Goal, LatenessPrice | None]:
    """What is judged on validation seeds, and the multiplier if lateness is limited."""
    assert scenario.energy is not None
    control = scenario.energy.control
    if settings.reward != LAGRANGIAN:
        return Goal(
            energy_weight=control.energy_weight, lateness_weight=control.lateness_weight
        ), None
    limit_usd = constraint.lateness_usd
    if limit_usd is None:
        runs = play_site(scenario, lines, Usual(), seeds)
        usual_usd = float(np.mean([r.lateness_usd for r in runs]))
        limit_usd = constraint.lateness_ratio * usual_usd
    price = LatenessPrice(
        multiplier=min(constraint.start, constraint.most),
        limit_usd=limit_usd,
        learning_rate=constraint.learning_rate,
        most=constraint.most,
    )
    goal = Goal(energy_weight=control.energy_weight, limit_usd=limit_usd, price=constraint.most)
    return goal, price


def start_curves(rival: SiteRival, plan: Plan, settings: SiteSettings) -> Sequence[Curve]:
    """What the start costs over time on every training seed; nothing if it is not taken off."""
    if not settings.against_prior:
        return no_curves(plan.pool)
    return rival_curves(rival, plan, "the start")


def site_card(
    scenario: Scenario, settings: SiteSettings, plan: Plan, prior: Prior
) -> dict[str, Any]:
    """What the card of every agent that runs a site says."""
    assert scenario.energy is not None
    return {
        "site_prior": prior.card(),
        "reward": settings.reward,
        "plant": scenario.plant.name,
        "scenario": scenario.name,
        "site": scenario.energy.site.name,
        "tariff": scenario.energy.tariff.name,
        "seed": plan.seed,
        "multiplier": None,  # of a limit on lateness, and ...
        "temperature": None,  # ... of a soft actor-critic: kept where they are learned
    }


def site_facts(trainer: Trainer, price: LatenessPrice | None) -> dict[str, Any]:
    """The figures of training."""
    facts = {
        **training_facts(trainer),
        "start_goal_usd": trainer.start_usd,
        "validation_goal_usd": trainer.best_usd,
    }
    if price is not None:
        facts |= {"lateness_limit_usd": price.limit_usd, "multiplier": price.multiplier}
    return facts


def site_contest(options: TrainOptions, name: str) -> SiteContest:
    """The comparison on held-out seeds; whose folder it is about is known after training."""
    return SiteContest(
        agent="",
        name=name,
        seeds=options.eval.seeds(options.env),
        scheduler=options.scheduler,
        mpc=options.eval.mpc,
        overhead=options.eval.overhead,
        workers=options.eval.workers,
    )


def scheduler_policy(options: TrainOptions) -> Policy:
    """Who runs the lines meanwhile: ``scheduler``."""
    return policy_from(options.scheduler, None, options.plant_name, "scheduler")
