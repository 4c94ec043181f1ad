"""From the order to the reasons: its way by cause, runs without each cause, cures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.futures.question import Variant
from experiments.futures.reasons.causes import without_causes
from experiments.futures.reasons.chained import log_with_chains
from experiments.futures.reasons.cures import extra_wages_usd, list_cures
from experiments.futures.reasons.options import WhyOptions
from experiments.futures.reasons.subject import Subject
from experiments.futures.reasons.trials import Trials, play_trials
from experiments.futures.statistics.differences import paired_difference
from experiments.futures.statistics.estimate import Estimate
from experiments.futures.statistics.shares import wilson
from factory_env.kpi.order_path import CAUSES, order_paths
from factory_env.units import MIN_PER_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A piece of the order's way between two wall minutes."""

    cause: str
    begin_min: float
    end_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A variant against the run as it is, under the same luck."""

    name: str  # cause or cure
    words: str
    days_won: Estimate
    on_time: Estimate  # Wilson midpoint
    on_time_won: Estimate
    cost_usd: Estimate  # more than the base; negative = it saves money
    helps: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Why an order came when it came. ``minutes`` adds up to ``total_min``."""

    subject: Subject
    part: int  # that came last
    minutes: Mapping[str, float]  # by cause, see `CAUSES`
    begin_min: float
    end_min: float
    stretches: Sequence[Stretch]
    on_time: Estimate
    ship_min: NDArray[np.float64]  # of every run of the base, (n,)
    causes: Sequence[Effect]  # most days first
    cures: Sequence[Effect]  # those that help and cost least first

    @property
    def total_min(self) -> float:
        """Its throughput time."""
        return self.end_min - self.begin_min

    @property
    def is_shipped(self) -> bool:
        """Has all of it left the house within the run?"""
        return all(self.subject.factory.house.runs[p].is_shipped for p in self.subject.parts)

    @property
    def late_min(self) -> float:
        """How late it left; negative = in time."""
        return self.end_min - self.subject.order_due_min


def find_reasons(options: WhyOptions, subject: Subject) -> Reasons:
    """Split the order's way, and play everything that is compared."""
    log = log_with_chains(subject.factory, subject.parts)
    paths = order_paths(log, subject.factory.scenario.calendar)
    part = max(subject.parts, key=lambda place: float(paths.end_min[place]))
    without = list(without_causes(subject))
    cures = list(list_cures(subject)) if options.cures else []
    variants = [subject.base, *(v for _, _, v in without), *(v for _, v in cures)]
    seeds = range(subject.seed, subject.seed + options.replications)
    trials = play_trials(variants, subject.config, seeds, workers=options.workers)
    effects = [_effect(subject, trials, cause, words, v) for cause, words, v in without]
    tried = [_effect(subject, trials, v.name.removeprefix("cure "), words, v) for words, v in cures]
    return Reasons(
        subject=subject,
        part=part,
        minutes=paths.of(part),
        begin_min=float(paths.begin_min[part]),
        end_min=float(paths.end_min[part]),
        stretches=_stretches(log.tables["chains"], part),
        on_time=_share(trials.on_time(subject.base.name, subject.customer_name)),
        ship_min=trials.ships(subject.base.name, subject.customer_name),
        causes=sorted(effects, key=lambda e: -e.days_won.value),
        cures=sorted(tried, key=lambda e: (not e.helps, e.cost_usd.value)),
    )


def _effect(subject: Subject, trials: Trials, name: str, words: str, variant: Variant) -> Effect:
    base, order = subject.base.name, subject.customer_name
    horizon = subject.factory.horizon_min  # an order that never leaves is counted as leaving then
    ships = [np.minimum(trials.ships(v, order), horizon) for v in (base, variant.name)]
    on_time = [trials.on_time(v, order) for v in (base, variant.name)]
    costs = [trials.costs(v) for v in (base, variant.name)]
    costs[1] = costs[1] + extra_wages_usd(subject, variant.changes)
    if variant.orders is not None and len(variant.orders) < len(subject.book):
        costs[1] = np.full(costs[1].shape[0], np.nan)  # another book costs something else
    won = paired_difference(ships[1] / MIN_PER_DAY, ships[0] / MIN_PER_DAY)
    return Effect(
        name=name,
        words=words,
        days_won=won,
        on_time=_share(on_time[1]),
        on_time_won=paired_difference(on_time[0], on_time[1]),
        cost_usd=paired_difference(costs[0], costs[1]),
        helps=won.value > 0.0 and not won.holds_zero,
    )


def _share(hits: NDArray[np.float64]) -> Estimate:
    return wilson(int(hits.sum()), hits.shape[0])


def _stretches(chains: Mapping[str, NDArray[np.generic]], part: int) -> list[Stretch]:
    """What follows each other for the same cause is one stretch."""
    pieces: list[Stretch] = []
    mine = chains["order"] == part
    rows = zip(
        *(chains[name][mine].tolist() for name in ("cause", "begin_min", "end_min")), strict=True
    )
    for cause, begin, end in rows:
        if pieces and pieces[-1].cause == cause:
            begin = pieces.pop().begin_min
        pieces.append(Stretch(cause=str(cause), begin_min=float(begin), end_min=float(end)))
    return pieces


def largest_causes(reasons: Reasons, most: int = 3) -> list[str]:
    """Causes that took most of the open hours, sewing itself aside."""
    idle = ("sewing", "night", "day_off")
    causes = [cause for cause in CAUSES if cause not in idle and reasons.minutes[cause] > 0.0]
    return sorted(causes, key=lambda cause: -reasons.minutes[cause])[:most]
