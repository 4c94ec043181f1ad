"""Fixtures shared by all tests: small scenarios, their tables, and the public data folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from factory_env import Factory, Scenario, load_scenario
from factory_env.sim.plant.tables import PlantTables

ROOT = Path(__file__).parents[1]
settings.register_profile(
    "quick", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", parent=settings.get_profile("quick"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`slow_cases("a", "b")`: these cases of a parametrised test are slow, the others quick."""
    for item in items:
        for mark in item.iter_markers("slow_cases"):
            if item.callspec.id in mark.args:
                item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The public data beside the project; tests that need it are skipped without it."""
    folder = ROOT / ".." / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("public data folder ../shared/data is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def small() -> Scenario:
    """The small plant under the default scenario: 60 working days."""
    return load_scenario("small")


@pytest.fixture(scope="session")
def short() -> Scenario:
    """The small plant for 12 working days, fabric for 10."""
    return load_scenario("small", overrides={"horizon_days": 12, "demand.days": 10})


@pytest.fixture(scope="session")
def small_tables(small: Scenario) -> PlantTables:
    """Line balances of ``small``, computed once."""
    return Factory(small, seed=0).tables


@pytest.fixture(scope="session")
def short_tables(short: Scenario) -> PlantTables:
    """Line balances of ``short``, computed once."""
    return Factory(short, seed=0).tables
