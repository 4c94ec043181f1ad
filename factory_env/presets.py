"""Loads the shipped plants and scenarios of ``conf/``, or a user's own files, by name or path."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf
from yaml import YAMLError

from factory_env.domain.scenario import Scenario
from factory_env.door.scenario_door import build_scenario
from factory_env.errors import InputError, Problem

CONF = Path(__file__).resolve().parents[1] / "conf"


def load_scenario(
    plant: str = "mid",
    scenario: str = "default",
    overrides: Mapping[str, Any] | None = None,
    disruptions: str = "calm",
) -> Scenario:
    """A checked scenario.

    Parameters
    ----------
    plant, scenario
        A shipped name (``small``, ``mid``, ``large``, ``uci``; ``default``, ``real``, ``uci``) or
        the path of a YAML file.
    overrides
        Dotted keys and values laid over the scenario file, e.g. ``{"demand.load": 1.0}``; keys
        that begin with ``disruptions.`` are laid over the disruptions file.
    disruptions
        ``calm``, ``normal``, ``rough`` or the path of a YAML file.

    Raises
    ------
    InputError
        If a name is unknown or anything in the files is wrong.
    """
    config = OmegaConf.create(
        read_group("scenario", scenario) | {"disruptions": read_group("disruptions", disruptions)}
    )
    for key, value in (overrides or {}).items():
        OmegaConf.update(config, key, value, force_add=True)
    plain: Any = OmegaConf.to_container(config, resolve=True)
    where = f"plant={plant} scenario={scenario} disruptions={disruptions}:"
    return build_scenario(plain, read_group("plant", plant), where)


def read_group(group: str, name: str) -> dict[str, Any]:
    """Contents of ``conf/<group>/<name>.yaml`` or of the YAML file ``name``."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else CONF / group / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in (CONF / group).glob("*.yaml")))
        raise InputError(
            [
                Problem(
                    where="config",
                    field=group,
                    rule=f"must be a known {group} or the path of a YAML file",
                    got=repr(name),
                    right=f"one of {known}",
                )
            ]
        )
    try:
        content = OmegaConf.to_container(OmegaConf.load(path), resolve=True)
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        problem = str(error).splitlines()[0]
        raise InputError(
            [Problem(where=str(path), field="file", rule="must be readable YAML", got=problem,
                     right="see conf/ for an example")]
        ) from error  # fmt: skip
    if not isinstance(content, dict):
        raise InputError(
            [Problem(where=str(path), field="file", rule="must hold keys and values",
                     got=type(content).__name__, right=f"see conf/{group}/")]
        )  # fmt: skip
    return {str(k): v for k, v in content.items()}
