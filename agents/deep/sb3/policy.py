"""A model of Stable-Baselines3 as a policy that answers at the desk: the best legal action."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from gymnasium import spaces
from numpy.typing import NDArray
from stable_baselines3.common.policies import BasePolicy

from agents.deep.sb3.archive import read_model
from agents.deep.sb3.rebuild import rebuild
from factory_env.decision import Decision, FloorQuestion, Question, is_of_floor
from factory_env.envs.scheduling.actions import answer_of
from factory_env.envs.scheduling.encoder import Encoder, Observation, blocks_among
from factory_env.errors import IllegalAnswer

Floats = NDArray[np.float32]


class Scorer(Protocol):
    """A network that says how good every action is."""

    def score(self, observation: Mapping[str, torch.Tensor] | torch.Tensor) -> torch.Tensor:
        """Scores of all actions, (1, 33)."""
        ...

    def forget(self) -> None:
        """A new run begins."""
        ...


class ActorScorer:
    """Logits of a policy; with a memory if it is recurrent."""

    def __init__(self, network: Any, *, is_recurrent: bool) -> None:
        self._network = network
        self._is_recurrent = is_recurrent
        self._memory: Any = None

    def score(self, observation: Any) -> torch.Tensor:
        """Logits, (1, 33)."""
        if not self._is_recurrent:
            logits: torch.Tensor = self._network.get_distribution(observation).distribution.logits
            return logits
        is_first = torch.tensor([float(self._memory is None)])
        if self._memory is None:
            shape = self._network.lstm_hidden_state_shape
            size = (shape[0], 1, shape[2])
            self._memory = (torch.zeros(size), torch.zeros(size))
        distribution, self._memory = self._network.get_distribution(
            observation, self._memory, is_first
        )
        logits = distribution.distribution.logits
        return logits

    def forget(self) -> None:
        """The memory begins anew."""
        self._memory = None


class ValueScorer:
    """Values of actions: of a DQN as they are, of a QR-DQN the mean of their quantiles."""

    def __init__(self, network: Any) -> None:
        self._network = network

    def score(self, observation: Any) -> torch.Tensor:
        """Values, (1, 33)."""
        if hasattr(self._network, "quantile_net"):
            quantiles: torch.Tensor = self._network.quantile_net(observation)
            return quantiles.mean(dim=1)
        values: torch.Tensor = self._network.q_net(observation)
        return values

    def forget(self) -> None:
        """There is nothing to forget."""


class ModelPolicy:
    """Takes the legal action with the highest score; nothing is drawn.

    Parameters
    ----------
    scorer
        The network.
    encoder
        What it is shown.
    flat
        The space that the observation is laid out flat by, as `FlattenObservation` does; None =
        the network reads its parts.
    """

    def __init__(self, scorer: Scorer, encoder: Encoder, flat: spaces.Dict | None = None) -> None:
        self._scorer = scorer
        self._encoder = encoder
        self._flat = flat
        self._last_serial = -1

    def choose(self, decision: Decision) -> int:
        """The answer; position 0 holds."""
        return self._best(decision)

    def answer(self, question: Question) -> Any:
        """The answer to any kind; the house's rule decides where the model never learned it."""
        if is_of_floor(question) and self._encoder.describes(question):
            return self._best(question)
        return question.usual()

    def _best(self, question: FloorQuestion) -> int:
        if question.serial <= self._last_serial:
            self._scorer.forget()  # the next run
        self._last_serial = question.serial
        visible = self._encoder.visible(question)
        observation = self._encoder.encode(question, visible)
        with torch.no_grad():
            scores = self._scorer.score(self._tensors(observation))[0].numpy()
        if np.isnan(scores).any():
            raise IllegalAnswer("the network's scores are no numbers (NaN)")
        action = int(np.where(observation["mask"].astype(np.bool_), scores, -np.inf).argmax())
        return answer_of(question, visible, action)

    def _tensors(self, observation: Observation) -> Any:
        if self._flat is not None:
            row: Any = spaces.flatten(self._flat, observation)
            return torch.from_numpy(np.asarray(row, np.float32)[None])
        return {key: torch.from_numpy(value[None]) for key, value in observation.items()}


def load_model(path: Path) -> ModelPolicy:
    """The policy in a ``model.zip`` of Stable-Baselines3 or sb3-contrib, trained on Scheduling.

    PPO, A2C, MaskablePPO, RecurrentPPO, DQN and QR-DQN; nothing of the file is run or unpickled.

    Raises
    ------
    ArtifactError
        If it can not be rebuilt safely: with the reason and what to do.
    """
    saved = read_model(path)
    encoder = Encoder(blocks=blocks_among(saved.spaces))
    space = encoder.space()
    network, kind = rebuild(saved, space)
    torch.set_num_threads(1)
    flat = None if saved.spaces else space
    return ModelPolicy(scorer_for(network, is_recurrent=kind.is_recurrent), encoder, flat)


def policy_from_model(model: Any) -> ModelPolicy:
    """The policy of a model of Stable-Baselines3 that is at hand, trained on Scheduling."""
    network, space = model.policy, model.observation_space
    names = space.spaces if isinstance(space, spaces.Dict) else ()
    encoder = Encoder(blocks=blocks_among(names))
    network.set_training_mode(False)
    is_recurrent = hasattr(network, "lstm_actor")
    flat = None if names else encoder.space()
    return ModelPolicy(scorer_for(network, is_recurrent=is_recurrent), encoder, flat)


def scorer_for(network: BasePolicy, *, is_recurrent: bool) -> Scorer:
    """How a network's actions are scored."""
    if hasattr(network, "q_net") or hasattr(network, "quantile_net"):
        return ValueScorer(network)
    return ActorScorer(network, is_recurrent=is_recurrent)
