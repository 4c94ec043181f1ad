"""First clone a rule, then PPO from there: the recipe where time is short or the plant is large.

    python examples/clone_then_ppo.py --plant mid --decisions 24000 --seed 1

The best tuned rule plays training seeds, now and then answering at random, so that the clone has
seen what follows from mistakes. The network of ppo_masked.py learns its answers (cross entropy
over the actions that are not masked). Before PPO moves the policy, its value head learns what the
clone's states are worth: a wrong one would destroy the clone in the first updates.
"""

from __future__ import annotations

import argparse
from copy import deepcopy
from typing import Any

import gymnasium as gym
import numpy as np
import torch
from closing import ENV_ID, Course, close, read_options
from gymnasium.vector import AutoresetMode
from ppo_masked import DISCOUNT_PER_DAY, ENVS, STEPS, Rollout, Scorer, flatten, greedy, update
from torch import Tensor, nn

from agents import rules

RULE = "atcs_match"
SEEDS = range(1_500_000_000, 1_500_010_000)  # training seeds
AT_RANDOM, BATCH, CLONE_RATE, CLONE_EPOCHS = 0.05, 256, 1e-3, 12
RATE, ENTROPY, VALUE_ROLLOUTS = 3e-4, 0.002, 3


def watch_rule(plant: str, decisions: int, seed: int) -> tuple[Tensor, Tensor]:
    """What the rule saw, (decisions, 1053), and what it answered, (decisions,)."""
    env = gym.make(ENV_ID, plant=plant, hold="free")
    inside: Any = env.unwrapped
    rule, rng = rules.load(RULE, plant), np.random.default_rng(seed)
    shown, answers = [], []
    for run in rng.permutation(len(SEEDS)):
        seen, info = env.reset(seed=SEEDS[int(run)])
        is_over = False
        while not is_over:
            answer = action = inside.answer_to_action(rule.choose(inside.question))
            shown.append(flatten({name: block[None] for name, block in seen.items()}))
            answers.append(answer)
            if len(answers) == decisions:
                return torch.cat(shown), torch.tensor(answers)
            if rng.random() < AT_RANDOM:
                action = int(rng.choice(np.flatnonzero(info["action_mask"])))
            seen, _, terminated, truncated, info = env.step(action)
            is_over = terminated or truncated
    raise ValueError(f"{len(SEEDS)} runs have fewer than {decisions} decisions")


def clone(net: Scorer, shown: Tensor, answers: Tensor) -> float:
    """Fit the scores to the rule's answers; the share that is equal on a tenth kept out."""
    kept = len(answers) // 10
    optimiser = torch.optim.Adam(net.parameters(), lr=CLONE_RATE)
    for _ in range(CLONE_EPOCHS):
        for at in (kept + torch.randperm(len(answers) - kept)).split(BATCH):
            loss = nn.functional.cross_entropy(net(shown[at])[0], answers[at])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():
        return float((net(shown[:kept])[0].argmax(1) == answers[:kept]).float().mean())


def fit_values(net: Scorer, rollout: Rollout) -> None:
    """Fit the value head alone to what was earned."""
    heads = (net.value_site, net.value_row, net.value)
    optimiser = torch.optim.Adam([w for head in heads for w in head.parameters()], lr=CLONE_RATE)
    goals = (rollout.advantages() + rollout.values[:-1]).flatten()
    seen = rollout.seen.flatten(0, 1)
    for _ in range(CLONE_EPOCHS):
        for at in torch.randperm(len(goals)).split(BATCH):
            loss = (net(seen[at])[1] - goals[at]).square().mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()


def train(options: argparse.Namespace, net: Scorer, course: Course) -> None:
    """PPO from the clone."""
    envs = gym.make_vec(
        ENV_ID,
        num_envs=ENVS,
        plant=options.plant,
        hold="free",
        discount_per_day=DISCOUNT_PER_DAY,
        autoreset_mode=AutoresetMode.SAME_STEP,
    )
    optimiser = torch.optim.Adam(net.parameters(), lr=RATE, eps=1e-5)
    envs.reset(seed=[10_000 * options.seed + i for i in range(ENVS)])
    now = flatten(envs.reset()[0])
    rollout, done = Rollout(now.shape[1]), 0
    while done < options.decisions:
        course.look(done, greedy(net))
        optimiser.param_groups[0]["lr"] = RATE * max(0.05, 1.0 - done / options.decisions)
        now = rollout.collect(envs, net, now)
        if done < VALUE_ROLLOUTS * STEPS * ENVS:
            fit_values(net, rollout)
        else:
            update(net, optimiser, rollout, entropy=ENTROPY)
        done += STEPS * ENVS
    course.finish(done, greedy(net))
    envs.close()


def main() -> None:
    """Clone, train and compare; the row `start` is the clone."""
    options = read_options(__doc__, plant="mid", decisions=24_000, watched=8_000)
    torch.set_num_threads(1)  # far faster for small networks
    torch.manual_seed(options.seed)
    torch.distributions.Distribution.set_default_validate_args(False)
    env = gym.make(ENV_ID, plant=options.plant, hold="free")
    course = Course(env, options)
    net = Scorer()
    equal = clone(net, *watch_rule(options.plant, options.watched, options.seed))
    print(f"the clone answers as {RULE} in {equal:.1%} of the decisions kept out")
    start = deepcopy(net)
    train(options, net, course)
    close("clone_then_ppo", course, greedy(net), greedy(start))


if __name__ == "__main__":
    main()
