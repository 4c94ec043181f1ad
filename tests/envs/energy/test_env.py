"""What the energy environment promises beyond the Gymnasium interface."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from factory_env import load_scenario, simulate
from factory_env.decisions.energy_choice import EnergyAnswer
from factory_env.domain.site import COOLING_OFF_C
from factory_env.envs.energy.actions import action_of, answer_of
from factory_env.envs.energy.env import EnergyEnv
from factory_env.envs.energy.prior import HoldPeaks
from factory_env.envs.episode import EarliestDue
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.errors import IllegalAnswer, InputError
from factory_env.kpi.table import kpis

SHORT = {"demand.days": 6, "horizon_days": 12, "control.mode": "agent"}
SCENARIO = load_scenario("small", overrides=SHORT, site="pv_battery", tariff="us_demand")
NOTHING = np.zeros(5, dtype=np.float32)  # action 0: as the rule


class Both:
    """One policy for the lines and one for the site."""

    def __init__(self, lines: Any, site: Any) -> None:
        self.choose, self.run_site = lines.choose, site.run_site


def play(env: EnergyEnv, seed: int, rng: np.random.Generator | None = None) -> float:
    """Sum of rewards of an episode of random actions, or of the rule's."""
    env.reset(seed=seed)
    total, over = 0.0, False
    while not over:
        action = NOTHING if rng is None else rng.uniform(-1.0, 1.0, 5)
        _, reward, terminated, truncated, _ = env.step(action)
        total += reward
        over = terminated or truncated
    return total


@pytest.mark.slow
def test_rewards_sum_to_the_weighted_money_of_the_run() -> None:
    given = {
        **SHORT,
        "control.energy_weight": 2.0,
        "control.lateness_weight": 0.5,
        "control.carbon_usd_per_kg": 0.05,
    }
    for reward in ("energy", "energy_projected"):
        env = EnergyEnv("small", overrides=given, reward=reward)
        total = play(env, 3, np.random.default_rng(0))
        assert env.factory is not None
        cost = env.factory.log().cost_usd
        energy = cost["energy"] + cost["fuel"] + cost["wear"] + cost["carbon"]
        assert min(cost["energy"], cost["fuel"], cost["wear"], cost["carbon"]) > 0
        rest = sum(cost.values()) - energy
        assert total == pytest.approx(-(2.0 * energy + 0.5 * rest), abs=1e-6)


def test_with_equal_weights_rewards_sum_to_the_kpi() -> None:
    env = EnergyEnv(scenario=SCENARIO)
    total = play(env, 1, np.random.default_rng(1))
    assert env.factory is not None
    assert total == pytest.approx(-kpis(env.factory.log())["total_cost_usd"], abs=1e-6)


def test_the_energy_part_of_the_ledger_is_what_the_slots_cost() -> None:
    env = EnergyEnv(scenario=SCENARIO)
    play(env, 2, np.random.default_rng(2))
    assert env.factory is not None
    log = env.factory.log()
    slots = log.tables["slots"]
    bill = slots["energy_usd"] + slots["demand_usd"] + slots["standing_usd"]
    assert log.cost_usd["energy"] == pytest.approx(bill.sum(), abs=1e-6)
    assert log.cost_usd["fuel"] == pytest.approx(slots["fuel_usd"].sum(), abs=1e-6)
    assert log.cost_usd["wear"] == pytest.approx(slots["wear_usd"].sum(), abs=1e-6)


def test_the_lagrangian_prices_lateness_with_its_multiplier() -> None:
    # as load 3 cannot be sewn in 12 days, customers charge for lateness
    env = EnergyEnv("small", overrides={**SHORT, "demand.load": 3.0}, reward="energy_lagrangian")
    env.price_constraint(3.0)
    total = play(env, 4)
    assert env.factory is not None
    cost = env.factory.log().cost_usd
    late = cost["lateness"] + cost["air"]
    assert late > 0
    energy = cost["energy"] + cost["fuel"] + cost["wear"] + cost["carbon"]
    assert total == pytest.approx(-(energy + 3.0 * late), abs=1e-6)
    env.multiplier = 0.0  # the learner may also set it; it lasts over episodes
    assert play(env, 4) == pytest.approx(-energy, abs=1e-6)


def test_doing_as_the_rule_is_the_simulation_of_that_rule() -> None:
    env = EnergyEnv(scenario=SCENARIO)
    play(env, 7)
    assert env.factory is not None
    plain = simulate(SCENARIO, Both(EarliestDue(), HoldPeaks()), 7)
    assert env.factory.log().cost_usd == pytest.approx(plain.cost_usd, rel=1e-9)


def test_a_scheduling_policy_runs_the_lines_inside_the_energy_env() -> None:
    env = EnergyEnv(scenario=SCENARIO, scheduler=AtcsMatch())
    play(env, 7)
    assert env.factory is not None
    plain = simulate(SCENARIO, Both(AtcsMatch(), HoldPeaks()), 7)
    assert env.factory.log().cost_usd == pytest.approx(plain.cost_usd, rel=1e-9)
    other = simulate(SCENARIO, Both(EarliestDue(), HoldPeaks()), 7)
    assert other.cost_usd != plain.cost_usd


