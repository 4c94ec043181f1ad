"""Puts down all that will change in a run, before its first minute."""

from __future__ import annotations

from collections.abc import Iterable

from factory_env.catalogue import load_plugs
from factory_env.domain.changes import Change
from factory_env.sim.days import changes as kinds
from factory_env.sim.days.reach import Reach


def begin_changes(changes: Iterable[Change], reach: Reach) -> None:
    """Of one minute they happen in the order given."""
    causes = {cause.kind: cause for cause in load_plugs(kinds).values()}
    for change in changes:
        if type(change) in causes:
            causes[type(change)].begin(change, reach)
