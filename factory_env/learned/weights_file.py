"""Network weights on disk: safetensors with kind and version in the header; never pickle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from factory_env.errors import InputError, Problem

VERSION = "1"
SHIPPED = Path(__file__).parent / "weights"


def save_network(path: Path, kind: str, network: torch.nn.Module, size: Mapping[str, int]) -> None:
    """Write a network: its tensors, and in the header kind, version and constructor arguments.

    A reader sees the old file or the new one, never a half.
    """
    tensors = {k: v.detach().cpu().contiguous() for k, v in network.state_dict().items()}
    header = {"kind": kind, "version": VERSION} | {k: str(v) for k, v in size.items()}
    temporary = path.with_name(f".{path.name}.tmp")
    save_file(tensors, str(temporary), metadata=header)
    temporary.replace(path)


def read_header(path: Path, kind: str) -> dict[str, int]:
    """Constructor arguments of the network in ``path``.

    Raises
    ------
    InputError
        If the file is missing, is no safetensors file, or holds another kind or version.
    """
    with _opened(path) as file:
        header = dict(file.metadata() or {})
    got = f"kind {header.pop('kind', None)!r}, version {header.pop('version', None)!r}"
    if got != f"kind {kind!r}, version {VERSION!r}":
        raise _wrong(
            path, f"must hold a {kind} of version {VERSION}", got, "train it again with fit.py"
        )
    try:
        return {name: int(value) for name, value in header.items()}
    except ValueError:
        raise _wrong(
            path, "sizes in the header must be whole numbers", str(header), "train it again"
        ) from None


def fill_network(path: Path, network: torch.nn.Module) -> None:
    """Load the tensors of ``path`` into ``network`` (strictly: same names, same shapes).

    Raises
    ------
    InputError
        If tensors are missing, too many, of another shape, or not finite.
    """
    wanted = network.state_dict()
    with _opened(path) as file:
        found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    shapes = {k: tuple(v.shape) for k, v in found.items()}
    if shapes != {k: tuple(v.shape) for k, v in wanted.items()}:
        differ = sorted(set(shapes) ^ set(wanted)) or [
            k for k in shapes if shapes[k] != tuple(wanted[k].shape)
        ]
        raise _wrong(
            path,
            "tensors must be those of the network",
            f"differing in {', '.join(differ[:3])}",
            "train it again with fit.py",
        )
    bad = [k for k, v in found.items() if v.is_floating_point() and not bool(v.isfinite().all())]
    if bad:
        raise _wrong(path, "weights must be finite", f"{bad[0]} is not", "train it again")
    network.load_state_dict(found)


def _opened(path: Path) -> Any:
    if not path.is_file():
        raise _wrong(path, "must be a file", "nothing there", "a weights file made by fit.py")
    try:
        return safe_open(str(path), framework="pt")
    except (SafetensorError, OSError) as error:
        raise _wrong(
            path, "must be a safetensors file", str(error), "a weights file made by fit.py"
        ) from error


def _wrong(path: Path, rule: str, got: str, right: str) -> InputError:
    return InputError([Problem(where=path.name, field="weights", rule=rule, got=got, right=right)])
