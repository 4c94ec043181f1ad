"""A model of Stable-Baselines3 as a policy that answers at the desk: the best legal action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import numpy as np
import torch
from gymnasium import spaces
from numpy.typing import NDArray
from stable_baselines3.common.policies import BasePolicy

from agents.deep.sb3.archive import read_model
from agents.deep.sb3.rebuild import rebuild
from factory_env.decision import Decision, FloorQuestion, Question, is_of_floor
from factory_env.decisions.order_choice import OrderChoice
from factory_env.envs.observation import MAX_ORDERS
from factory_env.envs.scheduling.actions import N_ACTIONS
from factory_env.envs.scheduling.encoder import Encoder, Observation, blocks_among
from factory_env.envs.scheduling.seat import HeldSeat
from factory_env.envs.wrappers.sorted_orders import KEYS
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedOn:
    """How the environment was set up that a model learned on, as far as the model can not say."""

    hold: Literal["free", "once", "never"] = "once"  # the default of Scheduling-v1; v0 is free
    sort_by: Literal["index", "due"] | None = None  # of the wrapper `SortedOrders`
    prior: Mapping[str, float] | None = None  # of the environment; None = its default


AS_USUAL: Final = TrainedOn()


class ModelPolicy:
    """Takes the legal action with the highest score; nothing is drawn.

    Parameters
    ----------
    scorer
        The network.
    seat
        What it is shown, and which answers it may give.
    sort_by
        See `TrainedOn`.
    is_flat
        Is the observation laid out flat, as `FlattenObservation` does?
    """

    def __init__(
        self, scorer: Scorer, seat: HeldSeat, sort_by: str | None = None, *, is_flat: bool = False
    ) -> None:
        self._scorer = scorer
        self._seat = seat
        self._sort_by = sort_by
        self._flat = seat.space() if is_flat else None
        self._last_serial = -1

    def choose(self, decision: Decision) -> int:
        """The answer; position 0 holds."""
        return self._best(decision)

    def answer(self, question: Question) -> Any:
        """The answer to any kind; the house's rule decides where the model never learned it."""
        return self._best(question) if self._seat.hears(question) else question.usual()

    def _best(self, question: Question) -> int:
        assert is_of_floor(question)
        seat = self._seat
        if question.serial <= self._last_serial:  # the next run
            self._scorer.forget()
            seat.holds.forget()
        self._last_serial = question.serial
        seat.look(question)
        seen, masks = seat.observe(), seat.masks()
        rows = self._sort(question, seen)
        seen["mask"] = seen["mask"][rows]
        with torch.no_grad():
            scores = self._scorer.score(self._tensors(seen))[0].numpy()
        if np.isnan(scores).any():
            raise IllegalAnswer("the network's scores are no numbers (NaN)")
        action = int(rows[np.where(masks[rows], scores, -np.inf).argmax()])
        answer = seat.decode(action)
        seat.holds.note(question, answer)
        return answer

    def _sort(self, question: FloorQuestion, seen: Observation) -> NDArray[np.int64]:
        """Sort the rows of orders as `SortedOrders` does; the actions in their new places."""
        places = np.arange(N_ACTIONS)
        if self._sort_by is None or not isinstance(question, OrderChoice):
            return places
        feature, falls = KEYS[self._sort_by]
        names = [f.name for f in self._seat.encoder.blocks["orders"].features]
        rows = seen["orders"].reshape(MAX_ORDERS, -1)
        n = min(len(question.table), MAX_ORDERS)
        key = rows[:n, names.index(feature)]
        sorted_rows = np.argsort(-key if falls else key, kind="stable")
        rows[:n] = rows[sorted_rows]
        places[1 : n + 1] = sorted_rows + 1
        return places

    def _tensors(self, seen: Observation) -> Any:
        if self._flat is not None:
            row: Any = spaces.flatten(self._flat, seen)
            return torch.from_numpy(np.asarray(row, np.float32)[None])
        return {key: torch.from_numpy(value[None]) for key, value in seen.items()}


def load_model(path: Path, trained_on: TrainedOn = AS_USUAL) -> ModelPolicy:
    """The policy in a ``model.zip`` of Stable-Baselines3 or sb3-contrib, trained on Scheduling.

    PPO, A2C, MaskablePPO, RecurrentPPO, DQN and QR-DQN; nothing of the file is run or unpickled.

    Raises
    ------
    ArtifactError
        If it can not be rebuilt safely: with the reason and what to do.
    """
    saved = read_model(path)
    encoder = Encoder(trained_on.prior, blocks_among(saved.spaces))
    network, kind = rebuild(saved, encoder.space())
    torch.set_num_threads(1)
    return ModelPolicy(
        make_scorer(network, is_recurrent=kind.is_recurrent),
        HeldSeat(encoder, trained_on.hold),
        trained_on.sort_by,
        is_flat=not saved.spaces,
    )


def policy_from_model(model: Any, trained_on: TrainedOn = AS_USUAL) -> ModelPolicy:
    """The policy of a model of Stable-Baselines3 that is at hand, trained on Scheduling."""
    network, space = model.policy, model.observation_space
    names = space.spaces if isinstance(space, spaces.Dict) else ()
    encoder = Encoder(trained_on.prior, blocks_among(names))
    network.set_training_mode(False)
    return ModelPolicy(
        make_scorer(network, is_recurrent=hasattr(network, "lstm_actor")),
        HeldSeat(encoder, trained_on.hold),
        trained_on.sort_by,
        is_flat=not names,
    )


def make_scorer(network: BasePolicy, *, is_recurrent: bool) -> Scorer:
    """How a network's actions are scored."""
    if hasattr(network, "q_net") or hasattr(network, "quantile_net"):
        return ValueScorer(network)
    return ActorScorer(network, is_recurrent=is_recurrent)
