"""What a person may say to ``explain.py``, and its run as a bare word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from annotated_types import Interval

from experiments.building.scenario import FactoryConfig
from experiments.command.options import needed
from factory_env.domain.limits import Seed, Workers
from factory_env.errors import Problem, wrong

Number = Annotated[int, Interval(ge=0, le=10_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainOptions(FactoryConfig):
    """See conf/explain.yaml."""

    decision: Annotated[Number, needed("decision=120: its number in the table decisions")]
    run: str | None = None
    agent: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    seed: Seed = 0
    also: tuple[str, ...] = ("atcs_match", "planner")
    most: Annotated[int, Interval(ge=2, le=1000)] = 8
    forks: Annotated[int, Interval(ge=0, le=10_000)] = 8
    fresh_seed: Seed | None = None
    workers: Workers = 2
    pictures: bool = True

    def problems(self) -> Iterator[Problem]:
        """Whose run is it?"""
        if self.run is None and self.agent is None:
            right = "python experiments/explain.py runs/simulate/june decision=120, or agent=edd"
            yield wrong("command line", "run", "needs a run folder or an agent", "none", right)
