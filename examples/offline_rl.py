"""Learning from recorded play alone: behaviour cloning, and discrete conservative Q-learning.

    python examples/offline_rl.py --method cql --dataset small-v1 --seed 1

The dataset holds what two rules and an agent did, with a tenth of the decisions at random
(`experiments/record.py`; the extra ``offline`` reads it). Nothing is played while learning.
``bc`` clones the policy whose runs were the cheapest. ``cql`` learns from everybody's decisions,
the random ones too, what an action leads to: double Q-learning, with a penalty on actions that
nobody took (Kumar et al. 2020). Discounts are by elapsed time.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import torch
from closing import ENV_ID, HELD_OUT, Act, Observation, play, play_rule, ratio_interval
from torch import Tensor, nn

from agents.deep.load import load_agent
from factory_env.decision import ask
from factory_env.envs.datasets import Dataset, Transitions, load_dataset
from factory_env.errors import ArtifactError

BATCH, RATE, EPOCHS = 256, 1e-3, {"bc": 40, "cql": 60}
DISCOUNT_PER_DAY, RECORDED_PER_DAY = 0.9, 0.99  # what is learned with, what the dataset has
CONSERVATIVE, TAU, REWARD_SCALE = 1.0, 0.01, 0.2
ROWS, FEATURES, IS_ORDER = 32, 28, 27  # of the block "orders"; its last feature: a row in use?
SITE = 16 * 7 + 12  # numbers of the blocks "lines" and "site"
BLOCKS = ("orders", "lines", "site", "mask")


class Scores(nn.Module):
    """Observation -> a number for each of the 33 actions; masked ones far below the rest."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.site = nn.Sequential(nn.Linear(SITE, width), nn.Tanh())
        self.row = _mlp(FEATURES + width, width)
        self.order = nn.Sequential(nn.Linear(3 * width, width), nn.Tanh(), nn.Linear(width, 1))
        self.hold = nn.Sequential(nn.Linear(2 * width, width), nn.Tanh(), nn.Linear(width, 1))

    def forward(self, seen: Tensor) -> Tensor:
        """Scores (batch, 33) of rows made by `flatten`."""
        orders, rest, mask = seen.split((ROWS * FEATURES, SITE, ROWS + 1), dim=1)
        orders = orders.view(-1, ROWS, FEATURES)
        k = max(1, int(orders[:, :, IS_ORDER].sum(1).max()))  # no row beyond is in use
        orders, used = orders[:, :k], orders[:, :k, IS_ORDER:]
        site = self.site(rest)
        rows = self.row(_beside(orders, site)) * used
        context = torch.cat([rows.sum(1) / used.sum(1).clamp(min=1.0), site], dim=1)
        scores = self.order(_beside(rows, context)).squeeze(2)
        rest = scores.new_zeros(len(seen), ROWS - k)
        return torch.cat([self.hold(context), scores, rest], 1).masked_fill(mask < 0.5, -1e8)


