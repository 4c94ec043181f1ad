"""A recording from its checked options to the dataset."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
from gymnasium import spaces
from gymnasium.envs.registration import EnvSpec

from experiments.command.crew import work_off
from experiments.recording.options import RecordOptions
from experiments.recording.playing import Stage
from factory_env import Scenario
from factory_env.envs.datasets.dataset import Dataset
from factory_env.envs.datasets.writing import describe_env, write_dataset
from factory_env.presets import CONF

MADE_BY_ID: Final = (
    "plant",
    "scenario",
    "disruptions",
)  # groups that the environment takes by name


def hold_recording(options: RecordOptions, scenario: Scenario, folder: Path) -> dict[str, Any]:
    """Play and write; figures for the summary."""
    stage = Stage(
        scenario=scenario,
        policies=options.policies,
        epsilon=options.epsilon,
        seed=options.seed,
        hold=options.hold,
        reward=options.reward,
    )
    jobs = [(name, seed) for name in options.policies for seed in options.seeds]
    episodes = work_off(stage, jobs, workers=options.workers, title="recording", unit="run")
    env = stage.make_env()
    dataset = Dataset(
        name=options.name,
        episodes=episodes,
        features={block: env.feature_names(block) for block in env.encoder.blocks},
        facts=_facts(options, scenario) | {"reward_scale": env.reward_scale},
    )
    assert isinstance(env.observation_space, spaces.Dict)
    assert isinstance(env.action_space, spaces.Discrete)
    place = write_dataset(
        dataset, folder, env.observation_space, env.action_space, _env_spec(options)
    )
    size_mb = sum(f.stat().st_size for f in place.rglob("*") if f.is_file()) / 1e6
    actions = np.concatenate([episode.actions for episode in episodes])
    return {
        "dataset": str(place),
        "episodes": len(episodes),
        "decisions": len(dataset),
        "size_mb": round(size_mb, 3),
        "hold_share": round(float((actions == 0).mean()), 4),
        "mean_costs_usd": dataset.mean_costs_usd(),
    }


def _facts(options: RecordOptions, scenario: Scenario) -> dict[str, Any]:
    """What was recorded, and how."""
    return {
        "plant": scenario.plant.name,
        "scenario": scenario.name,
        "policies": list(options.policies),
        "first_seed": options.first_seed,
        "epsilon": options.epsilon,
        "exploration_seed": options.seed,
        "hold": options.hold,
        "reward": options.reward,
    }


def _own_files(options: RecordOptions) -> dict[str, str]:
    """Files of a user's own: their names are not known elsewhere, or mean another plant there."""
    named = {group: options.sources[group] for group in MADE_BY_ID}
    return {
        group: path
        for group, path in named.items()
        if Path(path).resolve() != (CONF / group / f"{Path(path).stem}.yaml").resolve()
    }


def _env_spec(options: RecordOptions) -> EnvSpec | None:
    """What makes the environment again by its id, if the scenario is one that it can name."""
    own = [w for w in options.words if "." in w.partition("=")[0]]
    own += [f"{group}={path}" for group, path in _own_files(options).items()]
    other = [g for g in ("demand", "inspector") if f"{g}=" in " ".join(options.words)]
    if own or other or options.styles or options.bulletins:
        text = "the scenario has values of its own, so the dataset names no environment to make"
        print(f"note: {text} ({' '.join([*own, *other])})", file=sys.stderr)
        return None
    named = {group: _name_choice(group, options.sources[group]) for group in MADE_BY_ID}
    return describe_env({**named, "hold": options.hold, "reward": options.reward})


def _name_choice(group: str, source: str) -> str:
    """What an environment is given for a file: the name of a shipped one, else its path."""
    path, folder = Path(source).resolve(), CONF / group
    if not path.is_relative_to(folder):
        return source
    return path.relative_to(folder).with_suffix("").as_posix()
