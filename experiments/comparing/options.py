"""What a person may say to ``compare_inspectors.py``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from experiments.building.scenario import FactoryConfig
from experiments.evaluating.options import Episodes
from factory_env import inspectors
from factory_env.catalogue import plug_names
from factory_env.domain.limits import Seed, Workers
from factory_env.errors import Problem, wrong
from factory_env.presets import read_group

ALL = ("cnn", "human", "human_twice", "bench_only", "none", "perfect")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seasons:
    """The runs that every inspector plays: ``eval`` in conf/compare_inspectors.yaml."""

    first_seed: Seed = 120_000
    episodes: Episodes = 50
    workers: Workers = 2

    @property
    def seeds(self) -> range:
        """Held-out ones."""
        return range(self.first_seed, self.first_seed + self.episodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareOptions(FactoryConfig):
    """See conf/compare_inspectors.yaml."""

    agent: str = "atcs_match"
    inspectors: Any = ALL
    eval: Seasons = field(default_factory=Seasons)
    pictures: bool = True

    def problems(self) -> Iterator[Problem]:
        """Inspectors that there are not, or too few to compare."""
        known, names = plug_names(inspectors), self.names
        if len(set(names)) != len(names) or len(names) < 2 or not set(names) <= set(known):
            yield wrong(
                "command line",
                "inspectors",
                "must name two known ones or more, once",
                self.inspectors,
                f"inspectors=[cnn,human]; known: {', '.join(known)}",
            )

    @property
    def names(self) -> list[str]:
        """The inspectors to compare."""
        is_list = isinstance(self.inspectors, list | tuple)
        return [str(name) for name in self.inspectors] if is_list else []

    def with_inspector(self, name: str) -> CompareOptions:
        """The same factory with the inspector of ``conf/inspector/<name>.yaml``."""
        return replace(self, inspector=read_group("inspector", name))
