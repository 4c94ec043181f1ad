"""Limits of time leave nothing behind; a worker that is lost costs its own game alone."""

from __future__ import annotations

import os
import signal
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from experiments.building.guarded import Limit, within_s
from experiments.command.watched_crew import Lost, allow_s, work_off_watched
from experiments.evaluating.player import Player
from experiments.evaluating.tournament import Arena, measure_floor, play_contest
from factory_env import load_scenario
from tests.experiments.own_policies import write_policies

needs_alarms = pytest.mark.skipif(sys.platform == "win32", reason="no alarms on Windows")


@pytest.mark.slow
@needs_alarms
def test_an_alarm_that_is_due_at_once_is_not_left_set() -> None:
    before = signal.getsignal(signal.SIGALRM)
    for k in range(300):
        with pytest.raises(TimeoutError):
            within_s(1e-6 * (1 + k), lambda: time.sleep(2.0))
        assert signal.getitimer(signal.ITIMER_REAL)[1] == 0.0  # pytest may have one of its own
        assert signal.getsignal(signal.SIGALRM) is before


@needs_alarms
def test_an_alarm_after_the_limit_is_lifted_raises_nothing() -> None:
    limit = Limit(60.0)
    limit.start()
    sound = signal.getsignal(signal.SIGALRM)
    limit.stop()
    assert callable(sound)
    sound(signal.SIGALRM, None)


class Mixed:
    """Works off what the job says."""

    def __init__(self, folder: Path, *, is_broken: bool = False) -> None:
        self.folder, self.is_broken = folder, is_broken

    def open(self):
        flag = self.folder / "opened"
        if self.is_broken or not flag.exists():
            flag.touch()
            os._exit(4)  # the first worker ends before it comes to a job
        return self._work

    def _work(self, job: str) -> str:
        if job == "forks":  # its child holds the pipe open
            if os.fork() == 0:
                time.sleep(20.0)
                os._exit(0)
            os._exit(5)
        if job == "leaves":
            raise SystemExit(6)
        if job == "loads":
            allow_s(60.0)
            time.sleep(3.0)
            allow_s(None)
        return job


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no fork on Windows")
def test_a_worker_costs_the_job_that_it_had(tmp_path: Path) -> None:
    jobs = ["a", "forks", "leaves", "loads", "b"]
    done = work_off_watched(
        Mixed(tmp_path),
        jobs,
        workers=1,
        title="mixed",
        seconds=lambda job: 2.0,
        is_wanted=lambda job, rows: True,
    )
    assert [d for d in done if not isinstance(d, Lost)] == ["a", "loads", "b"]
    assert [d.has_overrun for d in done if isinstance(d, Lost)] == [False, False]


@pytest.mark.slow
def test_workers_that_never_begin_end_it(tmp_path: Path) -> None:
    with pytest.raises(BrokenProcessPool):
        work_off_watched(
            Mixed(tmp_path, is_broken=True),
            ["a"],
            workers=1,
            title="broken",
            seconds=lambda job: None,
            is_wanted=lambda job, rows: True,
        )


def test_who_can_not_be_made_or_leaves_is_named_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_policies(tmp_path)
    names = ("Stillborn", "Leaves", "OutOfMemory", "Cheapest")
    rivals = [Player(name=name, lines=f"mine.py:{name}", is_rule=False) for name in names]
    scenario = load_scenario("small", overrides={"horizon_days": 12, "demand.days": 6})
    arena = Arena(scenario=scenario, measure=measure_floor, seconds_per_run=6.0)
    contest = play_contest(arena, rivals, (7,), workers=1)
    assert [r.name for r in contest.results] == ["Cheapest"]
    assert {(f.name, f.kind) for f in contest.failures} == {(n, "raised") for n in names[:3]}