def _mlp(n_in: int, width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(n_in, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh())


def _beside(rows: Tensor, state: Tensor) -> Tensor:
    """Every row with the state beside it."""
    return torch.cat([rows, state.unsqueeze(1).expand(-1, rows.shape[1], -1)], dim=2)


def flatten(seen: Any) -> Tensor:
    """Observations as rows of numbers, (n, 1053)."""
    return torch.from_numpy(np.concatenate([seen[b] for b in BLOCKS], axis=1, dtype=np.float32))


def greedy(net: Scores) -> Act:
    """The action with the highest score, for one environment."""

    def act(seen: Observation) -> int:
        with torch.no_grad():
            return int(net(flatten({name: seen[name][None] for name in BLOCKS})).argmax())

    return act


def batches(n: int, epochs: int) -> Iterator[Tensor]:
    """Positions in random order, every one once an epoch."""
    for _ in range(epochs):
        yield from torch.randperm(n).split(BATCH)


def learn_bc(net: Scores, data: Dataset, epochs: int) -> None:
    """Clone what the cheapest policy would have done, also where something else was tried."""
    costs = data.mean_costs_usd()
    best = min(costs, key=lambda name: costs[name])
    moves = data.transitions(lambda episode: episode.policy == best)
    seen, answers = flatten(moves.observations), torch.from_numpy(moves.policy_actions)
    optimiser = torch.optim.Adam(net.parameters(), lr=RATE)
    for at in batches(len(answers), epochs):
        loss = nn.functional.cross_entropy(net(seen[at]), answers[at])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    print(f"cloned {best} on {len(answers):,} decisions, loss {float(loss.detach()):.3f}")


def learn_cql(net: Scores, moves: Transitions, epochs: int) -> None:
    """Double Q-learning on what was recorded, conservative about what was not."""
    seen, after = flatten(moves.observations), flatten(moves.next_observations)
    actions = torch.from_numpy(moves.actions)[:, None]
    rewards = torch.from_numpy(moves.rewards).float() * REWARD_SCALE
    power = np.log(DISCOUNT_PER_DAY) / np.log(RECORDED_PER_DAY)
    ahead = torch.from_numpy(moves.discounts**power * ~moves.ends).float()
    target = deepcopy(net)
    optimiser = torch.optim.Adam(net.parameters(), lr=RATE)
    for at in batches(len(actions), epochs):
        with torch.no_grad():
            best = net(after[at]).argmax(1, keepdim=True)
            worth = rewards[at] + ahead[at] * target(after[at]).gather(1, best).squeeze(1)
        values = net(seen[at])
        known = values.gather(1, actions[at]).squeeze(1)
        error = nn.functional.smooth_l1_loss(known, worth)
        loss = error + CONSERVATIVE * (values.logsumexp(1) - known).mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 10.0)
        optimiser.step()
        with torch.no_grad():
            for slow, fast in zip(target.parameters(), net.parameters(), strict=True):
                slow.lerp_(fast, TAU)
    print(f"learned of {len(actions):,} decisions, loss {float(loss.detach()):.3f}")


def play_policy(plant: str, name: str, seeds: range) -> np.ndarray[Any, Any]:
    """Total cost of every seed of one who was recorded, without exploration [USD]."""
    if name != "pretrained":
        return play_rule(plant, name, seeds)
    env: Any = gym.make(ENV_ID, plant=plant, hold="free").unwrapped
    agent = load_agent(name)
    return play(env, lambda seen: env.answer_to_action(ask(agent, env.question)), seeds)


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--method", choices=sorted(EPOCHS), default="bc")
    parser.add_argument("--dataset", default="small-v1", help="a shipped one, or a folder")
    parser.add_argument("--epochs", type=int, default=None)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--episodes", type=int, default=50, help="runs of the closing table")
    parser.add_argument("--first_seed", type=int, default=HELD_OUT)
    parser.add_argument("--out", type=Path, default=Path("runs/examples/offline_rl"))
    return parser.parse_args()


def main() -> None:
    """Learn, then compare with those who were recorded."""
    options = read_options()
    torch.set_num_threads(1)  # far faster for small networks
    torch.manual_seed(options.seed)
    try:
        data = load_dataset(options.dataset)
    except ArtifactError as error:
        raise SystemExit(f"offline_rl: {error}") from None
    net, began_s = Scores(), time.perf_counter()
    epochs = options.epochs or EPOCHS[options.method]
    if options.method == "bc":
        learn_bc(net, data, epochs)
    else:
        learn_cql(net, data.transitions(), epochs)
    seconds = time.perf_counter() - began_s
    plant = data.facts["plant"]
    seeds = range(options.first_seed, options.first_seed + options.episodes)
    env = gym.make(ENV_ID, plant=plant, hold=data.facts["hold"])
    costs = {options.method: play(env, greedy(net), seeds)}
    costs |= {name: play_policy(plant, name, seeds) for name in (*data.policies, "edd")}
    print(f"\n{'policy':12} {'cost (USD)':>10} {'/ EDD':>7}")
    for who, usd in costs.items():
        print(f"{who:12} {usd.mean():10,.0f} {usd.mean() / costs['edd'].mean():7.3f}")
    to_rule = {
        who: [round(x, 4) for x in ratio_interval(costs[options.method], costs[who])]
        for who in data.policies
    }
    summary = {
        "example": "offline_rl",
        "method": options.method,
        "dataset": data.name,
        "decisions": len(data),
        "seconds": round(seconds, 1),
        "episodes": len(seeds),
        "cost_usd": {who: round(float(usd.mean()), 2) for who, usd in costs.items()},
        "to_recorded_95": to_rule,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "summary.json").write_text(
        json.dumps(summary, indent=2) + "\n", encoding="utf-8"
    )
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
