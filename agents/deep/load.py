"""A saved network as a policy that answers at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gymnasium import spaces
from numpy.typing import NDArray
from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy

from agents.card import agent_folder, read_card, refuse_strange, require
from agents.deep.checkpoint import load_weights
from agents.deep.policies import NETWORKS
from factory_env.decision import Decision, FloorQuestion, Question, is_of_floor
from factory_env.envs.scheduling.actions import N_ACTIONS, answer_of
from factory_env.envs.scheduling.encoder import Encoder, Observation, blocks_among
from factory_env.errors import ArtifactError


class NetworkPolicy:
    """Takes the most probable legal answer."""

    def __init__(self, network: MaskableActorCriticPolicy, encoder: Encoder) -> None:
        self._network = network
        self._encoder = encoder
        network.set_training_mode(False)

    @property
    def network(self) -> MaskableActorCriticPolicy:
        """The network itself."""
        return self._network

    @property
    def prior(self) -> Mapping[str, float]:
        """Parameters of the rule whose index it is shown."""
        return self._encoder.prior

    def forget(self) -> None:
        """A new run begins: there is nothing to forget."""

    def choose(self, decision: Decision) -> int:
        """The answer; position 0 holds."""
        return self._best(decision)

    def answer(self, question: Question) -> Any:
        """The answer to any kind; the house's rule decides where the network never learned it."""
        if is_of_floor(question) and self._encoder.describes(question):
            return self._best(question)
        return question.usual()

    def act(self, observation: Observation) -> int:
        """The most probable legal action of what an environment shows, in its own numbers."""
        mask = observation["mask"].astype(np.bool_)
        return int(np.where(mask, self._logits(observation), -np.inf).argmax())

    def score(self, question: FloorQuestion) -> NDArray[np.float64] | None:
        """Logit of every answer, NaN where it is out of sight; None where it never learned."""
        if not self._encoder.describes(question):
            return None
        visible = self._encoder.visible(question)
        meant = question.answers(visible)
        scores = np.full(question.legal().shape, np.nan)
        scores[meant] = self._logits(self._encoder.encode(question, visible))[: meant.shape[0]]
        return scores

    def _logits(self, observation: Observation) -> NDArray[np.float32]:
        """Of all actions, shape (33,)."""
        device = self._network.device
        tensors = {k: torch.from_numpy(v[None]).to(device) for k, v in observation.items()}
        with torch.no_grad():
            features: Any = self._network.extract_features(tensors)  # type: ignore[arg-type]
            latent = self._network.mlp_extractor.forward_actor(self._recall(features))
            scores: NDArray[np.float32] = self._network.action_net(latent)[0].cpu().numpy()
        return scores

    def _recall(self, features: Any) -> Any:
        """What is seen, with what is remembered."""
        return features

    def _best(self, decision: FloorQuestion) -> int:
        visible = self._encoder.visible(decision)
        return answer_of(decision, visible, self.act(self._encoder.encode(decision, visible)))


class RecallingPolicy(NetworkPolicy):
    """The same with a network that remembers the run."""

    def __init__(self, network: Any, encoder: Encoder) -> None:
        super().__init__(network, encoder)
        self._memory = network.new_memory()
        self._last_serial = -1

    def forget(self) -> None:
        """A new run begins."""
        self._memory = self._network.new_memory()  # type: ignore[operator]

    def _best(self, decision: FloorQuestion) -> int:
        if decision.serial <= self._last_serial:
            self.forget()
        self._last_serial = decision.serial
        return super()._best(decision)

    def _recall(self, features: Any) -> Any:
        network: Any = self._network
        seen, self._memory = network.recall(features, self._memory, torch.zeros(1))
        return seen


def policy_of_network(network: Any, encoder: Encoder) -> NetworkPolicy:
    """What plays with a network of `NETWORKS`."""
    kind = RecallingPolicy if hasattr(network, "recall") else NetworkPolicy
    return kind(network, encoder)


def load_agent(folder: str | Path) -> NetworkPolicy:
    """The agent of a run folder (its best checkpoint), of a checkpoint folder, or ``pretrained``.

    Raises
    ------
    ArtifactError
        If there is no readable agent of this version and these observations.
    """
    path = agent_folder(folder, "scheduling")
    card = read_card(path)
    if "kind" in card:
        raise ArtifactError(f"{path}: holds no scheduling agent, but a {card['kind']}")
    require(card, path, {"network": str, "network_args": dict, "prior": dict, "features": dict})
    with refuse_strange(path):
        encoder = Encoder(card["prior"], blocks_among(card["features"]))
    check_features(card, encoder, path)
    with refuse_strange(path):
        network = build_network(card["network"], card["network_args"], encoder)
    load_weights(path, network)
    torch.set_num_threads(1)
    return policy_of_network(network, encoder)


def build_network(
    name: str, arguments: dict[str, Any], encoder: Encoder
) -> MaskableActorCriticPolicy:
    """An untrained network for the encoder's observations."""
    if name not in NETWORKS:
        raise ArtifactError(f"network {name!r} is unknown; known: {', '.join(NETWORKS)}")
    space = spaces.Discrete(N_ACTIONS)
    network: MaskableActorCriticPolicy = NETWORKS[name](
        encoder.space(), space, lambda _: 1e-4, **arguments
    )
    return network


def feature_names(encoder: Encoder) -> dict[str, list[str]]:
    """Names of all features by block: what the weights were trained to read."""
    return {name: [f.name for f in block.features] for name, block in encoder.blocks.items()}


def check_features(card: dict[str, Any], encoder: Encoder, path: Path) -> None:
    """Raise `ArtifactError` if the agent was trained on other observations."""
    if card.get("features") != feature_names(encoder):
        raise ArtifactError(
            f"{path}: this agent reads other observation features than this version shows; "
            "train it again or use the version that trained it"
        )
