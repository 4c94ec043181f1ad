"""A price on lateness that a learner raises while its runs are later than allowed, else lowers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from stable_baselines3.common.callbacks import BaseCallback

LEAST_SCALE_USD = 100.0  # a limit of 0 would make every excess infinite


@dataclass(slots=True, kw_only=True)
class LatenessPrice:
    """The multiplier of a Lagrangian: dual ascent on the relative excess, within 0 and ``most``."""

    multiplier: float
    limit_usd: float
    learning_rate: float
    most: float

    def update(self, lateness_usd: float) -> float:
        """Raise it if a run's ``lateness_usd`` is above the limit, lower it below; the new one."""
        scale_usd = max(self.limit_usd, LEAST_SCALE_USD)
        step = self.learning_rate * (lateness_usd - self.limit_usd) / scale_usd
        self.multiplier = float(np.clip(self.multiplier + step, 0.0, self.most))
        return self.multiplier


@dataclass(frozen=True, slots=True)
class KeptMultiplier:
    """The multiplier in the card of a checkpoint."""

    price: LatenessPrice
    entry: str = "multiplier"

    def read(self) -> float:
        """The present one."""
        return self.price.multiplier

    def write(self, value: float) -> None:
        """Go on from a saved one."""
        self.price.multiplier = value


class PriceLateness(BaseCallback):
    """Between rollouts, moves the multiplier by what the runs ended since then say."""

    def __init__(self, price: LatenessPrice) -> None:
        super().__init__()
        self.price = price
        self._lateness_usd: list[float] = []

    def _on_training_start(self) -> None:
        self._tell()

    def _on_step(self) -> bool:
        ended = [i["lateness_usd"] for i in self.locals["infos"] if "lateness_usd" in i]
        self._lateness_usd += ended
        return True

    def _on_rollout_start(self) -> None:
        if not self._lateness_usd:
            return
        for lateness_usd in self._lateness_usd:
            self.price.update(lateness_usd)
        self.logger.record("constraint/lateness_usd", float(np.mean(self._lateness_usd)))
        self._lateness_usd.clear()
        self._tell()

    def _tell(self) -> None:
        self.training_env.env_method("price_constraint", self.price.multiplier)
        self.logger.record("constraint/multiplier", self.price.multiplier)
        self.logger.record("constraint/limit_usd", self.price.limit_usd)
