"""What a person may say to ``compare.py``, and what a study file holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from experiments.evaluating.options import Episodes
from factory_env.domain.limits import Positive, Seed, Workers
from factory_env.errors import Problem, wrong

BEST_RULE: Final = "best_rule"  # of a scenario, on the very seeds of the study
NAME: Final = re.compile(r"\w[\w @:+-]{0,59}")
STUDY: Final = "study"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """The runs that every policy plays in every scenario."""

    first: Seed
    count: Episodes

    @property
    def numbers(self) -> range:
        """Neither trained on, nor validated on, nor tuned on."""
        return range(self.first, self.first + self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One scenario of a study: names of shipped files, or paths, as on a command line."""

    plant: str = "mid"
    scenario: str = "default"
    disruptions: str | None = None  # None = what the scenario asks for, like the next
    demand: str | None = None
    inspector: str | None = None
    site: str | None = None  # env=energy and joint: that of `SITE_TO_RUN` if not given
    tariff: str | None = None
    styles: str | None = None
    bulletins: str | None = None
    orders: str | None = None  # an order book; None = the scenario draws them
    overrides: Mapping[str, Any] = field(default_factory=dict)  # dotted keys of the scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One policy of a study; exactly one of the first three says who it is."""

    agent: str | None = None  # as agent= of evaluate.py
    runs: tuple[str, ...] | None = None  # run folders of one recipe, a training seed each
    train: tuple[str, ...] | None = None  # words for train.py: trained once per training seed
    inspector: str | None = None  # who judges the pieces while it plays; None = the scene's own


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioAsked:
    """A figure of a study by name: what one policy costs over what another does."""

    of: str
    to: str = BEST_RULE
    cost: str | None = None  # a column of cells.csv; None = the study's
    scenario: str | None = None  # None = all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A file of ``conf/study``."""

    title: str
    seeds: Seeds
    name: str = ""  # "" = that of the file
    policies: Mapping[str, Any]  # name -> a word, or what an `Entry` holds
    scenarios: Mapping[str, Scene]
    env: Literal["scheduling", "energy", "joint"] = "scheduling"
    scheduler: str = "atcs_match"  # env=energy: who runs the lines
    training_seeds: tuple[Seed, ...] = ()  # of every policy with ``train``
    baseline: str = BEST_RULE  # what the others are held against
    cost: str | None = None  # the figure that counts; None = that of the environment
    ratios: Mapping[str, RatioAsked] = field(default_factory=dict)
    milliseconds: Mapping[str, str] = field(default_factory=dict)  # figure -> policy

    @property
    def cost_key(self) -> str:
        """The figure that counts."""
        usual = {"scheduling": "total_cost_usd", "energy": "site", "joint": "total"}
        return self.cost or usual[self.env]

    def problems(self) -> Iterator[Problem]:
        """What can be seen without looking at any policy."""
        if not self.policies:
            yield _wrong("policies", "must name a policy", "none", "policies: {edd: edd}")
        if not self.scenarios:
            yield _wrong("scenarios", "must name a scenario", "none", "scenarios: {mid: {}}")
        for group in ("policies", "scenarios"):
            for name in getattr(self, group):
                if not NAME.fullmatch(name) or name == BEST_RULE:
                    rule = f"must be a short name of letters, and not {BEST_RULE}"
                    yield _wrong(f"{group}.{name}", rule, repr(name), "e.g. ppo_mid")
        if len(set(self.training_seeds)) < len(self.training_seeds):
            rule = "must be different"
            yield _wrong("training_seeds", rule, list(self.training_seeds), "e.g. [1, 2, 3]")
        yield from self._strange_names()

    def _strange_names(self) -> Iterator[Problem]:
        """Policies and scenarios that are spoken of and not there."""
        spoken = {"baseline": self.baseline}
        spoken |= {f"ratios.{key}.of": ratio.of for key, ratio in self.ratios.items()}
        spoken |= {f"ratios.{key}.to": ratio.to for key, ratio in self.ratios.items()}
        spoken |= {f"milliseconds.{key}": name for key, name in self.milliseconds.items()}
        for place, name in spoken.items():
            may_be_rule = place == "baseline" or place.endswith(".to")
            if name not in self.policies and not (may_be_rule and name == BEST_RULE):
                right = f"one of {', '.join(self.policies)}" + f", {BEST_RULE}" * may_be_rule
                yield _wrong(place, "must be a policy of the study", repr(name), right)
        for key, ratio in self.ratios.items():
            if ratio.scenario is not None and ratio.scenario not in self.scenarios:
                right = f"one of {', '.join(self.scenarios)}, or null for all"
                rule = "must be a scenario of the study"
                yield _wrong(f"ratios.{key}.scenario", rule, repr(ratio.scenario), right)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyOptions:
    """See conf/compare.yaml."""

    study: Study
    also: Mapping[str, Any] = field(default_factory=dict)  # further policies, as the study's
    resume: str | None = None
    publish: bool = False
    workers: Workers = 2
    seconds_per_run: Positive | None = 600.0  # of any policy; None = as long as it takes
    sources: Mapping[str, str] = field(default_factory=dict)  # group -> file
    words: tuple[str, ...] = ()

    def settle(self) -> Study:
        """The study under its name, with the further policies."""
        name = self.study.name or Path(self.sources.get(STUDY, STUDY)).stem
        return replace(self.study, name=name, policies={**self.study.policies, **self.also})

    def problems(self) -> Iterator[Problem]:
        """A name that two policies would bear."""
        for name, said in self.also.items():
            if self.study.policies.get(name, said) != said:
                rule, right = "is another policy of the study", "another name"
                yield wrong("command line", f"also.{name}", rule, repr(name), right)


def _wrong(key: str, rule: str, got: object, right: str) -> Problem:
    return wrong("study", f"{STUDY}.{key}", rule, got, right)
