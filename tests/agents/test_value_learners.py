"""DQN and QR-DQN: what a decision turned out to be worth, the memory, who is chosen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from gymnasium import spaces

from agents.deep.load import build_network
from agents.deep.valued.memory import Batch, Memory
from agents.deep.valued.playing import Exploring, Moves, choose_actions
from agents.deep.valued.settings import DqnSettings, QrDqnSettings
from agents.deep.valued.update import advantages, goals, loss, measure, quantile_loss
from experiments.command.options import read_options
from factory_env.door.gather import Gather
from factory_env.envs.scheduling.encoder import Encoder
from factory_env.errors import InputError

SPACE = spaces.Dict({"site": spaces.Box(0, 1, (2,)), "mask": spaces.MultiBinary(3)})


def moves(first: int, steps: int, over: tuple[int, ...] = ()) -> Moves:
    """Two environments whose steps are numbered; rewards are the numbers."""
    at = np.arange(first, first + steps)
    number = np.stack([at, 100 + at], axis=1).astype(np.float32)
    dones = np.isin(number, over)
    return Moves(
        observations={
            "site": np.stack([number, number], axis=2) / 1000,
            "mask": np.ones((steps, 2, 3), np.int8),
        },
        actions=number.astype(np.int64) % 3,
        rewards=number,
        dones=dones,
        discounts=np.where(dones, 0.0, 0.5).astype(np.float32),
    )


def test_rewards_are_added_up_to_the_end_of_the_run_and_no_further() -> None:
    memory = Memory(SPACE, 2, kept=50, spare=0)
    memory.add([moves(0, 6, over=(3, 101))])
    torch.manual_seed(0)
    batch = memory.draw(500, ahead=2)
    number = (batch.seen["site"][:, 0] * 1000).round()
    assert set(number.tolist()) == {*range(4), *range(100, 104)}  # later ones lack their future
    earned = number + torch.where((number == 3) | (number == 101), 0.0, 0.5 * (number + 1))
    torch.testing.assert_close(batch.earned, earned)
    ends = torch.isin(number, torch.tensor([2.0, 3.0, 100.0, 101.0]))
    torch.testing.assert_close(batch.discounts, torch.where(ends, 0.0, 0.25))
    then = (batch.then["site"][:, 0] * 1000).round()
    torch.testing.assert_close(then, number + 2)


def test_the_oldest_steps_are_forgotten_and_a_checkpoint_has_those_of_its_time() -> None:
    memory = Memory(SPACE, 2, kept=8, spare=8)
    for first in range(0, 40, 4):
        memory.add([moves(first, 4)])
        if first == 28:
            place = memory.total
    batch = memory.draw(300, ahead=1)
    assert set((batch.seen["site"][:, 0] * 1000).round().tolist()) <= {
        *range(32, 39),
        *range(132, 139),
    }
    kept = memory.read(place)  # eight steps later
    assert kept["rewards"][:, 0].tolist() == list(range(24, 32))
    again = Memory(SPACE, 2, kept=8, spare=8)
    again.fill(place, kept)
    torch.manual_seed(1)
    one = again.draw(50, ahead=3)
    assert set(one.earned.tolist()) == {
        n + 0.5 * (n + 1) + 0.25 * (n + 2) for n in [*range(24, 29), *range(124, 129)]
    }


def shown(n: int, seed: int) -> dict[str, torch.Tensor]:
    rng, space = np.random.default_rng(seed), Encoder().space()
    blocks = {}
    for name, box in space.spaces.items():
        if name == "mask":
            mask = rng.random((n, 33)) < 0.4
            mask[:, 0] = True
            blocks[name] = torch.from_numpy(mask).float()
        else:
            blocks[name] = torch.from_numpy(rng.random((n, *box.shape))).float()
    return blocks


def network(name: str = "order_scoring"):
    torch.manual_seed(0)
    net = build_network(name, {"width": 16}, Encoder())
    net.set_training_mode(True)
    return net


@pytest.mark.parametrize("settings", [DqnSettings(), QrDqnSettings()], ids=["dqn", "qrdqn"])
def test_goals_never_come_from_an_illegal_answer(settings: DqnSettings) -> None:
    net = network(settings.network_name())
    seen = shown(64, 1)
    earned, discounts = torch.zeros(64), torch.full((64,), 0.9)
    batch = Batch(seen, torch.zeros(64, dtype=torch.int64), earned, discounts, seen)
    scores, values, is_legal = measure(net, seen)
    most = torch.where(is_legal, advantages(scores, is_legal, settings.temperature), -1e9)
    goal = goals(net, net, batch, settings)
    torch.testing.assert_close(goal, 0.9 * (values + most.amax(dim=1, keepdim=True)))
    assert values.shape == (64, settings.n_values)
    error, _ = loss(net, batch, goal, settings)
    error.backward()
    assert error.isfinite()
    over = dataclasses.replace(batch, discounts=torch.zeros(64), earned=torch.ones(64))
    torch.testing.assert_close(goals(net, net, over, settings), torch.ones_like(values))


def test_with_a_bonus_goals_are_what_munchausen_dqn_says() -> None:
    settings, net, seen = DqnSettings(bonus=0.9), network(), shown(16, 4)
    actions = seen["mask"].argmax(dim=1)
    batch = Batch(seen, actions, torch.ones(16), torch.full((16,), 0.8), seen)
    scores, values, is_legal = measure(net, seen)
    worth = values + advantages(scores, is_legal, settings.temperature)
    chances = scores.softmax(dim=1)
    logs = torch.where(is_legal, scores.log_softmax(dim=1), 0.0)
    soft = (chances * (torch.where(is_legal, worth, 0.0) - settings.temperature * logs)).sum(dim=1)
    bonus = 0.9 * settings.temperature * logs[torch.arange(16), actions].clamp(min=-20.0)
    goal = goals(net, net, batch, settings).squeeze(1)
    torch.testing.assert_close(goal, 1.0 + bonus + 0.8 * soft, atol=1e-5, rtol=1e-5)


def test_the_mean_of_the_legal_advantages_is_nothing() -> None:
    scores, _, is_legal = measure(network(), shown(32, 2))
    extra = torch.where(is_legal, advantages(scores, is_legal, 0.05), 0.0)
    torch.testing.assert_close(extra.sum(dim=1), torch.zeros(32), atol=1e-5, rtol=0)


def test_quantiles_are_found_where_their_loss_is_least() -> None:
    torch.manual_seed(0)
    returns = torch.randn(4000, 1) * 20.0
    quantiles = torch.zeros(1, 4, requires_grad=True)
    optimizer = torch.optim.Adam([quantiles], lr=0.5)
    for _ in range(600):
        optimizer.zero_grad()
        quantile_loss(quantiles.expand(4000, 4), returns).backward()
        optimizer.step()
    right = torch.quantile(returns, torch.tensor([0.125, 0.375, 0.625, 0.875]))
    torch.testing.assert_close(quantiles[0].detach(), right, atol=1.0, rtol=0)


def test_only_legal_answers_are_played_however_they_are_chosen() -> None:
    net = network()
    net.set_training_mode(False)
    seen = {name: block.numpy() for name, block in shown(400, 3).items()}
    luck = np.random.default_rng(0).random((400, 3))
    best = choose_actions(net, seen, luck, Exploring(0.0, 0.0))
    drawn = choose_actions(net, seen, luck, Exploring(1.0, 1.0))
    mixed = choose_actions(net, seen, luck, Exploring(0.3, 0.5))
    rows = np.arange(400)
    for actions in (best, drawn, mixed):
        assert (seen["mask"][rows, actions] > 0).all()
    assert 0.1 < (mixed != best).mean() < 0.3
    assert len(set(drawn.tolist())) == 33


def test_a_memory_too_small_for_a_round_is_refused_with_what_would_do() -> None:
    gather = Gather()
    read_options(DqnSettings, {"buffer_size": 500, "double": "maybe"}, gather, "agent")
    with pytest.raises(InputError) as told:
        gather.done()
    assert "agent.buffer_size: must hold a round of all environments" in str(told.value)
    assert "more than 560" in str(told.value)
    assert "agent.double" in str(told.value)
