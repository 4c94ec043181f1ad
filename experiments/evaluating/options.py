"""What a person may say to ``evaluate.py``, and the seeds that every comparison is played on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Final

from annotated_types import Interval

from experiments.building.scenario import FactoryConfig
from factory_env.domain.limits import Positive, Seed, Workers
from factory_env.door.order_format import AS_THE_BOOK_SAYS, BookFormat
from factory_env.errors import Problem, wrong
from factory_env.presets import SITE_TO_RUN, read_source

AGENT: Final = "agent"  # in eval.variants: the policy that is evaluated
EPISODES: Final = {"scheduling": 50, "energy": 20, "joint": 20}  # env -> runs, if none are given
BOOK_EPISODES: Final = 20  # of a book of one's own: its demand has no luck, only its making
Episodes = Annotated[int, Interval(ge=2, le=100_000)]  # intervals need two


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """The runs of a comparison: ``eval`` in conf/evaluate.yaml and conf/train.yaml."""

    first_seed: Seed = 100_000
    episodes: Episodes | None = None
    workers: Workers = 2
    seconds_per_run: Positive | None = 120.0  # most time that a stranger's answers of a run take
    mpc: bool = True  # env=energy: also the receding horizon
    overhead: bool = True  # env=energy: also what the energy accounting costs in time
    variants: tuple[str, ...] = ()  # env=energy: further policies; ``agent`` = the one evaluated

    def seeds(self, env: str, *, has_book: bool = False) -> range:
        """As many as were asked for, or as are usual on an environment or with a book."""
        episodes = self.episodes or (BOOK_EPISODES if has_book else EPISODES[env])
        return range(self.first_seed, self.first_seed + episodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateOptions(FactoryConfig):
    """See conf/evaluate.yaml."""

    env: str = "scheduling"
    agent: str = "pretrained"
    orders: str | None = None
    orders_format: BookFormat = AS_THE_BOOK_SAYS
    scheduler: str = "atcs_match"
    also: tuple[str, ...] = ()
    eval: HeldOut = field(default_factory=HeldOut)

    def problems(self) -> Iterator[Problem]:
        """A book is for who runs the lines."""
        if self.orders is not None and self.env != "scheduling":
            rule, right = "is used with env=scheduling only", "leave out orders= or env="
            yield wrong("command line", "orders", rule, self.orders, right)

    def with_site(self) -> EvaluateOptions:
        """The same with a site to run, PV and battery and the US tariff, where none is named."""
        parts = {"site": self.site, "tariff": self.tariff}
        missing = {
            part: read_source(part, SITE_TO_RUN[part])
            for part, given in parts.items()
            if given is None
        }
        return dataclasses.replace(self, **missing)


def further_policies(words: tuple[str, ...], agent: str, known: tuple[str, ...]) -> list[str]:
    """Names of further policies, each once, with the agent in the place of ``agent``.

    Parameters
    ----------
    known
        Those that play anyhow.
    """
    further: list[str] = []
    for word in words:
        name, at, params = word.partition("@")
        if name == AGENT:
            name = agent.partition("@")[0]
        full = f"{name}{at}{params}"
        if full not in (*known, agent, *further):
            further.append(full)
    return further
