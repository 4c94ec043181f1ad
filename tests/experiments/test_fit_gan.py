"""``fit.py model=gan`` as a user starts it: wrong input, a small training, resume, measurement."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from matplotlib.image import imread

from factory_env.learned.weights_file import SHIPPED
from tests.learned.small_garments import write_idx

ROOT = Path(__file__).parents[2]
SMALL = (
    "check_originals=false",
    "model.recipe.epochs=2",
    "model.recipe.width=4",
    "model.recipe.critic_width=4",
    "model.recipe.guide_width=8",
    "model.recipe.latent=8",
    "model.guide.epochs=2",
    "model.judge.epochs=2",
    "model.guide.batch=40",
    "model.judge.batch=40",
    "model.measure.synthetic_epochs=1",
)


def fit(folder: Path, *words: str, timeout: int = 280) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "experiments" / "fit.py"), "model=gan", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def refused(folder: Path, *words: str) -> str:
    done = fit(folder, *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert not list(folder.glob("runs/fit/*"))
    return done.stderr


@pytest.mark.slow
def test_everything_wrong_with_the_config_is_told_at_once(tmp_path) -> None:
    said = refused(
        tmp_path,
        "data_dir=nowhere",
        "evaluate_only=true",
        f"resume={tmp_path}",
        "model.recipe.batch=0",
        "model.recipe.learning_rate=fast",
        "model.measure.k=2.5",
    )
    assert "5 problems" in said
    for words in (
        "data_dir: must be a folder",
        "resume: goes on with a training",
        "batch: must be a whole number",
        "learning_rate: must be a number",
        "k: must be a whole number",
    ):
        assert words in said


@pytest.mark.slow
def test_an_unknown_key_gets_a_suggestion(tmp_path) -> None:
    assert "evaluate_only" in refused(tmp_path, "evaluate_onli=true")


@pytest.mark.slow
def test_a_folder_without_idx_files_is_one_error_a_file(tmp_path) -> None:
    assert refused(tmp_path, f"data_dir={tmp_path}").count("no such file") == 4


@pytest.mark.slow
def test_weights_that_are_none_are_told_before_the_data_is_read(tmp_path) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "training.json").write_text('{"train_minutes": 1, "warnings": []}')
    (weights / "generator.safetensors").write_bytes(b"\x80\x04K\x01.")  # a pickle
    said = refused(tmp_path, "evaluate_only=true", f"weights={weights}", f"data_dir={tmp_path}")
    assert "must be a safetensors file" in said
    assert "idx" not in said


def test_the_shipped_card_says_what_training_cost() -> None:
    card = json.loads((SHIPPED / "training.json").read_text())
    assert 0 < card["train_minutes"] <= 75
    assert card["history"][-1]["epoch"] == card["recipe"]["epochs"]


@pytest.mark.slow
def test_a_small_training_leaves_weights_sheets_and_a_table_and_can_be_resumed(tmp_path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    words = (f"data_dir={write_idx(data)}", *SMALL)
    done = fit(tmp_path, *words)
    assert done.returncode == 0, done.stderr
    assert "GAN: 100%" in done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    for key in (
        "train_minutes",
        "coverage",
        "density",
        "fid_over_floor",
        "conditional_accuracy_drop",
        "tstr",
        "memorised_share",
    ):
        assert isinstance(summary[key], float), key
        assert re.search(rf"^\| {key} \|", done.stdout, re.MULTILINE), key
    assert list(summary["table"]) == ["generator", "real half", "noise", "blur", "autoencoder"]
    run = tmp_path / summary["run_folder"]
    assert json.loads((run / "summary.json").read_text()) == summary
    assert [p.name for p in sorted((run / "samples").iterdir())] == [
        "epoch_001.png",
        "epoch_002.png",
    ]
    # ten rows of six pictures of 28 + 2 pixels, enlarged three times
    assert imread(run / "samples" / "epoch_002.png").shape[:2] == (900, 540)
    again = fit(tmp_path, *words, f"resume={run}")
    assert again.returncode == 0, again.stderr
    # nothing was left to train, so that the same weights give the same figures
    other = json.loads(again.stdout.splitlines()[-1])
    assert other["fid"] == summary["fid"]
    assert other["train_minutes"] == summary["train_minutes"]


@pytest.mark.slow
def test_the_shipped_weights_reach_their_targets(tmp_path, data_dir) -> None:
    folder = data_dir / "fashion_mnist"
    if not folder.is_dir():
        pytest.skip("no fashion_mnist in the public data folder")
    done = fit(tmp_path, "evaluate_only=true", f"data_dir={folder.resolve()}")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert summary["train_minutes"] <= 75
    assert summary["coverage"] >= 0.70
    assert summary["density"] >= 0.85
    assert summary["fid_over_floor"] <= 40
    assert summary["conditional_accuracy_drop"] <= 0.02
    assert summary["tstr"] >= 0.80
    assert summary["memorised_share"] <= 0.02
    table = summary["table"]
    for bad in ("noise", "blur", "autoencoder"):  # the ceilings lie above the generator
        assert table[bad]["fid"] > table["generator"]["fid"], bad
    assert table["real half"]["coverage"] > 0.95
