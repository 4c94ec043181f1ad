"""What a person may say to ``fit.py``, whatever network it fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.command.options import Folder
from factory_env.errors import Problem, wrong
from factory_env.learned.weights_file import SHIPPED

PARTS = "model"  # the key under which a network's own options stand


@dataclass(frozen=True, slots=True, kw_only=True)
class FitOptions:
    """See conf/fit.yaml."""

    model: Mapping[str, Any] = field(default_factory=dict)
    data_dir: Folder | None = None
    check_originals: bool = True
    evaluate_only: bool = False
    weights: Folder | None = None
    resume: Folder | None = None

    @property
    def network(self) -> str:
        """What is to be fitted."""
        return str(self.model.get("name"))

    @property
    def measured_weights(self) -> Path:
        """The weights that are measured where none are trained."""
        return self.weights or SHIPPED

    def problems(self) -> Iterator[Problem]:
        """A measurement trains nothing."""
        if self.evaluate_only and self.resume is not None:
            rule = "goes on with a training"
            yield wrong("command line", "resume", rule, "evaluate_only=true", "one of the two")
