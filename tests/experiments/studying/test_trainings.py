"""The recipes of a study: an agent per training seed, trained once, resumed, or told of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agents.card import CARD, LAST
from experiments.studying.curves import read_minutes
from experiments.studying.trainings import Training, train_all
from tests.experiments.studying.tiny import SHORT, hold, results, write_study

PROGRAM = """\
import json, os, sys
from pathlib import Path

words = dict(word.split("=", 1) for word in sys.argv[1:])
if words.get("steps") == "bad":
    raise ValueError("no such luck")
folder = Path(words["hydra.run.dir"])
folder.mkdir()
words["threads"] = os.environ["OMP_NUM_THREADS"]
(folder / "summary.json").write_text(json.dumps(words))
print("trained")
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return path


def training(program: Path, seed: int, *words: str) -> Training:
    folder = program.parent / "trainings" / f"ppo-{seed}"
    return Training(policy="ppo", seed=seed, words=words, folder=folder, program=program)


@pytest.mark.slow
def test_every_training_seed_is_trained_once_and_who_fails_is_told(program: Path) -> None:
    good, bad = training(program, 1, "agent=ppo"), training(program, 2, "steps=bad")
    (failure,) = train_all([good, bad], workers=2)
    assert (failure.name, failure.seed) == ("ppo", 2)
    assert "no such luck" in failure.trace
    assert "exit code 1" in failure.reason
    said = json.loads((good.folder / "summary.json").read_text())
    assert said["seed"] == "1"
    assert said["agent"] == "ppo"
    assert said["threads"] == "1"
    assert int(said["eval.first_seed"]) >= 290_000  # nobody's held-out seeds are looked at
    assert good.folder.with_suffix(".txt").read_text() == "trained\n"
    program.write_text("raise SystemExit('it is not trained again')")
    assert train_all([good], workers=1) == []


@pytest.mark.slow
def test_a_training_that_was_cut_off_goes_on_where_it_can(program: Path) -> None:
    cut, begun = training(program, 1), training(program, 2)
    (cut.folder / LAST).mkdir(parents=True)
    (cut.folder / LAST / CARD).write_text("{}")
    begun.folder.mkdir()
    assert train_all([cut, begun], workers=1) == []
    said = json.loads((cut.folder / "summary.json").read_text())
    assert said["resume"].endswith("ppo-1-cut")
    assert "seed" not in said  # it comes from the resumed run
    assert "resume" not in json.loads((begun.folder / "summary.json").read_text())
    assert not (cut.folder.parent / "ppo-1-cut").exists()


def test_minutes_stand_between_the_lines_of_the_log(tmp_path: Path) -> None:
    assert read_minutes(tmp_path, [0, 10]) == [None, None]
    (tmp_path / "summary.json").write_text('{"train_minutes": 4.0}')
    assert read_minutes(tmp_path, [0, 5, 10]) == [0.0, 2.0, 4.0]
    (tmp_path / "logs").mkdir()
    log = "time/time_elapsed,time/total_timesteps\n60,100\n,\n180,300\n"
    (tmp_path / "logs" / "progress.csv").write_text(log)
    assert read_minutes(tmp_path, [0, 50, 100, 200, 300]) == [0.0, 0.5, 1.0, 2.0, 3.0]


@pytest.mark.slow
def test_a_recipe_is_trained_compared_and_drawn(tmp_path: Path) -> None:
    words = ["plant=small", "scenario.horizon_days=8", "scenario.demand.days=4", "steps=600"]
    words += ["agent=ppo", "pool.size=4", "validation.episodes=2", "validation.every=300"]
    words += ["agent.envs=4", "agent.n_steps=64", "agent.batch_size=64"]
    study = write_study(
        tmp_path,
        policies={"edd": "edd", "ppo": {"train": words}},
        training_seeds=[1, 2],
        scenarios={"short": SHORT},
    )
    home = tmp_path / "run"
    summary = hold(home, f"study={study}", f"hydra.run.dir={home}", "workers=2")
    assert summary["cells_played"] == 3 * 3
    done = results(home)
    assert {row["training_seed"] for row in done["curves"]} == {1, 2}
    assert all(row["minutes"] is not None for row in done["curves"])
    (row,) = (row for row in done["tables"]["aggregates"] if row["policy"] == "ppo")
    assert row["training_seeds"] == 2
