"""A network trained on `EnergyEnv` as a policy that runs the site; no pickle anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from gymnasium import spaces
from stable_baselines3 import PPO, SAC, TD3
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.policies import BasePolicy
from torch import nn

from agents.card import checkpoint_folder, read_card, refuse_strange, require
from agents.deep.checkpoint import load_weights
from agents.deep.energy.priors import Prior, Rules, prior_from_card
from factory_env.decision import Policy
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice, EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs.energy import actions as energy_actions
from factory_env.envs.energy.encoder import FEATURES, EnergyEncoder
from factory_env.errors import ArtifactError

KIND: Final = "energy_network"
ALGORITHMS: Final[dict[str, type[BaseAlgorithm]]] = {"sac": SAC, "td3": TD3, "ppo": PPO}


class EnergyNetwork:
    """Answers with the mean action of the network, around what the prior would do."""

    def __init__(self, network: BasePolicy, encoder: EnergyEncoder) -> None:
        self._network, self._encoder = network, encoder

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        """The answer to one question."""
        usual = self._encoder.usual(choice)
        row = self._encoder.encode(choice, usual)
        action, _ = self._network.predict(row, deterministic=True)
        return energy_actions.answer_of(np.asarray(action, dtype=np.float64), choice, usual)


def features() -> list[str]:
    """Names of what the weights were trained to read."""
    return [f.name for f in FEATURES]


def load_energy_network(folder: str | Path, rules: Rules) -> EnergyNetwork:
    """The site policy of a run folder of ``train.py env=energy``, or of a checkpoint folder.

    Parameters
    ----------
    rules
        Makes the rule that the agent started from.

    Raises
    ------
    ArtifactError
        If there is none of this version and these observations.
    """
    path = checkpoint_folder(Path(folder))
    card = read_card(path)
    if card.get("kind") != KIND:
        raise ArtifactError(
            f"{path}: not a network that runs a site; give a run folder of train.py env=energy"
        )
    if card.get("features") != features() or card.get("algorithm") not in ALGORITHMS:
        raise ArtifactError(
            f"{path}: this agent reads other observation features than this version shows; "
            "train it again or use the version that trained it"
        )
    encoder = EnergyEncoder(prior_from_card(card, path, rules).policy())
    require(card, path, {"network_args": dict})
    with refuse_strange(path):
        network = build_site_network(card["algorithm"], card["network_args"], encoder)
    load_weights(path, network)
    network.set_training_mode(False)
    torch.set_num_threads(1)
    return EnergyNetwork(network, encoder)


def build_site_network(
    algorithm: str, arguments: Mapping[str, Any], encoder: EnergyEncoder
) -> BasePolicy:
    """An untrained network for what the encoder shows."""
    space = spaces.Box(-1.0, 1.0, (energy_actions.N_CONTROLS,), dtype=np.float32)
    policy_class: Any = ALGORITHMS[algorithm].policy_aliases["MlpPolicy"]
    network: BasePolicy = policy_class(encoder.space(), space, lambda _: 1e-4, **arguments)
    return network


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyStage:
    """Where the weights of who runs the site are judged, while a policy runs the lines."""

    scenario: Scenario
    lines: Policy
    prior: Prior
    algorithm: str
    network_args: Mapping[str, Any]

    def seat(self) -> tuple[nn.Module, Policy, EnergyPolicy]:
        """A network with any weights, and who runs lines and site with it."""
        encoder = EnergyEncoder(self.prior.policy())
        network = build_site_network(self.algorithm, self.network_args, encoder)
        network.set_training_mode(False)
        return network, deepcopy(self.lines), EnergyNetwork(network, encoder)
