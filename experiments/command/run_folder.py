"""The run folder: config, versions and summary beside whatever a main writes into it."""

from __future__ import annotations

import json
import math
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from factory_env.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "seamline",
    "numpy",
    "numba",
    "simpy",
    "gymnasium",
    "hydra-core",
    "pydantic",
    "pyarrow",
    "torch",
    "stable-baselines3",
    "sb3-contrib",
)
OWN_FILES = ("config.yaml", "versions.json")


class RunFolder:
    """A folder of one run. It comes into being when it is first used.

    A run that finds its input wrong therefore leaves nothing behind.

    Parameters
    ----------
    parent
        Where the folder goes; it is named by date and time, and never shared.
    config
        Written as ``config.yaml``, resolved.
    exact
        The folder itself, if the user chose it; must be new or empty.
    """

    def __init__(
        self,
        parent: Path,
        config: Mapping[str, Any],
        *,
        exact: Path | None = None,
        command: str = "",
    ) -> None:
        self._parent = parent
        self._config = OmegaConf.create(config)  # a copy, its interpolations as they stand
        self._exact = exact
        self._command = command
        self._path: Path | None = None
        if exact is not None and exact.exists() and (not exact.is_dir() or any(exact.iterdir())):
            raise InputError.of(
                "command line",
                "hydra.run.dir",
                "must be a new or empty folder",
                exact,
                "another folder",
            )

    @property
    def path(self) -> Path:
        """The folder, made on first use."""
        if self._path is None:
            self._path = _reserve(self._parent) if self._exact is None else self._exact
            self._path.mkdir(parents=True, exist_ok=True)
            text = OmegaConf.to_yaml(self._config, resolve=True)
            write_text(self._path / "config.yaml", text)
            write_json(self._path / "versions.json", versions() | {"command": self._command})
        return self._path

    def adopt(self, values: Mapping[str, Any]) -> None:
        """Let ``config.yaml`` say what the run was really made of, before the folder is used."""
        for key, value in values.items():
            OmegaConf.update(self._config, key, value, merge=False, force_add=True)

    def finish(self, summary: Mapping[str, Any]) -> str:
        """Write ``summary.json``; the same JSON as one line is returned."""
        known = {**summary, "run_folder": str(self.path)}
        write_json(self.path / "summary.json", known)
        return json.dumps(plain(known))

    def discard(self) -> None:
        """Remove the folder if a main wrote nothing into it."""
        if self._path is None:
            return
        if all(p.name in OWN_FILES for p in self._path.iterdir()):
            for file in self._path.iterdir():
                file.unlink()
            self._path.rmdir()
            self._path = None


def _reserve(parent: Path) -> Path:
    """A new folder that no other run has, also when two start in the same second."""
    parent.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    number = 1
    while True:
        path = parent / (stamp if number == 1 else f"{stamp}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            number += 1
        else:
            return path


def versions() -> dict[str, Any]:
    """Python, packages and commit that a run used."""
    found: dict[str, str] = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": found,
        "commit": _commit(),
    }


def _commit() -> str | None:
    """The checked out commit, with a plus if files differ from it."""
    try:
        commit = _git("rev-parse", "HEAD")
        return commit + "+" if _git("status", "--porcelain", "-uno") else commit
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*words: str) -> str:
    result = subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, timeout=5, check=True
    )
    return result.stdout.strip()


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON so that a reader sees the old file or the new one, never a half."""
    write_text(path, json.dumps(plain(content), indent=2) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write text so that a reader sees the old file or the new one, never a half."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def plain(value: Any) -> Any:
    """``value`` as JSON knows it: NumPy numbers as numbers, NaN and infinity as null."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)
