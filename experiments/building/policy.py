"""Who runs the factory, by name: rules, run folders, shipped agents, code and models of users."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from agents import planners, rules
from agents.card import NUMBERS, PRETRAINED
from agents.team import Team
from experiments.building.decider import (
    MODEL,
    OWN,
    PLANNER,
    RULE,
    SAVED,
    TUNED_RULE,
    Decider,
    read_decider,
    refuse_decider,
)
from experiments.building.guarded import LOAD_S, Guarded
from experiments.building.own_policy import load_own, read_own_name
from experiments.building.saved_policy import load_saved
from experiments.building.scenario import ALWAYS_ON, FactoryConfig
from factory_env.catalogue import plug_names
from factory_env.decision import LINES, Policy
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.door.gather import Gather
from factory_env.door.text_file import is_file, user_path
from factory_env.errors import ArtifactError, InputError, wrong
from factory_env.presets import DEFAULT_TARIFF

if TYPE_CHECKING:
    from agents.deep.sb3.policy import TrainedOn


def policies_from(config: FactoryConfig, agent: str, params: Mapping[str, Any]) -> Policy:
    """Who runs the lines, and beside it who runs the site.

    Raises
    ------
    InputError
        With the problems of both.
    """
    gather = Gather()
    lines = gather(policy_from, agent, params, config.plant_name)
    site = gather(site_policy_from, config)
    gather.done()
    assert lines is not None
    return lines if site is None else Team(lines=lines, site=site)


def site_policy_from(config: FactoryConfig) -> EnergyPolicy | None:
    """Who runs the site: a rule tuned for its tariff, a run folder, or pretrained.

    None with ``energy=always_on``, and without a battery where nobody is named.
    """
    name = config.site_agent
    if name == ALWAYS_ON:
        return None
    from experiments.building.site_policy import site_agent  # brings a solver

    gather = Gather()
    tariff = config.tariff or {"name": DEFAULT_TARIFF}
    site = gather(site_agent, name, str(tariff.get("name", "")))
    if config.site is None and config.tariff is None:
        right = "site=pv_battery, tariff=us_demand, or both"
        gather.add([wrong("command line", "energy", "needs a site to run", repr(name), right)])
    gather.done()
    return site


def policy_from(
    agent: str,
    params: Mapping[str, Any] | None = None,
    plant_name: str = "mid",
    field: str = "agent",
    seconds: float | None = LOAD_S,
) -> Policy:
    """Who runs the lines, by the word that a command line says.

    Parameters
    ----------
    agent
        A rule (``edd``) or a planner (``iterated_greedy``), both with values behind if need be
        (``atcs@k1:2@k2:0.5``), ``pretrained``, a run folder
        or a checkpoint in it (``runs/train/a:start``), code (``my.py:Policy``,
        ``package.module:Policy``, both with ``@name:number`` behind), or a model of
        Stable-Baselines3 (``sb3:model.zip``, with ``@hold:free`` or ``@sorted:index`` behind if its
        environment was not the default of Scheduling-v1).
    params
        Of a rule, or of what makes a policy of one's own.
    field
        The key of the command line, for messages.
    seconds
        Most time that code of a user's may take to make it; None = any.

    Raises
    ------
    InputError
        If the word means nobody, or who it means can not be made.
    """
    try:
        return _policy(read_decider(agent), params, plant_name, seconds)
    except InputError as error:
        renamed = [replace(p, field=field) if p.field == "agent" else p for p in error.problems]
        raise InputError(renamed) from None


def _policy(
    decider: Decider,
    params: Mapping[str, Any] | None,
    plant_name: str,
    seconds: float | None = LOAD_S,
) -> Policy:
    name = decider.base
    again: Any = partial(_policy, decider, params, plant_name)
    if decider.kind in (RULE, TUNED_RULE, PLANNER):
        return _house_policy(decider, params or {}, plant_name)
    if decider.kind == OWN:
        own = read_own_name(name)
        assert own is not None
        policy: Policy = load_own(own, {**decider.params, **(params or {})}, LINES, seconds)
        return Guarded(policy, decider.word, recipe=again)
    if params or (decider.kind == SAVED and decider.params):
        got, right = str(dict(params or decider.params)), f"no params with agent={name}"
        rule_text = "only rules, planners and your own policies have params"
        raise refuse_decider(name, rule_text, right, got)
    if decider.kind == MODEL:
        return Guarded(_model(decider), decider.word, recipe=again)
    if decider.kind == SAVED:
        return _with_words(name, lambda: load_saved(name))
    known = [*plug_names(rules), *plug_names(planners), PRETRAINED]
    near = [k for k in known if k == name.lower()] or difflib.get_close_matches(name, known, n=2)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    raise refuse_decider(
        decider.word,
        "must be a rule, a planner, a run folder, pretrained, my.py:Policy or sb3:model.zip",
        f"{hint}rules and planners: {', '.join(known[:-1])}",
    )


def _house_policy(decider: Decider, params: Mapping[str, Any], plant_name: str) -> Policy:
    """A rule or planner of the house, with the values behind its name and those of ``params``."""
    name, values = decider.base, {**decider.params, **params}
    if decider.kind == RULE:
        return rule_from(name, values, plant_name)
    if decider.kind == PLANNER:
        return planners.load(name, plant_name, values, where="command line")
    rule, tuned = name.partition("@")[0], rules.tuned_values(plant_name)
    if name not in tuned:
        known = ", ".join(key for key in tuned if "@" in key) or "none"
        rule_text = f"must be tuned for plant {plant_name}"
        raise refuse_decider(name, rule_text, f"known: {known}; values: {rule}@k1:2")
    return rule_from(rule, {**tuned[name], **params}, plant_name)


def _model(decider: Decider) -> Policy:
    from agents.deep.sb3.policy import load_model  # brings torch

    path, trained_on = user_path(decider.base), _read_training(decider)
    if not is_file(decider.base):
        raise refuse_decider(decider.word, "must name a model.zip that is there", "check the path")
    return _with_words(decider.word, lambda: load_model(path, trained_on))


def _read_training(decider: Decider) -> TrainedOn:
    """What is said behind the name of a model about its environment."""
    from agents.deep.sb3.policy import TrainedOn  # brings torch
    from factory_env.envs.terms import HOLDS, SchedulingTerms
    from factory_env.envs.wrappers.sorted_orders import KEYS

    words = dict(decider.words)
    hold, sort_by = words.pop("hold", SchedulingTerms().hold), words.pop("sorted", None)
    prior = {key: float(words.pop(key)) for key in NUMBERS if _is_number(words.get(key))}
    if words or hold not in HOLDS or sort_by not in (None, *KEYS) or len(prior) not in (0, 3):
        rule = "must say how the environment of its training was set up"
        right = "of @hold:once (or never, free), @sorted:index (or due), @k1:2@k2:1@k3:0.1"
        raise refuse_decider(decider.word, rule, right)
    return TrainedOn(hold=hold, sort_by=sort_by, prior=prior or None)  # type: ignore[arg-type]


def _is_number(text: str | None) -> bool:
    return text is not None and text.replace(".", "", 1).isdecimal()


def _with_words(name: str, load: Callable[[], Policy]) -> Policy:
    """The result of ``load``; a saved agent that can not be used is wrong input."""
    try:
        return load()
    except ArtifactError as error:
        rule = "must hold an agent that this version can use"
        raise refuse_decider(name, rule, str(error)) from None


def rule_from(
    name: str, params: Mapping[str, Any] | None = None, plant_name: str = "mid"
) -> Policy:
    """A dispatching rule as `agents.rules.load` makes it, asked for on the command line.

    Raises
    ------
    InputError
        If there is no such rule or parameter, or a value is not a usable number.
    """
    return rules.load(name, plant_name, params, where="command line")


def policy_notes(agent: str, params: Mapping[str, Any], plant_name: str) -> tuple[str, ...]:
    """The values that a rule runs with, and where they come from; how a model is played."""
    decider = read_decider(agent)
    if decider.kind == MODEL and "hold" not in decider.words:
        from factory_env.envs.terms import SchedulingTerms

        usual = SchedulingTerms().hold
        return (
            f"{agent} plays with hold={usual}, the default of Scheduling-v1; @hold:free: as v0",
        )
    if decider.kind != RULE:
        return ()
    try:
        told = rules.tell_values(decider.base, plant_name, {**decider.params, **params})
    except InputError:  # said where the rule is made
        return ()
    return (told,) if told else ()
