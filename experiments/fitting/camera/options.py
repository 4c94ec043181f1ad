"""What a person may say to ``fit.py model=cnn``, checked before anything is read or trained."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from experiments.command.checks import folder_of, switch_of, wrong_numbers
from experiments.fitting.camera.factory import FactoryTrial
from factory_env.errors import InputError, Problem, wrong
from factory_env.learned.inspection.quality import InspectionSettings
from factory_env.learned.inspection.training import DetectionRecipe, RecognitionRecipe
from factory_env.learned.inspection.verdict_drawing import BankRecipe
from factory_env.learned.weights_file import SHIPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSize:
    """How wide the network is, how many pictures only fit its temperatures, how many cores."""

    width: int = 32
    held_out: int = 2000
    cores: int = 2  # more than one: both trunks are trained side by side


@dataclass(frozen=True, slots=True, kw_only=True)
class CnnOptions:
    """The config of a training or a measurement, as the library takes it."""

    data_dir: Path | None
    check_originals: bool
    evaluate_only: bool
    weights: Path
    resume: Path | None
    size: NetworkSize
    recognition: RecognitionRecipe
    detection: DetectionRecipe
    measure: InspectionSettings
    bank: BankRecipe
    bank_only: bool
    factory: FactoryTrial


def options_from(cfg: DictConfig) -> CnnOptions:
    """Check the config.

    Raises
    ------
    InputError
        With every number out of range, every folder that is none, and what does not go together.
    """
    problems: list[Problem] = []
    folders = {name: folder_of(cfg, name, problems) for name in ("data_dir", "weights", "resume")}
    check_originals = switch_of(cfg, "check_originals", problems)
    evaluate_only = switch_of(cfg, "evaluate_only", problems)
    if evaluate_only and folders["resume"]:
        problems.append(
            wrong(
                "command line",
                "resume",
                "goes on with a training",
                "evaluate_only=true",
                "one of the two",
            )
        )
    bank_only = switch_of(cfg.model, "bank_only", problems)
    if bank_only and (evaluate_only or folders["resume"]):
        problems.append(
            wrong(
                "command line",
                "model.bank_only",
                "stands alone",
                "evaluate_only or resume beside it",
                "one of them",
            )
        )
    plain: Any = OmegaConf.to_container(cfg.model, resolve=True)
    size = {f.name: plain[f.name] for f in fields(NetworkSize)}
    problems += wrong_numbers("model", NetworkSize, size)
    for name, kind in (
        ("recognition", RecognitionRecipe),
        ("detection", DetectionRecipe),
        ("measure", InspectionSettings),
        ("bank", BankRecipe),
        ("factory", FactoryTrial),
    ):
        problems += wrong_numbers(f"model.{name}", kind, plain[name])
    if problems:
        raise InputError(problems)
    return CnnOptions(
        data_dir=folders["data_dir"],
        check_originals=check_originals,
        evaluate_only=evaluate_only,
        weights=folders["weights"] or SHIPPED,
        resume=folders["resume"],
        size=NetworkSize(**size),
        recognition=RecognitionRecipe(**plain["recognition"]),
        detection=DetectionRecipe(**plain["detection"]),
        measure=InspectionSettings(**plain["measure"]),
        bank=BankRecipe(**plain["bank"]),
        bank_only=bank_only,
        factory=FactoryTrial(**plain["factory"]),
    )
