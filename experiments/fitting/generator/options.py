"""What a person may say to ``fit.py model=gan``, checked before anything is read or trained."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from experiments.command.checks import folder_of, switch_of, wrong_numbers
from factory_env.errors import InputError, Problem, wrong
from factory_env.learned.gan.classifier_training import ClassifierRecipe
from factory_env.learned.gan.quality.measure import MeasureSettings
from factory_env.learned.gan.training import GanRecipe
from factory_env.learned.weights_file import SHIPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class GanOptions:
    """The config of a training or a measurement, as the library takes it."""

    data_dir: Path | None
    check_originals: bool
    evaluate_only: bool
    weights: Path
    resume: Path | None
    recipe: GanRecipe
    guide: ClassifierRecipe
    judge: ClassifierRecipe
    measure: MeasureSettings


def options_from(cfg: DictConfig) -> GanOptions:
    """Check the config.

    Raises
    ------
    InputError
        With every number out of range, every folder that is none, and what does not go together.
    """
    problems: list[Problem] = []
    folders = {name: folder_of(cfg, name, problems) for name in ("data_dir", "weights", "resume")}
    switches = {
        name: switch_of(cfg, name, problems) for name in ("check_originals", "evaluate_only")
    }
    if switches["evaluate_only"] and folders["resume"]:
        problems.append(
            wrong(
                "command line",
                "resume",
                "goes on with a training",
                "evaluate_only=true",
                "one of the two",
            )
        )
    parts: dict[str, Any] = {}
    for name, kind in (
        ("recipe", GanRecipe),
        ("guide", ClassifierRecipe),
        ("judge", ClassifierRecipe),
        ("measure", MeasureSettings),
    ):
        parts[name] = OmegaConf.to_container(cfg.model[name], resolve=True)
        problems += wrong_numbers(f"model.{name}", kind, parts[name])
    if problems:
        raise InputError(problems)
    return GanOptions(
        data_dir=folders["data_dir"],
        weights=folders["weights"] or SHIPPED,
        resume=folders["resume"],
        check_originals=switches["check_originals"],
        evaluate_only=switches["evaluate_only"],
        recipe=GanRecipe(**parts["recipe"]),
        guide=ClassifierRecipe(**parts["guide"]),
        judge=ClassifierRecipe(**parts["judge"]),
        measure=MeasureSettings(**parts["measure"]),
    )
