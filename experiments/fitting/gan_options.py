"""What a person may say to ``fit.py model=gan``, checked before anything is read or trained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from omegaconf import DictConfig, OmegaConf

from factory_env.errors import InputError, Problem
from factory_env.learned.classifier_training import ClassifierRecipe
from factory_env.learned.gan_training import GanRecipe
from factory_env.learned.quality.measure import MeasureSettings
from factory_env.learned.weights_file import SHIPPED

Settings = TypeVar("Settings")

MAY_BE_ZERO = ("seed", "shift_px", "hole_px", "decay_from", "averaging")
BELOW_ONE = ("decay_from", "averaging")


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
    folders = {name: _folder(cfg, name, problems) for name in ("data_dir", "weights", "resume")}
    switches = {name: _switch(cfg, name, problems) for name in ("check_originals", "evaluate_only")}
    if switches["evaluate_only"] and folders["resume"]:
        problems.append(Problem(
            where="command line", field="resume", rule="goes on with a training",
            got="evaluate_only=true", right="one of the two"))  # fmt: skip
    parts: dict[str, Any] = {}
    for name, kind in (("recipe", GanRecipe), ("guide", ClassifierRecipe),
                       ("judge", ClassifierRecipe), ("measure", MeasureSettings)):  # fmt: skip
        parts[name] = OmegaConf.to_container(cfg.model[name], resolve=True)
        problems += _wrong_numbers(f"model.{name}", kind, parts[name])
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


def _folder(cfg: DictConfig, name: str, problems: list[Problem]) -> Path | None:
    if cfg[name] is None:
        return None
    path = Path(str(cfg[name])).expanduser()
    if not path.is_dir():
        problems.append(Problem(
            where="command line", field=name, rule="must be a folder", got=str(path),
            right="a folder that exists, or null"))  # fmt: skip
    return path


def _switch(cfg: DictConfig, name: str, problems: list[Problem]) -> bool:
    if not isinstance(cfg[name], bool):
        problems.append(Problem(
            where="command line", field=name, rule="must be true or false", got=repr(cfg[name]),
            right="true or false"))  # fmt: skip
    return bool(cfg[name])


def _wrong_numbers(where: str, kind: type, given: dict[str, Any]) -> Iterator[Problem]:
    """Numbers of the wrong type or sign."""
    for field in fields(kind):
        value = given.get(field.name, field.default)
        is_whole = field.type == "int"
        lowest = 0 if field.name in MAY_BE_ZERO else 1 if is_whole else 1e-9
        highest = 0.9999 if field.name in BELOW_ONE else 1e9
        is_number = isinstance(value, int if is_whole else int | float)
        if not is_number or isinstance(value, bool) or not lowest <= value <= highest:
            noun = "a whole number" if is_whole else "a number"
            yield Problem(
                where=where, field=field.name, rule=f"must be {noun} in {lowest}..{highest}",
                got=repr(value), right=f"the default is {field.default}")  # fmt: skip
