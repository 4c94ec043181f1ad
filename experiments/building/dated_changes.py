"""Changes of a run from a user's file, and the policies that take over in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from factory_env.domain.changes import Change, OtherPolicy, begin_min
from factory_env.door.changes_door import read_changes
from factory_env.door.changing.moments import moment_text
from factory_env.door.text_file import user_path
from factory_env.door.yaml_text import read_yaml
from factory_env.errors import InputError, wrong
from factory_env.relay import Relay
from factory_env.sim.history.replay import Past
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.collection import season_styles

KEY = "changes"


def read_changes_file(
    path: str, past: Past, first_day: date | None, earliest_min: float = 0.0
) -> tuple[Change, ...]:
    """The list ``changes:`` of a YAML file, for a run that has come to a minute.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    content, where = read_yaml(user_path(path)), str(path)
    if set(content) != {KEY}:
        rule = "must hold one list"
        raise InputError.of(where, KEY, rule, ", ".join(map(str, content)), "changes: [...]")
    scenario, rows = past.scenario, content[KEY]
    styles = season_styles(scenario, Streams(past.seed))
    beside = {"styles": styles, "earlier": past.changes}
    changes = read_changes(rows, scenario, first_day, past.orders, where, **beside)
    right = f"from {moment_text(earliest_min, first_day)} on"
    early = [
        wrong(where, f"changes[{i}]", "must not begin before the branch", got, right)
        for i, change in enumerate(changes)
        if begin_min(change) < earliest_min and (got := moment_text(begin_min(change), first_day))
    ]
    if early:
        raise InputError(early)
    return changes


def relay_policies(first: Any, changes: Sequence[Change], build: Callable[[str], Any]) -> Any:
    """The policy, or a relay if changes say that others take over; ``build`` makes those."""
    others = [c for c in changes if isinstance(c, OtherPolicy)]
    if not others:
        return first
    return Relay(first, [(change.at_min, build(change.agent)) for change in others])
