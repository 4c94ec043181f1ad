"""Masked PPO from nothing, in one file: torch and Gymnasium only.

    python examples/ppo_masked.py --plant small --decisions 50000 --seed 1

The network scores every waiting order with the same weights, so it does not matter in which row an
order stands; masked actions get no probability. Discounts are by elapsed time
(``info["discount"]``), for decisions are uneven in time.
"""

from __future__ import annotations

import argparse
from copy import deepcopy

import gymnasium as gym
import numpy as np
import torch
from closing import ENV_ID, Act, Course, Observation, close, read_options
from gymnasium.vector import AutoresetMode
from torch import Tensor, nn

ENVS, STEPS, BATCH, EPOCHS = 8, 128, 256, 4
RATE, CLIP, LAMBDA, ENTROPY, VALUE, NORM = 1e-3, 0.2, 0.9, 0.01, 0.5, 0.5
DISCOUNT_PER_DAY = 0.9
ROWS, FEATURES, IS_ORDER = 32, 28, 27  # of the block "orders"; its last feature: a row in use?
SITE = 16 * 7 + 12  # numbers of the blocks "lines" and "site"


class Scorer(nn.Module):
    """Observation -> logits of the 33 actions (masked), and the value of the state."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.site = nn.Sequential(nn.Linear(SITE, width), nn.Tanh())
        self.row = _mlp(FEATURES + width, width)
        self.order = nn.Sequential(nn.Linear(3 * width, width), nn.Tanh(), nn.Linear(width, 1))
        self.hold = nn.Sequential(nn.Linear(2 * width, width), nn.Tanh(), nn.Linear(width, 1))
        self.value_site = nn.Sequential(nn.Linear(SITE, width), nn.Tanh())
        self.value_row = _mlp(FEATURES + width, width)
        self.value = nn.Sequential(nn.Linear(2 * width, width), nn.Tanh(), nn.Linear(width, 1))
        for head in (self.order[-1], self.hold[-1]):  # all actions alike at the start
            nn.init.orthogonal_(head.weight, 0.01)
            nn.init.zeros_(head.bias)

    def forward(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (batch, 33) and values (batch,) of rows made by `flatten`."""
        orders, rest, mask = seen.split((ROWS * FEATURES, SITE, ROWS + 1), dim=1)
        orders = orders.view(-1, ROWS, FEATURES)
        used = orders[:, :, IS_ORDER:] > 0.5
        k = max(1, int(used.sum(1).max()))  # no row beyond is in use
        orders, used = orders[:, :k], used[:, :k].float()
        site = self.site(rest)
        rows = self.row(_beside(orders, site)) * used
        context = torch.cat([rows.sum(1) / used.sum(1).clamp(min=1.0), site], dim=1)
        scores = self.order(_beside(rows, context)).squeeze(2)
        logits = torch.cat([self.hold(context), scores, scores.new_zeros(len(seen), ROWS - k)], 1)
        value_site = self.value_site(rest)
        value_rows = self.value_row(_beside(orders, value_site)) * used
        values = self.value(torch.cat([value_rows.sum(1) / 8.0, value_site], dim=1)).squeeze(1)
        return logits.masked_fill(mask < 0.5, -1e8), values


