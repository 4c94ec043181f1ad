"""Saved tables: arrays as safetensors, the rest as JSON; no pickle, no torch.

One file holds values, evidence and, for who goes on with the training, where it stood: a kill
leaves the old one or the new one. The card is written last.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from agents.card import agent_folder, read_card, require, write_card
from agents.tabular import learners
from agents.tabular.bins import bin_problems
from agents.tabular.make import make_policy
from agents.tabular.policy import TabularPolicy
from agents.tabular.settings import TabularSettings
from agents.tabular.values import KEYS
from factory_env.catalogue import plug_names
from factory_env.decision import Policy
from factory_env.errors import ArtifactError, InputError
from factory_env.whole_file import write_whole

KIND: Final = "table_of_rules"
FILE: Final = "table.safetensors"
VALUES, EVIDENCE, TRAINING = "values.", "evidence.", "training"
MOST_MB: Final = 200
ENTRIES: Final[Mapping[str, type]] = {
    "algorithm": str,
    "rules": list,
    "bins": dict,
    "safe": bool,
    "errors": float,
    "least_seen": int,
}
MakeRule = Callable[[str, Mapping[str, Any]], Policy]  # name and values -> rule
Copy = Mapping[str, NDArray[np.generic]]  # all that a policy has learned


def copy_learned(policy: TabularPolicy) -> Copy:
    """What a policy has learned so far, as arrays by name."""
    values = {VALUES + name: array for name, array in policy.values.write().items()}
    return values | {EVIDENCE + name: array for name, array in policy.evidence.write().items()}


def fill_learned(policy: TabularPolicy, learned: Copy, place: object) -> None:
    """Give a policy what another one has learned.

    Parameters
    ----------
    place
        Where it comes from, for the error.

    Raises
    ------
    ArtifactError
        If it is of another policy, or not finite.
    """
    try:
        policy.values.fill(_part(learned, VALUES))
        policy.evidence.fill(_part(learned, EVIDENCE))
    except (KeyError, ValueError, TypeError) as error:
        raise ArtifactError(f"{place}: values of another table ({error}); train again") from error


def save_table(
    folder: Path, learned: Copy, card: Mapping[str, Any], training: Mapping[str, Any]
) -> None:
    """Write a checkpoint; each file appears whole or not at all.

    Parameters
    ----------
    training
        Where the training stood, as JSON knows it; empty if nobody is to go on with it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {name: np.ascontiguousarray(array) for name, array in learned.items()}
    told = {TRAINING: json.dumps(training)}
    write_whole(folder / FILE, lambda path: save_file(arrays, path, metadata=told))
    write_card(folder, {"kind": KIND, **card})


def load_table(folder: str | Path, make_rule: MakeRule) -> TabularPolicy:
    """The policy of a run folder (its best checkpoint) or of a checkpoint folder.

    Parameters
    ----------
    make_rule
        Makes the rules that it chooses among, with the values that they had in training.

    Raises
    ------
    ArtifactError
        If there is no readable table of this version.
    """
    path = agent_folder(folder, "scheduling")
    card = read_card(path)
    if card.get("kind") != KIND:
        raise ArtifactError(f"{path}: holds no {KIND}, but a {card.get('kind', 'network')}")
    require(card, path, ENTRIES)
    try:
        if card["algorithm"] not in plug_names(learners) or [*bin_problems(card["bins"])]:
            raise ValueError("learner or bins of another version")
        rules = {str(name): make_rule(str(base), values) for name, base, values in card["rules"]}
        keys = ("bins", "safe", "errors", "least_seen")
        settings = TabularSettings(rules=tuple(rules), **{key: card[key] for key in keys})
        policy = make_policy(card["algorithm"], settings, rules).policy
    except (AttributeError, InputError, TypeError, ValueError) as error:
        reason = (str(error).splitlines() or [""])[0]
        raise ArtifactError(f"{path}: no table of this version ({reason}); train again") from error
    learned = read_learned(path)[0]
    if any(
        keys.ndim != 2 or keys.shape[1] not in (0, len(settings.bins)) for keys in _keys(learned)
    ):
        raise ArtifactError(f"{path / FILE}: states of other bins; train again")
    fill_learned(policy, learned, path / FILE)
    return policy


def read_learned(folder: Path) -> tuple[Copy, dict[str, Any]]:
    """What `save_table` wrote: the arrays, and where the training stood.

    Raises
    ------
    ArtifactError
        If the file can not be read.
    """
    path = folder / FILE
    try:
        if path.stat().st_size > MOST_MB * 1_000_000:
            raise ArtifactError(f"{path}: has more than {MOST_MB} MB")
        with safe_open(path, framework="np") as file:
            told = json.loads((file.metadata() or {}).get(TRAINING, "{}"))
            arrays = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise ArtifactError(f"{path}: not a readable safetensors file ({error})") from error
    if not isinstance(told, dict):
        raise ArtifactError(f"{path}: not a checkpoint of this version; train again")
    return arrays, told


def _keys(learned: Copy) -> list[NDArray[np.generic]]:
    return [array for name, array in learned.items() if name.endswith(f".{KEYS}")]


def _part(learned: Copy, prefix: str) -> dict[str, NDArray[np.generic]]:
    return {k[len(prefix) :]: v for k, v in learned.items() if k.startswith(prefix)}
