"""Masked DQN from nothing, in one file: torch and Gymnasium only.

    python examples/dqn_masked.py --plant small --decisions 50000 --seed 1

Double, duelling, three steps ahead, discounted by elapsed time. A masked action is never chosen,
neither in play nor in the target. The weights that are kept are an average over the last updates:
a single one of them jumps about.
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

ENVS, BATCH, AHEAD, WARM = 8, 128, 3, 1000
RATE, TARGET_SHARE, AVERAGE_SHARE, NORM = 5e-4, 0.01, 0.001, 10.0
EXPLORE, LEAST_EXPLORE = 0.2, 0.05  # share of the decisions until it is least; chance of chance
DISCOUNT_PER_DAY = 0.9
MASKED = -1e8  # value of a masked action
ROWS, FEATURES, IS_ORDER = 32, 28, 27  # of the block "orders"; its last feature: a row in use?
SITE = 16 * 7 + 12  # numbers of the blocks "lines" and "site"


class Values(nn.Module):
    """Observation -> value of the 33 actions: that of the state, and what each is better by."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.site = nn.Sequential(nn.Linear(SITE, width), nn.ReLU())
        self.row = nn.Sequential(
            nn.Linear(FEATURES + width, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU()
        )
        self.order = nn.Sequential(nn.Linear(3 * width, width), nn.ReLU(), nn.Linear(width, 1))
        self.hold = nn.Sequential(nn.Linear(2 * width, width), nn.ReLU(), nn.Linear(width, 1))
        self.state = nn.Sequential(nn.Linear(2 * width, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, seen: Tensor) -> Tensor:
        """Values (batch, 33) of rows made by `flatten`."""
        orders, rest, mask = seen.split((ROWS * FEATURES, SITE, ROWS + 1), dim=1)
        orders = orders.view(-1, ROWS, FEATURES)
        used = orders[:, :, IS_ORDER:] > 0.5
        k = max(1, int(used.sum(1).max()))  # no row beyond is in use
        orders, used = orders[:, :k], used[:, :k].float()
        site = self.site(rest)
        rows = self.row(_beside(orders, site)) * used
        context = torch.cat([rows.sum(1) / used.sum(1).clamp(min=1.0), site], dim=1)
        scores = self.order(_beside(rows, context)).squeeze(2)
        better = torch.cat([self.hold(context), scores, scores.new_zeros(len(seen), ROWS - k)], 1)
        mean = (better * mask).sum(1, keepdim=True) / mask.sum(1, keepdim=True).clamp(min=1.0)
        return (self.state(context) + better - mean).masked_fill(mask < 0.5, MASKED)


def _beside(rows: Tensor, state: Tensor) -> Tensor:
    """Every row with the state beside it."""
    return torch.cat([rows, state.unsqueeze(1).expand(-1, rows.shape[1], -1)], dim=2)


def flatten(seen: Observation) -> Tensor:
    """Observations of many environments as rows of numbers, (envs, 1053)."""
    blocks = ("orders", "lines", "site", "mask")
    return torch.from_numpy(np.concatenate([seen[b] for b in blocks], axis=1, dtype=np.float32))


def greedy(net: Values) -> Act:
    """The action of the highest value, for one environment."""

    def act(seen: Observation) -> int:
        with torch.no_grad():
            return int(net(flatten({name: block[None] for name, block in seen.items()})).argmax())

    return act


class Memory:
    """Every step: what was seen, done and earned within `AHEAD` steps, and what came then."""

    def __init__(self, room: int, width: int) -> None:
        self.seen = torch.zeros(room, width, dtype=torch.float16)
        self.then = torch.zeros(room, width, dtype=torch.float16)
        self.actions = torch.zeros(room, 1, dtype=torch.int64)
        self.earned, self.discounts = torch.zeros(2, room)
        self.size = 0
        self._open: list[list[tuple[Tensor, int, float, float]]] = [[] for _ in range(ENVS)]

    def add(
        self, env: int, seen: Tensor, action: int, reward: float, discount: float, then: Tensor
    ) -> None:
        """A step of one environment; a discount of 0 says that its run is over."""
        steps = self._open[env]
        steps.append((seen, action, reward, discount))
        while steps and (len(steps) == AHEAD or discount == 0.0):
            earned, ahead = 0.0, 1.0
            for _, _, reward_then, discount_then in steps:
                earned += ahead * reward_then
                ahead *= discount_then
            at = self.size
            self.seen[at], self.actions[at], self.earned[at] = steps[0][0], steps[0][1], earned
            self.discounts[at], self.then[at] = ahead, then
            self.size += 1
            steps.pop(0)

    def draw(self) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """A batch: seen, actions, earned, discounts, then."""
        at = torch.randint(self.size, (BATCH,))
        columns = self.actions[at], self.earned[at], self.discounts[at]
        return self.seen[at].float(), *columns, self.then[at].float()


class Learner:
    """The network, its target, its average, and an update of all three."""

    def __init__(self) -> None:
        self.net = Values()
        self.target, self.average = deepcopy(self.net), deepcopy(self.net)
        self.optimiser = torch.optim.Adam(self.net.parameters(), lr=RATE)

    def update(self, memory: Memory) -> None:
        """One step towards what the target says of the next states."""
        seen, actions, earned, discounts, then = memory.draw()
        with torch.no_grad():
            best = self.net(then).argmax(1, keepdim=True)  # double: chosen here, valued there
            goal = earned + discounts * self.target(then).gather(1, best).squeeze(1)
        loss = nn.functional.smooth_l1_loss(self.net(seen).gather(1, actions).squeeze(1), goal)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), NORM)
        self.optimiser.step()
        with torch.no_grad():
            for net, share in ((self.target, TARGET_SHARE), (self.average, AVERAGE_SHARE)):
                for old, new in zip(net.parameters(), self.net.parameters(), strict=True):
                    old.lerp_(new, share)


