"""A plan as a model for CP-SAT: where and when each order is sewn, what it changes, what is late.

Minutes and tenths of a cent are whole numbers. An order that follows another is taken to find a
line that has learned the style before it: what is lost to a change hangs on pairs of orders alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from agents.planning.first_step import copy_plan
from factory_env.decisions.plans.annealing import (
    Draft,
    place_best,
    put_in,
    reckon,
    take_out,
)
from factory_env.decisions.plans.outlook import Outlook
from factory_env.decisions.plans.pricing import NOBODY
from factory_env.decisions.plans.shop import LEARNING_ROUNDS, Ints, Shop

TENTHS: Final = 1000.0  # of a cent in a dollar
STAIRS: Final = 2  # that stand for the slope around a step of the penalty
SEED: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is planned, and how long."""

    work: float  # deterministic seconds
    orders: int
    budget_ms: float  # 0 = any


def improve_by_cpsat(draft: Draft, shop: Shop, outlook: Outlook, limits: Limits) -> Draft:
    """A plan no dearer than ``draft``, which is shown to the solver as a hint."""
    lines, orders = competing(outlook, shop, limits.orders)
    sequences = _Model(shop, lines, orders).solve(draft, limits) if orders.shape[0] > 1 else None
    if sequences is None:
        return draft
    plan = copy_plan(draft)
    rest = [o for line in lines for o in draft.seq[line, : draft.length[line]].tolist()]
    for o in rest:
        take_out(o, plan)
    for line, sequence in sequences.items():
        for place, o in enumerate(sequence):
            put_in(o, line, place, plan)
    reckon(plan, shop)
    for o in rest:  # those beyond the most that are planned
        if plan.at[o, 0] < 0:
            place_best(o, plan, shop, NOBODY)
    return plan if reckon(plan, shop) <= reckon(draft, shop) else draft


def competing(outlook: Outlook, shop: Shop, most: int) -> tuple[Ints, Ints]:
    """Lines and orders that have to do with the question: its own, and whoever shares with them.

    Of the orders those that are due first, and all that the question offers.
    """
    able = np.isfinite(shop.sewing_min)
    orders = np.asarray(np.zeros(able.shape[1], dtype=np.bool_))
    orders[outlook.choices] = True
    while True:
        lines = able[:, orders].any(axis=1)
        more = np.asarray(able[lines].any(axis=0))
        if (more == orders).all():
            break
        orders = more
    urgency = np.where(orders, shop.due_min, np.inf)
    urgency[outlook.choices] = -np.inf
    chosen = np.argsort(urgency, kind="stable")[: min(most, int(orders.sum()))]
    return np.flatnonzero(lines), np.sort(chosen)


