"""What a person may say to ``simulate.py``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from experiments.building.scenario import FactoryConfig
from factory_env.domain.limits import Seed
from factory_env.door.order_format import AS_THE_BOOK_SAYS, BookFormat
from factory_env.errors import Problem, wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulateOptions(FactoryConfig):
    """See conf/simulate.yaml."""

    agent: str = "atcs"
    plan: str | None = None
    plan_rest: str = "atcs_match"
    params: Mapping[str, Any] = field(default_factory=dict)
    orders: str | None = None
    floor: str | None = None
    floor_at: str | None = None
    changes: str | None = None
    orders_format: BookFormat = AS_THE_BOOK_SAYS
    seed: Seed = 0
    operations: bool = False
    pictures: bool = True
    branch: str | None = None
    luck: Literal["same", "fresh"] = "same"
    fresh_seed: Seed | None = None

    def problems(self) -> Iterator[Problem]:
        """A fresh future is that of a branch, and a plan is followed by ``agent=plan``."""
        if self.agent == "plan" and self.plan is None:
            rule = "must name the plan that agent=plan follows"
            yield wrong("command line", "plan", rule, "none", "e.g. plan=plan.xlsx")
        elif self.plan is not None and self.agent != "plan":
            rule = "is followed by agent=plan only"
            yield wrong("command line", "plan", rule, self.plan, "add agent=plan")
        if self.branch is None and (self.luck == "fresh" or self.fresh_seed is not None):
            right = "branch=<run folder>@<day hh:mm>; or seed=..."
            yield wrong("command line", "luck", "fresh luck needs a branch", "none", right)
        elif self.luck == "same" and self.fresh_seed is not None:
            rule = "is used with luck=fresh only"
            yield wrong("command line", "fresh_seed", rule, self.fresh_seed, "luck=fresh")
