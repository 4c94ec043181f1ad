"""The one door for options: what it takes, what it refuses, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from experiments.command.options import Folder, read_options
from factory_env.domain.limits import Count, InnerShare, PartShare, Positive, Seed, Share
from factory_env.door.gather import Gather
from factory_env.errors import InputError, Problem, wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    rate: Positive = 0.1
    batch: Count = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    name: str = "a"
    seed: Seed = 0
    share: Share = 0.5
    part: PartShare = 0.0
    inner: InnerShare = 0.5
    limit: Count | None = None
    pictures: bool = True
    look: Literal["near", "far"] = "near"
    env: Literal["one", "two", "both"] = "one"
    weights: Folder | None = None
    pace: Pace = field(default_factory=Pace)
    stages: Mapping[str, Pace] = field(default_factory=dict)
    sliders: Mapping[str, Share | None] = field(default_factory=dict)

    def problems(self) -> Iterator[Problem]:
        if not self.pictures and self.limit is not None:
            yield wrong("command line", "limit", "needs pictures", "pictures=false", "null")


def read(given: Mapping[str, object]) -> tuple[Options, list[str]]:
    gather = Gather()
    options = read_options(Options, given, gather)
    return options, [str(problem) for problem in gather.problems]


def test_right_values_come_in_with_their_types(tmp_path: Path) -> None:
    options, problems = read(
        {
            "name": 12,
            "seed": 3.0,  # as Hydra reads 3e0
            "share": 1,
            "limit": 4,
            "weights": str(tmp_path),
            "pace": {"rate": 0.3},
            "stages": {"first": {"batch": 2}},
            "sliders": {"length": 0.2, "width": None},
            "plant": {"of": "somebody else"},
        }
    )
    assert not problems
    assert options == Options(
        name="12",
        seed=3,
        share=1.0,
        limit=4,
        weights=tmp_path,
        pace=Pace(rate=0.3),
        stages={"first": Pace(batch=2)},
        sliders={"length": 0.2, "width": None},
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"seed": -1}, "seed: must be a whole number of at least 0; got -1; the default is 0"),
        ({"seed": True}, "seed: must be a whole number of at least 0; got True"),
        ({"seed": 2**63}, "seed: must be a whole number"),
        ({"seed": "3"}, "seed: must be a whole number of at least 0; got '3'"),
        ({"share": float("nan")}, "share: must be a number from 0 to 1; got nan"),
        ({"part": 1}, "part: must be a number of at least 0 and less than 1; got 1"),
        ({"inner": 0}, "inner: must be a number more than 0 and less than 1; got 0"),
        ({"limit": 0}, "limit: must be a whole number of at least 1, or null; got 0"),
        ({"pictures": 1}, "pictures: must be true or false; got 1; the default is true"),
        ({"look": "up"}, "look: must be near or far; got 'up'; the default is near"),
        ({"env": "x"}, "env: must be one of one, two, both; got 'x'"),
        ({"weights": "no"}, "weights: must be a folder; got no; a folder that exists, or null"),
        ({"pace": 3}, "pace: must hold keys and values; got 3"),
        ({"pace": {"rate": 0}}, "pace.rate: must be a number more than 0; got 0"),
        ({"pace": {"rats": 1}}, "pace.rats: must be a known key; got 'rats'; did you mean 'rate'?"),
        ({"stages": {"a": {"batch": 0}}}, "stages.a.batch: must be a whole number of at least 1"),
        ({"sliders": {"width": 2}}, "sliders.width: must be a number from 0 to 1, or null; got 2"),
        ({"limit": 2, "pictures": False}, "limit: needs pictures"),
    ],
)
def test_a_wrong_value_is_refused_in_words(given: Mapping[str, object], said: str) -> None:
    _, problems = read(given)
    assert len(problems) == 1
    assert problems[0].startswith(f"command line: {said}")


def test_all_that_is_wrong_is_said_at_once_and_defaults_stand_in() -> None:
    options, problems = read({"seed": "x", "look": 3, "pace": {"rate": "fast", "batch": 2}})
    assert len(problems) == 3
    assert options == Options(pace=Pace(batch=2))


def test_a_key_without_a_default_can_not_be_left_out() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Needy:
        folder: str

    with pytest.raises(InputError, match="folder: must be given; got nothing"):
        read_options(Needy, {}, Gather())
