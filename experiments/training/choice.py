"""Which learner on which environment: ``env=`` and ``agent=`` of ``train.py``, before Hydra.

``agent=ppo`` is another learner on each environment, so each has a file of its own in
``conf/agent``; so do site and tariff have other defaults there.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from experiments.command.run_folder import RunFolder
from factory_env.door.gather import Gather
from factory_env.errors import InputError, Problem, wrong
from factory_env.presets import SITE_TO_RUN

SCHEDULING, ENERGY, JOINT = "scheduling", "energy", "joint"
# env -> agent on the command line -> file of conf/agent, the first one is the default
FILES: Final[Mapping[str, Mapping[str, str]]] = {
    SCHEDULING: {"ppo": "ppo"},
    ENERGY: {"sac": "sac", "td3": "td3", "ppo": "energy_ppo", "es": "es"},
    JOINT: {"ppo": "joint_ppo"},
}


def learner_words(words: Sequence[str]) -> list[str]:
    """The command line with the file of ``conf/agent`` that it means, and a site where one is run.

    What is wrong with it is left for `learner_problems` and for the checks of keys.
    """
    given = {word.partition("=")[0]: word.partition("=")[2] for word in words}
    old = _resumed_config(given.get("resume", "null"))
    env = given.get("env", str(old.get("env", SCHEDULING)))
    if env not in FILES:
        return list(words)
    files = FILES[env]
    found = [_with_files(w, files) if w.startswith("agent=") else w for w in words]
    if "env" not in given and env != SCHEDULING:
        found.append(f"env={env}")
    if "agent" not in given:
        found.append(f"agent={_file_of(old) or next(iter(files.values()))}")
    if env != SCHEDULING and not old:
        found += [f"{part}={name}" for part, name in SITE_TO_RUN.items() if part not in given]
    return found


def task_of(env: str) -> Callable[[DictConfig, RunFolder, Gather], dict[str, Any]]:
    """What trains on an environment."""
    if env == ENERGY:
        from experiments.training.energy import energy_task

        return energy_task
    if env == JOINT:
        from experiments.training.joint import joint_task

        return joint_task
    from experiments.training.scheduling import scheduling_task

    return scheduling_task


def learner_problems(cfg: DictConfig) -> list[Problem]:
    """Is ``env`` one that there is, and can the agent learn it?"""
    env = str(cfg.env)
    if env not in FILES:
        near = difflib.get_close_matches(env, FILES, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        return [
            wrong(
                "command line",
                "env",
                "must be an environment to learn",
                repr(env),
                f"{hint}one of {', '.join(FILES)}",
            )
        ]
    chosen = str(HydraConfig.get().runtime.choices["agent"]) if HydraConfig.initialized() else None
    if chosen is None or chosen in FILES[env].values():
        return []
    return [
        wrong(
            "command line",
            "agent",
            f"must be a learner of env={env}",
            chosen,
            f"agent={' or agent='.join(FILES[env])}",
        )
    ]


def site_problems(cfg: DictConfig) -> list[Problem]:
    """Keys that mean nothing on the chosen environment."""
    found = []
    if cfg.env == SCHEDULING and cfg.get("site") is None and cfg.get("tariff") is None:
        return []  # an ``energy`` without a site is found where the site's policy is made
    if cfg.env != SCHEDULING and str(cfg.energy) != "always_on":
        found.append(
            wrong(
                "command line",
                "energy",
                f"is learned with env={cfg.env}",
                cfg.energy,
                "leave it out, or give agent.prior as the start",
            )
        )
    return found


def checked(settings: type[Any], part: DictConfig, where: str) -> Any:
    """A part of the config as a checked object.

    Raises
    ------
    InputError
        With every value that does not fit.
    """
    from pydantic import TypeAdapter, ValidationError

    plain = OmegaConf.to_container(part, resolve=True)
    try:
        return TypeAdapter(settings).validate_python(plain)
    except ValidationError as error:
        raise InputError(
            [
                wrong(
                    f"{where} config",
                    ".".join([where, *map(str, e["loc"])]),
                    e["msg"],
                    repr(e["input"]),
                    (
                        "see conf/train.yaml"
                        if where == "constraint"
                        else "see the files of conf/agent"
                    ),
                )
                for e in error.errors()
            ]
        ) from None


def same_words(folder: object) -> tuple[str, ...]:
    """Words that say what a resumed run says: they are no contradiction."""
    old = _resumed_config(str(folder))
    sources = old.get("sources") or {}
    parts = [f"{part}={Path(str(place)).stem}" for part, place in sources.items()]
    return (f"env={old.get('env', SCHEDULING)}", *parts)


def _with_files(word: str, files: Mapping[str, str]) -> str:
    key, _, value = word.partition("=")
    return f"{key}={','.join(files.get(part, part) for part in value.split(','))}"


def _resumed_config(folder: str) -> Mapping[str, Any]:
    """Config of the run that is resumed; empty if none is, or it has none."""
    path = Path(folder) / "config.yaml"
    if folder == "null" or not path.is_file():
        return {}
    content = OmegaConf.to_container(OmegaConf.load(path))
    return {str(k): v for k, v in content.items()} if isinstance(content, dict) else {}


def _file_of(config: Mapping[str, Any]) -> str | None:
    """Name of the file of ``conf/agent`` that a run was trained with."""
    source = (config.get("sources") or {}).get("agent")
    return None if source is None else Path(str(source)).stem
