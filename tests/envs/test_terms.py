"""Arguments that all environments share."""

from __future__ import annotations

import pytest

from factory_env import load_scenario
from factory_env.envs.terms import SiteTerms, Terms

SHORT = {"demand.days": 2, "horizon_days": 3}
PLAIN = load_scenario("small")


def test_a_ready_scenario_is_taken_as_it_is() -> None:
    assert Terms(disruptions="rough").load("mid", PLAIN, {"horizon_days": 3}) is PLAIN


def test_names_are_loaded_with_what_is_laid_over_them() -> None:
    made = Terms(disruptions="rough").load("small", "default", SHORT)
    assert made == load_scenario("small", overrides=SHORT, disruptions="rough")


def test_where_somebody_runs_the_site_it_is_asked_about() -> None:
    given = load_scenario("small", site="pv", tariff="eu_flat")
    assert given.energy.control.mode == "always_on"
    asked = SiteTerms().load("mid", given, None)
    assert asked.energy.control.mode == "agent"
    assert (asked.energy.site, asked.energy.tariff) == (given.energy.site, given.energy.tariff)
    by_name = SiteTerms(site="pv").load("small", "default", None)
    assert (by_name.energy.site.name, by_name.energy.tariff.name) == ("pv", "us_demand")


def test_what_is_no_argument_or_no_way_to_draw_is_refused() -> None:
    with pytest.raises(TypeError, match="site"):
        Terms(site="pv")
    with pytest.raises(ValueError, match="render_mode must be None, 'rgb_array' or 'human', got"):
        Terms(render_mode="ansi")
