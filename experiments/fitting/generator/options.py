"""What a person may say to ``fit.py model=gan``."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from factory_env.learned.gan.classifier_training import ClassifierRecipe
from factory_env.learned.gan.quality.measure import MeasureSettings
from factory_env.learned.gan.training import GanRecipe


@dataclass(frozen=True, slots=True, kw_only=True)
class GanModel:
    """See conf/model/gan.yaml."""

    name: str = "gan"
    recipe: GanRecipe = field(default_factory=GanRecipe)
    guide: ClassifierRecipe = field(default_factory=ClassifierRecipe)
    judge: ClassifierRecipe = field(default_factory=partial(ClassifierRecipe, epochs=8, seed=23))
    measure: MeasureSettings = field(default_factory=MeasureSettings)
