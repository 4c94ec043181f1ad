"""What a person may say to ``tune.py`` and ``tune_energy.py``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Literal

from agents import energy, rules
from experiments.building.scenario import FactoryConfig
from factory_env.catalogue import load_plug, plug_names
from factory_env.domain.limits import Runs, Seed, Workers
from factory_env.errors import Problem, wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTuning:
    """How the index rules are tuned: ``tune`` in conf/tune.yaml."""

    first_seed: Seed = 200_000
    episodes: Runs = 50
    sweeps: Runs = 2
    workers: Workers = 2
    goal: Literal["cost", "tardiness"] = "cost"
    rules: tuple[str, ...] | None = None

    @property
    def seeds(self) -> range:
        """The validation seeds."""
        return range(self.first_seed, self.first_seed + self.episodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneOptions(FactoryConfig):
    """See conf/tune.yaml."""

    tune: RuleTuning = field(default_factory=RuleTuning)

    def problems(self) -> Iterator[Problem]:
        """Rules that there are not."""
        yield from _strangers("tune.rules", self.tune.rules, rules)

    def chosen(self) -> list[str]:
        """Rules with parameters, all or those asked for."""
        return _chosen(self.tune.rules, rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTuning:
    """How the rules for the site are tuned: ``tune`` in conf/tune_energy.yaml."""

    first_seed: Seed = 210_000
    episodes: Runs = 4
    sweeps: Runs = 2
    scheduler: str = "atcs_match"
    plugs: tuple[str, ...] | None = None
    mpc_episodes: Runs = 2

    @property
    def seeds(self) -> range:
        """The validation seeds."""
        return range(self.first_seed, self.first_seed + self.episodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneEnergyOptions(FactoryConfig):
    """See conf/tune_energy.yaml."""

    tune: SiteTuning = field(default_factory=SiteTuning)

    def problems(self) -> Iterator[Problem]:
        """Rules that there are not."""
        yield from _strangers("tune.plugs", self.tune.plugs, energy)

    def chosen(self) -> list[str]:
        """Rules with parameters, all or those asked for."""
        return _chosen(self.tune.plugs, energy)


def _tunable(package: ModuleType) -> list[str]:
    return [name for name in plug_names(package) if hasattr(load_plug(package, name), "GRID")]


def _chosen(given: tuple[str, ...] | None, package: ModuleType) -> list[str]:
    return [name for name in _tunable(package) if given is None or name in given]


def _strangers(key: str, given: tuple[str, ...] | None, package: ModuleType) -> Iterator[Problem]:
    known = _tunable(package)
    for name in given or ():
        if name not in known:
            rule = "must be a rule with parameters"
            yield wrong("command line", key, rule, repr(name), f"known: {', '.join(known)}")
