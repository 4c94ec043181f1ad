"""The end of a training in one line: how long, how fast, and what of the result was learned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.card import BEST_STEP
from agents.deep.training import Trainer
from experiments.evaluating.start import NOTHING_LEARNED


def training_facts(trainer: Trainer) -> dict[str, Any]:
    """What a training with gradients leaves for the summary."""
    begun = 0 if trainer.gone_on is None else trainer.gone_on.steps
    steps = trainer.model.num_timesteps
    rate = (steps - begun) / trainer.seconds if trainer.seconds > 0.0 else None
    return {
        "steps": steps,
        "decisions_per_s": None if rate is None else round(rate, 1),  # with updates and looks
        BEST_STEP: trainer.best_step,
    }


def tell_end(figures: Mapping[str, Any]) -> str:
    """Minutes, decisions a second, best step, cost against rule and start, folder."""
    words = [f"{figures['train_minutes']:.1f} minutes"]
    if figures.get("decisions_per_s"):
        words[0] += f", {figures['steps']:,} decisions, {figures['decisions_per_s']:,.0f} a second"
    if (step := figures.get(BEST_STEP)) is not None:
        words.append(f"best step {step:,}" if step else NOTHING_LEARNED)
    if "start_share" in figures:
        cost = 1.0 - figures["start_share"] - figures["learned_share"]
        rule = figures.get("best_rule") or figures.get("best_pair")
        words.append(f"cost {cost:.3f} of {rule}")
    if step and "start_ratio" in figures:
        low, high = figures["start_ratio_ci_low"], figures["start_ratio_ci_high"]
        words.append(f"{figures['start_ratio']:.3f} of its start ({low:.3f} .. {high:.3f})")
    return "; ".join([*words, str(figures["folder"])])
