"""What a reset may be told: seeds to draw from, and orders to make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from factory_env import Factory, load_scenario
from factory_env.domain.order import Order
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1
from factory_env.errors import InputError

SCENARIO = load_scenario("small", overrides={"demand.days": 6, "horizon_days": 12})
HEADER = "order_id,style,quantity,release,due,price,priority,customer\n"


def make() -> Any:
    return SchedulingEnvV1(scenario=SCENARIO)


def order(number: int) -> Order:
    style = Factory(SCENARIO, 1).tables.styles[0]
    return Order(
        order_id=f"A{number}",
        style_id=style.style_id,
        quantity=800 + number,
        release_min=0.0,
        due_min=8 * 1440.0,
        price_usd=4.0,
        priority=1.0,
        customer="own",
    )


@pytest.mark.parametrize("pool", [range(40, 43), [40, 41, 42], np.array([40, 41, 42])])
def test_resets_without_a_seed_draw_from_the_pool_until_there_is_another(pool: Any) -> None:
    env = make()
    env.reset(seed=5, options={"seed_pool": pool})
    assert env.factory.seed == 5
    drawn = set()
    for _ in range(25):
        env.reset()
        drawn.add(env.factory.seed)
    assert drawn == {40, 41, 42}
    env.reset(options={"seed_pool": (7,)})
    assert env.factory.seed == 7


def test_the_draws_of_a_pool_follow_from_the_seed() -> None:
    seeds = []
    for _ in range(2):
        env = make()
        env.reset(seed=3, options={"seed_pool": range(1000)})
        seeds.append([env.reset() and env.factory.seed for _ in range(5)])
    assert seeds[0] == seeds[1]
    assert len(set(seeds[0])) > 1


def test_a_run_makes_the_orders_it_is_given_and_the_next_one_its_own() -> None:
    env = make()
    env.reset(seed=1, options={"orders": [order(1), order(2)]})
    assert [o.order_id for o in env.factory.book.orders] == ["A1", "A2"]
    env.reset(seed=1)
    assert env.factory.book.orders == Factory(SCENARIO, 1).book.orders


def test_orders_may_be_the_path_of_a_book_with_styles_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    product = SCENARIO.library.products[0].name
    known = Factory(SCENARIO, 1).tables.styles[0].style_id
    rows = f"B1,{known},500,0,6,4.5,1,me\nB2,{known},600,1,7,4.5,1,me\n"
    path.write_text(HEADER + rows, encoding="utf-8")
    env = make()
    _, info = env.reset(seed=1, options={"orders": str(path)})
    assert [o.quantity for o in env.factory.book.orders] == [500, 600]
    over = False
    while not over:
        *_, terminated, truncated, info = env.step(info["rule_action"])
        over = terminated or truncated
    assert info["kpis"]["orders"] == 2
    text = f"order_id,style,product,quantity,release,due\nC1,my-own,{product},300,0,6\n"
    path.write_text(text, encoding="utf-8")
    env.reset(options={"orders": path})
    assert [o.style_id for o in env.factory.book.orders] == ["my-own"]
    copied = env.clone()
    assert copied.factory.book.orders == env.factory.book.orders


def test_what_a_reset_does_not_know_is_refused_all_at_once() -> None:
    env = make()
    with pytest.raises(InputError, match="3 problems") as caught:
        env.reset(options={"sead_pool": [1], "seed_pool": [], "orders": [1]})
    said = str(caught.value)
    assert "reset: options: must be one of seed_pool, orders; got 'sead_pool'" in said
    assert "reset: seed_pool: must be seeds" in said
    assert "reset: orders: must be orders" in said
    for pool in (5, "abc", [1.5], [-1], range(0), range(-3, 2), [[1, 2]], [None], {1: 2}, [True]):
        with pytest.raises(InputError, match="seed_pool: must be seeds"):
            env.reset(options={"seed_pool": pool})
    with pytest.raises(InputError, match="options: must be a mapping; got 3"):
        env.reset(options=3)
    with pytest.raises(InputError, match="must be a style of the scenario"):
        env.reset(options={"orders": [Order(**{**_fields(order(1)), "style_id": "no-such"})]})


def test_a_book_of_after_the_run_or_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    known = Factory(SCENARIO, 1).tables.styles[0].style_id
    path.write_text(HEADER + f"B1,{known},500,90,95,4.5,1,me\n", encoding="utf-8")
    with pytest.raises(InputError, match="must be before the run ends"):
        make().reset(options={"orders": path})
    with pytest.raises(InputError, match="no_such"):
        make().reset(options={"orders": tmp_path / "no_such.csv"})


def test_a_vector_environment_hands_options_on() -> None:
    envs = gym.vector.SyncVectorEnv([make, make])
    _, info = envs.reset(options={"seed_pool": np.array([40, 41])})
    assert info["action_mask"].shape == (2, 33)
    assert {env.factory.seed for env in envs.envs} <= {40, 41}
    envs.close()


def _fields(whole: Order) -> dict[str, Any]:
    return {name: getattr(whole, name) for name in whole.__dataclass_fields__}
