"""Collecting in workers and the lean update are PPO as Stable-Baselines3 has it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch
from sb3_contrib import MaskablePPO
from stable_baselines3.common.vec_env import DummyVecEnv

from agents.deep.baseline import no_curves
from agents.deep.collecting import FactoryPpo
from agents.deep.fragments import draw_actions
from agents.deep.lean import LeanOrderScorer
from agents.deep.ppo import EnvMaker, PpoSettings, build_ppo, make_envs
from agents.deep.semi_markov import CollectDiscounts
from factory_env import load_scenario
from factory_env.envs.observation import MAX_ORDERS
from factory_env.envs.scheduling.encoder import Encoder

SCENARIO = load_scenario("small", overrides={"demand.days": 4, "horizon_days": 5})
CURVES = no_curves(range(10**9, 10**9 + 5))
SETTINGS = PpoSettings(envs=4, workers=1, n_steps=40, batch_size=160, epochs=1, width=16)


def make_model(workers: int = 1, settings: PpoSettings = SETTINGS) -> Any:
    torch.manual_seed(0)
    own = PpoSettings(**{**vars_of(settings), "workers": workers})
    return build_ppo(make_envs(SCENARIO, own, CURVES, 1e-3, seed=1), own, seed=1)


def vars_of(settings: PpoSettings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


def collect(model: Any) -> Any:
    """A rollout of a fresh model, without an update; its buffer."""
    model.train = lambda: None
    torch.manual_seed(3)  # of the luck with which actions are drawn
    model.learn(model.n_steps * model.n_envs, callback=CollectDiscounts())
    return model.rollout_buffer


def test_a_rollout_is_what_the_environments_do_when_its_actions_are_taken() -> None:
    model = make_model()
    buffer = collect(model)
    makers = [EnvMaker(SCENARIO, SETTINGS, CURVES, 1e-3, 1000 + rank) for rank in range(4)]
    envs = DummyVecEnv(makers)  # type: ignore[arg-type]
    shown: Any = envs.reset()
    starts, ends = np.ones(4), 0
    for t in range(SETTINGS.n_steps):
        for name in shown:
            np.testing.assert_array_equal(shown[name], buffer.observations[name][t])
        np.testing.assert_array_equal(shown["mask"], buffer.action_masks[t])
        np.testing.assert_array_equal(starts, buffer.episode_starts[t])
        shown, rewards, starts, infos = envs.step(buffer.actions[t, :, 0].astype(np.int64))
        uncut = [not info["TimeLimit.truncated"] for info in infos]
        np.testing.assert_array_equal(rewards[uncut], buffer.rewards[t][uncut])
        told = np.array([info["discount"] for info in infos], np.float32)
        np.testing.assert_array_equal(told, buffer.discounts[t])
        ends += int(starts.sum())
    assert ends > 0  # runs ended on the way
    stands = model.env.crew.batch.observations
    for name in shown:
        np.testing.assert_array_equal(shown[name], stands[name])
    assert model.num_timesteps == 160


def test_values_and_chances_are_those_of_the_policy() -> None:
    model = make_model()
    buffer = collect(model)
    shown = {k: torch.as_tensor(v[3]) for k, v in buffer.observations.items()}
    with torch.no_grad():
        values, log_probs, _ = model.policy.evaluate_actions(
            shown,
            torch.as_tensor(buffer.actions[3, :, 0]),
            torch.as_tensor(buffer.action_masks[3]),
        )
    np.testing.assert_allclose(buffer.values[3], values.flatten(), atol=1e-5)
    np.testing.assert_allclose(buffer.log_probs[3], log_probs, atol=1e-5)


@pytest.mark.slow
def test_it_does_not_matter_which_worker_steps_which_environment() -> None:
    one, two = make_model(), make_model(workers=2)
    try:
        alone, shared = collect(one), collect(two)
    finally:
        two.env.close()
    np.testing.assert_array_equal(alone.actions, shared.actions)
    np.testing.assert_array_equal(alone.rewards, shared.rewards)
    np.testing.assert_allclose(alone.log_probs, shared.log_probs, atol=1e-6)


def test_actions_are_drawn_by_their_chances_and_never_masked_ones() -> None:
    model = make_model()
    buffer = collect(model)
    n = 4000
    shown = {name: np.repeat(a[2][:1], n, axis=0) for name, a in buffer.observations.items()}
    mask = shown["mask"][0].astype(bool)
    luck = np.random.default_rng(0).random(n)
    luck[:2] = 0.0, np.nextafter(1.0, 0.0)
    actions, _, log_probs = draw_actions(model.policy, shown, luck)
    assert mask[actions].all()
    for action in np.flatnonzero(mask):
        chance = np.exp(log_probs[actions == action][:1])
        share = (actions == action).mean()
        if chance.size:  # within five standard errors
            assert abs(share - chance[0]) < 5.0 * np.sqrt(chance[0] / n)


@pytest.mark.parametrize("network", ["order_scoring", "flat"])
def test_an_update_is_that_of_sb3(network: Any) -> None:
    settings = PpoSettings(**{**vars_of(SETTINGS), "network": network})
    model = make_model(settings=settings)
    collect(model)
    ends = []
    for kind in (FactoryPpo, MaskablePPO):  # one batch of all: its order does not matter
        own = deepcopy(model.policy)
        before = [p.detach().clone() for p in own.parameters()]
        original, model.policy = model.policy, own
        own.optimizer = torch.optim.SGD(own.parameters(), lr=1e-2)
        kind.train(model)
        model.policy = original
        ends.append([p.detach() - b for p, b in zip(own.parameters(), before, strict=True)])
    assert max(float(move.abs().max()) for move in ends[0]) > 1e-6
    for ours, theirs in zip(*ends, strict=True):
        torch.testing.assert_close(ours, theirs, atol=2e-7, rtol=1e-3)


@pytest.mark.parametrize("full", [False, True])
def test_the_lean_scorer_is_the_plain_one_with_its_gradients(full: bool) -> None:
    torch.manual_seed(0)
    encoder = Encoder()
    net = LeanOrderScorer(encoder.space(), width=16)
    for parameter in net.parameters():
        parameter.data += 0.1 * torch.randn_like(parameter)
    space = encoder.space()
    shown = {name: torch.randn(5, *(space[name].shape or ())) for name in space.spaces}
    orders = shown["orders"].view(5, MAX_ORDERS, -1)
    used = (
        torch.arange(MAX_ORDERS)[None, :] < torch.tensor([3, 0, 1, 7, 32 if full else 5])[:, None]
    )
    orders *= used[:, :, None]
    orders[:, :, [f.name for f in encoder.blocks["orders"].features].index("is_order")] = (
        used.float()
    )
    wish = torch.randn(5, MAX_ORDERS + 1 + 16)
    said, slopes = [], []
    for is_lean in (False, True):
        net.train(is_lean).zero_grad()
        scores = net(shown)
        scores.backward(wish)
        said.append(scores.detach())
        slopes.append([p.grad.clone() for p in net.parameters() if p.grad is not None])
    torch.testing.assert_close(said[0], said[1], atol=1e-5, rtol=1e-5)
    for plain, lean in zip(*slopes, strict=True):
        torch.testing.assert_close(plain, lean, atol=1e-4, rtol=1e-4)


def test_a_learner_that_is_stopped_in_a_rollout_says_so() -> None:
    class Stop(CollectDiscounts):
        def _on_step(self) -> bool:
            return super()._on_step() and self.num_timesteps < 40

    model = make_model()
    model.learn(1000, callback=Stop())
    assert model.num_timesteps == 40
