"""What ``train.py env=energy`` and ``env=joint`` share: prior, curves, limit on lateness, bar."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from omegaconf import DictConfig
from stable_baselines3.common.callbacks import BaseCallback
from tqdm import tqdm

from agents.card import LAST, PRETRAINED, SHIPPED, read_card
from agents.deep.baseline import Curve
from agents.deep.energy.goal import Goal, no_curves, play_site, site_curves
from agents.deep.energy.lagrangian import LatenessPrice
from agents.deep.energy.priors import Prior, prior_from_card
from agents.deep.energy.settings import LAGRANGIAN, Constraint, SiteSettings
from agents.deep.energy.training import SiteTrainer
from agents.deep.training import Schedule
from agents.lookahead.learned import NAMES, START
from agents.site_rules import LOOKAHEAD, USUAL, site_rule, site_rule_names
from experiments.evaluating.bound import tuned_energy
from experiments.training.choice import checked
from factory_env import Scenario
from factory_env.decision import Policy
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.envs.energy.prior import Usual
from factory_env.envs.energy.scenario import decided_scenario
from factory_env.errors import InputError

PART = 4  # runs a worker plays between two looks at the bar


def decided(scenario: Scenario) -> Scenario:
    """The scenario with the site run by an agent."""
    return decided_scenario("", scenario, None, "", "", "")


def start_prior(cfg: DictConfig, settings: SiteSettings, tariff: str) -> Prior:
    """The rule that the agent starts from; a resumed one keeps its own, with its own values.

    Raises
    ------
    InputError
        If there is no such rule.
    """
    if cfg.resume is None:
        return prior_from(settings.prior, tariff)
    folder = Path(cfg.resume) / LAST
    return prior_from_card(read_card(folder), folder, site_rule)


def prior_from(name: str, tariff: str) -> Prior:
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
    from agents.lookahead.load import load_lookahead

    numbers = load_lookahead(PRETRAINED, tariff).numbers
    return dict(zip(NAMES, numbers.tolist(), strict=True))


def constraint_from(cfg: DictConfig, settings: SiteSettings | None) -> Constraint:
    """The limit on lateness.

    Raises
    ------
    InputError
        If a number is wrong, or a limit is given that the reward does not know.
    """
    found: Constraint = checked(Constraint, cfg.constraint, "constraint")
    is_limited = settings is not None and settings.reward == LAGRANGIAN
    if found.lateness_usd is not None and settings is not None and not is_limited:
        raise InputError.of(
            "config",
            "constraint.lateness_usd",
            f"needs agent.reward={LAGRANGIAN}",
            f"agent.reward={settings.reward}",
            f"agent.reward={LAGRANGIAN}, or no constraint",
        )
    return found


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


def curves_of(
    cfg: DictConfig, scenario: Scenario, settings: SiteSettings, lines: Policy, site: EnergyPolicy
) -> Sequence[Curve]:
    """What the start costs over time on every training seed; nothing if it is not taken off."""
    seeds = pool_seeds(cfg)
    if not settings.against_prior:
        return no_curves(seeds)
    parts = [seeds[i : i + PART] for i in range(0, len(seeds), PART)]
    job = (scenario, settings.reward, lines, site)
    found: list[Curve] = []
    with tqdm(
        total=len(seeds), desc="the start on training seeds", unit="run", file=sys.stderr
    ) as bar:
        if cfg.eval.workers == 1:
            for seed in seeds:
                found += site_curves(*job, [seed])
                bar.update()
            return found
        with ProcessPoolExecutor(cfg.eval.workers, mp_context=get_context("spawn")) as pool:
            for started in [pool.submit(site_curves, *job, part) for part in parts]:
                found += started.result()
                bar.update(len(found) - bar.n)
    return found


def pool_seeds(cfg: DictConfig) -> range:
    """The training seeds."""
    return range(cfg.pool.first_seed, cfg.pool.first_seed + cfg.pool.size)


def train_site(
    cfg: DictConfig, trainer: SiteTrainer, callbacks: Sequence[BaseCallback] = ()
) -> dict[str, Any]:
    """Train behind a bar; the figures of training."""
    if cfg.resume is not None:
        trainer.resume(Path(cfg.resume))
    first = cfg.validation.first_seed
    schedule = Schedule(
        steps=cfg.steps,
        validate_every=cfg.validation.every,
        validation_seeds=range(first, first + cfg.validation.episodes),
    )
    with tqdm(total=cfg.steps, desc="training", unit="decision", file=sys.stderr) as bar:

        def progress(steps: int, text: str) -> None:
            bar.set_postfix_str(text, refresh=False)
            bar.update(steps - bar.n)

        trainer.train(schedule, progress, callbacks)
    found = {
        "steps": trainer.model.num_timesteps,
        "start_goal_usd": trainer.start_goal_usd,
        "validation_goal_usd": trainer.best_goal_usd,
    }
    price = trainer.judged.price
    if price is not None:
        found |= {"lateness_limit_usd": price.limit_usd, "multiplier": price.multiplier}
    return found
