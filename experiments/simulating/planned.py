"""Who decides in ``simulate.py``: a policy by its word, or a plan of the user's own."""

from __future__ import annotations

from agents.plan_follower import PlanFollower
from agents.team import Team
from experiments.building.plan_policy import PLAN, plan_policy
from experiments.building.policy import policies_from, policy_from, site_policy_from
from experiments.building.scenario import FactoryConfig
from experiments.simulating.options import SimulateOptions
from experiments.simulating.start import Start
from factory_env.decision import Policy
from factory_env.door.gather import Gather


def find_policy(options: SimulateOptions, config: FactoryConfig) -> Policy:
    """Who decides; of a plan whoever decides what it leaves open.

    Raises
    ------
    InputError
        If a word means nobody.
    """
    if options.agent != PLAN:
        return policies_from(config, options.agent, options.params)
    return policy_from(options.plan_rest, options.params, config.plant_name, "plan_rest")


def follow_plan(
    options: SimulateOptions, start: Start, rest: Policy
) -> tuple[Policy, PlanFollower | None]:
    """``rest``, or one who follows the plan of ``plan=`` and asks ``rest`` for what it leaves open.

    Raises
    ------
    InputError
        With every problem of the plan.
    """
    if options.agent != PLAN:
        return rest, None
    assert options.plan is not None, "the options say so"
    gather = Gather()
    follower = gather(plan_policy, options.plan, start.ground(), start.first_day, rest)
    site = gather(site_policy_from, start.config)
    gather.done()
    assert follower is not None
    return (follower if site is None else Team(lines=follower, site=site)), follower
