"""What a person may say to ``whatif.py``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

from annotated_types import Interval

from experiments.building.decider import list_unsaid
from experiments.futures.asking.question_file import QuestionFile, Runs
from experiments.futures.asking.reading import Asked, read_question, read_question_file
from experiments.futures.asking.scene import GROUPS, WORDS
from factory_env.domain.limits import Seed, Workers
from factory_env.door.order_format import AS_THE_BOOK_SAYS, BookFormat
from factory_env.errors import InputError

WHAT: Final = "what"
STORE: Final = "runs/store"
OF_FILE: Final = ("seed", "replications", "half_width_share")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatifOptions:
    """See conf/whatif.yaml."""

    what: Mapping[str, Any]
    plant: str | None = None
    scenario: str | None = None
    disruptions: str | None = None
    demand: str | None = None
    inspector: str | None = None
    site: str | None = None
    tariff: str | None = None
    energy: str | None = None
    agent: str | None = None
    orders: str | None = None
    floor: str | None = None
    orders_format: BookFormat = AS_THE_BOOK_SAYS
    styles: str | None = None
    bulletins: str | None = None
    seed: Seed | None = None
    replications: Runs | None = None
    half_width_share: Annotated[float, Interval(gt=0, lt=1)] | None = None
    workers: Workers = 2
    store: str | None = STORE
    page: bool = True
    sources: Mapping[str, str] = field(default_factory=dict)  # group -> file
    words: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """Of the question."""
        return self.sources.get(WHAT, WHAT)

    @property
    def name(self) -> str:
        """Of the question."""
        return Path(self.file).stem

    def settle(self, asked: QuestionFile) -> QuestionFile:
        """The question with what the command line lays over it."""
        said = {key: getattr(self, key) for key in (*GROUPS, *WORDS)}
        said = {key: value for key, value in said.items() if value is not None}
        if self.orders_format != AS_THE_BOOK_SAYS:
            said["orders_format"] = self.orders_format
        own = {key: getattr(self, key) for key in OF_FILE if getattr(self, key) is not None}
        return dataclasses.replace(asked, base=dataclasses.replace(asked.base, **said), **own)


def ask_question(options: WhatifOptions) -> Asked:
    """The checked question of a command line.

    Raises
    ------
    InputError
        With every problem of the question file and of what is laid over it.
    """
    asked = read_question_file(options.what, options.file)
    if unsaid := _unsaid_code(asked, options):
        raise InputError(unsaid)
    return read_question(options.settle(asked), options.name, options.file)


def _unsaid_code(asked: QuestionFile, options: WhatifOptions) -> list[Any]:
    """Code that the file names: no file makes anything run that the command line does not say."""
    said = [
        {"agent": asked.base.agent, "energy": asked.base.energy},
        *(t.set for t in asked.variants),
    ]
    said += [{key: value} for key in ("agent", "energy") for value in asked.vary.get(key, ())]
    problems = []
    for config in said:
        problems += list_unsaid(config, ("agent", "energy"), options.words, options.file)
    return problems
