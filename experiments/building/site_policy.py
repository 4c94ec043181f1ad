"""Who runs the site, by name: a rule, the shipped policy, or what a training run has left."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from agents import energy
from agents.card import PRETRAINED, SHIPPED, checkpoint_folder, read_card
from agents.curtailed import Curtailed
from agents.site_rules import site_rule
from factory_env.catalogue import load_plug, plug_names
from factory_env.decision import Policy
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.errors import ArtifactError, InputError
from factory_env.presets import is_shipped, read_group

LINES: Final = "lines"  # the one parameter that every policy has
JOINT: Final = SHIPPED / "joint"

Loader = Callable[[Path, str], EnergyPolicy]  # folder with a card, name of the tariff
JointLoader = Callable[[Path], Policy]


def _lookahead(folder: Path, tariff: str) -> EnergyPolicy:
    from agents.lookahead.load import load_lookahead

    policy: EnergyPolicy = load_lookahead(folder, tariff)
    return policy


def _energy_network(folder: Path, tariff: str) -> EnergyPolicy:
    from agents.deep.energy.network import load_energy_network  # brings torch

    del tariff  # its prior has the values of the tariff it was trained on
    return load_energy_network(folder, site_rule)


def _joint_network(folder: Path) -> Policy:
    from agents.deep.joint.policy import load_joint

    return load_joint(folder, site_rule)


# "kind" of a card -> what loads the folder it lies in
LOADERS: Final[dict[str, Loader]] = {
    "energy_lookahead": _lookahead,
    "energy_network": _energy_network,
}
JOINT_LOADERS: Final[dict[str, JointLoader]] = {"joint_network": _joint_network}


def site_agent(name: str, tariff: str) -> EnergyPolicy:
    """A policy that runs the site.

    Parameters
    ----------
    name
        A file of ``agents/energy`` (with its values tuned for the tariff), a run folder of
        ``train.py env=energy``, or ``pretrained``. Behind an @ stand parameters:
        ``peak_shave@day_c:29``; ``@lines:0.5`` lets any policy's lines stand, see `Curtailed`.

    Raises
    ------
    InputError
        If it is none of them, or can not be loaded.
    """
    base, _, text = name.partition("@") if not Path(name).is_dir() else (name, "", "")
    params = _params(name, text)
    lines = params.pop(LINES, None)
    if lines is not None and not 0.0 <= lines <= 1.0:
        raise _wrong(name, "lines must be a share from 0 to 1", "e.g. @lines:0.5")
    if base in plug_names(energy):
        site = _rule(name, base, tariff, params)
    elif params:
        raise _wrong(name, "only rules have parameters besides lines", f"{base}@lines:0.5")
    else:
        site = _saved(base, tariff)
    return site if lines is None else Curtailed(site=site, lines=lines)


def joint_agent(name: str) -> Policy:
    """A policy that runs lines and site: a run folder of ``train.py env=joint``, or pretrained.

    Raises
    ------
    InputError
        If it is none, or can not be loaded.
    """
    folder = JOINT if name == PRETRAINED else Path(name)
    if not folder.is_dir():
        raise _wrong(
            name,
            "must be a run folder of train.py env=joint, or pretrained",
            "e.g. runs/train/<date>",
        )
    return _loaded(name, folder, JOINT_LOADERS, lambda load, place: load(place))


def energy_policy_from(
    name: str, tariff: str = "", params: Mapping[str, Any] | None = None
) -> EnergyPolicy:
    """A plug of ``agents/energy`` with its values from ``conf/tuned/energy/<tariff>.yaml``.

    Without such a file, or the plug in it, its defaults hold.
    """
    values = {**tuned_energy(tariff).get(name, {}), **(params or {})}
    policy: EnergyPolicy = load_plug(energy, name)(**values)
    return policy


def tuned_energy(tariff: str) -> dict[str, dict[str, float]]:
    """All tuned values of a tariff: plug -> parameter -> value."""
    if not is_shipped("tuned/energy", tariff):
        return {}
    return {name: dict(values) for name, values in read_group("tuned/energy", tariff).items()}


def _saved(name: str, tariff: str) -> EnergyPolicy:
    if name == PRETRAINED:
        return _with_words(name, lambda: _lookahead(SHIPPED / "energy", tariff))
    folder = Path(name)
    if not folder.is_dir():
        known = [*plug_names(energy), PRETRAINED]
        near = [k for k in known if k == name.lower()] or difflib.get_close_matches(
            name, known, n=2
        )
        hint = f"try {' or '.join(near)}; " if near else ""
        raise _wrong(
            name,
            "must be a rule for the site, a run folder or pretrained",
            f"{hint}rules: {', '.join(known[:-1])}",
        )
    return _loaded(name, folder, LOADERS, lambda load, place: load(place, tariff))


def _loaded(
    name: str, folder: Path, loaders: Mapping[str, Any], load: Callable[[Any, Path], Any]
) -> Any:
    """What the loader of a card's kind makes of the folder."""
    place = checkpoint_folder(folder)
    kind = str(_with_words(name, lambda: read_card(place)).get("kind"))
    if kind not in loaders:
        known = ", ".join(sorted(loaders)) or "none yet"
        raise _wrong(name, f"holds an agent of another kind ({kind})", f"kinds here: {known}")
    return _with_words(name, lambda: load(loaders[kind], place))


def _with_words(name: str, load: Callable[[], Any]) -> Any:
    """The result of ``load``; a saved agent that can not be used is wrong input."""
    try:
        return load()
    except ArtifactError as error:
        raise _wrong(name, "must hold an agent of this version", str(error)) from None


def _rule(name: str, base: str, tariff: str, params: Mapping[str, float]) -> EnergyPolicy:
    known = getattr(load_plug(energy, base), "GRID", {})
    strange = [key for key in params if key not in known]
    if strange:
        raise _wrong(
            name,
            f"{base} has no parameter {', '.join(strange)}",
            f"known: {', '.join([*known, LINES])}",
        )
    return energy_policy_from(base, tariff, params)


def _params(name: str, text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for word in text.split("@") if text else ():
        key, equals, value = word.partition(":")
        try:
            found[key.strip()] = float(value)
        except ValueError:
            equals = ""
        if not equals or not math.isfinite(found[key.strip()]):
            raise _wrong(
                name,
                "parameters behind @ are written key:number",
                "e.g. peak_shave@day_c:29@lines:0.5",
            )
    return found


def _wrong(name: str, rule: str, right: str) -> InputError:
    return InputError.of("command line", "policy of the site", rule, repr(name), right)
