"""``python experiments/train.py env=energy``: from a config to a trained energy policy."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hydra.core.hydra_config import HydraConfig
from numpy.typing import NDArray
from omegaconf import DictConfig, OmegaConf
from tqdm import tqdm

from agents.deep.energy.evolution import Evolution
from agents.deep.energy.lookahead import HIGH, LOW, START
from agents.deep.energy.networks import ALGORITHMS, EnergyNetwork, build_model, save_network
from agents.deep.energy.policy import save_policy
from agents.deep.energy.replay import Replayer, record
from experiments.build import policy_from
from experiments.energy_bound import asked, energy_cost_usd, lateness_usd, run_energy
from factory_env import Scenario
from factory_env.decision import EnergyPolicy, Policy
from factory_env.envs.energy_gym import EnergyEnv
from factory_env.envs.energy_observation import EnergyEncoder

EVOLUTION = "es"
REWARD_SCALE = 0.01  # rewards in units of 100 USD
PPO_KEYS = {"learning_rate": "learning_rate", "n_steps": "n_steps", "batch_size": "batch_size",
            "epochs": "n_epochs", "gae_lambda": "gae_lambda", "clip_range": "clip_range",
            "width": "width"}  # fmt: skip


def learner() -> str:
    """Name of the chosen file of ``conf/agent``."""
    return str(HydraConfig.get().runtime.choices["agent"])


def train_energy(cfg: DictConfig, scenario: Scenario, folder: Path) -> dict[str, Any]:
    """Train into ``folder/best``; the start is a candidate, too."""
    name = learner()
    lines = policy_from(cfg.scheduler, None, scenario.plant.name)
    if name == EVOLUTION:
        return _evolve(cfg, scenario, lines, folder)
    return _reinforce(name, cfg, scenario, lines, folder)


def _evolve(cfg: DictConfig, scenario: Scenario, lines: Policy, folder: Path) -> dict[str, Any]:
    """Evolution on recorded training runs, the best by recorded validation runs."""
    assert scenario.energy is not None
    pool = Replayer(scenario, record(scenario, lines, _seeds(cfg.pool)))
    check = Replayer(scenario, record(scenario, lines, _seeds(cfg.validation)))
    rng = np.random.default_rng(cfg.seed)
    search = Evolution((START - LOW) / (HIGH - LOW), cfg.agent.step, cfg.agent.population, cfg.seed)
    best_usd = float("inf")
    for generation in tqdm(range(cfg.agent.generations + 1), desc="training", unit="generation",
                           file=sys.stderr):  # fmt: skip
        usd = _mean_usd(check, search.mean, range(len(check.recordings)))
        if usd < best_usd:
            best_usd = usd
            facts = {"seed": cfg.seed, "generation": generation, "validation_cost_usd": usd}
            save_policy(
                folder / "best", {scenario.energy.tariff.name: _weights(search.mean)}, facts
            )
        runs = rng.choice(len(pool.recordings), min(cfg.agent.runs, len(pool.recordings)), False)
        search.advance(lambda at, runs=runs: _mean_usd(pool, at, runs))  # type: ignore[misc]
    return {"learner": EVOLUTION, "validation_cost_usd": best_usd}


def _weights(at: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(LOW + (HIGH - LOW) * np.clip(at, 0.0, 1.0))


def _mean_usd(replayer: Replayer, at: NDArray[np.float64], runs: Sequence[int]) -> float:
    """Mean cost of a proposal, and a fence around the unit cube."""
    outside = float(((at - np.clip(at, 0.0, 1.0)) ** 2).sum())
    paid = [replayer.play(_weights(at), int(which)).total_usd for which in runs]
    return float(np.mean(paid)) + 1000.0 * outside


def _reinforce(
    name: str, cfg: DictConfig, scenario: Scenario, lines: Policy, folder: Path
) -> dict[str, Any]:
    """SAC, TD3 or PPO on `EnergyEnv`; validated in the factory itself."""
    env = EnergyEnv(scenario=scenario, scheduler=lines)
    scaled: Any = _scaled(env)
    model = build_model(name, scaled, _settings(name, cfg), cfg.seed)
    best_usd, done, validated = float("inf"), 0, []
    with tqdm(total=cfg.steps, desc="training", unit="decision", file=sys.stderr) as bar:
        while True:
            policy = EnergyNetwork(model.policy, EnergyEncoder())
            usd = _validate(scenario, lines, policy, _seeds(cfg.validation))
            validated.append({"steps": done, "goal_usd": usd})
            if usd < best_usd:
                best_usd = usd
                save_network(folder / "best", name, model, {"seed": cfg.seed, "steps": done,
                                                           "validation_goal_usd": usd})  # fmt: skip
            (folder / "validation.json").write_text(json.dumps(validated) + "\n")
            if done >= cfg.steps:
                return {"learner": name, "steps": done, "validation_goal_usd": best_usd}
            part = min(cfg.validation.every, cfg.steps - done)
            model.learn(part, reset_num_timesteps=False)
            done += part
            bar.update(part)


def _settings(name: str, cfg: DictConfig) -> dict[str, Any]:
    plain: Any = OmegaConf.to_container(cfg.agent, resolve=True)
    if name == "ppo":  # the file's other keys belong to the scheduling agent
        return {"gamma": 0.999, **{new: plain[old] for old, new in PPO_KEYS.items()}}
    return {str(key): value for key, value in plain.items()}


def _scaled(env: EnergyEnv) -> Any:
    from gymnasium.wrappers import TransformReward

    return TransformReward(env, lambda reward: REWARD_SCALE * float(reward))


def _validate(
    scenario: Scenario, lines: Policy, policy: EnergyPolicy, seeds: Sequence[int]
) -> float:
    """Mean of site cost and lateness [USD]."""
    logs = [run_energy(asked(scenario), lines, policy, seed) for seed in seeds]
    return float(np.mean([energy_cost_usd(log) + lateness_usd(log) for log in logs]))


def _seeds(part: DictConfig) -> range:
    count = part.size if "size" in part else part.episodes
    return range(part.first_seed, part.first_seed + count)


def is_known(name: str) -> bool:
    """Can this learner train on ``env=energy``?"""
    return name == EVOLUTION or name in ALGORITHMS