def _mlp(n_in: int, width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(n_in, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh())


def _beside(rows: Tensor, state: Tensor) -> Tensor:
    """Every row with the state beside it."""
    return torch.cat([rows, state.unsqueeze(1).expand(-1, rows.shape[1], -1)], dim=2)


def flatten(seen: Observation) -> Tensor:
    """Observations of many environments as rows of numbers, (envs, 1053)."""
    blocks = ("orders", "lines", "site", "mask")
    return torch.from_numpy(np.concatenate([seen[b] for b in blocks], axis=1, dtype=np.float32))


def greedy(net: Scorer) -> Act:
    """The action with the highest logit, for one environment."""

    def act(seen: Observation) -> int:
        with torch.no_grad():
            logits, _ = net(flatten({name: block[None] for name, block in seen.items()}))
        return int(logits.argmax())

    return act


class Rollout:
    """What the environments did in ``STEPS`` steps; arrays of shape (STEPS, ENVS)."""

    def __init__(self, width: int) -> None:
        self.seen = torch.zeros(STEPS, ENVS, width)
        self.actions = torch.zeros(STEPS, ENVS, dtype=torch.int64)
        self.log_chances, self.rewards, self.discounts, self.alive = torch.zeros(4, STEPS, ENVS)
        self.values = torch.zeros(STEPS + 1, ENVS)

    def collect(self, envs: gym.vector.VectorEnv, net: Scorer, now: Tensor) -> Tensor:
        """Step on from ``now``; returns what the environments show at the end."""
        for t in range(STEPS):
            with torch.no_grad():
                logits, self.values[t] = net(now)
            chances = torch.distributions.Categorical(logits=logits)
            self.seen[t], self.actions[t] = now, chances.sample()
            self.log_chances[t] = chances.log_prob(self.actions[t])
            seen, rewards, terminated, truncated, infos = envs.step(self.actions[t].numpy())
            now = flatten(seen)
            self.rewards[t] = torch.from_numpy(rewards)
            self.alive[t] = torch.from_numpy(1.0 - (terminated | truncated))
            self.discounts[t] = torch.from_numpy(infos["discount"])
        with torch.no_grad():
            self.values[STEPS] = net(now)[1]
        return now

    def advantages(self) -> Tensor:
        """Generalised advantage estimates, each step with its own discount."""
        advantages = torch.zeros(STEPS, ENVS)
        ahead = torch.zeros(ENVS)
        for t in reversed(range(STEPS)):
            discount = self.discounts[t] * self.alive[t]
            delta = self.rewards[t] + discount * self.values[t + 1] - self.values[t]
            ahead = advantages[t] = delta + discount * LAMBDA * ahead
        return advantages


def update(
    net: Scorer, optimiser: torch.optim.Optimizer, rollout: Rollout, entropy: float = ENTROPY
) -> None:
    """Some epochs of clipped policy steps."""
    advantages = rollout.advantages()
    targets = (advantages + rollout.values[:-1]).flatten()
    advantages = ((advantages - advantages.mean()) / (advantages.std() + 1e-8)).flatten()
    seen, actions = rollout.seen.flatten(0, 1), rollout.actions.flatten()
    before = rollout.log_chances.flatten()
    for _ in range(EPOCHS):
        for at in torch.randperm(STEPS * ENVS).split(BATCH):
            logits, values = net(seen[at])
            chances = torch.distributions.Categorical(logits=logits)
            ratio = (chances.log_prob(actions[at]) - before[at]).exp()
            clipped = ratio.clamp(1.0 - CLIP, 1.0 + CLIP)
            gain = torch.min(ratio * advantages[at], clipped * advantages[at]).mean()
            error = (values - targets[at]).square().mean()
            loss = VALUE * error - gain - entropy * chances.entropy().mean()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), NORM)
            optimiser.step()


def train(options: argparse.Namespace, net: Scorer, course: Course) -> None:
    """Collect and update until the decisions are used up."""
    envs = gym.make_vec(
        ENV_ID,
        num_envs=ENVS,
        plant=options.plant,
        discount_per_day=DISCOUNT_PER_DAY,
        autoreset_mode=AutoresetMode.SAME_STEP,  # a step is never spent on a reset
    )
    optimiser = torch.optim.Adam(net.parameters(), lr=RATE, eps=1e-5)
    # without seeds of their own the runs would be those of seeds 0 to 7: draw them
    envs.reset(seed=[10_000 * options.seed + i for i in range(ENVS)])
    now = flatten(envs.reset()[0])
    rollout, done = Rollout(now.shape[1]), 0
    while done < options.decisions:
        course.look(done, greedy(net))
        optimiser.param_groups[0]["lr"] = RATE * max(0.05, 1.0 - done / options.decisions)
        now = rollout.collect(envs, net, now)
        update(net, optimiser, rollout)
        done += STEPS * ENVS
    course.finish(done, greedy(net))
    envs.close()


def main() -> None:
    """Train and compare."""
    options = read_options(__doc__)
    torch.set_num_threads(1)  # far faster for small networks
    torch.manual_seed(options.seed)
    torch.distributions.Distribution.set_default_validate_args(False)
    net = Scorer()
    start = deepcopy(net)
    env = gym.make(ENV_ID, plant=options.plant)
    course = Course(env, options)
    train(options, net, course)
    close("ppo_masked", course, greedy(net), greedy(start))


if __name__ == "__main__":
    main()
