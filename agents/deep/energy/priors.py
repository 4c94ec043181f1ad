"""The rule a learned site policy starts from, written into its card and made again from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from agents import energy
from agents.lookahead.learned import NAMES
from agents.lookahead.policy import Lookahead
from factory_env.catalogue import load_plug
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.envs.energy.prior import Usual
from factory_env.errors import ArtifactError, InputError

USUAL = "usual"
LOOKAHEAD = "lookahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """A file of ``agents/energy`` with its values, ``lookahead`` with its numbers, or ``usual``."""

    rule: str
    params: Mapping[str, float] = field(default_factory=dict)

    def policy(self) -> EnergyPolicy:
        """A fresh object: some rules remember their plan."""
        if self.rule == USUAL:
            return Usual()
        if self.rule == LOOKAHEAD:
            return Lookahead(np.array([self.params[name] for name in NAMES]))
        made: EnergyPolicy = load_plug(energy, self.rule)(**self.params)
        return made

    def card(self) -> dict[str, Any]:
        """As JSON knows it."""
        return {"rule": self.rule, "params": dict(self.params)}


def prior_of(card: Mapping[str, Any], path: object) -> Prior:
    """The prior of a saved agent.

    Raises
    ------
    ArtifactError
        If this version has no such rule, or it has other parameters.
    """
    try:
        prior = Prior(rule=card["site_prior"]["rule"], params=card["site_prior"]["params"])
        prior.policy()
    except (KeyError, TypeError, InputError) as error:
        raise ArtifactError(
            f"{path}: starts from a rule that this version does not have ({error}); train it again"
        ) from error
    return prior
