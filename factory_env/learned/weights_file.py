"""Network weights on disk: safetensors with kind and version in the header; never pickle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from factory_env.errors import InputError
from factory_env.whole_file import write_whole

Network = TypeVar("Network", bound=torch.nn.Module)

VERSION = "1"
SHIPPED = Path(__file__).parent / "weights"


def save_network(path: Path, kind: str, network: torch.nn.Module, size: Mapping[str, int]) -> None:
    """Write a network: its tensors, and in the header kind, version and constructor arguments.

    A reader sees the old file or the new one, never a half.
    """
    tensors = {k: v.detach().cpu().contiguous() for k, v in network.state_dict().items()}
    header = {"kind": kind, "version": VERSION} | {k: str(v) for k, v in size.items()}
    write_whole(path, lambda part: save_file(tensors, str(part), metadata=header))


def load_network(path: Path, kind: str, build: Callable[..., Network]) -> Network:
    """The network in ``path``, built with the sizes of its header; draws no random number.

    Raises
    ------
    InputError
        If the file is missing, is no safetensors file, holds another kind or version, or if its
        tensors are not those of the network, or not finite.
    """
    with _opened(path) as file:
        header = dict(file.metadata() or {})
        found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    got = f"kind {header.pop('kind', None)!r}, version {header.pop('version', None)!r}"
    if got != f"kind {kind!r}, version {VERSION!r}":
        raise _wrong(path, f"must hold a {kind} of version {VERSION}", got)
    try:
        with torch.device("meta"):  # sizes alone: a wrong header can not fill the memory
            network = build(**{name: int(value) for name, value in header.items()})
    except (ValueError, TypeError, RuntimeError) as error:
        reason = str(error).split("\n")[0]
        raise _wrong(path, "sizes in the header must fit", f"{header} ({reason})") from error
    wanted = {k: (tuple(v.shape), v.dtype) for k, v in network.state_dict().items()}
    shapes = {k: (tuple(v.shape), v.dtype) for k, v in found.items()}
    differ = [k for k in sorted({*wanted, *shapes}) if wanted.get(k) != shapes.get(k)]
    if differ:
        got = f"{len(differ)} differ, first {differ[0]}"
        raise _wrong(path, "tensors must be those of the network", got)
    bad = [k for k, v in found.items() if not bool(torch.isfinite(v).all())]
    if bad:
        raise _wrong(path, "weights must be finite", f"{bad[0]} is not")
    network.load_state_dict(found, assign=True)
    return network


def _opened(path: Path) -> Any:
    if not path.is_file():
        raise _wrong(path, "must be a file", "nothing there")
    try:
        return safe_open(str(path), framework="pt")
    except (SafetensorError, OSError) as error:
        raise _wrong(path, "must be a safetensors file", str(error)) from error


def _wrong(path: Path, rule: str, got: str) -> InputError:
    return InputError.of(
        str(path), "weights", rule, got, "a weights file that this version's fit.py wrote"
    )
