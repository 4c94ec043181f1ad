"""Builds the network of a saved model anew: our spaces, its layers' sizes, then its weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gymnasium import spaces
from sb3_contrib.common.maskable import policies as maskable
from sb3_contrib.common.recurrent import policies as recurrent
from sb3_contrib.qrdqn import policies as quantile
from stable_baselines3.common import policies as plain
from stable_baselines3.common.policies import BasePolicy
from stable_baselines3.dqn import policies as dqn
from torch import nn

from agents.card import MOST_LAYERS, WIDEST
from agents.deep.policies import NETWORKS
from agents.deep.sb3.archive import SavedModel
from factory_env.envs.scheduling.actions import N_ACTIONS
from factory_env.errors import ArtifactError

MOST_QUANTILES: Final = 1000
# arguments that do not change what the saved weights answer
IDLE: Final = {
    "optimizer_class",
    "optimizer_kwargs",
    "ortho_init",
    "log_std_init",
    "normalize_images",  # there are none
    "use_expln",
}
ACTIVATIONS: Final[Mapping[str, type[nn.Module]]] = {
    f"torch.nn.modules.activation.{kind.__name__}": kind
    for kind in (nn.ReLU, nn.Tanh, nn.ELU, nn.LeakyReLU, nn.GELU, nn.SiLU, nn.Sigmoid, nn.Mish)
}
RIGHT: Final = (
    "give it as a Python file (my.py:Policy) whose class loads the model and has choose(decision)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A family of policies: how its layers are named, and what it may be told."""

    classes: tuple[type[BasePolicy], ...]
    layers: Mapping[str, str]  # key of ``net_arch`` ("" = all of it) -> prefix of the weights
    has_head: bool = False  # is the last of these layers the output?
    arguments: tuple[str, ...] = ()  # further ones that are taken over as they are
    is_recurrent: bool = False


ACTOR_LAYERS: Final = {"pi": "mlp_extractor.policy_net", "vf": "mlp_extractor.value_net"}
SHARED: Final = "share_features_extractor"
KINDS: Final = (
    Kind(
        classes=(
            plain.ActorCriticPolicy,
            plain.MultiInputActorCriticPolicy,
            maskable.MaskableActorCriticPolicy,
            maskable.MaskableMultiInputActorCriticPolicy,
        ),
        layers=ACTOR_LAYERS,
        arguments=(SHARED,),
    ),
    Kind(
        classes=(
            recurrent.RecurrentActorCriticPolicy,
            recurrent.RecurrentMultiInputActorCriticPolicy,
        ),
        layers=ACTOR_LAYERS,
        arguments=(
            SHARED,
            "lstm_hidden_size",
            "n_lstm_layers",
            "shared_lstm",
            "enable_critic_lstm",
        ),
        is_recurrent=True,
    ),
    Kind(
        classes=(dqn.DQNPolicy, dqn.MultiInputPolicy),
        layers={"": "q_net.q_net"},
        has_head=True,
    ),
    Kind(
        classes=(quantile.QRDQNPolicy, quantile.MultiInputPolicy),
        layers={"": "quantile_net.quantile_net"},
        has_head=True,
    ),
    Kind(
        classes=(NETWORKS["order_scoring"], NETWORKS["flat"]),
        layers={},
        arguments=("width", "prior_weight"),
    ),
)


