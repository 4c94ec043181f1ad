"""The rule a learned site policy starts from, written into its card and made again from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.errors import ArtifactError, InputError


class Rules(Protocol):
    """Makes rules for the site by name: the learner does not know which there are."""

    def __call__(self, rule: str, params: Mapping[str, float]) -> EnergyPolicy:
        """A fresh object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """A rule by its name and values, and who makes it of them."""

    rule: str
    rules: Rules
    params: Mapping[str, float] = field(default_factory=dict)

    def policy(self) -> EnergyPolicy:
        """A fresh object: some rules remember their plan."""
        return self.rules(self.rule, self.params)

    def card(self) -> dict[str, Any]:
        """As JSON knows it."""
        return {"rule": self.rule, "params": dict(self.params)}


def prior_from_card(card: Mapping[str, Any], path: object, rules: Rules) -> Prior:
    """The prior of a saved agent.

    Raises
    ------
    ArtifactError
        If this version has no such rule, or it has other parameters.
    """
    try:
        written = card["site_prior"]
        prior = Prior(rule=written["rule"], params=written["params"], rules=rules)
        prior.policy()
    except (AttributeError, KeyError, TypeError, ValueError, InputError) as error:
        raise ArtifactError(
            f"{path}: starts from a rule that this version does not have ({error}); train it again"
        ) from error
    return prior
