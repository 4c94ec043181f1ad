"""An exported agent answers in plain sb3-contrib as it does in ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sb3_contrib import MaskablePPO

from agents.deep.export import export_model
from agents.deep.load import load_agent
from experiments import export
from experiments.command.main import run_main
from factory_env.decision import ask
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1
from factory_env.errors import ArtifactError


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped agent's zip."""
    path = tmp_path_factory.mktemp("export") / "model.zip"
    export_model("pretrained", path)
    return path


def test_a_loaded_zip_answers_as_our_loader_does_on_200_decisions(zipped: Path) -> None:
    model, ours = MaskablePPO.load(zipped, device="cpu"), load_agent("pretrained")
    env = SchedulingEnvV1(plant="mid", hold="free", prior=model.seamline["prior"])
    assert env.observation_space == model.observation_space
    actions, seed = set(), 0
    seen, told = env.reset(seed=seed)
    for _ in range(200):
        theirs, _ = model.predict(seen, action_masks=told["action_mask"], deterministic=True)
        assert env.question is not None
        assert int(theirs) == env.answer_to_action(ask(ours, env.question))
        actions.add(int(theirs))
        seen, _, *end, told = env.step(int(theirs))
        if any(end):
            seed += 1
            seen, told = env.reset(seed=seed)
    assert len(actions) > 3


def test_a_loaded_zip_goes_on_learning(zipped: Path) -> None:
    model = MaskablePPO.load(zipped, device="cpu")
    env = SchedulingEnvV1(plant="small", prior=model.seamline["prior"])
    model = MaskablePPO.load(zipped, env=env, device="cpu", n_steps=32, batch_size=32, n_epochs=1)
    before = {k: v.clone() for k, v in model.policy.state_dict().items()}
    model.learn(32)
    after = model.policy.state_dict()
    assert any(not np.array_equal(before[key], after[key]) for key in before)


@pytest.mark.slow
def test_a_zip_is_loaded_where_only_the_package_is_installed(zipped: Path) -> None:
    code = (
        f"from sb3_contrib import MaskablePPO; m = MaskablePPO.load({str(zipped)!r}, device='cpu');"
        "print(type(m.policy).__name__, sorted(m.seamline))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("OrderScoringPolicy ['features', 'plant', 'prior'")


def test_the_command_writes_a_new_file_and_never_over_one(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    run_main("export", export.task, ["to=mine.zip"])
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert summary["model"] == "mine.zip"
    assert (tmp_path / "mine.zip").stat().st_size > 10_000
    for words in (["to=mine.zip"], ["to=mine.pt"], ["to=nowhere/mine.zip"]):
        with pytest.raises(SystemExit) as end:
            run_main("export", export.task, words)
        assert end.value.code == 2
        assert "to: must be a new file that ends in .zip" in capsys.readouterr().err


def test_what_is_no_scheduling_agent_is_refused(tmp_path, monkeypatch, capsys) -> None:
    with pytest.raises(ArtifactError, match="no saved agent here"):
        export_model(tmp_path, tmp_path / "model.zip")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        run_main("export", export.task, ["agent=nobody", "to=x.zip"])
    assert end.value.code == 2
    assert "no saved agent here" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
