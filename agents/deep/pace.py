"""How boldly PPO moves: a short training needs large steps, a long one is spoiled by them.

Measured on the mid plant, 300,000 decisions, one training seed, 30 validation seeds (start 21,622
USD): with the short pace the best checkpoint stood at 19,834 USD and the weights circled; with the
long one at 19,359 after 115,000 decisions, and on. Below 50,000 decisions it is the other way round
(docs/decisions/0025). The average of the weights is judged, and one that keeps 0.9 an update is
still a third of the start after ten updates, so a short training keeps less of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

AUTO, SHORT, LONG = "auto", "short", "long"
LONG_FROM: Final = 100_000  # decisions
PACES: Final[Mapping[str, Mapping[str, float]]] = {
    SHORT: {
        "n_steps": 128,
        "batch_size": 256,
        "learning_rate": 2e-3,
        "final_learning_rate": 1e-4,
        "gae_lambda": 0.8,
        "entropy": 0.003,
        "averaging": 0.8,
    },
    LONG: {
        "n_steps": 256,
        "batch_size": 512,
        "learning_rate": 8e-4,
        "final_learning_rate": 3e-5,
        "gae_lambda": 0.9,
        "entropy": 0.004,
        "averaging": 0.9,
    },
}


def settle_pace(settings: Mapping[str, Any], steps: int) -> dict[str, Any]:
    """The settings with the pace that ``auto`` means for so many decisions.

    What the pace says stands where the settings say nothing (no key, or null).
    """
    said = {key: value for key, value in settings.items() if value is not None}
    pace = said.get("pace", AUTO)
    if pace == AUTO:
        pace = LONG if steps >= LONG_FROM else SHORT
    usual = PACES.get(str(pace), {})  # another word is refused with the other settings
    open_keys = {key: None for key in settings if key not in usual and key not in said}
    return {**usual, **open_keys, **said, "pace": pace}
