"""What a person may say to ``fit.py``, for every network alike and for each; see conf/model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from experiments.command.options import Folder
from experiments.fitting.cnn_factory import FactoryTrial
from factory_env.domain.limits import Count
from factory_env.errors import Problem, wrong
from factory_env.learned.gan.classifier_training import ClassifierRecipe
from factory_env.learned.gan.quality.measure import MeasureSettings
from factory_env.learned.gan.training import GanRecipe
from factory_env.learned.inspection.quality import InspectionSettings
from factory_env.learned.inspection.training import DetectionRecipe, RecognitionRecipe
from factory_env.learned.inspection.verdict_drawing import BankRecipe
from factory_env.learned.stain.training import StainRecipe, StainStage
from factory_env.learned.weights_file import SHIPPED

PARTS = "model"  # the key under which a network's own options stand


@dataclass(frozen=True, slots=True, kw_only=True)
class FitOptions:
    """See conf/fit.yaml."""

    model: Mapping[str, Any] = field(default_factory=dict)
    data_dir: Folder | None = None
    check_originals: bool = True
    evaluate_only: bool = False
    weights: Folder | None = None
    resume: Folder | None = None

    @property
    def network(self) -> str:
        """What is to be fitted."""
        return str(self.model.get("name"))

    @property
    def measured_weights(self) -> Path:
        """The weights that are measured where none are trained."""
        return self.weights or SHIPPED

    def problems(self) -> Iterator[Problem]:
        """A measurement trains nothing."""
        if self.evaluate_only and self.resume is not None:
            rule = "goes on with a training"
            yield wrong("command line", "resume", rule, "evaluate_only=true", "one of the two")


@dataclass(frozen=True, slots=True, kw_only=True)
class GanModel:
    """See conf/model/gan.yaml."""

    name: str = "gan"
    recipe: GanRecipe = field(default_factory=GanRecipe)
    guide: ClassifierRecipe = field(default_factory=ClassifierRecipe)
    judge: ClassifierRecipe = field(default_factory=ClassifierRecipe)
    measure: MeasureSettings = field(default_factory=MeasureSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class CnnModel:
    """See conf/model/cnn.yaml."""

    name: str = "cnn"
    width: Count = 32
    held_out: Count = 2000  # pictures that only fit the temperatures
    cores: Count = 2  # more than one: both trunks are trained side by side
    recognition: RecognitionRecipe = field(default_factory=RecognitionRecipe)
    detection: DetectionRecipe = field(default_factory=DetectionRecipe)
    bank: BankRecipe = field(default_factory=BankRecipe)
    bank_only: bool = False
    factory: FactoryTrial = field(default_factory=FactoryTrial)
    measure: InspectionSettings = field(default_factory=InspectionSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class StainMeasure:
    """What may be changed in the measurement; the splits may not."""

    resamples: Count = 2000
    neighbours: Count = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StainModel:
    """See conf/model/stain.yaml."""

    name: str = "stain"
    width: Count = 24
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


def bank_problems(options: FitOptions, model: CnnModel) -> Iterator[Problem]:
    """Drawing the bank alone neither trains nor measures."""
    if model.bank_only and (options.evaluate_only or options.resume is not None):
        got, right = "evaluate_only or resume beside it", "one of them"
        yield wrong("command line", "model.bank_only", "stands alone", got, right)


def stain_problems(options: FitOptions) -> Iterator[Problem]:
    """The stain network takes minutes, and is measured on photographs alone."""
    if options.evaluate_only and options.data_dir is None:
        rule, right = "is what evaluate_only measures on", "a folder with photographs"
        yield wrong("command line", "data_dir", rule, "null", right)
    if options.resume is not None:
        rule = "is not for model=stain: it takes minutes"
        yield wrong("command line", "resume", rule, options.resume, "null")
