"""Which learner on which environment: ``env=`` and ``agent=`` of ``train.py``, before Hydra.

A learner is a file of ``learners/<env>`` and one of ``conf/agent`` with its settings; ``agent=ppo``
is another one on each environment, and site and tariff have other defaults there.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from experiments.building.decider import is_own
from experiments.training.learner import Learner
from factory_env.door.yaml_text import read_yaml
from factory_env.errors import InputError
from factory_env.presets import CONF, SITE_TO_RUN

LEARNER: Final = "learner"  # key of a user's own file of settings: the learner they are of
SCHEDULING, ENERGY, JOINT = "scheduling", "energy", "joint"
USUAL: Final[Mapping[str, str]] = {SCHEDULING: "ppo", ENERGY: "sac", JOINT: "ppo"}
HOME: Final = Path(__file__).with_name("learners")


def _files(env: str) -> Mapping[str, str]:
    """Learner -> its file of ``conf/agent``: of its own name, or with that of the environment."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(HOME / env)]))
    names.sort(key=lambda name: name != USUAL[env])
    own = {name: f"{env}_{name}" for name in names}
    return {n: own[n] if (CONF / "agent" / f"{own[n]}.yaml").is_file() else n for n in names}


# env -> agent on the command line -> file of conf/agent, the usual one first
FILES: Final[Mapping[str, Mapping[str, str]]] = {env: _files(env) for env in USUAL}
CLONED: Final = "agent.clone.rule"  # likewise, in the learner's settings
DECIDERS: Final = ("rival", "scheduler", "energy")  # keys that say who else decides


def load_learner(env: str, name: str) -> Learner:
    """The learner of that name, which is one of `FILES`; brings what it learns with."""
    plug = importlib.import_module(f"experiments.training.learners.{env}.{name}").PLUG
    assert isinstance(plug, Learner)
    return plug


def learner_words(words: Sequence[str]) -> list[str]:
    """The command line with the file of ``conf/agent`` that it means, and a site where one is run.

    What is wrong with it is left for the options and for the checks of keys.
    """
    given = {word.partition("=")[0]: word.partition("=")[2] for word in words}
    old = resumed_config(given.get("resume", "null"))
    env = given.get("env", str(old.get("env", SCHEDULING)))
    if env not in FILES:
        return list(words)
    files = FILES[env]
    line = [_with_files(w, files) if w.startswith("agent=") else w for w in words]
    if "env" not in given and env != SCHEDULING:
        line.append(f"env={env}")
    if "agent" not in given:
        line.append(f"agent={_agent_file(old) or files[USUAL[env]]}")
    if env != SCHEDULING and not old:
        line += [f"{part}={name}" for part, name in SITE_TO_RUN.items() if part not in given]
    return line


def same_words(folder: object) -> tuple[str, ...]:
    """Words that say what a resumed run says: they are no contradiction."""
    old = resumed_config(str(folder))
    sources = old.get("sources") or {}
    parts = [f"{part}={Path(str(place)).stem}" for part, place in sources.items()]
    clone = (old.get("agent") or {}).get("clone") or {}
    named = {**{key: old.get(key) for key in DECIDERS}, CLONED: clone.get("rule")}
    deciders = [f"{key}={value}" for key, value in named.items() if value and is_own(str(value))]
    return (f"env={old.get('env', SCHEDULING)}", *parts, *deciders)


def _with_files(word: str, files: Mapping[str, str]) -> str:
    key, _, value = word.partition("=")
    return f"{key}={','.join(files.get(part, part) for part in value.split(','))}"


def resumed_config(folder: str) -> Mapping[str, Any]:
    """Config of the run that is resumed; empty if none is, or it has none."""
    path = Path(folder) / "config.yaml"
    if folder == "null" or not path.is_file():
        return {}
    try:
        return read_yaml(path, literal=True)
    except InputError:
        return {}  # told when the run is resumed


def _agent_file(config: Mapping[str, Any]) -> str | None:
    """Name of the file of ``conf/agent`` that a run was trained with."""
    source = (config.get("sources") or {}).get("agent")
    if source is None or LEARNER in (config.get("agent") or {}):
        return None  # the keys of the user's own file are taken over from the run
    return Path(str(source)).stem
