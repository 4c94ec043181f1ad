"""What a person may say to ``fit.py model=cnn``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from experiments.fitting.camera.factory import FactoryTrial
from experiments.fitting.every.options import FitOptions
from factory_env.domain.limits import Size, Width, Workers
from factory_env.errors import Problem, wrong
from factory_env.learned.inspection.quality import InspectionSettings
from factory_env.learned.inspection.training import DetectionRecipe, RecognitionRecipe
from factory_env.learned.inspection.verdict_drawing import BankRecipe


@dataclass(frozen=True, slots=True, kw_only=True)
class CnnModel:
    """See conf/model/cnn.yaml."""

    name: str = "cnn"
    width: Width = 32
    held_out: Size = 2000  # pictures that only fit the temperatures
    cores: Workers = 2  # more than one: both trunks are trained side by side
    recognition: RecognitionRecipe = field(default_factory=RecognitionRecipe)
    detection: DetectionRecipe = field(default_factory=DetectionRecipe)
    bank: BankRecipe = field(default_factory=BankRecipe)
    bank_only: bool = False
    factory: FactoryTrial = field(default_factory=FactoryTrial)
    measure: InspectionSettings = field(default_factory=InspectionSettings)


def bank_problems(options: FitOptions, model: CnnModel) -> Iterator[Problem]:
    """Drawing the bank alone neither trains nor measures."""
    if model.bank_only and (options.evaluate_only or options.resume is not None):
        got, right = "evaluate_only or resume beside it", "one of them"
        yield wrong("command line", "model.bank_only", "stands alone", got, right)
