"""The run folder: config, versions and summary beside whatever a main writes into it."""

from __future__ import annotations

import copy
import json
import math
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any, cast

from omegaconf import DictConfig, OmegaConf

from factory_env.door.yaml_text import yaml_text
from factory_env.errors import InputError
from factory_env.whole_file import clear_leftovers, write_whole_text

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
UNMADE = ".seamline-new"  # stands for a folder that is yet to be named
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
    goes_on
        ``exact`` is that of an earlier run, which goes on in it.
    """

    def __init__(
        self,
        parent: Path,
        config: Mapping[str, Any],
        *,
        exact: Path | None = None,
        command: str = "",
        goes_on: bool = False,
    ) -> None:
        self._parent = parent
        self._config = _plain_copy(config)
        self._exact = exact
        self._command = command
        self._path: Path | None = None
        place = parent / UNMADE if exact is None else exact
        if not goes_on and (rule := _refuse_folder(place)) is not None:
            folder = parent if exact is None else exact
            raise InputError.of("command line", "hydra.run.dir", rule, folder, "another folder")

    @property
    def path(self) -> Path:
        """The folder, made on first use."""
        if self._path is None:
            clear_leftovers(self._parent if self._exact is None else self._exact.parent)
            self._path = _reserve(self._parent) if self._exact is None else self._exact
            self._path.mkdir(parents=True, exist_ok=True)
            write_text(self._path / "config.yaml", yaml_text(self._config))
            write_json(self._path / "versions.json", versions() | {"command": self._command})
        return self._path

    def adopt(self, values: Mapping[str, Any]) -> None:
        """Let ``config.yaml`` say what the run was really made of, before the folder is used."""
        self._config.update(_plain_copy(values))

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


def _refuse_folder(path: Path) -> str | None:
    """The rule that a folder for a run breaks; None if it can be made and written to."""
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            return "must be a new or empty folder"
        above = next((p for p in (path, *path.absolute().parents) if p.exists()), path)
    except (OSError, ValueError) as error:
        return f"must be a folder that can be made ({error})"
    if not above.is_dir():
        return f"must lie in a folder, and {above} is none"
    if not os.access(above, os.W_OK | os.X_OK):
        return f"must lie where you may write, and {above} is read-only"
    return None


def _plain_copy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a config, its interpolations filled in."""
    if isinstance(values, DictConfig):
        return cast(dict[str, Any], OmegaConf.to_container(values, resolve=True))
    return copy.deepcopy(dict(values))


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
    """The checked out commit, with a plus if files differ from it.

    None where the package is no part of the repository: an environment may lie in anybody's.
    """
    try:
        if not _git("ls-files", "--", str(Path(__file__).relative_to(ROOT))):
            return None
        commit = _git("rev-parse", "HEAD")
        return commit + "+" if _git("status", "--porcelain", "-uno") else commit
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*words: str) -> str:
    result = subprocess.run(
        ["git", "--no-optional-locks", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=5,
        check=True,
    )
    return result.stdout.strip()


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON so that a reader sees the old file or the new one, never a half."""
    write_text(path, json.dumps(plain(content), indent=2) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write text so that a reader sees the old file or the new one, never a half."""
    write_whole_text(path, text)


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
