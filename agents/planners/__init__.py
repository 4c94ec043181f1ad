"""Who plans ahead at every question, one per file, and the one way to get one by name: `load`."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from typing import Any, Final

from agents import rules
from agents.plug_values import read_plug_values
from factory_env.catalogue import load_plug
from factory_env.decision import Policy

TUNED_ON: Final = range(220_000, 220_048)  # seeds of mid on which what planners assume was chosen
RULE = "atcs_match"  # the rule of the house that a planner may build on


def load(
    name: str, plant: str, params: Mapping[str, Any] | None = None, *, where: str = "planner"
) -> Policy:
    """A planner with its own defaults, over them ``params``.

    Parameters
    ----------
    name
        A file of this folder. A planner with a field ``rule`` is given the house's best rule as
        it is tuned for the plant.
    plant
        The plant as its file calls it.
    where
        Who asks, for messages.

    Raises
    ------
    InputError
        If there is no such planner or parameter, a value is not a usable number, or a package that
        the planner needs is not installed.
    """
    plug = load_plug(sys.modules[__name__], name)
    values: dict[str, Any] = dict(read_plug_values(plug, name, params or {}, where))
    if any(field.name == "rule" for field in dataclasses.fields(plug)):
        values["rule"] = rules.load(RULE, plant)
    planner: Policy = plug(**values)
    return planner
