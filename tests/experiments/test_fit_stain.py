"""``fit.py model=stain``: wrong input, a tiny training, and the measurement as a user starts it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread
from omegaconf import DictConfig, OmegaConf
from safetensors.numpy import load_file

from experiments.command.options import read_options
from experiments.command.run_folder import RunFolder
from experiments.fitting.every.options import FitOptions
from experiments.fitting.stain import fit_stain
from experiments.fitting.stains.options import StainModel
from factory_env.door.gather import Gather
from factory_env.errors import InputError
from factory_env.learned.stain.eye import StainEye
from factory_env.learned.stain.quality import KEYS
from factory_env.learned.weights_file import SHIPPED
from tests.conftest import ROOT

DATA = ROOT.parent / "shared" / "data"
STAGE = {"cloths": 3, "chunk": 3, "shown": 1, "part_px": 32, "batch": 2, "end": 1.0}
TINY = {"model": {"width": 4, "stages": {"first": {**STAGE, "seed": 1}}}}


def config(**changes: object) -> DictConfig:
    cfg = OmegaConf.load(ROOT / "conf" / "fit.yaml")
    cfg.model = OmegaConf.load(ROOT / "conf" / "model" / "stain.yaml")
    return OmegaConf.merge(cfg, changes)


def tiny(**changes: object) -> DictConfig:
    cfg = config(**changes)
    del cfg.model.stages["second"], cfg.model.stages["third"]
    return OmegaConf.merge(cfg, TINY)


def fitted(cfg: DictConfig, folder: Path) -> Mapping[str, Any]:
    gather, plain = Gather(), OmegaConf.to_container(cfg)
    run = RunFolder(folder.parent, plain, exact=folder)
    return fit_stain(read_options(FitOptions, plain, gather), run, gather)


def refused(cfg: DictConfig, tmp_path) -> list[str]:
    folder = tmp_path / "refused"
    with pytest.raises(InputError) as caught:
        fitted(cfg, folder)
    assert not folder.exists()
    return [str(problem) for problem in caught.value.problems]


def test_everything_wrong_with_the_config_is_told_at_once(tmp_path) -> None:
    cfg = config(
        data_dir="nowhere",
        resume=str(tmp_path),
        evaluate_only="yes",
        model={
            "width": 0,
            "measure": {"resamples": 2.5},
            "stages": {
                "first": {"begin": 1.0, "batch": 0},
                "second": {"end": 1.5, "part_px": 100},
                "third": {"cloth": 3},
            },
        },
    )
    said = refused(cfg, tmp_path)
    wanted = (
        "data_dir: must be a folder",
        "resume: is not for",
        "evaluate_only: must be true or",
        "width: must be a whole number",
        "resamples: must be a whole number",
        "begin: must be a number of at least 0 and less than 1",
        "batch: must be a whole number",
        "end: must be a number more than 0 and at most 1",
        "part_px: must be a whole number from 32 to 224 in steps of 32",
        "third.cloth: must be a known key; got 'cloth'; did you mean 'cloths'",
    )
    for words in wanted:
        assert sum(words in one for one in said) == 1, (words, said)
    assert len(said) == len(wanted)


def test_a_measurement_needs_weights_and_photographs(tmp_path) -> None:
    (said,) = refused(config(evaluate_only=True), tmp_path)
    assert "data_dir" in said
    (said,) = refused(
        config(evaluate_only=True, data_dir=str(tmp_path), weights=str(tmp_path)), tmp_path
    )
    assert "stain.json" in said
    said_twice = refused(tiny(data_dir=str(tmp_path)), tmp_path)
    assert ["defect_free" in said_twice[0], "stain" in said_twice[1]] == [True, True]


def test_a_tiny_training_leaves_weights_and_card_and_can_be_repeated(tmp_path, capsys) -> None:
    kept = []
    for name in ("one", "two"):
        cfg = tiny()
        summary = fitted(cfg, tmp_path / name)
        assert [summary[key] for key in KEYS] == [None] * 6
        assert summary["train_minutes"] > 0
        weights = tmp_path / name / "weights"
        kept.append(load_file(weights / "stain.safetensors"))
        card = json.loads((weights / "stain.json").read_text())
        assert card["parameters"] == sum(
            p.numel() for p in StainEye.shipped(weights).network.parameters()
        )
        assert [stage["width"] for stage in card["stages"]] == [4]
    one, two = kept
    assert one.keys() == two.keys()
    assert all(np.array_equal(one[name], two[name]) for name in one)
    assert "2/2" in capsys.readouterr().err, "two steps, as the bar promised"


def test_the_shipped_card_is_of_the_recipe_that_the_command_runs() -> None:
    card = json.loads((SHIPPED / "stain.json").read_text())
    cfg = config()
    stages = OmegaConf.to_container(cfg.model.stages)
    assert card["stages"] == [{**stage, "width": cfg.model.width} for stage in stages.values()]
    model = read_options(StainModel, OmegaConf.to_container(cfg.model), Gather(), "model")
    assert [asdict(recipe) for recipe in model.recipes] == card["stages"]
    assert card["figures"].keys() >= set(KEYS)
    assert 0 < card["train_minutes"] <= 30


@pytest.mark.slow
@pytest.mark.skipif(
    not (DATA / "fabric_stain").is_dir(),
    reason="the photographs of shared/data/fabric_stain are not here",
)
def test_the_shipped_weights_give_the_figures_of_their_card(tmp_path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "experiments" / "fit.py"),
            "model=stain",
            "evaluate_only=true",
            f"data_dir={DATA.resolve()}",
            "hydra.run.dir=run",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    card = json.loads((SHIPPED / "stain.json").read_text())
    for key in KEYS:
        assert summary[key] == pytest.approx(card["figures"][key], abs=0.01), key
        assert f"{summary['stain_auc']:.3f}" in done.stdout
    assert summary["stain_balanced_accuracy"] >= 0.90
    assert summary["mask_hits"] >= 0.8 * summary["mask_pictures"]
    assert summary["train_minutes"] == card["train_minutes"]
    assert imread(tmp_path / "run" / "stains.png").shape[0] > 500
