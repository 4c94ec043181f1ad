"""Saved agents that run the lines: the card of a folder says what kind of agent lies in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from agents import rules
from agents.card import agent_folder, read_card
from agents.tabular.checkpoint import KIND, load_table
from factory_env.decision import Policy

NO_PLANT: Final = ""  # the values of a rule stand in the card: none are tuned anew


def load_saved(folder: str | Path) -> Policy:
    """The agent of a run folder, of a checkpoint folder, or ``pretrained``.

    Raises
    ------
    ArtifactError
        If there is no agent that this version can use.
    """
    if read_card(agent_folder(folder, "scheduling")).get("kind") == KIND:
        return load_table(folder, _make_rule)
    from agents.deep.load import load_agent  # brings torch

    return load_agent(folder)


def _make_rule(name: str, params: Mapping[str, Any]) -> Policy:
    return rules.load(name, NO_PLANT, params, where="saved table")
