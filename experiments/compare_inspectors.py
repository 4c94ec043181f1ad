"""What does inspection pay? `compare_inspectors.py`: one factory, one rule, every inspector.

All of them meet the same orders, people and defects, seed by seed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, ListConfig, OmegaConf

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.building.policy import policy_from
from experiments.building.scenario import scenario_from
from experiments.command.checks import switch_of
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder, write_text
from experiments.comparing.pictures import draw_study, study_table
from experiments.comparing.study import study_figures, study_inspectors
from factory_env import Scenario, inspectors
from factory_env.catalogue import plug_names
from factory_env.door.gather import Gather
from factory_env.errors import InputError, Problem, wrong
from factory_env.presets import read_group


def task(cfg: DictConfig, run: RunFolder) -> dict[str, Any]:
    """Check everything, play, and leave table, picture and figures."""
    gather = Gather()
    numbers = gather(numbers_from, cfg)
    names = gather(names_from, cfg)
    gather(policy_from, str(cfg.agent), None, str(cfg.plant.get("name")))
    gather.done()
    assert numbers is not None
    assert names is not None
    scenarios = {name: gather(with_inspector, cfg, name) for name in names}
    gather.done()
    built = {name: scenario for name, scenario in scenarios.items() if scenario is not None}
    first, episodes, workers = numbers
    study = study_inspectors(built, str(cfg.agent), range(first, first + episodes), workers=workers)
    table = study_table(study)
    write_text(run.path / "inspectors.md", table)
    print(table)
    if cfg.pictures:
        draw_study(study, run.path / "inspectors.png", plant=str(cfg.plant.get("name")))
    return {"plant": cfg.plant.get("name"), **study_figures(study)}


def with_inspector(cfg: DictConfig, name: str) -> Scenario:
    """The config's scenario with the inspector of ``conf/inspector/<name>.yaml``."""
    plain: Any = OmegaConf.to_container(cfg, resolve=True)
    own = OmegaConf.create({**plain, "inspector": read_group("inspector", name)})
    return scenario_from(own)


def names_from(cfg: DictConfig) -> list[str]:
    """The inspectors to compare: known ones, each once, two at least."""
    known = plug_names(inspectors)
    given = cfg.inspectors
    names = [str(name) for name in given] if isinstance(given, ListConfig) else []
    if len(set(names)) != len(names) or len(names) < 2 or not set(names) <= set(known):
        right = f"inspectors=[cnn,human]; known: {', '.join(known)}"
        raise InputError.of(
            "command line", "inspectors", "must name two known ones or more, once", given, right
        )
    return names


def numbers_from(cfg: DictConfig) -> tuple[int, int, int]:
    """First seed, episodes and workers; whether pictures are drawn is checked as well."""
    problems: list[Problem] = []
    found = []
    switch_of(cfg, "pictures", problems)
    for name, least, usual in (("first_seed", 0, 120_000), ("episodes", 2, 50), ("workers", 1, 2)):
        value = cfg.eval[name] if isinstance(cfg.eval, DictConfig) else None
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            problems.append(
                wrong(
                    "command line",
                    f"eval.{name}",
                    f"must be a whole number from {least}",
                    repr(value),
                    f"eval.{name}={usual}",
                )
            )
        found.append(value)
    if problems:
        raise InputError(problems)
    return found[0], found[1], found[2]


if __name__ == "__main__":
    run_main("compare_inspectors", task)
