"""Seamline: a garment factory in SimPy whose decisions any policy can take.

The product in one sentence: ``simulate(scenario, policy, seed) -> RunLog``.

>>> from factory_env import load_scenario, simulate
>>> from agents.rules.edd import Edd
>>> log = simulate(load_scenario("small"), Edd(), seed=1)
"""

from factory_env.decision import Decision, Policy
from factory_env.domain.order import Order
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.envs.registration import register
from factory_env.presets import load_scenario
from factory_env.sim.factory import Factory
from factory_env.sim.run import Factories, play, simulate, step_through

__all__ = [
    "Decision",
    "Factories",
    "Factory",
    "Order",
    "Policy",
    "RunLog",
    "Scenario",
    "load_scenario",
    "play",
    "simulate",
    "step_through",
]

# Gymnasium 1.x no longer looks for plugins itself: importing the package registers its envs
# (docs/decisions/0006).
register()
