"""A study that is wrong is refused before anything runs; policies that fail are told of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from agents.card import CARD
from tests.experiments.own_policies import write_policies
from tests.experiments.studying.tiny import SHORT, TINY, hold, refuse, results, write_study


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_policies(tmp_path)
    return tmp_path


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_left(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = write_study(
        here,
        policies={
            "a": "nobody",
            "b": {"agent": "edd", "runs": ["x"]},
            "c": {"train": ["agent=ppo"]},
        },
        scenarios={"short": SHORT, "moon": {"plant": "moon"}},
        seeds={"first": 210_020, "count": 5},
        ratios={"x": {"of": "nix", "scenario": "mars"}},
        baseline="z",
    )
    told = refuse(capsys, f"study={study}")
    assert "study.policies.a: must be a rule" in told
    assert "study.policies.b: must have one of agent, runs and train" in told
    assert "study.policies.c.train: needs the training seeds" in told
    assert "study.scenarios.moon: " in told
    assert "must be held out: train.py validated on 210000 to 210029" in told
    assert "study.ratios.x.of: must be a policy of the study" in told
    assert "study.ratios.x.scenario: must be a scenario of the study" in told
    assert "study.baseline: must be a policy of the study" in told
    assert not (here / "runs").exists()


@pytest.mark.parametrize("missing", ["seeds", "policies", "scenarios", "title"])
def test_a_study_without_one_of_its_parts_is_refused(
    missing: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_study(here)
    path.write_text(yaml.safe_dump({k: v for k, v in TINY.items() if k != missing}))
    assert f"study.{missing}: must be given" in refuse(capsys, f"study={path}")
    if missing in ("policies", "scenarios"):
        path = write_study(here, **{missing: {}})
        assert f"study.{missing}: must name a " in refuse(capsys, f"study={path}")


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        (200_010, "tune.py tuned on"),
        (1_000_000_100, "train.py trained on"),
        (209_998, "validated on"),
    ],
)
def test_seeds_that_something_was_made_with_are_refused(
    first: int, reason: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = write_study(here, seeds={"first": first, "count": 3})
    assert reason in refuse(capsys, f"study={study}")


def test_a_run_folder_brings_its_own_seeds_and_must_be_of_this_version(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, seed in (("one", 1), ("two", 1)):
        best = here / name / "best"
        best.mkdir(parents=True)
        (best / CARD).write_text(json.dumps({"format": 99}))
        config = f"seed: {seed}\npool: {{first_seed: 100001, size: 1}}\n"
        (here / name / "config.yaml").write_text(config)
    study = write_study(here, policies={"mine": {"runs": ["one", "two"]}})
    told = refuse(capsys, f"study={study}")
    assert "agent format 99, this version reads 1" in told
    assert "must be of different training seeds" in told
    assert "mine (training seed 1) trained on 100001 to 100001" in told


def test_code_runs_only_where_the_command_line_names_it(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = write_study(here, policies={"mine": "mine.py:Cheapest"})
    assert "names code, which runs only where your command line says so" in refuse(
        capsys, f"study={study}"
    )
    train = {"train": ["agent=ppo", "rival=mine.py:Cheapest"]}
    study = write_study(here, policies={"mine": train}, training_seeds=[1])
    assert "no recipe makes code run" in refuse(capsys, f"study={study}")


def test_a_recipe_is_checked_before_anything_runs(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = {"train": ["agent=pppo", "step=3", "seed=4"]}
    study = write_study(here, policies={"mine": train}, training_seeds=[1])
    told = refuse(capsys, f"study={study}")
    assert "study.policies.mine.train: agent: must be a shipped agent" in told
    assert "study.policies.mine.train: step: must be a known key" in told
    assert "without what the study settles; got 'seed=4'" in told


@pytest.mark.slow
def test_who_fails_is_told_with_its_traceback_and_the_others_go_on(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = write_study(here)
    own = [f"also.{name}=mine.py:{name}" for name in ("Raises", "Hangs", "NotANumber", "Cheapest")]
    summary = hold(
        here / "run", f"study={study}", *own, f"hydra.run.dir={here}/run", "seconds_per_run=2"
    )
    assert set(summary["failed"]) == {
        f"{n}, scenario short" for n in ("Raises", "Hangs", "NotANumber")
    }
    told = capsys.readouterr().err
    assert "lost my way" in told
    text = (here / "run" / "failed_Raises_scenario_short.txt").read_text()
    assert "Traceback" in text
    assert 'raise ValueError("lost my way")' in text
    done = results(here / "run")
    assert {row["policy"] for row in done["tables"]["costs"]} == {"edd", "atcs_match", "Cheapest"}
    assert {f["kind"] for f in done["failed"]} == {"raised", "took too long", "answered illegally"}
    assert "lost my way" in (here / "run" / "study.html").read_text()


@pytest.mark.slow
def test_a_changed_policy_is_not_mixed_with_what_it_was(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, home = write_study(here), here / "run"
    hold(home, f"study={study}", "also.mine=mine.py:Cheapest", f"hydra.run.dir={home}")
    again = ("study.policies.mine=mine.py:Cheapest", f"resume={home}")
    assert hold(home, *again)["cells"] == 9
    (here / "mine.py").write_text((here / "mine.py").read_text() + "\n# another idea\n")
    told = refuse(capsys, *again)
    assert "study.policies.mine: has changed since its runs were played" in told
    assert "resume: must be a run folder of compare.py" in refuse(
        capsys, f"study={study}", f"resume={here}/nowhere"
    )
