"""A study from its checked options to its results."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from agents.card import find_saved
from experiments.command.run_folder import RunFolder
from experiments.evaluating.tournament import Failure
from experiments.studying.board import Board
from experiments.studying.cells import Cell, CellFile, Played, find_missing
from experiments.studying.entrants import Entrant, list_entrants, read_entries
from experiments.studying.home import SIGN, claim_home, identify_parts, list_changes, sign_home
from experiments.studying.options import STUDY, Entry, Study, StudyOptions
from experiments.studying.playing import Ground, play_cells
from experiments.studying.publishing import check_publishing
from experiments.studying.reserved import Reserved, find_overlaps, read_reserved, read_usual
from experiments.studying.scenes import Stage, build_stage
from experiments.studying.trainings import check_recipe, list_trainings, train_all
from factory_env.door.gather import Gather
from factory_env.errors import InputError, Problem, wrong

NOWHERE: Final = "runs/compare/new"  # stands for the folder of a study that has none yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A study that is checked: everything that its cells need."""

    study: Study
    entries: Mapping[str, Entry]
    stages: Mapping[tuple[str, str | None], Stage]
    parts: Mapping[str, str]  # fingerprints, see `identify_parts`

    def entrants(self, home: Path) -> list[Entrant]:
        """Who plays, where the study lies in that folder."""
        return list_entrants(self.study, self.entries, home, Gather())


def plan_study(options: StudyOptions, gather: Gather) -> Plan:
    """Check everything before anything runs.

    Parameters
    ----------
    gather
        With the problems found so far; all are raised together.
    """
    study, home = options.settle(), Path(options.resume or NOWHERE)
    entries = read_entries(study, options.words, gather)
    entrants = list_entrants(study, entries, home, gather)
    inspectors = dict.fromkeys((None, *(e.inspector for e in entries.values())))
    stages = {
        (name, inspector): stage
        for inspector in inspectors
        for name, scene in study.scenarios.items()
        if (stage := gather(build_stage, name, scene, study, inspector)) is not None
    }
    there = [e for e in entrants if not entries[e.policy].train]
    _check_players(there, stages, gather)
    gather.add(find_overlaps(study.seeds.numbers, _list_reserved(study, entries, entrants, gather)))
    parts = identify_parts(study, entries)
    if options.resume is not None:
        gather.add(_check_resume(home, parts))
    if options.publish:
        gather.add(check_publishing())
    gather.done()
    return Plan(study=study, entries=entries, stages=stages, parts=parts)


def _check_players(
    entrants: Sequence[Entrant], stages: Mapping[tuple[str, str | None], Stage], gather: Gather
) -> None:
    """Make every policy once on every plant: unknown names, folders of another version."""
    made: set[tuple[Any, ...]] = set()
    for entrant in entrants:
        for (_, inspector), stage in stages.items():
            key = (entrant.policy, entrant.training_seed, stage.scenario.plant.name)
            if inspector != entrant.inspector or key in made:
                continue
            made.add(key)
            gather(_make_once, entrant, stage)


def _make_once(entrant: Entrant, stage: Stage) -> None:
    place = f"{STUDY}.policies.{entrant.policy}"
    try:
        entrant.player.policy(stage.scenario)
    except InputError as error:
        raise InputError([replace(p, where="study", field=place) for p in error.problems]) from None


def _list_reserved(
    study: Study, entries: Mapping[str, Entry], entrants: Sequence[Entrant], gather: Gather
) -> list[Reserved]:
    """Seeds with which the house's agents and rules, run folders and recipes were made."""
    reserved = read_usual()
    for name, entry in entries.items():
        if entry.train:
            reserved += gather(check_recipe, name, entry, study.env) or []
    for entrant in entrants:
        for word in (entrant.player.lines, entrant.player.site):
            folder = None if word is None else find_saved(word)
            places = () if folder is None else (folder, folder.parent)
            config = next((p for place in places if (p := place / "config.yaml").is_file()), None)
            if config is not None:
                reserved += gather(read_reserved, config, entrant.name) or []
    return reserved


def _check_resume(home: Path, parts: Mapping[str, str]) -> list[Problem]:
    if not (home / SIGN).is_file():
        rule, right = "must be a run folder of compare.py", "resume=runs/compare/<date>"
        return [wrong("command line", "resume", rule, repr(str(home)), right)]
    return list_changes(home, parts)


def hold_study(plan: Plan, options: StudyOptions, run: RunFolder) -> tuple[Board, list[Failure]]:
    """Train, then play what is missing; who was not trained is told beside the board."""
    file = CellFile(run.path)
    with claim_home(run.path):
        sign_home(run.path, plan.study, plan.parts)
        print(f"a study that is stopped goes on with resume={run.path}", file=sys.stderr)
        entrants = plan.entrants(run.path)
        trainings = list_trainings(plan.study, plan.entries, run.path)
        untrained = train_all(trainings, workers=options.workers)
        file.mend()
        board = Board(plan.study, entrants, file.read())
        missing = _leave_out(untrained, find_missing(board.cells(), board.outcomes))
        _tell_start(board, missing)
        ground = Ground(
            entrants={(e.policy, e.training_seed): e for e in entrants},
            stages=plan.stages,
            seconds_per_run=options.seconds_per_run,
        )
        if missing:
            play_cells(ground, missing, file, workers=options.workers)
        return Board(plan.study, entrants, file.read()), untrained


def _leave_out(untrained: Sequence[Failure], cells: Sequence[Cell]) -> list[Cell]:
    """The cells without those of agents that there are not."""
    there_are_not = {(failure.name, failure.seed) for failure in untrained}
    return [cell for cell in cells if (cell.policy, cell.training_seed) not in there_are_not]


def _tell_start(board: Board, missing: Sequence[Cell]) -> None:
    there = sum(isinstance(outcome, Played) for outcome in board.outcomes.values())
    if there:
        text = f"{there} runs are there already and are not played again"
        print(f"note: {text}; {len(missing)} are missing", file=sys.stderr)
