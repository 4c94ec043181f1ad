"""Reads a model that Stable-Baselines3 saved, without running anything that it holds.

``model.zip`` keeps classes and settings as pickles. Beside each of them stands the same in plain
words; only these are read, and the weights as tensors.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from factory_env.errors import ArtifactError

DATA: Final = "data"
WEIGHTS: Final = "policy.pth"
LARGEST_DATA: Final = 512_000_000  # bytes: an off-policy learner's holds its last observations
LARGEST_WEIGHTS: Final = 256_000_000
PICKLED: Final = (":type:", ":serialized:")  # keys beside the plain words
_INIT: Final = re.compile(r"<function (\w+)\.__init__ at ")
_CLASS: Final = re.compile(r"<class '([\w.]+)'>")
_SPACE: Final = re.compile(r"'(\w+)': (?:Box|MultiBinary|Discrete)\(")

Tensors = Mapping[str, torch.Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedModel:
    """What a ``model.zip`` says about its policy."""

    path: Path
    policy: str  # its class: module and name
    arguments: Mapping[str, Any]  # ``policy_kwargs`` in plain words; classes as their full name
    actions: int  # 0 = not discrete
    spaces: tuple[str, ...]  # names of the parts of its observation; empty = one flat row
    tensors: Tensors


def read_model(path: Path) -> SavedModel:
    """The plain words and the weights of a saved model.

    Raises
    ------
    ArtifactError
        If the file is no such model, is too large, or holds anything but tensors as weights.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            data = json.loads(_read(archive, path, DATA, LARGEST_DATA))
            weights = _read(archive, path, WEIGHTS, LARGEST_WEIGHTS)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise ArtifactError(f"{path}: no model of Stable-Baselines3 ({error})") from None
    if not isinstance(data, dict):
        raise ArtifactError(f"{path}: no model of Stable-Baselines3 (its data is no mapping)")
    return SavedModel(
        path=path,
        policy=_policy_class(data, path),
        arguments=_arguments(data.get("policy_kwargs")),
        actions=_actions(data.get("action_space")),
        spaces=tuple(sorted(_SPACE.findall(_words(data.get("observation_space"), "spaces")))),
        tensors=_read_tensors(weights, path),
    )


def _read(archive: zipfile.ZipFile, path: Path, name: str, most: int) -> bytes:
    if name not in archive.namelist():
        raise ArtifactError(f"{path}: no model of Stable-Baselines3 (it holds no {name})")
    with archive.open(name) as part:  # what the archive says of its size may be wrong
        content = part.read(most + 1)
    if len(content) > most:
        raise ArtifactError(f"{path}: {name} has more than {most // 1_000_000} MB")
    return content


def _read_tensors(weights: bytes, path: Path) -> Tensors:
    """Tensors by name; `torch` refuses whatever else is in the file."""
    try:
        with zipfile.ZipFile(io.BytesIO(weights)) as inner:
            if sum(part.file_size for part in inner.infolist()) > LARGEST_WEIGHTS:
                raise ArtifactError(f"{path}: {WEIGHTS} unpacks to too much")
        tensors = torch.load(io.BytesIO(weights), map_location="cpu", weights_only=True)
    except ArtifactError:
        raise
    except Exception as error:  # its reader raises many kinds
        reason = (str(error).splitlines() or [""])[0]
        raise ArtifactError(f"{path}: {WEIGHTS} holds no plain tensors ({reason})") from None
    is_plain = isinstance(tensors, dict) and all(
        isinstance(key, str) and isinstance(value, torch.Tensor) for key, value in tensors.items()
    )
    if not is_plain:
        raise ArtifactError(f"{path}: {WEIGHTS} holds no plain tensors")
    return dict(tensors)


def _policy_class(data: Mapping[str, Any], path: Path) -> str:
    words = data.get("policy_class")
    name = _INIT.search(_words(words, "__init__"))
    if name is None:
        raise ArtifactError(f"{path}: does not say the class of its policy")
    return f"{_words(words, '__module__')}.{name[1]}"


def _arguments(words: Any) -> dict[str, Any]:
    """Values in plain words; of a class its full name."""
    if not isinstance(words, dict):
        return {}
    plain = {key: value for key, value in words.items() if key not in PICKLED}
    for key, value in plain.items():
        if isinstance(value, str) and (match := _CLASS.fullmatch(value)):
            plain[key] = match[1]
    return plain


def _actions(words: Any) -> int:
    count = _words(words, "n")
    return int(count) if count.isdecimal() and len(count) < 6 else 0


def _words(words: Any, key: str) -> str:
    return str(words.get(key, "")) if isinstance(words, dict) else ""
