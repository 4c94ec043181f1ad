"""The socket for rewards."""

from __future__ import annotations

from typing import Protocol


class Costed(Protocol):
    """What a reward may read of the factory."""

    @property
    def cost_usd(self) -> float: ...

    @property
    def projected_cost_usd(self) -> float: ...

    def scheduled_cost_usd(self, rule: tuple[float, float, float, float, float]) -> float: ...

    @property
    def cost_parts_usd(self) -> dict[str, float]: ...


class Reward(Protocol):
    """Minus the cost since it was last asked; one object per episode."""

    def since_last(self, factory: Costed) -> float:
        """The reward of the span since the previous call (or the start) [USD]."""
        ...
