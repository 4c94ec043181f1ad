"""From a wish to dates: futures with the order, its due date fitted to what can be kept, cures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from experiments.futures.promising.asking import Asked
from experiments.futures.promising.levels import LEVELS, promise_min
from experiments.futures.question import Variant
from experiments.futures.reasons.trials import Trials, play_trials
from experiments.futures.statistics.differences import paired_difference
from experiments.futures.statistics.estimate import Estimate
from experiments.futures.statistics.shares import wilson
from factory_env.domain.changes import Change, ForceOrder, Overtime
from factory_env.units import MIN_PER_DAY

PROMISED: Final = 0.8  # the level whose date becomes the order's due date
WITH: Final = "with it"
BY: Final = "by"
MOST_ROUNDS: Final = 5  # until the date is kept by an order that is due on it
NEAR_MIN: Final = 120.0  # a date that moves no further is settled
OVERTIME_H: Final = 2.0
MOST_LINES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Dates of one way to make the order, and what it costs more than not to take it."""

    words: str
    dates: Mapping[float, float]  # level -> minute; infinite = not within the futures
    cost_usd: Estimate
    lines: Sequence[tuple[str, float]]  # where it is sewn, and in what share of the futures


@dataclass(frozen=True, slots=True, kw_only=True)
class Displaced:
    """An order that leaves at another minute because of the new one."""

    order_id: str
    due_min: float
    days_later: Estimate
    on_time_before: float  # share of the futures
    on_time_after: float

    @property
    def lost(self) -> float:
        """Probability lost."""
        return self.on_time_before - self.on_time_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The answer. ``offers``: the plain one first, then those with overtime or on a given line."""

    asked: Asked
    offers: Sequence[Offer]
    displaced: Sequence[Displaced]  # most probability lost first
    by_probability: Estimate | None  # of leaving by the date that was asked for
    runs: int

    @property
    def dates(self) -> Mapping[float, float]:
        """Of the plain offer."""
        return self.offers[0].dates


def make_promise(asked: Asked, title: str | None = "futures") -> Promise:
    """Play until the order is due when it is promised, then with every way to make it.

    The due date says how the house ranks the order, so the ship times that count are those of the
    last round, in which it is due on the date that the rounds before have settled. ``title`` of
    the bar; None = no bar.
    """
    options = asked.options
    seeds = range(options.seed, options.seed + options.replications)
    due_min = _settle_date(asked, seeds, title)
    variants = [asked.base, asked.with_due(WITH, due_min)]
    ways = list(_ways(asked, variants[1], due_min)) if options.cures else []
    variants += [variant for _, variant in ways]
    if asked.by_min is not None:
        variants.append(asked.with_due(BY, asked.by_min))
    trials = _play(asked, variants, seeds, title)
    offers = [_offer(asked, trials, "as the house is", WITH)]
    offers += [_offer(asked, trials, words, variant.name) for words, variant in ways]
    probability = None
    if asked.by_min is not None:
        in_time = trials.ships(BY, asked.order.order_id) <= asked.by_min
        probability = wilson(int(in_time.sum()), in_time.shape[0])
    return Promise(
        asked=asked,
        offers=offers,
        displaced=_list_displaced(asked, trials),
        by_probability=probability,
        runs=len(seeds),
    )


def _settle_date(asked: Asked, seeds: range, title: str | None) -> float:
    """A due date that is kept with 80 % by an order that is due then, as nearly as rounds tell."""
    due_min = asked.order.due_min
    for _ in range(MOST_ROUNDS):
        trials = _play(asked, [asked.with_due(WITH, due_min)], seeds, title)
        kept_min = promise_min(trials.ships(WITH, asked.order.order_id), PROMISED)
        kept_min = min(kept_min, asked.end_min)
        is_settled = abs(kept_min - due_min) <= NEAR_MIN
        due_min = kept_min
        if is_settled:
            break
    return due_min


def _play(asked: Asked, variants: Sequence[Variant], seeds: range, title: str | None) -> Trials:
    options = asked.options
    return play_trials(variants, options, seeds, workers=options.workers, title=title)


def _ways(asked: Asked, plain: Variant, due_min: float) -> Sequence[tuple[str, Variant]]:
    """Overtime on every line until the date, and each line that can sew it."""
    begin = asked.order.release_min
    end = max(due_min, begin + MIN_PER_DAY)
    extra: tuple[Change, ...] = (Overtime(from_min=0.0, to_min=end, hours=OVERTIME_H),)
    words = f"{OVERTIME_H:g} h of overtime on every line until then"
    ways = [(words, replace(plain, name="overtime", changes=extra))]
    for line in asked.lines[:MOST_LINES]:
        forced = ForceOrder(at_min=begin, order_id=asked.order.order_id, line=line)
        ways.append((f"the next one on {line}", replace(plain, name=line, changes=(forced,))))
    return ways


def _offer(asked: Asked, trials: Trials, words: str, name: str) -> Offer:
    order = asked.order.order_id
    ships = trials.ships(name, order)
    lines = Counter(trial.line.get(order, "") for trial in trials.of[name])
    return Offer(
        words=words,
        dates={level: promise_min(ships, level) for level in LEVELS},
        cost_usd=paired_difference(trials.costs(asked.base.name), trials.costs(name)),
        lines=[(line, count / len(ships)) for line, count in lines.most_common() if line],
    )


def _list_displaced(asked: Asked, trials: Trials) -> list[Displaced]:
    """Every order whose ship times the new one changes, those in danger first."""
    base = trials.of[asked.base.name]
    orders = {name: due for trial in base for name, due in trial.due_min.items()}
    moved = []
    for name, due in orders.items():
        ships = [np.minimum(trials.ships(v, name), asked.end_min) for v in (asked.base.name, WITH)]
        later = paired_difference(ships[0] / MIN_PER_DAY, ships[1] / MIN_PER_DAY)
        if later.value == 0.0 and later.is_alike:
            continue
        moved.append(
            Displaced(
                order_id=name,
                due_min=due,
                days_later=later,
                on_time_before=float(trials.on_time(asked.base.name, name).mean()),
                on_time_after=float(trials.on_time(WITH, name).mean()),
            )
        )
    return sorted(moved, key=lambda d: (-round(d.lost, 9), -d.days_later.value))
