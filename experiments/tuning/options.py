"""What a person may say to ``tune.py`` and ``tune_energy.py``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any, Literal

from agents import energy, rules
from experiments.building.decider import is_own
from experiments.building.own_policy import load_thing, read_own_name
from experiments.building.policy import policy_from
from experiments.building.scenario import FactoryConfig
from factory_env.catalogue import load_plug, plug_names
from factory_env.decision import LINES
from factory_env.domain.limits import Runs, Seed, Workers
from factory_env.errors import InputError, Problem, wrong


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
        names = [name for name in self.tune.rules or () if not is_own(name)]
        yield from _strangers("tune.rules", names, rules)
        for name in self._own:
            yield from _own_problems(name)

    def chosen(self) -> list[str]:
        """Rules with parameters, all or those asked for; those of one's own come last."""
        return [*_chosen(self.tune.rules, rules), *self._own]

    @property
    def _own(self) -> list[str]:
        return [name for name in self.tune.rules or () if is_own(name)]


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


def load_rule(name: str) -> Any:
    """The class of a rule of the house, or of one's own (``my.py:Rule``).

    Raises
    ------
    InputError
        If there is none.
    """
    own = read_own_name(name)
    if own is None:
        return load_plug(rules, name)
    return load_thing(replace(own, field="tune.rules"), LINES)


def _own_problems(name: str) -> Iterator[Problem]:
    """Can a rule of one's own be tuned?"""
    try:
        rule = load_rule(name)
        policy_from(name, field="tune.rules")
    except InputError as error:
        yield from error.problems
        return
    grid = getattr(rule, "GRID", None)
    if not isinstance(grid, Mapping) or not grid or not isinstance(rule, type):
        right = 'e.g. GRID = {"alpha": (0.5, 1.0, 2.0)} in a class made with alpha='
        yield wrong("command line", "tune.rules", "must be a class with a GRID", repr(name), right)


def _strangers(key: str, given: Sequence[str] | None, package: ModuleType) -> Iterator[Problem]:
    known = _tunable(package)
    for name in given or ():
        if name not in known:
            rule = "must be a rule with parameters"
            yield wrong("command line", key, rule, repr(name), f"known: {', '.join(known)}")
