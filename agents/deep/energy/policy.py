"""A saved energy policy: learned weights of the look-ahead, by tariff, as safetensors and JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from agents.deep.checkpoint import CARD, FORMAT, WEIGHTS, read_card
from agents.deep.energy.lookahead import AHEAD, LEVELS, MEMORY, NAMES, START, decide
from factory_env.decision import EnergyPolicy
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.domain.site import BOILER_OFF, BOILER_ON
from factory_env.errors import ArtifactError
from factory_env.sim.slot_engine import Rows, site_record

Floats = NDArray[np.float64]
PRETRAINED: Final = Path(__file__).resolve().parents[2] / "pretrained" / "energy"
KIND: Final = "energy_lookahead"


class LookaheadPolicy:
    """Runs the site; one object serves one run after the other, not two at a time."""

    def __init__(self, weights: Floats) -> None:
        self.weights = np.asarray(weights, dtype=np.float64)
        self._memory, self._usual = np.zeros(MEMORY), np.full((2, AHEAD), np.nan)
        self._caps, self._spare = np.zeros(AHEAD), np.zeros(AHEAD + 1)
        self._value, self._answer = np.zeros((AHEAD + 1, LEVELS)), np.zeros(3)
        self._known: tuple[Any, Rows] | None = None

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        """The answer to one question."""
        if self._known is None or self._known[0] is not choice.site:
            self._known = (choice.site, site_record(choice.site))
        site = self._known[1][0]
        seen = (
            float(choice.slot),
            choice.soc_kwh - float(site["battery_low_kwh"]),
            choice.indoor_c,
            choice.boiler_warm_min,
            float(choice.last_load_kw[-1]),
            choice.days_left,
            1.0 if choice.is_day else 0.0,
        )
        tariff = (choice.price_usd, choice.export_usd, choice.demand_band, choice.demand_usd,
                  choice.peak_kw)  # fmt: skip
        decide(self.weights, seen, self._memory, self._usual, self._caps, self._spare, self._value,
               site, tuple(choice.site.cooling.set_point_range_c), tariff,
               (choice.outdoor_c, choice.pv_kw, choice.open_share), self._answer)  # fmt: skip
        battery_kw, set_point_c, is_lit = self._answer.tolist()
        return EnergyAnswer(
            battery_kw=battery_kw,
            set_point_c=set_point_c,
            boiler_mode=BOILER_ON if is_lit > 0.0 else BOILER_OFF,
            lines_allowed=choice.lines,
        )


def save_policy(folder: Path, weights: Mapping[str, Floats], facts: Mapping[str, Any]) -> None:
    """Write the weights of every tariff trained on, and the card last."""
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{WEIGHTS}.new"
    save_file({name: np.asarray(w, dtype=np.float64) for name, w in weights.items()}, beside)
    os.replace(beside, folder / WEIGHTS)
    card = {"format": FORMAT, "kind": KIND, "weights": list(NAMES), **facts}
    beside = folder / f"{CARD}.new"
    beside.write_text(json.dumps(card, indent=2, sort_keys=True) + "\n")
    os.replace(beside, folder / CARD)


def load_policy(folder: str | Path, tariff: str = "") -> EnergyPolicy:
    """The policy of a run folder or ``pretrained``.

    With a tariff that it was not trained on, the mean of its weights answers.

    Raises
    ------
    ArtifactError
        If there is no readable energy policy of this version.
    """
    path = PRETRAINED if str(folder) == "pretrained" else Path(folder)
    if (path / "best" / CARD).is_file():
        path = path / "best"
    card = read_card(path)
    if card.get("kind") == "energy_network":
        from agents.deep.energy.networks import load_network  # brings torch

        return load_network(path)
    if card.get("kind") != KIND or card.get("weights") != list(NAMES):
        raise ArtifactError(f"{path}: no energy policy of this version; train it again")
    try:
        tensors = load_file(path / WEIGHTS)
    except (SafetensorError, OSError) as error:
        raise ArtifactError(f"{path / WEIGHTS}: not a readable safetensors file ({error})") from error
    if any(t.shape != START.shape for t in tensors.values()) or not tensors:
        raise ArtifactError(f"{path / WEIGHTS}: weights of another policy")
    if tariff in tensors:
        return LookaheadPolicy(tensors[tariff])
    return LookaheadPolicy(np.mean(list(tensors.values()), axis=0))
