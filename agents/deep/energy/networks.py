"""Networks trained on `EnergyEnv` by SAC, TD3 or PPO, saved and loaded without pickle."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from gymnasium import spaces
from stable_baselines3 import PPO, SAC, TD3
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.policies import BasePolicy

from agents.deep.checkpoint import load_weights, read_card, save
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.envs import energy_actions
from factory_env.envs.energy_gym import EnergyEnv
from factory_env.envs.energy_observation import EnergyEncoder
from factory_env.errors import ArtifactError

KIND: Final = "energy_network"
ALGORITHMS: Final[dict[str, type[BaseAlgorithm]]] = {"sac": SAC, "td3": TD3, "ppo": PPO}


class EnergyNetwork:
    """Answers with the mean action of the network, around what the prior rule would do."""

    def __init__(self, network: BasePolicy, encoder: EnergyEncoder) -> None:
        self._network, self._encoder = network, encoder
        network.set_training_mode(False)

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        """The answer to one question."""
        usual = self._encoder.usual(choice)
        row = self._encoder.encode(choice, usual)
        action, _ = self._network.predict(row, deterministic=True)
        return energy_actions.answer_of(np.asarray(action, dtype=np.float64), choice, usual)


def build_model(name: str, env: EnergyEnv, settings: dict[str, Any], seed: int) -> BaseAlgorithm:
    """An untrained learner; its mean action is near 0, the prior's answer."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    known = dict(settings)
    width = int(known.pop("width"))
    model = ALGORITHMS[name](
        "MlpPolicy", env, seed=seed, device="cpu", policy_kwargs={"net_arch": [width, width]}, **known
    )
    _start_at_the_prior(model)
    return model


def save_network(folder: Path, name: str, model: BaseAlgorithm, facts: dict[str, Any]) -> None:
    """Weights and card."""
    width = model.policy_kwargs["net_arch"][0]
    features = [f.name for f in EnergyEncoder.features]
    card = {"kind": KIND, "algorithm": name, "width": width, "features": features, **facts}
    save(folder, model.policy, card, optimizer=False)


def load_network(folder: Path) -> EnergyNetwork:
    """The network of a checkpoint folder.

    Raises
    ------
    ArtifactError
        If it reads other observations than this version shows.
    """
    card, encoder = read_card(folder), EnergyEncoder()
    if card.get("features") != [f.name for f in encoder.features]:
        raise ArtifactError(f"{folder}: reads other observations than this version; train it again")
    model = ALGORITHMS[card["algorithm"]]
    space = spaces.Box(-1.0, 1.0, (energy_actions.N_CONTROLS,), dtype=np.float32)
    policy_class = model.policy_aliases["MlpPolicy"]
    network: Any = policy_class(
        encoder.space(), space, lambda _: 1e-4, net_arch=[card["width"], card["width"]]
    )
    load_weights(folder, network)
    return EnergyNetwork(network, encoder)


def _start_at_the_prior(model: BaseAlgorithm) -> None:
    """Shrink the layer that gives the mean action."""
    policy: Any = model.policy
    heads = [policy.action_net] if hasattr(policy, "action_net") else _heads(policy)
    with torch.no_grad():
        for head in heads:
            head.weight.mul_(0.01)
            head.bias.zero_()


def _heads(policy: Any) -> list[torch.nn.Linear]:
    actors = [policy.actor, *([policy.actor_target] if hasattr(policy, "actor_target") else [])]
    return [[m for m in actor.mu.modules() if isinstance(m, torch.nn.Linear)][-1] for actor in actors]
