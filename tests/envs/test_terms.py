"""Arguments that all environments share."""

from __future__ import annotations

from typing import Any

import pytest

from factory_env import load_scenario
from factory_env.envs.terms import SchedulingTerms, SiteTerms, Terms
from factory_env.errors import InputError

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
    with pytest.raises(InputError, match="render_mode: must be None or one of rgb_array, human"):
        Terms(render_mode="ansi")


@pytest.mark.parametrize("a_day", [0, -0.1, 1.5, float("nan"), True, "a", None])
def test_a_discount_is_above_0_and_at_most_1(a_day: Any) -> None:
    with pytest.raises(InputError, match="discount_per_day: must be a number above 0, up to 1"):
        Terms(discount_per_day=a_day)
    assert Terms(discount_per_day=1).discount_per_day == 1


def test_what_is_right_in_doubt_is_the_default() -> None:
    for terms in (Terms, SchedulingTerms):
        with pytest.raises(InputError, match=f"{terms().on_masked} if in doubt"):
            terms(on_masked="nix")


def test_only_a_penalty_is_charged() -> None:
    assert Terms(on_masked="penalty", masked_penalty_usd=3).refusal_usd == 3.0
    assert Terms(on_masked="refuse", masked_penalty_usd=3).refusal_usd == 0.0
