"""The socket for learners: what a file in ``learners/<env>`` says of the one it stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from factory_env.door.gather import Gather

Settle = Callable[[Mapping[str, Any], int], dict[str, Any]]


def keep(settings: Mapping[str, Any], steps: int) -> dict[str, Any]:
    """The settings mean the same however long a training is."""
    del steps
    return dict(settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """``PLUG`` of a file; its settings stand in ``conf/agent``.

    Parameters
    ----------
    lesson
        Options of ``train.py`` and the problems found so far -> a `Lesson`, checked and ready.
    settle
        Settings and decisions -> settings: what ``auto`` means in a training of that length.
    recipe
        The `Recipe` of a learner whose settings ``search.py`` can search.
    """

    lesson: Callable[[Any, Gather], Any]
    settle: Settle = keep
    recipe: Any = None
