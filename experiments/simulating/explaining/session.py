"""An explanation from its checked options to figures: opinions, alternatives, futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from experiments.command.crew import work_off
from experiments.simulating.explaining.futures import Futures, Job
from experiments.simulating.explaining.moment import Moment, stand_at
from experiments.simulating.explaining.opinions import Opinion, hear_all
from experiments.simulating.explaining.options import ExplainOptions
from experiments.simulating.explaining.verdict import (
    Alternative,
    Played,
    judge_answers,
    list_alternatives,
)
from factory_env.decision import FloorQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Of one question."""

    moment: Moment
    question: FloorQuestion
    line: str  # who asks
    opinions: Sequence[Opinion]
    alternatives: Sequence[Alternative]
    played: Mapping[int, Played]  # answer -> what came of it
    fresh_seeds: range

    @property
    def notes(self) -> list[str]:
        """What a reader should know."""
        notes = []
        agent, given = self.opinions[0], self.moment.given
        if agent.answer != given:
            notes.append(f"{agent.name} would answer otherwise than the run did: see taken by")
        if agent.scores is None:
            notes.append(f"{agent.name} does not say what it thinks of the answers")
        if (left := len(self.alternatives) - len(self.played)) > 0:
            notes.append(f"{left} further answers were not played out: most={len(self.played)}")
        return notes


def explain(options: ExplainOptions, moment: Moment) -> Explanation:
    """Ask everybody, and play every answer on."""
    stand = stand_at(moment.past)
    question = stand.question
    opinions = hear_all(moment, options.also, question)
    alternatives = list_alternatives(moment, stand, opinions)
    first = moment.past.seed + 1 if options.fresh_seed is None else options.fresh_seed
    seeds = range(first, first + options.forks)
    chosen = [a.answer for a in alternatives[: options.most]]
    jobs: list[Job] = [(answer, seed) for seed in (None, *seeds) for answer in chosen]
    place = Futures(moment=moment)
    figures = work_off(place, jobs, workers=options.workers, title="playing on", unit="run")
    lines = moment.past.scenario.plant.lines
    line = question.standing_line
    return Explanation(
        moment=moment,
        question=question,
        line="" if line is None else lines[line].name,
        opinions=opinions,
        alternatives=alternatives,
        played=judge_answers(dict(zip(jobs, figures, strict=True)), moment.given),
        fresh_seeds=seeds,
    )
