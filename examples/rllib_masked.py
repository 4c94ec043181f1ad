"""RLlib: the environment registered, and PPO with RLlib's own module for action masks.

    pip install "ray[rllib]"
    python examples/rllib_masked.py --decisions 20000

RLlib is no dependency of this package, and pins another Gymnasium (1.2.2): give it a virtual
environment of its own. Its module wants observations of two parts, ``observations`` in a row and
``action_mask``; `Masked` lays them out so. The most urgent order comes first (`SortedOrders`), so
that a plain network can learn what a row means.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

import gymnasium as gym
import numpy as np
from closing import ENV_ID, HELD_OUT, play, play_rule
from gymnasium import spaces

from factory_env.envs.wrappers import SortedOrders

NAME = "seamline_masked"
BLOCKS = ("orders", "lines", "site")


class Masked(gym.ObservationWrapper):  # type: ignore[type-arg]
    """Observations as RLlib's module for action masks reads them."""

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        super().__init__(env)
        parts: Any = env.observation_space
        low, high = (
            np.concatenate([getattr(parts[block], end) for block in BLOCKS]).astype(np.float32)
            for end in ("low", "high")
        )
        self.observation_space = spaces.Dict(
            {
                "observations": spaces.Box(low, high, dtype=np.float32),
                "action_mask": spaces.Box(0.0, 1.0, parts["mask"].shape, dtype=np.float32),
            }
        )

    def observation(self, observation: Any) -> dict[str, Any]:
        """Blocks in a row, and the mask beside them."""
        row = np.concatenate([observation[block] for block in BLOCKS], dtype=np.float32)
        return {"observations": row, "action_mask": observation["mask"].astype(np.float32)}


def make_env(config: Any) -> gym.Env[Any, Any]:
    """What RLlib is given under `NAME`; ``config`` holds arguments of the environment."""
    return Masked(SortedOrders(gym.make(ENV_ID, **config)))


def build(plant: str) -> Any:
    """PPO of RLlib's new API stack, in this process."""
    from ray.rllib.algorithms.ppo import PPOConfig
    from ray.rllib.core.rl_module.rl_module import RLModuleSpec
    from ray.rllib.examples.rl_modules.classes.action_masking_rlm import ActionMaskingTorchRLModule
    from ray.tune.registry import register_env

    register_env(NAME, make_env)
    module = RLModuleSpec(
        module_class=ActionMaskingTorchRLModule,
        model_config={"fcnet_hiddens": [64, 64], "fcnet_activation": "tanh"},
    )
    config = (
        PPOConfig()
        .environment(NAME, env_config={"plant": plant, "reward": "foresight"})
        .env_runners(num_env_runners=0, num_envs_per_env_runner=4)
        .learners(num_learners=0)
        .rl_module(rl_module_spec=module)
        .training(train_batch_size_per_learner=1024, minibatch_size=256, num_epochs=4, lr=1e-3)
    )
    return config.build_algo()


def act_greedily(algorithm: Any) -> Any:
    """The most probable legal action."""
    import torch

    module = algorithm.get_module()

    def act(seen: Any) -> int:
        batch = {"obs": {key: torch.from_numpy(value[None]) for key, value in seen.items()}}
        with torch.no_grad():
            return int(module.forward_inference(batch)["action_dist_inputs"].argmax())

    return act


def main() -> None:
    """Train, then compare with EDD on held-out seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plant", default="small")
    parser.add_argument("--decisions", type=int, default=20_000)
    parser.add_argument("--episodes", type=int, default=20, help="runs of the comparison")
    options = parser.parse_args()
    algorithm, done = build(options.plant), 0
    while done < options.decisions:
        result = algorithm.train()
        done = int(result["num_env_steps_sampled_lifetime"])
        print(f"{done:7,} decisions", file=sys.stderr, flush=True)
    seeds = range(HELD_OUT, HELD_OUT + options.episodes)
    env = make_env({"plant": options.plant})
    costs = {
        "agent": play(env, act_greedily(algorithm), seeds).mean(),
        "edd": play_rule(options.plant, "edd", seeds).mean(),
    }
    algorithm.stop()
    for who, usd in costs.items():
        print(f"{who:12} {usd:10,.0f} USD")
    print(json.dumps({"example": "rllib_masked", "decisions": done, "cost_usd": costs}))


if __name__ == "__main__":
    main()
