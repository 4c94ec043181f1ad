"""What a person may say to ``fit.py model=stain``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from experiments.fitting.every.options import FitOptions
from factory_env.domain.limits import Runs, Size, Width
from factory_env.errors import Problem, wrong
from factory_env.learned.stain.training import StainRecipe, StainStage


@dataclass(frozen=True, slots=True, kw_only=True)
class StainMeasure:
    """What may be changed in the measurement; the splits may not."""

    resamples: Runs = 2000
    neighbours: Size = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StainModel:
    """See conf/model/stain.yaml."""

    name: str = "stain"
    width: Width = 24
    stages: Mapping[str, StainStage] = field(default_factory=dict)
    measure: StainMeasure = field(default_factory=StainMeasure)

    @property
    def recipes(self) -> tuple[StainRecipe, ...]:
        """The stages with the width that they share."""
        return tuple(StainRecipe(**asdict(s), width=self.width) for s in self.stages.values())

    def problems(self) -> Iterator[Problem]:
        """There must be something to train."""
        if not self.stages:
            right = "those of conf/model/stain.yaml"
            yield wrong(
                "command line", "model.stages", "must hold at least one stage", "none", right
            )


def stain_problems(options: FitOptions) -> Iterator[Problem]:
    """The stain network takes minutes, and is measured on photographs alone."""
    if options.evaluate_only and options.data_dir is None:
        rule, right = "is what evaluate_only measures on", "a folder with photographs"
        yield wrong("command line", "data_dir", rule, "null", right)
    if options.resume is not None:
        rule = "is not for model=stain: it takes minutes"
        yield wrong("command line", "resume", rule, options.resume, "null")
