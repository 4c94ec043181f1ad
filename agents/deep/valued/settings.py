"""Settings of the learners that know the value of every answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from agents.deep.lines import LinesSettings
from factory_env.domain.limits import NonNegative, Positive, Share, Size, SizeOrNone
from factory_env.errors import Problem, wrong

MOST_AHEAD = 100  # decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class DqnSettings(LinesSettings):
    """A masked, double, duelling DQN that looks some decisions ahead."""

    n_steps: Size = 32  # decisions of an environment between two rounds of updates
    updates: Size = 16  # of a round
    batch_size: Size = 256
    buffer_size: Size = 50_000  # decisions
    warm_up: SizeOrNone = 4_096  # decisions before the first update, played as the start does
    critic_updates: SizeOrNone = 128  # at first, in which only the value of the state is learned
    ahead: Size = 3  # decisions from one that is valued to the state that its goal is taken from
    double: bool = True  # the network chooses the answer there, its target values it
    temperature: Positive = 0.05  # value of a point of score, in scaled rewards
    bonus: Share = 0.0  # of the log chance of the answer in its goal (Munchausen DQN); 0 = none
    explore: Share = 0.2  # chance at first that an answer is drawn by the scores, else the best
    least_explore: Share = 0.05  # at the end
    at_random: Share = 0.1  # of those drawn: any legal answer
    target_share: Share = 0.01  # of the network that goes into its target at each update
    learning_rate: Positive = 5e-4
    final_learning_rate: NonNegative = 5e-5
    max_grad_norm: Positive = 1.0
    semi_markov: bool = True  # discount by elapsed time; False = gamma per decision
    gamma: Share = 0.97

    def problems(self) -> Iterator[Problem]:
        """The memory holds more than what is looked ahead."""
        yield from LinesSettings.problems(self)
        who, most = "agent config", self.buffer_size // self.envs
        if self.ahead > MOST_AHEAD:
            right = f"at most {MOST_AHEAD}"
            yield wrong(who, "agent.ahead", "must be decisions", self.ahead, right)
        elif most <= self.ahead + self.n_steps:
            rule = "must hold a round of all environments"
            right = f"more than {(self.ahead + self.n_steps) * self.envs}"
            yield wrong(who, "agent.buffer_size", rule, self.buffer_size, right)

    @property
    def n_values(self) -> int:
        """Numbers that say what a state is worth."""
        return 1


@dataclass(frozen=True, slots=True, kw_only=True)
class QrDqnSettings(DqnSettings):
    """The same with quantiles of the return in place of its mean."""

    quantiles: Size = 25

    def network_name(self) -> str:
        """With a quantile a value."""
        return "quantile_scoring"

    def network_args(self) -> dict[str, Any]:
        """Constructor arguments of the network."""
        return {**LinesSettings.network_args(self), "quantiles": self.quantiles}

    @property
    def n_values(self) -> int:
        """Quantiles."""
        return self.quantiles
