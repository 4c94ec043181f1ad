"""Learners that run a site: their start, limit on lateness, files and training loop."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from agents.card import CARD, read_card
from agents.deep.baseline import AgainstRule, no_curves
from agents.deep.checkpoint import save
from agents.deep.energy.envs import make_site_envs
from agents.deep.energy.goal import NOTHING, Goal, Played, SiteJudge, SiteRival, play_site
from agents.deep.energy.lagrangian import LatenessPrice, PriceLateness
from agents.deep.energy.learner import build_learner, kept_temperature, network_args
from agents.deep.energy.network import (
    KIND,
    EnergyNetwork,
    EnergyStage,
    features,
    load_energy_network,
)
from agents.deep.energy.priors import Prior
from agents.deep.energy.settings import (
    EnergyPpoSettings,
    EnergySettings,
    SacSettings,
    Td3Settings,
)
from agents.deep.goal import mean_cost
from agents.deep.load import load_agent
from agents.deep.training import Schedule, Trainer
from agents.rules.edd import Edd
from agents.site_rules import site_rule
from agents.team import Team
from factory_env import load_scenario, simulate
from factory_env.decisions.energy_choice import EnergyChoice
from factory_env.envs.energy.encoder import EnergyEncoder
from factory_env.envs.energy.env import EnergyEnv
from factory_env.errors import ArtifactError

SHORT = {"demand.days": 3, "horizon_days": 4, "control.mode": "agent"}
SCENARIO = load_scenario("small", overrides=SHORT, site="pv_battery", tariff="us_demand")
# three times the work that fits: customers charge for lateness in every run
LATE = load_scenario(
    "small",
    overrides={**SHORT, "demand.load": 3.0, "demand.window_days": 0.0},
    site="pv_battery",
    tariff="us_demand",
)
PRIOR = Prior(rule="time_of_use", rules=site_rule)
SEEDS = (10**9, 10**9 + 1)
LEARNERS: tuple[EnergySettings, ...] = (
    SacSettings(envs=2, width=16, warm_up=64, batch_size=32),
    Td3Settings(envs=2, width=16, warm_up=64, batch_size=32),
    EnergyPpoSettings(envs=2, width=16, n_steps=32, batch_size=32, epochs=2),
)


def learner(settings: EnergySettings, scenario=SCENARIO):
    envs = make_site_envs(scenario, settings, PRIOR, Edd(), no_curves(SEEDS), seed=1)
    return build_learner(envs, settings, decision_slots=1, seed=1)


def card_of(settings: EnergySettings) -> dict:
    return {
        "kind": KIND,
        "algorithm": settings.algorithm,
        "network_args": network_args(settings),
        "features": features(),
        "site_prior": PRIOR.card(),
    }


def choices(n: int) -> list[EnergyChoice]:
    env, found = EnergyEnv(scenario=SCENARIO, prior="usual"), []
    env.reset(seed=3)
    while len(found) < n and env.question is not None:
        found.append(env.question)
        env.step(NOTHING)
    return found


@pytest.mark.parametrize("settings", LEARNERS, ids=lambda s: s.algorithm)
def test_an_untrained_learner_runs_the_site_as_its_prior(settings: EnergySettings) -> None:
    policy = EnergyNetwork(learner(settings).policy, EnergyEncoder(PRIOR.policy()))
    rule = PRIOR.policy()
    for choice in choices(120):
        mine, right = policy.run_site(choice), rule.run_site(choice)
        assert (mine.boiler_mode, mine.lines_allowed, mine.standby) == (
            right.boiler_mode,
            right.lines_allowed,
            right.standby,
        )
        battery = choice.site.battery
        room_kw = battery.charge_kw + battery.discharge_kw
        limited_kw = min(max(right.battery_kw, -battery.discharge_kw), battery.charge_kw)
        assert mine.battery_kw == pytest.approx(limited_kw, abs=0.05 * room_kw)


@pytest.mark.parametrize("settings", LEARNERS, ids=lambda s: s.algorithm)
def test_a_saved_site_policy_answers_as_before(settings: EnergySettings, tmp_path: Path) -> None:
    model = learner(settings)
    model.learn(200)
    save(tmp_path / "best", model.policy, card_of(settings), optimizer=False)
    before = EnergyNetwork(model.policy, EnergyEncoder(PRIOR.policy()))
    loaded = load_energy_network(tmp_path, site_rule)
    for choice in choices(40):
        assert loaded.run_site(choice) == before.run_site(choice)
    assert {p.suffix for p in (tmp_path / "best").iterdir()} == {".json", ".safetensors"}


def test_folders_of_other_agents_are_refused(tmp_path: Path) -> None:
    settings = LEARNERS[2]
    save(tmp_path, learner(settings).policy, card_of(settings), optimizer=False)
    with pytest.raises(ArtifactError, match="no scheduling agent, but a energy_network"):
        load_agent(tmp_path)
    path = tmp_path / CARD
    for wrong, words in (
        ({"kind": "joint_network"}, "not a network that runs a site"),
        ({"features": ["soc"]}, "other observation features"),
        ({"site_prior": {"rule": "gone", "params": {}}}, "does not have"),
        ({"site_prior": {"rule": "mpc", "params": {"hast": 1.0}}}, "does not have"),
    ):
        path.write_text(json.dumps(card_of(settings) | {"format": 1} | wrong))
        with pytest.raises(ArtifactError, match=words):
            load_energy_network(tmp_path, site_rule)


def test_the_multiplier_moves_by_the_relative_excess_within_its_bounds() -> None:
    price = LatenessPrice(multiplier=1.0, limit_usd=1000.0, learning_rate=0.2, most=2.0)
    assert price.update(1500.0) == pytest.approx(1.1)  # 1 + 0.2 x 500 / 1000
    assert price.update(0.0) == pytest.approx(0.9)  # 1.1 - 0.2
    assert price.update(1e9) == 2.0
    price.multiplier = 0.1
    assert price.update(0.0) == 0.0
    strict = LatenessPrice(multiplier=0.0, limit_usd=0.0, learning_rate=0.2, most=2.0)
    assert strict.update(50.0) == pytest.approx(0.1)  # no limit counts as 100: 0.2 x 50 / 100


@pytest.mark.slow
@pytest.mark.parametrize("limit_usd", [0.0, 1e9])
def test_the_multiplier_rises_while_runs_are_too_late_and_falls_while_they_are_not(
    limit_usd: float,
) -> None:
    settings = EnergyPpoSettings(
        envs=2, width=8, n_steps=256, batch_size=256, epochs=1, reward="energy_lagrangian"
    )
    model = learner(settings, LATE)
    price = LatenessPrice(multiplier=1.0, limit_usd=limit_usd, learning_rate=0.1, most=20.0)
    # a run of 4 days has some 480 quarters of an hour: both runs end within 2 x 512 decisions,
    # and the rollout after that begins with the new multiplier
    model.learn(1100, PriceLateness(price))
    multipliers = [e.unwrapped.multiplier for e in model.get_env().envs]
    assert multipliers == [price.multiplier] * 2
    assert price.multiplier > 1.0 if limit_usd == 0.0 else price.multiplier < 1.0


def test_the_goal_is_weighted_money_or_money_under_a_limit() -> None:
    runs = [
        Played(seed=1, energy_usd=100.0, lateness_usd=30.0, other_usd=7.0),
        Played(seed=2, energy_usd=200.0, lateness_usd=10.0, other_usd=3.0),
    ]
    assert Goal().of(runs) == pytest.approx(150.0 + 20.0 + 5.0)
    assert Goal(energy_weight=2.0, lateness_weight=0.5).of(runs) == pytest.approx(312.5)
    assert Goal(limit_usd=20.0, price=10.0).of(runs) == pytest.approx(150.0)
    assert Goal(limit_usd=15.0, price=10.0).of(runs) == pytest.approx(150.0 + 10.0 * 5.0)


def test_playing_the_prior_saves_nothing_against_it() -> None:
    rival = SiteRival(
        scenario=SCENARIO, reward="energy_projected", lines=Edd(), site=PRIOR.policy()
    )
    curves = [rival.open()(SEEDS[0])]
    inner = EnergyEnv(
        scenario=SCENARIO, scheduler=Edd(), prior=PRIOR.policy(), reward="energy_projected"
    )
    env = AgainstRule(inner, curves, 1.0, seed=0)
    env.reset()
    saved, over = [], False
    while not over:
        _, reward, terminated, truncated, _ = env.step(NOTHING)
        saved.append(reward)
        over = terminated or truncated
    assert np.abs(saved).max() < 1e-6


def test_played_money_is_that_of_the_run() -> None:
    (played,) = play_site(SCENARIO, Edd(), PRIOR.policy(), [5])
    log = simulate(SCENARIO, Team(lines=Edd(), site=PRIOR.policy()), 5)
    cost = log.cost_usd
    assert played.energy_usd == pytest.approx(
        cost["energy"] + cost["fuel"] + cost["wear"] + cost["carbon"]
    )
    assert played.energy_usd + played.lateness_usd + played.other_usd == pytest.approx(
        sum(cost.values())
    )


def test_a_scheduling_agent_can_be_judged_while_a_policy_runs_the_site() -> None:
    log = simulate(SCENARIO, Team(lines=Edd(), site=PRIOR.policy()), 5)
    assert mean_cost(SCENARIO, Edd(), [5], PRIOR.policy()) == pytest.approx(
        sum(log.cost_usd.values())
    )
    assert mean_cost(SCENARIO, Edd(), [5]) > mean_cost(SCENARIO, Edd(), [5], PRIOR.policy())


def trainer(settings: EnergySettings, folder: Path) -> Trainer:
    model = learner(settings)
    stage = EnergyStage(
        scenario=SCENARIO,
        lines=Edd(),
        prior=PRIOR,
        algorithm=settings.algorithm,
        network_args=network_args(settings),
    )
    judge = SiteJudge(stage=stage, network=model.policy, goal=Goal())
    kept = kept_temperature(model)
    return Trainer(model, judge.for_trainer(), folder, card_of(settings), kept=kept)


@pytest.mark.slow
@pytest.mark.parametrize("settings", LEARNERS, ids=lambda s: s.algorithm)
def test_training_keeps_the_best_and_goes_on_where_it_stopped(
    settings: EnergySettings, tmp_path: Path
) -> None:
    told: list[int] = []
    first = trainer(settings, tmp_path / "one")
    schedule = Schedule(steps=256, validate_every=128, validation_seeds=[210_000])
    first.train(schedule, lambda steps, text: told.append(steps))
    lines = (tmp_path / "one" / "validation.csv").read_text().splitlines()
    goals = [float(line.split(",")[1]) for line in lines[1:]]
    best, last = (read_card(tmp_path / "one" / name) for name in ("best", "last"))
    assert goals[0] == pytest.approx(first.start_usd, abs=0.01)
    assert best["validation_goal_usd"] == pytest.approx(min(goals), abs=0.01)
    assert last["steps"] == 256
    assert told[-1] == 256

    again = trainer(settings, tmp_path / "two")
    again.resume(tmp_path / "one")
    for one, two in zip(
        first.model.policy.parameters(), again.model.policy.parameters(), strict=True
    ):
        assert torch.equal(one, two)
    old, new = (t.model.policy.optimizer.state_dict()["state"] for t in (first, again))
    assert old.keys() == new.keys()
    assert old
    assert all(torch.equal(old[k]["exp_avg"], new[k]["exp_avg"]) for k in old)
    again.train(
        Schedule(steps=384, validate_every=500, validation_seeds=[210_000]), lambda *_: None
    )
    assert read_card(tmp_path / "two" / "last")["steps"] == 384


def test_another_learner_is_not_gone_on_with(tmp_path: Path) -> None:
    trainer(LEARNERS[2], tmp_path / "one").save("last", optimizer=True)
    with pytest.raises(ArtifactError, match="another agent, its algorithm is 'ppo'"):
        trainer(LEARNERS[0], tmp_path / "two").resume(tmp_path / "one")
