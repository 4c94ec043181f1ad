"""What the second version of the scheduling environment tells beside observation and reward."""

from __future__ import annotations

from typing import Any

from factory_env.decision import FloorQuestion
from factory_env.decisions.order_choice import OrderChoice
from factory_env.envs.episode import Episode
from factory_env.envs.observations.orders import Orders
from factory_env.envs.scheduling.encoder import Encoder, Observation
from factory_env.kpi.table import kpis

FORESIGHT = "foresight"  # what a reward's potential adds to the parts of the cost
PENALTY = "penalty"  # what a masked action was charged
RULE_COLUMN = tuple(f.name for f in Orders.features).index("rule_log_index")


class Telling:
    """Masks, the rule's action and money by part; it keeps what has been told already."""

    def __init__(self, encoder: Encoder) -> None:
        self._n_columns = len(encoder.blocks["orders"].features)
        self._parts_usd: dict[str, float] = {}

    def begin(
        self, episode: Episode, question: FloorQuestion | None, seen: Observation
    ) -> dict[str, Any]:
        """The info of a reset."""
        self._parts_usd = episode.factory.cost_parts_usd
        parts = dict.fromkeys((*self._parts_usd, PENALTY, FORESIGHT), 0.0)
        return episode.tell_step() | self._tell(question, seen, parts)

    def go_on(
        self,
        episode: Episode,
        question: FloorQuestion | None,
        seen: Observation,
        usd: float,
        penalty_usd: float,
    ) -> dict[str, Any]:
        """The info of a step that was rewarded with ``usd``, a penalty taken off already."""
        before, now = self._parts_usd, episode.factory.cost_parts_usd
        self._parts_usd = now
        parts = {name: before[name] - now[name] for name in now}
        parts[PENALTY] = 0.0 - penalty_usd
        parts[FORESIGHT] = usd - sum(parts.values())
        told = self._tell(question, seen, parts)
        if question is None:
            told["kpis"] = kpis(episode.factory.kpi_log())
        return told

    def _tell(
        self, question: FloorQuestion | None, seen: Observation, parts: dict[str, float]
    ) -> dict[str, Any]:
        return {
            "action_mask": seen["mask"].copy(),
            "rule_action": self._rule_action(question, seen),
            "reward_parts": parts,
        }

    def _rule_action(self, question: FloorQuestion | None, seen: Observation) -> int:
        """Action of the highest index; of the house where no order is chosen, 0 at the end."""
        if question is None:
            return 0
        if not isinstance(question, OrderChoice):
            return int(question.usual())  # every answer is an action
        index = seen["orders"].reshape(-1, self._n_columns)[:, RULE_COLUMN]
        return 1 + int(index.argmax())  # the best is 0, and the first of those
