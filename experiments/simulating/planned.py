"""Who decides in ``simulate.py``: a policy by its word, or a plan of the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from agents.team import Team
from experiments.building.dated_changes import relay_policies
from experiments.building.plan_policy import PLAN, follow_file
from experiments.building.policy import policies_from, policy_from, site_policy_from
from experiments.simulating.options import SimulateOptions
from experiments.simulating.start import Start
from factory_env.domain.line_plan import PlanStep
from factory_env.door.gather import Gather


@dataclass(frozen=True, slots=True, kw_only=True)
class Decides:
    """Who decides, and the plan that is followed, if one is."""

    policy: Any
    plan: Sequence[PlanStep] = ()


def choose_decider(options: SimulateOptions, start: Start | None) -> Decides:
    """Who decides in a run, and who takes over by its changes; for the rest see `_choose`."""
    decides = _choose(options, start)
    if start is None:
        return decides
    build = partial(policies_from, start.config, params={})
    return replace(decides, policy=relay_policies(decides.policy, start.past.changes, build))


def _choose(options: SimulateOptions, start: Start | None) -> Decides:
    """Who decides in a run; ``start`` None = it can not be made, and the words alone are checked.

    Raises
    ------
    InputError
        If a word means nobody, and with every problem of the plan.
    """
    config = options if start is None else start.config  # a branch brings its own plant
    if options.agent != PLAN:
        return Decides(policy=policies_from(config, options.agent, options.params))
    gather = Gather()
    rest = gather(policy_from, options.plan_rest, options.params, config.plant_name, "plan_rest")
    site = gather(site_policy_from, config)
    if start is None or options.plan is None:
        gather.done()
        return Decides(policy=rest)
    opening = start.past.opening
    gone = () if opening is None else opening.shipped
    follower = gather(follow_file, options.plan, start.ground(), start.first_day, rest, gone)
    gather.done()
    assert follower is not None
    lines = follower if site is None else Team(lines=follower, site=site)
    return Decides(policy=lines, plan=follower.steps)
