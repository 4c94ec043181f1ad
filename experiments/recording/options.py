"""What a person may say to ``record.py``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final, Literal

from experiments.building.scenario import FactoryConfig
from factory_env.catalogue import plug_names
from factory_env.domain.limits import Runs, Seed, Share, Workers
from factory_env.envs import rewards
from factory_env.errors import Problem, wrong
from factory_env.extras import how_to_install
from factory_env.presets import FIRST_TRAINING_SEED

COMMAND_LINE: Final = "command line"
NEEDED: Final = ("minari", "h5py")
NAME: Final = re.compile(r"[A-Za-z]\w*-v\d+", re.ASCII)  # of which Minari takes the version


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOptions(FactoryConfig):
    """See conf/record.yaml."""

    policies: tuple[str, ...] = ("atcs_match", "edd", "pretrained")
    episodes: Runs = 50
    first_seed: Seed = FIRST_TRAINING_SEED
    epsilon: Share = 0.1
    seed: Seed = 1
    hold: Literal["free", "once", "never"] = "once"
    reward: str = "foresight"
    workers: Workers = 2
    dataset: str | None = None

    @property
    def name(self) -> str:
        """The dataset's name."""
        return self.dataset or f"{re.sub(r'[^A-Za-z0-9]', '_', self.plant_name)}-v1"

    @property
    def seeds(self) -> range:
        """The runs that every policy plays."""
        return range(self.first_seed, self.first_seed + self.episodes)

    def problems(self) -> Iterator[Problem]:
        """Is what writes datasets installed; is there somebody who plays, and each once?"""
        missing = [name for name in NEEDED if find_spec(name) is None]
        if missing:
            rule = f"needs {' and '.join(missing)}, not installed"
            yield wrong(COMMAND_LINE, "record", rule, "record.py", how_to_install("offline"))
        if not self.policies or len(set(self.policies)) < len(self.policies):
            rule, got = "must name somebody, each once", ", ".join(self.policies) or "nobody"
            yield wrong(COMMAND_LINE, "policies", rule, got, "e.g. policies=[edd,pretrained]")
        if not NAME.fullmatch(self.name):
            rule = "must be letters, digits and _, then a version"
            yield wrong(COMMAND_LINE, "dataset", rule, repr(self.name), "e.g. dataset=small-v1")
        known = plug_names(rewards)
        if self.reward not in known:
            rule, right = "must be a file of envs/rewards", f"one of {', '.join(known)}"
            yield wrong(COMMAND_LINE, "reward", rule, repr(self.reward), right)
