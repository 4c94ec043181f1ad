"""A table learns from the command line: what is refused, what is kept, and how it goes on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from agents import rules
from agents.card import read_card
from agents.deep.looks import Look
from agents.tabular.checkpoint import read_learned
from agents.tabular.make import make_policy
from agents.tabular.settings import TabularSettings
from agents.tabular.student import Student
from experiments.building.policy import policy_from
from experiments.command.main import run_main
from experiments.evaluate import task as evaluate_task
from experiments.train import task
from experiments.training.choice import FILES, learner_words, load_learner
from experiments.training.lesson import Plan
from experiments.training.options import Pool, TrainOptions, Validation
from experiments.training.table_course import TableCourse
from factory_env import load_scenario
from factory_env.envs.episode import Episodes
from factory_env.envs.one_agent import AGENT
from factory_env.errors import ArtifactError

TABULAR = ("q_learning", "sarsa", "expected_sarsa", "linear_sarsa")
SHORT = ("plant=small", "scenario.horizon_days=5", "scenario.demand.days=3")
QUICK = (
    "steps=60",
    "validation.episodes=2",
    "validation.every=30",
    "eval.episodes=2",
    "eval.workers=1",
)
RULES = ("atcs_match", "edd", "least_setup")


def test_every_tabular_learner_is_one_of_the_lines() -> None:
    assert set(TABULAR) <= set(FILES["scheduling"])
    assert all(load_learner("scheduling", name).recipe is None for name in TABULAR)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            [
                "agent.bins.queue_days=[[0,1],[2,null]]",
                "agent.bins.late_share=[0.5,0.1]",
                "agent.rules=[atcs_match,ed,pretrained]",
                "agent.final_explore=0.9",
                "rival=edd",
            ],
            [
                "6 problems",
                "agent.bins.queue_days: bins must have no holes",
                "nothing covers 1 to 2",
                "agent.bins.late_share: edges must ascend, each once",
                "agent.rules: must be rules; got 'ed'",
                "agent.rules: must be rules; got 'pretrained'",
                "agent.final_explore",
                "rival: is not used by agent=q_learning",
            ],
        ),
        (["agent.safe=maybe", "agent.learning_rate=2"], ["agent.safe", "agent.learning_rate"]),
        (["agent.width=64"], ["agent.width: must be a known key"]),
    ],
    ids=["what does not go together", "values", "key"],
)
def test_what_does_not_fit_is_said_before_anything_is_written(
    words: list[str],
    said: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        run_main("train", task, learner_words(["agent=q_learning", *words]))
    assert end.value.code == 2
    out, told = capsys.readouterr()
    assert out == ""
    for part in said:
        assert part in told
    assert not list(tmp_path.iterdir())


class Stopped(Exception):
    """Somebody ends the training."""


def course(folder: Path, steps: int = 60, algorithm: str = "q_learning") -> TableCourse:
    settings = TabularSettings(rules=RULES)
    made = make_policy(algorithm, settings, {n: rules.load(n, "small") for n in RULES})
    scenario = load_scenario("small", overrides={"demand.days": 3, "horizon_days": 5})
    options = TrainOptions(
        steps=steps, pool=Pool(size=3), validation=Validation(episodes=2, every=20)
    )

    def look(seeds: object) -> Look:
        """A table is the better, the more it has learned: no run is played."""
        values = made.policy.values.write()
        goal = 100.0 - float(sum(array.size for array in values.values()))
        return Look(goal_usd=goal, by_seed_usd={1: goal, 2: goal})

    return TableCourse(
        student=Student(made.policy, made.backup),
        episodes=Episodes(scenario, {AGENT: "foresight"}, 0.9),
        settings=settings,
        plan=Plan.of(options),
        look=look,
        folder=folder,
        card={"algorithm": algorithm, "rules": [], "bins": {}},
    )


def test_a_stopped_course_goes_on_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    whole, first = course(tmp_path / "whole"), course(tmp_path / "first")
    whole.teach(lambda done, text: None)

    def stop(done: int, text: str) -> None:
        if first.runs == 3:
            raise Stopped

    with pytest.raises(Stopped):
        first.teach(stop)
    second = course(tmp_path / "second")
    assert second.resume(tmp_path / "first") == ()
    assert 0 < second.steps < whole.steps
    second.teach(lambda done, text: None)
    assert (second.steps, second.runs) == (whole.steps, whole.runs)
    for name in ("start", "best", "last"):
        left, right = (read_learned(tmp_path / w / name) for w in ("whole", "second"))
        assert left[1] == right[1], name
        assert left[0].keys() == right[0].keys()
        assert all(np.array_equal(left[0][key], right[0][key]) for key in left[0]), name
        assert read_card(tmp_path / "whole" / name) == read_card(tmp_path / "second" / name)
    rows = [(tmp_path / w / "validation.csv").read_text() for w in ("whole", "second")]
    assert rows[0] == rows[1]


def test_more_decisions_than_planned_are_told_and_another_table_is_refused(tmp_path: Path) -> None:
    course(tmp_path / "first", steps=10).teach(lambda done, text: None)
    (note,) = course(tmp_path / "more", steps=30).resume(tmp_path / "first")
    assert "planned were 10 decisions, now 30" in note
    with pytest.raises(ArtifactError, match="another agent, its algorithm is 'q_learning'"):
        course(tmp_path / "other", algorithm="sarsa").resume(tmp_path / "first")


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("algorithm", TABULAR)
def test_a_table_is_trained_compared_played_and_gone_on_with(
    algorithm: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    words = [f"agent={algorithm}", *SHORT, *QUICK, "agent.safe=true", "hydra.run.dir=first"]
    run_main("train", task, learner_words(words))
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {"start_ratio", "learned", "ratio_to_best_rule", "decisions_per_s"} <= figures.keys()
    assert figures["learned"] is (figures["best_step"] > 0)
    assert figures["costs_usd"]["start"] == pytest.approx(figures["costs_usd"]["atcs_match"])
    assert policy_from("first:last") is not None
    eval_words = ["agent=first:last", *SHORT, "eval.episodes=2", "eval.workers=1"]
    run_main("evaluate", evaluate_task, [*eval_words, "hydra.run.dir=evaluated"])
    assert "first:last" in capsys.readouterr().out
    more = ["resume=first", "steps=90", *QUICK[1:], "hydra.run.dir=on"]
    run_main("train", task, learner_words(more))
    told = capsys.readouterr()
    assert json.loads(told.out.splitlines()[-1])["steps"] >= 90
    assert "planned were 60 decisions, now 90" in told.err
