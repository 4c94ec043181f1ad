"""Forks: a run that is continued from any minute under its own policy is the straight run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.rules.atcs_match import AtcsMatch
from experiments.validating.check import CheckResult, Context, Figure
from experiments.validating.variants import variant
from factory_env import Factories, RunLog, play, step_through

VARIANTS = (("default", "calm"), ("real", "rough"))
SEED, FRESH_SEED = 3, 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Forks:
    """Forks a calm run and one in which everything goes wrong, at several shares of the run."""

    title: ClassVar[str] = "Forks"
    place: ClassVar[int] = 110
    seconds: ClassVar[float] = 6.0
    needs_data: ClassVar[bool] = False
    keys: ClassVar[tuple[str, ...]] = ("fork_equal", "fork_fresh_differs")
    plant: str = "small"
    days: int = 30
    shares: tuple[float, ...] = (0.1, 0.35, 0.6, 0.9)

    def run(self, context: Context) -> CheckResult:
        equal = forks = fresh = 0
        for number, (name, disruptions) in enumerate(VARIANTS):
            overrides = {"horizon_days": self.days, "demand.days": self.days - 8}
            scenario = variant(self.plant, name, disruptions, overrides)
            make = Factories(scenario)
            straight = make(SEED)
            before = play(straight, AtcsMatch())
            for minute in (share * before.end_min for share in self.shares):
                fork = play(straight.fork(at_min=minute), AtcsMatch())
                other = play(straight.fork(at_min=minute, fresh_seed=FRESH_SEED), AtcsMatch())
                running = _forked_while_running(make, minute)
                after = straight.log()  # the forked run is untouched
                equal += all(same_log(before, log) for log in (after, fork, *running))
                forks += 1
                fresh += _is_fresh(before, other, minute)
            context.progress((number + 1) / len(VARIANTS))
        return self._told(equal, fresh, forks)

    def _told(self, equal: int, fresh: int, forks: int) -> CheckResult:
        return CheckResult(
            what="`factory.fork()` continues a run from any minute: with the same luck for what "
            "ifs, with fresh luck for look-ahead that is not clairvoyant.",
            how=f"Runs of the plant {self.plant}, calm (`default`, `calm`) and with everything on "
            f"(`real`, `rough`), are forked at {len(self.shares)} minutes each: once afterwards, "
            "by the minute, and once while the run stands at a question. The fork goes on under "
            "the same rule, and its log is compared with that of the straight run, byte by byte, "
            "all tables and all costs; the forked run itself must be untouched. With a fresh seed "
            "all answers before the minute must be the same, and the rest of the run must differ.",
            expected="All equal; fresh luck always differs, and only afterwards.",
            found=f"{equal} of {forks} forks are equal; {fresh} of {forks} with fresh luck share "
            "the past and differ in the future.",
            figures=(
                Figure(
                    key="fork_equal",
                    what="forks whose log equals the straight run's, byte by byte",
                    target="all",
                    measured=f"{equal} of {forks}",
                    value=equal == forks,
                    met=equal == forks,
                ),
                Figure(
                    key="fork_fresh_differs",
                    what="forks with a fresh seed: same past, other future",
                    target="all",
                    measured=f"{fresh} of {forks}",
                    value=fresh == forks,
                    met=fresh == forks,
                ),
            ),
        )


def _forked_while_running(make: Factories, at_min: float) -> tuple[RunLog, RunLog]:
    """A run that is forked at the first question after a minute, and its fork; both to the end."""
    factory, rule = make(SEED), AtcsMatch()
    for question in step_through(factory, rule):
        if question.now_min >= at_min:
            break
    fork = factory.fork()
    return play(factory, rule), play(fork, AtcsMatch())


def _is_fresh(log: RunLog, other: RunLog, at_min: float) -> bool:
    """Is the past of a fork with fresh luck the same, and its future another?"""
    answers = [x.tables["decisions"] for x in (log, other)]
    before = [int((a["now_min"] < at_min).sum()) for a in answers]
    past = before[0] == before[1] and all(
        _equal(answers[0][c][: before[0]], answers[1][c][: before[0]]) for c in answers[0]
    )
    return past and not same_log(log, other)


def same_log(a: RunLog, b: RunLog) -> bool:
    """Every column of every table, the costs and the facts, equal to the last bit."""
    if a.tables.keys() != b.tables.keys() or dict(a.cost_usd) != dict(b.cost_usd):
        return False
    if (a.seed, a.end_min, a.finished) != (b.seed, b.end_min, b.finished):
        return False
    return all(
        _equal(column, b.tables[table][name])
        for table, columns in a.tables.items()
        for name, column in columns.items()
    )


def _equal(a: np.ndarray, b: np.ndarray) -> bool:
    if a.dtype == object:
        return bool(a.tolist() == b.tolist())
    return a.dtype == b.dtype and a.tobytes() == b.tobytes()


PLUG = Forks
