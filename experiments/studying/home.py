"""The folder of a study: what its cells were made of, and that nobody else plays in it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from experiments.command.run_folder import plain, write_json, write_text
from experiments.studying.entrants import list_paths
from experiments.studying.options import STUDY, Entry, Study
from factory_env.door.yaml_text import yaml_text
from factory_env.errors import ArtifactError, Problem, wrong
from factory_env.plain_json import read_json

FORMAT: Final = 1
SIGN: Final = "study.json"  # a folder with it is one of compare.py
COPY: Final = "study.yaml"
CLAIM: Final = "study.claim"
RESUME, RUN_DIR = "resume", "hydra.run.dir"
WEIGHING: Final = (".json", ".safetensors")  # files of a run folder that say who it is


def find_home(words: Sequence[str]) -> tuple[list[str], Path | None]:
    """The command line, and the folder of the study that goes on, if one does.

    ``resume=<folder>`` and ``hydra.run.dir=<folder of a study>`` are the same. Without ``study=``
    the study is the one in that folder.
    """
    given = {word.partition("=")[0]: word.partition("=")[2] for word in words}
    folder = given.get(RESUME) or given.get(RUN_DIR)
    if folder is None or not (Path(folder) / SIGN).is_file():
        return list(words), None
    rest = [word for word in words if word.partition("=")[0] not in (RESUME, RUN_DIR)]
    if STUDY not in given:
        rest.append(f"{STUDY}={Path(folder) / COPY}")
    return [*rest, f"{RESUME}={folder}"], Path(folder)


def identify_parts(study: Study, entries: Mapping[str, Entry]) -> dict[str, str]:
    """A fingerprint of every policy and scenario: its words, and what files it names."""
    common = {"env": study.env, "scheduler": study.scheduler}
    parts: dict[str, Any] = {f"policies.{name}": entry for name, entry in entries.items()}
    parts |= {f"scenarios.{name}": scene for name, scene in study.scenarios.items()}
    return {key: _fingerprint(dataclasses.asdict(part) | common) for key, part in parts.items()}


def _fingerprint(values: Mapping[str, Any]) -> str:
    words = [w for v in values.values() for w in (v if isinstance(v, list | tuple) else [v])]
    content = hashlib.sha256(json.dumps(plain(values), sort_keys=True).encode())
    for path in list_paths(words):
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.is_file() and (path.is_file() or file.suffix in WEIGHING):
                content.update(file.read_bytes())
    return content.hexdigest()[:16]


def list_changes(home: Path, parts: Mapping[str, str]) -> list[Problem]:
    """Policies and scenarios that are no longer what the cells of a study were played with.

    Raises
    ------
    ArtifactError
        If the folder holds a study of another version.
    """
    sign = home / SIGN
    try:
        old = read_json(sign)
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{sign}: not readable as JSON ({error})") from error
    written = old.get("format") if isinstance(old, dict) else None
    if written != FORMAT or not isinstance(old.get("parts"), dict):
        raise ArtifactError(f"{sign}: study format {written!r}, this version reads {FORMAT}")
    rule = "has changed since its runs were played"
    right = "a new study, or another name for it"
    return [
        wrong("study", f"{STUDY}.{key}", rule, str(home), right)
        for key, value in parts.items()
        if old["parts"].get(key, value) != value
    ]


def sign_home(home: Path, study: Study, parts: Mapping[str, str]) -> None:
    """Write down what the cells are going to be made of, beside what was written before."""
    before = read_json(home / SIGN)["parts"] if (home / SIGN).is_file() else {}
    write_text(home / COPY, yaml_text(plain(dataclasses.asdict(study))))
    write_json(home / SIGN, {"format": FORMAT, "parts": {**before, **parts}})


@contextmanager
def claim_home(home: Path) -> Iterator[None]:
    """Nobody else plays in the folder meanwhile, where the system has locks.

    Raises
    ------
    ArtifactError
        If somebody does.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (home / CLAIM).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ArtifactError(f"{home}: this study is still going on; wait or end it") from None
        yield
