"""Seamline: a garment factory in SimPy whose decisions any policy can take.

The product in one sentence: ``simulate(scenario, policy, seed) -> RunLog``.

>>> from factory_env import load_scenario, simulate
>>> from agents.rules.edd import Edd
>>> log = simulate(load_scenario("small"), Edd(), seed=1)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from factory_env.envs.registration import register

if TYPE_CHECKING:
    from factory_env.decision import Decision, Policy
    from factory_env.domain.order import Order
    from factory_env.domain.records import RunLog
    from factory_env.domain.scenario import Scenario
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

# a name of the front door -> the file that has it: who only asks for an environment's id, or for
# help on the command line, need not wait for the compiler
_FILES: Final = {
    "Decision": "decision",
    "Factories": "sim.run",
    "Factory": "sim.factory",
    "Order": "domain.order",
    "Policy": "decision",
    "RunLog": "domain.records",
    "Scenario": "domain.scenario",
    "load_scenario": "presets",
    "play": "sim.run",
    "simulate": "sim.run",
    "step_through": "sim.run",
}


def __getattr__(name: str) -> Any:
    """A name of the front door, brought when it is first asked for."""
    if name not in _FILES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_FILES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Everything that the front door has, brought already or not."""
    return sorted({*globals(), *__all__})


# Gymnasium 1.x no longer looks for plugins itself: importing the package registers its envs
# (docs/decisions/0006).
register()
