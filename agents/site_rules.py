"""Rules that run the site, by the name under which an agent's card knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from agents import energy
from agents.lookahead.learned import NAMES
from agents.lookahead.policy import Lookahead
from factory_env.catalogue import load_plug, plug_names
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.envs.energy.prior import Usual

USUAL: Final = "usual"  # the house without anybody who thinks about energy
LOOKAHEAD: Final = "lookahead"


def site_rule(rule: str, params: Mapping[str, float]) -> EnergyPolicy:
    """A fresh object: some rules remember their plan.

    Parameters
    ----------
    rule
        A file of ``agents/energy`` (``params`` are its values), ``lookahead`` (its learned
        numbers by name), or ``usual``.

    Raises
    ------
    InputError, KeyError, TypeError
        If there is no such rule, or it has other parameters.
    """
    if rule == USUAL:
        return Usual()
    if rule == LOOKAHEAD:
        return Lookahead(np.array([params[name] for name in NAMES]))
    plug: EnergyPolicy = load_plug(energy, rule)(**params)
    return plug


def site_rule_names() -> tuple[str, ...]:
    """All names that `site_rule` knows."""
    return (USUAL, LOOKAHEAD, *plug_names(energy))
