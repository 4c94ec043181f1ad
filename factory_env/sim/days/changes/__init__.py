"""What changes in a running factory: a file a kind of change, whose ``PLUG`` can begin one.

A kind that has no file here is the business of whoever plays the run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from factory_env.domain.changes import Change
from factory_env.sim.days.reach import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A kind of change, and how one begins: before the first minute it puts down what it will do.

    Until its minute comes nobody may notice anything.
    """

    kind: type[Change]
    begin: Callable[[Any, Reach], None]