def test_an_energy_policy_runs_the_site_inside_the_scheduling_env() -> None:
    env = SchedulingEnv(scenario=SCENARIO)
    env.energy_policy = HoldPeaks()
    env.reset(seed=7)
    total, over = 0.0, False
    while not over:
        assert env.question is not None
        action = env.answer_to_action(AtcsMatch().choose(env.question))
        _, reward, terminated, truncated, _ = env.step(action)
        total += reward
        over = terminated or truncated
    plain = simulate(SCENARIO, Both(AtcsMatch(), HoldPeaks()), 7)
    assert env.factory is not None
    assert env.factory.log().cost_usd == pytest.approx(plain.cost_usd, rel=1e-9)
    assert total == pytest.approx(-sum(plain.cost_usd.values()), abs=1e-6)


@pytest.mark.slow
def test_the_untrained_agent_pays_less_than_a_site_that_nobody_thinks_about() -> None:
    bills = {}
    for tariff in ("us_demand", "cn_zhejiang"):
        for prior in ("usual", "hold_peaks"):
            env = EnergyEnv("small", overrides=SHORT, prior=prior, tariff=tariff)
            play(env, 11)
            assert env.factory is not None
            cost = env.factory.log().cost_usd
            bills[tariff, prior] = cost["energy"] + cost["wear"]
        assert bills[tariff, "hold_peaks"] < 0.9 * bills[tariff, "usual"]


@pytest.mark.parametrize(
    "action",
    [
        [np.nan] * 5,
        [0, 0, 0, 0, np.inf],
        np.zeros(4),
        np.zeros((1, 5)),
        0.0,
        None,
        "five",
        ["a"] * 5,
    ],
    ids=["nan", "infinite", "four", "a row", "one", "nothing", "text", "texts"],
)
def test_an_action_that_is_not_five_finite_numbers_raises_and_is_named(action: Any) -> None:
    env = EnergyEnv(scenario=SCENARIO)
    env.reset(seed=1)
    with pytest.raises(IllegalAnswer, match="action must be 5 finite numbers"):
        env.step(action)


def test_numbers_beyond_the_space_are_cut_to_it() -> None:
    seen = []
    for size in (1.0, 50.0):
        env = EnergyEnv(scenario=SCENARIO)
        env.reset(seed=1)
        for sign in (1.0, -1.0, 1.0):
            observation, reward, *_ = env.step(np.array([sign, -sign, 0.0, 0.0, sign]) * size)
        seen.append((reward, observation.tolist()))
    assert seen[0] == seen[1]


def choice_at(hour: int) -> Any:
    """The site's question of that hour on the second day."""
    env = EnergyEnv(scenario=SCENARIO)
    env.reset(seed=1)
    for _ in range(96 + 4 * hour):
        env.step(NOTHING)
    return env.question


@pytest.mark.parametrize("hour", [3, 10])
def test_every_answer_has_an_action_that_means_it(hour: int) -> None:
    choice, rng = choice_at(hour), np.random.default_rng(hour)
    battery = choice.site.battery
    for _ in range(300):
        usual, answer = (
            EnergyAnswer(
                battery_kw=float(rng.uniform(-battery.discharge_kw, battery.charge_kw)),
                set_point_c=float(rng.choice([COOLING_OFF_C, 24.0, 34.0, rng.uniform(24.0, 34.0)])),
                boiler_mode=int(rng.integers(3)),
                lines_allowed=lines,
                standby=bool(rng.integers(2)),
            )
            for lines in (choice.lines, int(rng.integers(choice.lines + 1)))
        )
        action = action_of(answer, choice, usual)
        assert np.abs(action).max() <= 1.0
        back = answer_of(action, choice, usual)
        assert back.battery_kw == pytest.approx(answer.battery_kw, abs=1e-9)
        assert back.set_point_c == pytest.approx(answer.set_point_c, abs=1e-4)
        rest = (answer.boiler_mode, answer.lines_allowed, answer.standby)
        assert (back.boiler_mode, back.lines_allowed, back.standby) == rest
        choice.check(back)


@pytest.mark.parametrize(
    ("action", "boiler", "lines", "standby"),
    [
        (0.0, 2, 3, False),  # as the rule: on, all three lines, ready
        (-0.5, 2, 3, False),
        (-0.6, 1, 2, False),  # at most hold; 0.4 / 0.5 of 3 lines = 2.4
        (-0.8, 0, 1, False),  # off; 0.2 / 0.5 of 3 = 1.2
        (-1.0, 0, 0, False),
        (0.6, 2, 3, True),
    ],
)
def test_boiler_lines_and_standby_keep_to_the_rule_in_the_middle(
    action: float, boiler: int, lines: int, standby: bool
) -> None:
    choice = choice_at(10)
    answer = answer_of(np.full(5, action), choice, choice.usual())
    assert (answer.boiler_mode, answer.lines_allowed, answer.standby) == (boiler, lines, standby)


