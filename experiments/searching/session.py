"""A search from its checked options to its results."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agents.deep.goal import mean_cost
from experiments.command.crew import work_off
from experiments.searching.options import SearchOptions
from experiments.searching.results import write_results
from experiments.searching.space import Axis
from experiments.searching.study import (
    begin_study,
    claim_search,
    finished_trials,
    mend_journal,
    open_study,
    requeue_trials,
)
from experiments.searching.trial import Bench, rewards_searched
from experiments.training.scheduling import SchedulingLesson


def hold_search(
    options: SearchOptions,
    axes: Sequence[Axis],
    lesson: SchedulingLesson,
    folder: Path,
    journal: Path | None,
) -> dict[str, Any]:
    """Run the trials that are missing; figures for the summary.

    Parameters
    ----------
    lesson
        With the agent as its file says: brings the scenario and the rival.
    journal
        Folder of the search that is resumed; None = a new one, in ``folder``.
    """
    home = folder if journal is None else journal
    with claim_search(home):
        if journal is None:
            begin_study(home, options, axes)
        else:
            mend_journal(home)
            again = requeue_trials(home, options)
            print(f"{again} trials were ended from outside and are run again", file=sys.stderr)
        done = len(finished_trials(open_study(home, options, 0)))
        turns = range(done, max(options.trials, done))
        if turns:
            bench = _prepare(options, axes, lesson, home)
            work_off(bench, turns, workers=options.workers, title="search", unit="trial", tell=str)
        study = open_study(home, options, 0)
        return {
            **write_results(study, options, axes, folder),
            "trials_run": len(turns),
            "journal": str(home),
        }


def _prepare(
    options: SearchOptions, axes: Sequence[Axis], lesson: SchedulingLesson, home: Path
) -> Bench:
    """Play the rival once for all trials."""
    curves = {}
    for reward in rewards_searched(axes, lesson.settings.reward):
        settings = dataclasses.replace(lesson.settings, reward=reward)
        curves[reward] = dataclasses.replace(lesson, settings=settings).curves()
    lesson.plan.crew.close()
    seeds = options.validation.seeds
    rival_usd = mean_cost(lesson.scenario, lesson.rival, seeds, lesson.site)
    return Bench(home=home, options=options, axes=axes, curves=curves, rival_usd=rival_usd)
