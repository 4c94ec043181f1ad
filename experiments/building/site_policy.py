"""Who runs the site, by name: a rule, the shipped policy, or what a training run has left."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from agents import energy
from agents.card import PRETRAINED, SHIPPED, checkpoint_folder, find_saved, read_card
from agents.curtailed import Curtailed
from agents.site_rules import site_rule
from experiments.building.decider import read_values
from experiments.building.guarded import LOAD_S, Guarded
from experiments.building.own_policy import OwnName, load_own, read_own_name
from factory_env.catalogue import load_plug, plug_names
from factory_env.decision import LINES as LINES_ROLE
from factory_env.decision import Policy
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.errors import ArtifactError, InputError
from factory_env.presets import is_shipped, read_group

LINES: Final = "lines"  # the one parameter that every policy has
SITE: Final = "site"
FIELD: Final = "policy of the site"  # for messages
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


def site_agent(name: str, tariff: str, seconds: float | None = LOAD_S) -> EnergyPolicy:
    """A policy that runs the site.

    Parameters
    ----------
    name
        A file of ``agents/energy`` (with its values tuned for the tariff), a run folder of
        ``train.py env=energy`` or a checkpoint in it (``runs/train/a:start``), ``pretrained``, or
        code (``my.py:Site``). Behind an @ stand parameters: ``peak_shave@day_c:29``;
        ``@lines:0.5`` lets any policy's lines stand, see `Curtailed`.
    seconds
        Most time that code of a user's may take to make it; None = any.

    Raises
    ------
    InputError
        If it is none of them, or can not be loaded.
    """
    base, _, text = name.partition("@") if find_saved(name) is None else (name, "", "")
    params = _params(name, text)
    lines = params.pop(LINES, None)
    if lines is not None and not 0.0 <= lines <= 1.0:
        raise _wrong(name, "lines must be a share from 0 to 1", "e.g. @lines:0.5")
    if base in plug_names(energy):
        site = _rule(name, base, tariff, params)
    elif (own := own_name(base)) is not None:
        again: Any = partial(site_agent, f"{base}@{text}" if text else base, tariff)
        site = Guarded(load_own(own, params, SITE, seconds), name, recipe=again)
    elif params:
        raise _wrong(name, "only rules have parameters besides lines", f"{base}@lines:0.5")
    else:
        site = _load_saved(base, tariff)
    return site if lines is None else Curtailed(site=site, lines=lines)


def joint_agent(name: str, seconds: float | None = LOAD_S) -> Policy:
    """A policy that runs lines and site.

    Parameters
    ----------
    name
        A run folder of ``train.py env=joint`` or a checkpoint in it, ``pretrained``, or code
        (``my.py:Both``, with ``choose`` and ``run_site``, or ``answer``).
    seconds
        As for `site_agent`.

    Raises
    ------
    InputError
        If it is none, or can not be loaded.
    """
    base, _, text = name.partition("@")
    if find_saved(name) is None and (own := own_name(base)) is not None:
        params = _params(name, text)
        for role in (SITE, LINES_ROLE):
            policy = load_own(own, params, role, seconds)
        again: Any = partial(joint_agent, name)
        return Guarded(policy, name, recipe=again)
    folder = JOINT if name == PRETRAINED else find_saved(name)
    if folder is None:
        raise _wrong(
            name,
            "must be code (my.py:Both), a run folder of train.py env=joint, or pretrained",
            "e.g. runs/train/<date>",
        )
    return _load_kind(name, folder, JOINT_LOADERS, lambda load, place: load(place))


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


def own_name(word: str) -> OwnName | None:
    """The parts of a word that names code and no folder; None if it names none."""
    own = None if find_saved(word) is not None else read_own_name(word)
    return None if own is None else replace(own, field=FIELD)


def _load_saved(name: str, tariff: str) -> EnergyPolicy:
    if name == PRETRAINED:
        return _with_words(name, lambda: _lookahead(SHIPPED / "energy", tariff))
    folder = find_saved(name)
    if folder is None:
        known = [*plug_names(energy), PRETRAINED]
        near = [k for k in known if k == name.lower()] or difflib.get_close_matches(
            name, known, n=2
        )
        hint = f"try {' or '.join(near)}; " if near else ""
        raise _wrong(
            name,
            "must be a rule for the site, code (my.py:Site), a run folder or pretrained",
            f"{hint}rules: {', '.join(known[:-1])}",
        )
    return _load_kind(name, folder, LOADERS, lambda load, place: load(place, tariff))


def _load_kind(
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
    try:
        return read_values(name, text) if text else {}
    except InputError:
        rule = "parameters behind @ are written key:number"
        raise _wrong(name, rule, "e.g. peak_shave@day_c:29@lines:0.5") from None


def _wrong(name: str, rule: str, right: str) -> InputError:
    return InputError.of("command line", FIELD, rule, repr(name), right)