def test_fans_that_the_rule_has_off_are_switched_on_below_minus_a_half() -> None:
    choice = choice_at(3)
    usual = choice.usual()
    assert usual.set_point_c == COOLING_OFF_C
    found = [answer_of(np.full(5, a), choice, usual).set_point_c for a in (0.9, -0.5, -0.75, -1.0)]
    # half of the way from -0.5 to -1 is half of the way from 34 down to 24
    assert found == [COOLING_OFF_C, COOLING_OFF_C, 29.0, 24.0]


def test_standing_lines_save_energy_and_cost_lateness() -> None:
    cost = {}
    for lines in (0.0, -1.0):
        env = EnergyEnv(scenario=SCENARIO)
        env.reset(seed=5)
        over = False
        while not over:
            _, _, terminated, truncated, info = env.step([0.0, 0.0, 0.0, lines, 0.0])
            over = terminated or truncated
        cost[lines] = info
    assert cost[-1.0]["energy_usd"] < cost[0.0]["energy_usd"]
    assert cost[-1.0]["lateness_usd"] > cost[0.0]["lateness_usd"]


def test_everything_shipped_is_terminated_and_the_horizon_is_truncated() -> None:
    env = EnergyEnv(scenario=SCENARIO.replace(horizon_days=40))
    env.reset(seed=1)
    over = False
    while not over:
        observation, _, terminated, truncated, info = env.step(NOTHING)
        over = terminated or truncated
    assert (terminated, truncated) == (True, False)
    assert not observation.any()
    assert {"energy_usd", "lateness_usd"} <= info.keys()
    tight = EnergyEnv(scenario=SCENARIO.replace(horizon_days=4))
    tight.reset(seed=1)
    ends = [tight.step(NOTHING)[2:4] for _ in range(4 * 96)]
    assert ends == [(False, False)] * (4 * 96 - 1) + [(False, True)]


def test_the_agent_is_asked_as_often_as_the_control_says() -> None:
    env = EnergyEnv("small", overrides={**SHORT, "control.decision_slots": 4}, discount_per_day=0.9)
    env.reset(seed=1)
    for _ in range(20):
        *_, info = env.step(NOTHING)
        assert info["elapsed_min"] == 60.0
        assert info["discount"] == pytest.approx(0.9 ** (1 / 24))


def test_every_feature_has_a_name_a_unit_and_bounds() -> None:
    env = EnergyEnv(scenario=SCENARIO)
    assert env.observation_space.shape == (len(env.features),)
    assert len(set(env.feature_names())) == len(env.features)
    assert all(f.unit and f.low < f.high for f in env.features)


def test_the_row_shows_time_price_and_battery() -> None:
    env = EnergyEnv(scenario=SCENARIO)
    row, _ = env.reset(seed=1)
    shown = dict(zip(env.feature_names(), row.tolist(), strict=True))
    assert (shown["day_sin"], shown["day_cos"]) == (0.0, 1.0)  # midnight
    assert shown["price"] == pytest.approx(0.13 * 5)  # off-peak
    assert shown["price_in_17h"] == pytest.approx(0.19 * 5)  # summer peak from 16 to 21 h
    # the charge of June for 13 of its 30 days: 12 working days and a Sunday
    assert shown["rule_0_rate"] == pytest.approx(11.98 * 13 / 30 * 0.05, rel=1e-6)
    # half full between 0.10 and 0.95
    assert shown["soc"] == pytest.approx((0.5 - 0.1) / 0.85)
    assert shown["indoor"] == pytest.approx((env.question.indoor_c - 20) / 20, abs=1e-6)


def test_unseeded_episodes_use_training_seeds_only() -> None:
    env = EnergyEnv(scenario=SCENARIO)
    env.reset(seed=1)
    for _ in range(3):
        env.reset()
        assert env.factory is not None
        assert env.factory.seed >= 1_000_000_000


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"scenario": load_scenario("small")}, "must have an energy side"),
        ({"tariff": "no_such"}, "must be a known tariff"),
        ({"site": "no_such"}, "must be a known site"),
        ({"prior": "no_such"}, "must be a known rule"),
        ({"reward": "no_such"}, "environment: reward: .*known rewards"),
        ({"scheduler": 3}, "scheduler: must be a policy"),
        ({"tariff": 3}, "tariff: must be a name"),
    ],
    ids=["no site", "tariff", "site", "prior", "reward", "scheduler", "no name"],
)
def test_what_is_not_there_is_said_at_construction(given: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        EnergyEnv(**{"plant": "small", **given})


def test_an_unknown_render_mode_is_refused() -> None:
    with pytest.raises(InputError, match="render_mode: must be None or one of rgb_array, human"):
        EnergyEnv(scenario=SCENARIO, render_mode="ansi")
