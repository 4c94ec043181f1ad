"""The gate of all futures: ``answer(question) -> Answer``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from experiments.futures.measuring.money import TOTAL
from experiments.futures.outcome import Outcome
from experiments.futures.playing import Stage, Store, show_progress
from experiments.futures.question import Question
from experiments.futures.statistics.replications import enough
from factory_env.errors import InputError

ROUND: Final = 10  # further runs of every variant at once, where a half-width is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a question.

    Attributes
    ----------
    outcomes
        By variant, the base first: a run a seed, in the order of the seeds; those of all variants
        are the same.
    first_day
        Date of day 0 where the orders have dates.
    played
        Runs that were made; the others were found in the store.
    notes
        What a reader should know.
    """

    question: Question
    outcomes: Mapping[str, tuple[Outcome, ...]]
    first_day: date | None = None
    played: int = 0
    notes: tuple[str, ...] = ()

    @property
    def seeds(self) -> tuple[int, ...]:
        """Under which every variant was played."""
        return tuple(outcome.seed for outcome in self.outcomes[self.question.base.name])


def answer(
    question: Question,
    workers: int = 2,
    *,
    store: Store | None = None,
    first_day: date | None = None,
    is_shown: bool = False,
) -> Answer:
    """Play a question out: base and variants under the same luck, until it is sure enough.

    Parameters
    ----------
    workers
        Processes; the answer does not depend on them.
    store
        Runs that are in it are not played again.
    first_day
        Date of day 0, for whoever tells the answer.
    is_shown
        Show a bar with the time left on stderr.

    Raises
    ------
    InputError
        If two variants have the same name, or a policy can not be made.
    """
    _check_names(question)
    variants = (question.base, *question.variants)
    runs: dict[str, list[Outcome]] = {variant.name: [] for variant in variants}
    played, count = 0, question.replications
    total = count * len(variants)
    with (
        show_progress(total, is_shown=is_shown) as bar,
        Stage(variants, workers=workers, store=store, bar=bar) as stage,
    ):
        while (done := len(runs[question.base.name])) < count:
            seeds = range(question.first_seed + done, question.first_seed + count)
            for outcome in stage.play_seeds(seeds, is_first=done == 0):
                runs[outcome.variant].append(outcome)
            count = _count_needed(question, runs)
            bar.total = max(total, count * len(variants))
        played = stage.played
    return Answer(
        question=question,
        outcomes={name: tuple(outcomes) for name, outcomes in runs.items()},
        first_day=first_day,
        played=played,
        notes=question.notes,
    )


def _count_needed(question: Question, runs: Mapping[str, Sequence[Outcome]]) -> int:
    """Runs of every variant until the half-width that was asked for is there."""
    done = len(runs[question.base.name])
    if question.half_width_share is None or not question.variants:
        return done
    costs = {name: [o.money_usd[TOTAL] for o in outcomes] for name, outcomes in runs.items()}
    base = costs[question.base.name]
    half_width = question.half_width_share * abs(sum(base) / done)
    needed = max(
        enough([other - one for one, other in zip(base, costs[v.name], strict=True)], half_width)
        for v in question.variants
    )
    return max(done, min(needed, done + ROUND, question.most_replications))


def _check_names(question: Question) -> None:
    names = [question.base.name, *(variant.name for variant in question.variants)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError.of(
            f"question {question.name}",
            "variants",
            "must have names of their own",
            ", ".join(map(repr, twice)),
            "another name",
        )
