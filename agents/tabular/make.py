"""A tabular policy put together from settings and rules, with nothing learned yet."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.tabular import learners
from agents.tabular.actions import RuleActions
from agents.tabular.backup import Backup
from agents.tabular.bins import make_bins
from agents.tabular.evidence import Evidence
from agents.tabular.linear import Tiles
from agents.tabular.policy import TabularPolicy
from agents.tabular.settings import TabularSettings
from agents.tabular.values import Table, Values
from factory_env.catalogue import load_plug
from factory_env.decision import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A policy and the learner that teaches it."""

    policy: TabularPolicy
    backup: Backup


def make_policy(algorithm: str, settings: TabularSettings, rules: Mapping[str, Policy]) -> Made:
    """What the settings say, over these rules.

    Parameters
    ----------
    algorithm
        A file of `learners`.

    Raises
    ------
    InputError
        If there is no such learner.
    """
    backup: Backup = load_plug(learners, algorithm)
    bins, n = make_bins(settings.used_bins), len(rules)
    rate = settings.learning_rate
    values: Values = Tiles(n, bins.sizes, rate) if backup.is_linear else Table(n, rate)
    policy = TabularPolicy(
        actions=RuleActions(rules),
        states=bins,
        values=values,
        evidence=Evidence(n, settings.least_seen),
        errors=settings.errors if settings.safe else None,
    )
    return Made(policy=policy, backup=backup)


def rule_params(rule: Policy) -> dict[str, Any]:
    """The values that a rule runs with, for a card."""
    if not dataclasses.is_dataclass(rule) or isinstance(rule, type):
        return {}
    return dataclasses.asdict(rule)
