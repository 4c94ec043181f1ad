"""A joint network as a policy that answers every question of the house; saved without pickle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy
from torch import nn

from agents.card import agent_folder, read_card, refuse_strange, require
from agents.deep.checkpoint import load_weights
from agents.deep.energy.priors import Prior, Rules, prior_from_card
from agents.deep.joint.network import N_ORDERS, JointPolicy
from factory_env.decision import Decision, FloorQuestion, Policy, Question
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice, EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs.joint import actions as joint_actions
from factory_env.envs.joint.seat import ENERGY, JointSeat
from factory_env.envs.scheduling.encoder import blocks_among, blocks_of
from factory_env.errors import ArtifactError

KIND: Final = "joint_network"
CUTS: Final = joint_actions.STARTS[1:]


class JointNetwork:
    """Takes the most probable legal answer, of an order as of each control."""

    def __init__(self, network: MaskableActorCriticPolicy, seat: JointSeat) -> None:
        self._network = network
        self._seat = seat

    def choose(self, decision: Decision) -> int:
        """Which order a line takes; position 0 holds."""
        return int(self._best(decision))

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        """How the site runs."""
        answer: EnergyAnswer = self._best(choice)
        return answer

    def answer(self, question: Question) -> Any:
        """The answer to any kind; the house's rule decides where the network never learned it."""
        if self._seat.hears(question):
            return self._best(question)
        return question.usual()

    def score(self, question: FloorQuestion) -> NDArray[np.float64] | None:
        """Logit of every answer about the floor, NaN where it is out of sight; None = no view."""
        if not self._seat.hears(question):
            return None
        self._seat.look(question)
        meant = question.answers(self._seat.orders.visible(question))
        scores = np.full(question.legal().shape, np.nan)
        scores[meant] = self._scores(self._seat.observe(), is_site=False)[: meant.shape[0]]
        return scores

    def _best(self, question: Question) -> Any:
        self._seat.look(question)
        scores = self._scores(self._seat.observe(), isinstance(question, EnergyChoice))
        legal = np.where(self._seat.mask.astype(np.bool_), scores, -np.inf)
        action = np.array([int(part.argmax()) for part in np.split(legal, CUTS)])
        return self._seat.decode(action)

    def _scores(self, observation: Mapping[str, Any], is_site: bool) -> NDArray[np.float32]:
        """Scores of all choices, (62,); only those of what is asked for are computed."""
        out = np.zeros(joint_actions.N_MASK, dtype=np.float32)
        net: Any = self._network.features_extractor
        with torch.no_grad():
            if is_site:
                row = torch.from_numpy(observation[ENERGY][None])
                out[N_ORDERS:] = net.level_scores(row)[0].numpy()
            else:
                tensors = {k: torch.from_numpy(v[None]) for k, v in observation.items()}
                out[:N_ORDERS] = net.orders(tensors)[0, :N_ORDERS].numpy()
        return out


def joint_features(seat: JointSeat) -> dict[str, list[str]]:
    """Names of all features by block: what the weights were trained to read."""
    return {name: list(seat.feature_names(name)) for name in (*seat.orders.blocks, ENERGY)}


def build_joint(seat: JointSeat, arguments: Mapping[str, Any]) -> MaskableActorCriticPolicy:
    """An untrained network for what the seat sees."""
    return JointPolicy(seat.space(), seat.action_space, lambda _: 1e-4, **arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointStage:
    """Where the weights of who runs lines and site are judged."""

    scenario: Scenario
    prior: Prior  # of the site
    order_prior: Mapping[str, float]
    network_args: Mapping[str, Any]

    def seat(self) -> tuple[nn.Module, Policy, EnergyPolicy]:
        """A network with any weights, and who runs lines and site with it: one object."""
        made = JointSeat(self.prior.policy(), self.order_prior, blocks=blocks_of(self.scenario))
        network = build_joint(made, self.network_args)
        network.set_training_mode(False)
        both = JointNetwork(network, made)
        return network, both, both


def load_joint(folder: str | Path, rules: Rules) -> JointNetwork:
    """The joint agent of a run folder, of a checkpoint folder, or ``pretrained``.

    Parameters
    ----------
    rules
        Makes the rule for the site that the agent started from.

    Raises
    ------
    ArtifactError
        If there is none of this version and these observations.
    """
    path = agent_folder(folder, "joint")
    card = read_card(path)
    if card.get("kind") != KIND:
        raise ArtifactError(f"{path}: not a joint agent; give a run folder of train.py env=joint")
    require(card, path, {"network_args": dict, "order_prior": dict, "features": dict})
    prior = prior_from_card(card, path, rules).policy()
    with refuse_strange(path):
        seat = JointSeat(prior, card["order_prior"], blocks=blocks_among(card["features"]))
    if card.get("features") != joint_features(seat):
        raise ArtifactError(
            f"{path}: this agent reads other observation features than this version shows; "
            "train it again or use the version that trained it"
        )
    with refuse_strange(path):
        network = build_joint(seat, card["network_args"])
    load_weights(path, network)
    network.set_training_mode(False)
    torch.set_num_threads(1)
    return JointNetwork(network, seat)
