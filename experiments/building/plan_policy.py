"""``agent=plan``: a planner's own plan, read for one factory and followed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from agents.plan_follower import PlanFollower
from factory_env.domain.line_plan import PlanStep
from factory_env.door.plan_door import PlanGround, read_plan
from factory_env.sim.factory import Readings

PLAN: Final = "plan"  # the word of agent=


def read_own_plan(
    path: str, factory: Readings, first_day: date | None, gone: Collection[str] = ()
) -> tuple[PlanStep, ...]:
    """The plan of a file for the lines and orders of a factory.

    Raises
    ------
    InputError
        With every problem of the plan.
    """
    book = factory.book
    ground = PlanGround(
        lines=[line.name for line in factory.lines],
        orders=book.orders,
        can_sew=factory.tables.capable[:, book.style],
        first_day=first_day,
        end_min=factory.scenario.calendar_days * 1440.0,
        gone=gone,
    )
    return read_plan(path, ground)


def follow_file(
    path: str,
    factory: Readings,
    first_day: date | None,
    rest: object,
    gone: Collection[str] = (),
) -> PlanFollower:
    """Follows the plan of a file in a factory; ``rest`` decides what the plan leaves open.

    ``gone``: orders that have left the house before the run.
    """
    return PlanFollower(read_own_plan(path, factory, first_day, gone), rest)
