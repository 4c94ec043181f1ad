"""Follows a planner's own plan of the lines; what the plan leaves open, a rule decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import Decision, Question, ask
from factory_env.decisions.candidates import CandidateTable
from factory_env.decisions.order_choice import CUTTING, HOLD
from factory_env.decisions.plans.outlook import Outlook
from factory_env.decisions.plans.rehearsal import Rehearse
from factory_env.domain.line_plan import PlanStep

NO_LINE: Final = -1


class PlanFollower:
    """Each line takes the orders of its plan in their sequence.

    A pinned order is waited for; one that is not pinned is passed over while it is not there. A
    line without an order of its own asks ``rest``, who chooses among the orders that no line has in
    its plan. Where a line may not wait, it takes what it can.
    """

    def __init__(self, steps: Sequence[PlanStep], rest: object) -> None:
        self.steps = tuple(sorted(steps, key=lambda step: (step.line, step.place)))
        self._rest = rest
        self._lines: dict[int, list[PlanStep]] = {}
        for step in self.steps:
            self._lines.setdefault(step.line, []).append(step)
        self._asked: dict[int, int] = {}  # order -> times its line was asked for it in vain
        self._last_serial = -1

    def answer(self, question: Question) -> Any:
        """What is no question of the lines is for ``rest``."""
        return ask(self._rest, question)

    def choose(self, decision: Decision) -> int:
        """The answer to a line; the cutting tables ask ``rest``."""
        if decision.serial <= self._last_serial:  # the next run
            self._asked.clear()
        self._last_serial = decision.serial
        if decision.kind == CUTTING:
            return int(ask(self._rest, decision))
        waiting = decision.orders.tolist()
        mine = self._open_steps(decision)
        for step in mine:
            if self._is_time(step, decision.now_min) and step.order in waiting:
                return int(waiting.index(step.order)) + 1
            if step.is_pinned and decision.can_hold:
                return HOLD
        return self._choose_other(decision, waiting, mine)

    def _open_steps(self, decision: Decision) -> list[PlanStep]:
        """Of the asking line: without orders that are taken, cancelled or shipped."""
        known = set(decision.outlook.orders.tolist())
        now = decision.now_min
        return [
            step
            for step in self._lines.get(decision.asker, [])
            if step.order in known or step.booked_min > now
        ]

    def _is_time(self, step: PlanStep, now_min: float) -> bool:
        if not step.is_pinned or step.start_min is None:
            return True
        if now_min < step.start_min:
            return False
        times = self._asked.get(step.order, 0)
        self._asked[step.order] = times + 1
        return times >= step.passes

    def _choose_other(self, decision: Decision, waiting: list[int], mine: list[PlanStep]) -> int:
        """An order that no line has in its plan; any that can be had if the line may not wait."""
        planned = {step.order for step in self.steps}
        free = [i for i, order in enumerate(waiting) if order not in planned]
        if not free and decision.can_hold:
            return HOLD
        if not decision.can_hold:
            here = [waiting.index(step.order) for step in mine if step.order in waiting]
            if here:
                return here[0] + 1
            free = free or list(range(len(waiting)))
        if len(free) == len(waiting):
            return int(ask(self._rest, decision))
        places = np.array(free, dtype=np.int64)
        answer = int(ask(self._rest, _show_some(decision, places)))
        return HOLD if answer == HOLD else int(places[answer - 1]) + 1


def _show_some(decision: Decision, places: NDArray[np.int64]) -> Decision:
    """The question with some of its orders only."""
    return replace(
        decision,
        orders=decision.orders[places],
        table=CandidateTable(decision.table.data[places]),
        look=None if decision.look is None else _SomeLook(decision, places),
        rehearse=None if decision.rehearse is None else _SomeRehearse(decision.rehearse, places),
    )


@dataclass(frozen=True, slots=True)
class _SomeLook:
    """The outlook, its choices those of some of the orders."""

    decision: Decision
    places: NDArray[np.int64]

    def __call__(self) -> Outlook:
        outlook = self.decision.outlook
        return replace(outlook, choices=outlook.choices[self.places])


@dataclass(frozen=True, slots=True)
class _SomeRehearse:
    """Tries an answer of the smaller question."""

    whole: Rehearse
    places: NDArray[np.int64]

    def __call__(
        self, answer: int, policy: Any, *, fresh_seed: int, until_min: float = float("inf")
    ) -> float:
        meant = HOLD if answer == HOLD else int(self.places[answer - 1]) + 1
        return self.whole(meant, policy, fresh_seed=fresh_seed, until_min=until_min)
