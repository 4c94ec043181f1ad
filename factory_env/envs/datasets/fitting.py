"""Whether a recorded dataset fits this version: what it shows and pays must mean the same here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import gymnasium as gym

from factory_env.envs.datasets.dataset import ENV, FORMAT
from factory_env.envs.datasets.layout import OWN
from factory_env.envs.scheduling.encoder import Encoder, blocks_among
from factory_env.errors import ArtifactError
from factory_env.release import read_release

AGAIN: Final = "record it again with experiments/record.py"
SPEC: Final = "env_spec"  # key of the metadata from which Minari makes the environment again
TOLD_TWICE: Final = ("plant", "hold", "reward")  # in our facts, and in the arguments of the spec


def refuse_other(described: Mapping[str, Any], folder: Path) -> None:
    """Refuse the metadata of a dataset that was recorded with something else.

    Raises
    ------
    ArtifactError
        If format, environment, release or features are others, or the environment that it says
        would be made again is not the one that was recorded.
    """
    recorded = f"recorded with seamline {described[OWN].get('version')}"
    where = f"{folder}: dataset {str(described.get('dataset_id'))!r}"
    for difference in _find_differences(described):
        raise ArtifactError(f"{where} {difference} ({recorded}); {AGAIN}")


def _find_differences(described: Mapping[str, Any]) -> Iterator[str]:
    """What is another one, most telling first."""
    own = described[OWN]
    if own.get("format") != FORMAT:
        yield f"is of format {own.get('format')!r}, this version reads {FORMAT}"
    if own.get("env") != ENV:
        yield f"is of {own.get('env')!r}, not of {ENV}"
    yield from _compare_features(own["features"])
    release = read_release()
    if own.get("version") != release:
        yield f"is of another release, this is seamline {release}"
    if described.get(SPEC) is not None:
        yield from _compare_spec(described[SPEC], own)


def _compare_features(features: Mapping[str, Any]) -> Iterator[str]:
    here = Encoder(blocks=blocks_among(features)).blocks
    now = {block: [f.name for f in here[block].features] for block in here}
    for block in (*now, *features):
        if features.get(block) != now.get(block):
            yield f"shows other features in its block {block!r} than this version"


def _compare_spec(text: object, own: Mapping[str, Any]) -> Iterator[str]:
    try:
        spec = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        spec = None
    if not isinstance(spec, dict):
        yield f"has an {SPEC} that is not readable as JSON"
        return
    known = gym.spec(ENV)
    for key, right in (("id", known.id), ("entry_point", known.entry_point)):
        if spec.get(key) != right:
            yield f"names an environment with {key} {spec.get(key)!r} to make again, not {right!r}"
    given = spec.get("kwargs")
    arguments = given if isinstance(given, dict) else {}
    for key in TOLD_TWICE:
        if key in own and arguments.get(key) != own[key]:
            said = f"{key}={arguments.get(key)!r}"
            yield f"names an environment with {said} to make again, but has {key}={own[key]!r}"
    if wrapped := spec.get("additional_wrappers"):
        yield f"names an environment with {len(wrapped)} wrappers to make again, recorded with none"