def rebuild(saved: SavedModel, space: spaces.Dict) -> tuple[BasePolicy, Kind]:
    """The saved network on the spaces of `Encoder`.

    Raises
    ------
    ArtifactError
        If it is of a class that is not known, was told what can not be rebuilt, or its weights
        do not fit: with the reason and what to do.
    """
    policy_class, kind = _known_class(saved)
    if saved.actions != N_ACTIONS:
        raise _refuse(saved, f"answers with {saved.actions or 'no'} numbers, not with {N_ACTIONS}")
    try:
        arguments = _arguments(saved, kind)
        network = policy_class(
            _observation_space(saved, space),
            spaces.Discrete(N_ACTIONS),
            lambda _: 1e-4,  # type: ignore[arg-type]
            **arguments,
        )
        network.load_state_dict(saved.tensors, strict=True)
    except (AssertionError, AttributeError, KeyError, RuntimeError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise _refuse(saved, f"its weights fit no network of {saved.policy}: {reason}") from error
    if not all(bool(tensor.isfinite().all()) for tensor in saved.tensors.values()):
        raise _refuse(saved, "its weights are no numbers: the training went wrong")
    network.set_training_mode(False)
    return network, kind


def _known_class(saved: SavedModel) -> tuple[type[BasePolicy], Kind]:
    for kind in KINDS:
        for policy_class in kind.classes:
            if f"{policy_class.__module__}.{policy_class.__name__}" == saved.policy:
                return policy_class, kind
    raise _refuse(saved, f"has a policy of one's own or without discrete actions ({saved.policy})")


def _arguments(saved: SavedModel, kind: Kind) -> dict[str, Any]:
    """What the class is told: sizes from the weights, the rest from the plain words."""
    arguments: dict[str, Any] = {}
    for key, value in saved.arguments.items():
        if key == "activation_fn" and value in ACTIVATIONS:
            arguments[key] = ACTIVATIONS[value]
        elif key in kind.arguments:
            arguments[key] = _plain_number(saved, key, value)
        elif key not in IDLE and key not in ("net_arch", "n_quantiles"):
            raise _refuse(saved, f"was told {key}={value!r}, which can not be rebuilt safely")
    sizes = {key: _sizes(saved, prefix, kind) for key, prefix in kind.layers.items()}
    if sizes:
        arguments["net_arch"] = sizes.get("", sizes)
    if kind.classes[0] is quantile.QRDQNPolicy:
        head = max((t.shape[0] for t in saved.tensors.values() if t.dim() == 2), default=0)
        arguments["n_quantiles"] = _check_size(saved, head // N_ACTIONS, MOST_QUANTILES)
    return arguments


def _plain_number(saved: SavedModel, key: str, value: Any) -> Any:
    if isinstance(value, str) and value in ("True", "False"):
        return value == "True"
    if isinstance(value, bool) or not isinstance(value, int | float):
        if isinstance(value, bool):
            return value
        raise _refuse(saved, f"was told {key}={value!r}, which is no number")
    return _check_size(saved, value, WIDEST)


def _sizes(saved: SavedModel, prefix: str, kind: Kind) -> list[int]:
    """Widths of the hidden layers below a prefix, first to last."""
    pattern = re.compile(re.escape(prefix) + r"\.(\d+)\.weight")
    numbered = sorted(
        (int(match[1]), tensor.shape[0])
        for name, tensor in saved.tensors.items()
        if (match := pattern.fullmatch(name)) and tensor.dim() == 2
    )
    sizes = [width for _, width in numbered]
    hidden = sizes[:-1] if kind.has_head else sizes
    if len(hidden) > MOST_LAYERS:
        raise _refuse(saved, f"has {len(hidden)} layers, more than {MOST_LAYERS}")
    return [int(_check_size(saved, width, WIDEST)) for width in hidden]


def _check_size(saved: SavedModel, size: float, most: int) -> Any:
    if not 0 <= size <= most:
        raise _refuse(saved, f"has a layer of {size}, more than {most}")
    return size


def _observation_space(saved: SavedModel, space: spaces.Dict) -> spaces.Space[Any]:
    """Ours, or flat as `gymnasium.wrappers.FlattenObservation` makes it."""
    if not saved.spaces:
        return spaces.flatten_space(space)
    if set(saved.spaces) != set(space.spaces):
        strange = ", ".join(saved.spaces)
        raise _refuse(saved, f"reads {strange}; Scheduling shows {', '.join(sorted(space.spaces))}")
    return space


def _refuse(saved: SavedModel, reason: str) -> ArtifactError:
    return ArtifactError(f"{saved.path}: {reason}; {RIGHT}")
