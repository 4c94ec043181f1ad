"""Dispatching rules, one per file, and the one way to get a rule as the command line does: `load`.

``agents.rules.atcs.Atcs()`` has the rule's own defaults; ``agent=atcs plant=mid`` and
``load("atcs", plant="mid")`` have the values that were tuned for that plant.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from agents.plug_values import number_fields, read_plug_values
from factory_env.catalogue import load_plug
from factory_env.decision import Policy


def load(
    name: str, plant: str, params: Mapping[str, Any] | None = None, *, where: str = "rule"
) -> Policy:
    """A rule: its own defaults, over them the values tuned for a plant, over them ``params``.

    Parameters
    ----------
    name
        A file of this folder.
    plant
        The plant as its file calls it; tuned values are those of ``conf/tuned/<plant>.yaml``. A
        plant without such a file leaves the defaults, see `tell_values`.
    where
        Who asks, for messages.

    Raises
    ------
    InputError
        If there is no such rule or parameter, or a value is not a usable number.
    """
    plug = load_plug(sys.modules[__name__], name)
    given = {**tuned_values(plant).get(name, {}), **(params or {})}
    policy: Policy = plug(**read_plug_values(plug, name, given, where))
    return policy


def tuned_values(plant: str) -> dict[str, dict[str, float]]:
    """All tuned values of a plant (rule -> parameter -> value); empty if never tuned."""
    from factory_env.presets import is_shipped, read_group  # brings pydantic and omegaconf

    if not is_shipped("tuned", plant):
        return {}
    return {rule: dict(values) for rule, values in read_group("tuned", plant).items()}


def tell_values(name: str, plant: str, params: Mapping[str, Any] | None = None) -> str:
    """Which values `load` uses and where they come from; "" for a rule without any.

    >>> tell_values("covert", "mid")
    'covert runs with k=2 (tuned for plant mid, conf/tuned/mid.yaml)'
    """
    kinds = number_fields(load_plug(sys.modules[__name__], name))
    if not kinds:
        return ""
    rule, tuned = load(name, plant, params), tuned_values(plant).get(name, {})
    by_source: dict[str, list[str]] = {}
    for key in kinds:
        source = "the rule's own default"
        if key in (params or {}):
            source = "as given"
        elif key in tuned:
            source = f"tuned for plant {plant}, conf/tuned/{plant}.yaml"
        by_source.setdefault(source, []).append(f"{key}={getattr(rule, key):g}")
    told = "; ".join(f"{', '.join(values)} ({source})" for source, values in by_source.items())
    untuned = "" if tuned else f"; no values of {name} are tuned for plant {plant}: see tune.py"
    return f"{name} runs with {told}{untuned}"