def choose(net: Values, now: Tensor, chance: float) -> np.ndarray:
    """An action for every environment: the best, or by chance any that is not masked."""
    with torch.no_grad():
        actions = net(now).argmax(1)
    at_random = torch.rand(ENVS) < chance
    actions[at_random] = torch.multinomial(now[:, -ROWS - 1 :], 1).squeeze(1)[at_random]
    return actions.numpy()


def train(options: argparse.Namespace, learner: Learner, course: Course) -> None:
    """Play, remember, update, until the decisions are used up."""
    envs = gym.make_vec(
        ENV_ID,
        num_envs=ENVS,
        plant=options.plant,
        discount_per_day=DISCOUNT_PER_DAY,
        autoreset_mode=AutoresetMode.SAME_STEP,  # a step is never spent on a reset
    )
    envs.reset(seed=[10_000 * options.seed + i for i in range(ENVS)])
    now, done = flatten(envs.reset()[0]), 0
    memory = Memory(options.decisions + 2 * ENVS, now.shape[1])
    while done < options.decisions:
        course.look(done, greedy(learner.average))
        chance = max(LEAST_EXPLORE, 1.0 - done / (EXPLORE * options.decisions))
        actions = choose(learner.net, now, chance)
        seen, rewards, terminated, truncated, infos = envs.step(actions)
        then, is_over = flatten(seen), terminated | truncated
        discounts = np.where(is_over, 0.0, infos["discount"])
        for i in range(ENVS):
            memory.add(i, now[i], int(actions[i]), rewards[i], discounts[i], then[i])
        now, done = then, done + ENVS
        if memory.size > min(WARM, options.decisions // 4):
            learner.optimiser.param_groups[0]["lr"] = RATE * max(0.05, 1 - done / options.decisions)
            learner.update(memory)
    course.finish(done, greedy(learner.average))
    envs.close()


def main() -> None:
    """Train and compare."""
    options = read_options(__doc__)
    torch.set_num_threads(1)  # far faster for small networks
    torch.manual_seed(options.seed)
    learner = Learner()
    start = deepcopy(learner.net)
    env = gym.make(ENV_ID, plant=options.plant)
    course = Course(env, options)
    train(options, learner, course)
    close("dqn_masked", course, greedy(learner.average), greedy(start))


if __name__ == "__main__":
    main()
