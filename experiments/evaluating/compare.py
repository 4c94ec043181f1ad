"""``compare(policies={...})`` in Python: anybody's policies on the same orders and luck."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from experiments.building.decider import RULE, TUNED_RULE, read_decider
from experiments.building.order_book import Workload, long_enough, workload
from experiments.building.own_policy import OwnName, make_own
from experiments.building.policy import policy_from
from experiments.evaluating.compare_arguments import (
    COMPARE,
    check_rest,
    read_orders,
    read_scenario,
    read_seeds,
    refuse,
)
from experiments.evaluating.player import Player
from experiments.evaluating.policy_comparison import PolicyComparison
from experiments.evaluating.tournament import Arena, measure_floor, play_contest
from factory_env.decision import LINES, Policy
from factory_env.domain.order import Order
from factory_env.domain.scenario import Scenario
from factory_env.door.gather import Gather
from factory_env.errors import InputError

SEEDS: Final = range(100_000, 100_010)  # held out: no rule was tuned and no agent trained on them


def compare(
    policies: Mapping[str, Any],
    plant: str = "mid",
    scenario: str | Scenario = "default",
    *,
    seeds: Iterable[int] = SEEDS,
    orders: str | Path | Sequence[Order] | None = None,
    workers: int = 1,
    seconds_per_run: float | None = 120.0,
    **more: Any,
) -> PolicyComparison:
    """Play policies on the same seeds, and hold them against each other seed by seed.

    Parameters
    ----------
    policies
        What each is called in the table, and who it is: a word as for ``agent=`` on the command
        line (``"edd"``, ``"pretrained"``, ``"runs/train/a"``, ``"my.py:Policy"``,
        ``"sb3:model.zip"``); a class, made anew for every run; an object with
        ``choose(decision)``, which serves one run after the other; a function of a decision; or
        a model of Stable-Baselines3.
    plant, scenario, more
        As for `load_scenario`; a `Scenario` stands for all of them.
    seeds
        The runs: demand, absence and defects of each are the same for all policies.
    orders
        Orders of your own: a list, or the path of an order book. None = drawn by the seed.
    workers
        Processes for policies that are named by a word; others are played here. With more than
        one your script needs ``if __name__ == "__main__":``.
    seconds_per_run
        Most time that all answers of a run may take, of policies that are not ours; None = any.

    A policy that raises, hangs or answers illegally is in ``failures`` and warned of; the others go
    on.

    Raises
    ------
    InputError
        Before anything is played, with everything that is wrong.

    >>> from seamline import compare
    >>> compare({"edd": "edd", "first": lambda decision: 1}, "small").table  # doctest: +SKIP
    """
    if not isinstance(policies, Mapping):
        right = '{"edd": "edd", "mine": Policy}'
        raise InputError([refuse("policies", "must be a dict", repr(policies), right)])
    gather = Gather()
    built = gather(read_scenario, plant, scenario, more)
    name = "mid" if built is None else built.plant.name
    rest = list(check_rest(policies, workers, seconds_per_run))
    limit_s = None if rest else seconds_per_run
    players = [gather(_player, key, thing, name, limit_s) for key, thing in policies.items()]
    runs = gather(read_seeds, seeds)
    work = None if built is None or runs is None else gather(_workload, built, orders, runs[0])
    gather.add(rest)
    gather.done()
    assert work is not None
    assert runs is not None
    arena = Arena(
        scenario=work.scenario,
        measure=measure_floor,
        orders=work.orders,
        seconds_per_run=seconds_per_run,
    )
    rivals = [player for player in players if player is not None]
    contest = play_contest(arena, rivals, runs, workers=workers, title="comparing")
    for failure in contest.failures:
        warnings.warn(str(failure.make_error()), stacklevel=2)
    demand = f"{work.scenario.name} scenario" if orders is None else "your orders"
    title = f"{work.scenario.plant.name} plant, {demand}"
    return PolicyComparison(results=contest.results, failures=contest.failures, title=title)


def _workload(scenario: Scenario, orders: Any, seed: int) -> Workload:
    if orders is None or isinstance(orders, str | Path):
        work = workload(scenario, None if orders is None else str(orders), seed)
        for note in work.notes:
            warnings.warn(note, stacklevel=3)
        return work
    book = read_orders(orders)
    longer = long_enough(scenario, book)
    return Workload(scenario=longer, orders=book, first_day=None, notes=())


def _player(name: Any, thing: Any, plant: str, limit_s: float | None) -> Player:
    field = f"policies[{name!r}]"
    if isinstance(thing, str):
        try:
            policy_from(thing, None, plant, field, limit_s)  # found before anything is played
            is_rule = read_decider(thing).kind in (RULE, TUNED_RULE)
        except InputError as error:
            raise InputError(
                [replace(problem, where=COMPARE) for problem in error.problems]
            ) from None
        return Player(name=name, lines=thing, is_rule=is_rule)
    make = _maker(
        OwnName(word=str(name), place="", attribute="", field=field, where=COMPARE), thing, limit_s
    )
    make()
    return Player(name=name, lines=name, is_rule=False, make=make)


def _maker(name: OwnName, thing: Any, limit_s: float | None) -> Callable[[], Policy]:
    if hasattr(thing, "predict") and hasattr(thing, "policy"):
        from agents.deep.sb3.policy import policy_from_model  # brings torch

        return lambda: policy_from_model(thing)
    return lambda: make_own(name, thing, {}, LINES, limit_s)