class _Model:
    """Variables of the orders (by their place in the outlook) on the lines."""

    def __init__(self, shop: Shop, lines: Ints, orders: Ints) -> None:
        from ortools.sat.python import cp_model  # 0.3 s, and an extra

        self._cp: Any = cp_model
        self._model: Any = cp_model.CpModel()
        self._shop = shop
        self._lines: list[int] = lines.tolist()
        self._orders: list[int] = orders.tolist()
        self._cost: list[Any] = []
        work = np.where(np.isfinite(shop.sewing_min), shop.sewing_min, 0.0).max(axis=0)
        longest = float(shop.free_min.max() + shop.ready_min.max() + 2.0 * work[orders].sum())
        self._end_min = int(longest) + 5000
        self._end = {o: self._number(f"end {o}") for o in self._orders}
        self._start = {o: self._number(f"start {o}") for o in self._orders}
        self._arcs: dict[int, list[tuple[int, int, Any]]] = {}  # -1 = nobody
        self._is_on: dict[tuple[int, int], Any] = {}
        for line in self._lines:
            self._add_line(line)
        for o in self._orders:
            here = [self._is_on[o, line] for line in self._lines if (o, line) in self._is_on]
            self._model.add_exactly_one(here)
            self._add_lateness(o)
        self._model.minimize(sum(self._cost))

    def solve(self, hint: Draft, limits: Limits) -> dict[int, list[int]] | None:
        """The orders of each line in turn; None if none was met in time."""
        self._hint(hint)
        solver = self._cp.CpSolver()
        parameters = solver.parameters
        parameters.num_workers = 1
        parameters.random_seed = SEED
        parameters.max_deterministic_time = limits.work
        if limits.budget_ms > 0.0:
            parameters.max_time_in_seconds = limits.budget_ms / 1000.0
        status = solver.solve(self._model)
        if status not in (self._cp.OPTIMAL, self._cp.FEASIBLE):
            return None
        return {line: self._read(line, solver) for line in self._lines}

    def _number(self, name: str) -> Any:
        return self._model.new_int_var(0, self._end_min, name)

    def _add_line(self, line: int) -> None:
        """The orders that the line takes form a circuit through node 0."""
        able = [o for o in self._orders if np.isfinite(self._shop.sewing_min[line, o])]
        node = {o: i + 1 for i, o in enumerate(able)}
        arcs = [(0, 0, self._model.new_bool_var(""))]
        for o in able:
            is_off = self._model.new_bool_var("")
            self._is_on[o, line] = ~is_off
            arcs.append((node[o], node[o], is_off))
            sewing = round(float(self._shop.sewing_min[line, o]))
            first = self._model.new_bool_var("")
            arcs += [(0, node[o], first), (node[o], 0, self._model.new_bool_var(""))]
            stop, loss = self._shop.first_stop_min[line, o], self._shop.first_loss[line, o]
            self._follow(first, None, o, line, sewing, self._count_lost(o, line, stop, loss))
            self._model.add(
                self._start[o] >= round(float(self._shop.free_min[line]))
            ).only_enforce_if(first)
            for before in able:
                if before != o:
                    arc = self._model.new_bool_var("")
                    arcs.append((node[before], node[o], arc))
                    self._follow(
                        arc, before, o, line, sewing, self._count_lost_in_turn(before, o, line)
                    )
        self._model.add_circuit(arcs)
        name = [-1, *able]
        self._arcs[line] = [(name[i], name[j], arc) for i, j, arc in arcs]

    def _follow(
        self, arc: Any, before: int | None, o: int, line: int, sewing: int, lost: int
    ) -> None:
        """If the arc is taken, the order comes after the one before and loses its minutes."""
        if before is not None:
            self._model.add(self._start[o] >= self._end[before]).only_enforce_if(arc)
        self._model.add(self._end[o] >= self._start[o] + sewing + lost).only_enforce_if(arc)
        price = round(TENTHS * lost * float(self._shop.lost_usd_per_min[line]))
        self._cost.append(price * arc)

    def _count_lost_in_turn(self, before: int, o: int, line: int) -> int:
        """Minutes of change and learning of an order after another."""
        shop = self._shop
        stop, share = shop.stop_min[before, o], shop.kept_share[before, o]
        if shop.memory_share[line, o] > 0.0:
            stop = min(stop, shop.repeat_stop_min)
        share = max(share, shop.memory_share[line, o], shop.home_share[line, o])
        return self._count_lost(o, line, stop, shop.full_loss[o] * (1.0 - share))

    def _count_lost(self, o: int, line: int, stop_min: float, loss: float) -> int:
        sewing, tau = self._shop.sewing_min[line, o], self._shop.tau_min[o]
        extra = 0.0
        for _ in range(1 + LEARNING_ROUNDS):  # as `shop.learning_min`
            extra = loss * tau * (1.0 - np.exp(-(sewing + extra) / tau))
        return round(float(stop_min + extra))

    def _add_lateness(self, o: int) -> None:
        """Every stair of the penalty that the order ends behind costs its part of the weight."""
        shop = self._shop
        self._model.add(self._start[o] >= round(float(shop.ready_min[o])))
        held = max(1, round(TENTHS * float(shop.holding_usd_per_min[o])))  # no idle minute is free
        self._cost.append(held * self._end[o])
        last = 0.0
        for day, share in zip(shop.late_days.tolist(), shop.late_shares.tolist(), strict=True):
            price = round(TENTHS * float(shop.weight_usd[o]) * (share - last) / STAIRS)
            last = share
            for stair in range(STAIRS):
                off = ((stair + 0.5) / STAIRS - 0.5) * 2.0 * shop.unsure_days
                limit = round(
                    float(shop.due_min[o] - shop.tail_min + (day + off) / shop.days_per_min)
                )
                if limit >= self._end_min:
                    continue
                is_late = self._model.new_bool_var("")
                self._model.add(self._end[o] <= limit).only_enforce_if(~is_late)
                self._cost.append(price * is_late)

    def _hint(self, draft: Draft) -> None:
        """Show the solver a plan: who follows whom, and when each order begins and ends."""
        shop = self._shop
        for line in self._lines:
            kept = [o for o in draft.seq[line, : draft.length[line]].tolist() if o in self._end]
            pairs = set(zip([-1, *kept], [*kept, -1], strict=True))
            for before, after, arc in self._arcs[line]:
                is_out = before == after and before >= 0 and before not in kept
                self._model.add_hint(arc, (before, after) in pairs or is_out)
            end = round(float(shop.free_min[line]))
            for before, o in zip([-1, *kept], kept, strict=False):
                stop, loss = shop.first_stop_min[line, o], shop.first_loss[line, o]
                is_first = before < 0
                lost = self._count_lost(o, line, stop, loss)
                lost = lost if is_first else self._count_lost_in_turn(before, o, line)
                start = max(end, round(float(shop.ready_min[o])))
                end = start + round(float(shop.sewing_min[line, o])) + lost
                self._model.add_hint(self._start[o], start)
                self._model.add_hint(self._end[o], end)

    def _read(self, line: int, solver: Any) -> list[int]:
        after = {i: j for i, j, arc in self._arcs[line] if i != j and solver.boolean_value(arc)}
        sequence: list[int] = []
        now = after.get(-1, -1)
        while now >= 0:
            sequence.append(now)
            now = after.get(now, -1)
        return sequence
