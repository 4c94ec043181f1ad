"""``fit.py model=cnn`` as a user starts it: wrong input, a small training, resume, measurement."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from safetensors.numpy import load_file

from tests.learned.small_garments import write_idx

ROOT = Path(__file__).parents[2]
SMALL = (
    "check_originals=false",
    "model.width=8",
    "model.held_out=60",
    "model.recognition.batch=30",
    "model.recognition.epochs=2",
    "model.detection.batch=30",
    "model.detection.epochs=1",
    "model.measure.drawn=60",
    "model.measure.live_pieces=64",
    "model.bank.pictures=4",
    "model.bank.draws=2",
    "model.bank.sound_draws=4",
    "model.factory.episodes=2",
    "model.factory.workers=1",
)


def fit(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "experiments" / "fit.py"), "model=cnn", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=250,
    )


def refused(folder: Path, *words: str) -> str:
    done = fit(folder, *words)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert not list(folder.glob("runs/fit/*"))
    return done.stderr


@pytest.mark.slow
def test_everything_wrong_with_the_config_is_told_at_once(tmp_path) -> None:
    said = refused(
        tmp_path,
        "data_dir=nowhere",
        "model.width=0",
        "model.recognition.learning_rate=fast",
        "model.detection.faintest=1.5",
        "model.measure.drawn=2.5",
    )
    assert "5 problems" in said
    for words in (
        "data_dir: must be a folder",
        "width: must be a whole number",
        "learning_rate: must be a number",
        "faintest: must be a number",
        "drawn: must be a whole number",
    ):
        assert words in said


@pytest.mark.slow
def test_held_back_pictures_must_leave_some_to_learn_from(tmp_path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    said = refused(tmp_path, f"data_dir={write_idx(data)}", *SMALL, "model.held_out=242")
    assert "held_out: must leave pictures to learn from" in said


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"\x80\x04K\x01.", b""])
def test_weights_that_are_none_are_told_before_the_data_is_read(tmp_path, content) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "inspection.json").write_text('{"train_minutes": 1, "parameters": 2}')
    (weights / "inspection.safetensors").write_bytes(content)
    said = refused(tmp_path, "evaluate_only=true", f"weights={weights}", f"data_dir={tmp_path}")
    assert "must be a safetensors file" in said
    assert "idx" not in said


@pytest.mark.slow
def test_a_small_training_leaves_weights_a_page_and_a_table_and_can_be_resumed(tmp_path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    words = (f"data_dir={write_idx(data)}", *SMALL)
    done = fit(tmp_path, *words, "hydra.run.dir=first")
    assert done.returncode == 0, done.stderr
    assert "recognition: " in done.stderr
    assert "detection: " in done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    for key in (
        "accuracy_10",
        "accuracy_6",
        "auc_real",
        "auc_drop_gan",
        "ece",
        "live_pieces_per_s",
        "train_minutes",
    ):
        assert isinstance(summary[key], float), key
        assert f"| {key} |" in done.stdout
    assert imread(tmp_path / "first" / "inspection.png").shape[0] > 500
    weights = tmp_path / "first" / "weights"
    measured = fit(tmp_path, *words, "evaluate_only=true", f"weights={weights}")
    again = json.loads(measured.stdout.splitlines()[-1])
    assert {k: again[k] for k in ("accuracy_10", "auc_real", "ece")} == {
        k: summary[k] for k in ("accuracy_10", "auc_real", "ece")
    }
    (tmp_path / "first" / "detection.safetensors").unlink()
    resumed = fit(tmp_path, *words, f"resume={tmp_path / 'first'}", "hydra.run.dir=second")
    assert "recognition: " not in resumed.stderr, "what was finished is not trained again"
    old, new = (
        load_file(tmp_path / run / "weights" / "inspection.safetensors")
        for run in ("first", "second")
    )
    assert old.keys() == new.keys()
    assert all(np.array_equal(old[name], new[name]) for name in old)
