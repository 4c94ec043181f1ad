"""Every study that ships names what there is, on seeds that nothing was made with."""

from __future__ import annotations

import pytest

from experiments.command.options import read_options
from experiments.studying.options import StudyOptions
from experiments.studying.session import plan_study
from factory_env.door.gather import Gather
from factory_env.presets import CONF, read_group

STUDIES = sorted(path.stem for path in (CONF / "study").glob("*.yaml"))


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_that_ships_can_be_held(name: str) -> None:
    gather = Gather()
    config = {"study": read_group("study", name), "sources": {"study": f"conf/study/{name}.yaml"}}
    plan = plan_study(read_options(StudyOptions, config, gather), gather)
    assert plan.study.name == name
    assert len(plan.entries) >= 4
    assert plan.study.ratios
