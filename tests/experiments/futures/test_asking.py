"""Questions that ship are whole, the schema fits the types, and every fault is told at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from experiments.futures.asking.overlay import lay_over
from experiments.futures.asking.reading import Asked, read_question, read_question_file
from experiments.futures.asking.schema import FILE, question_schema, schema_text
from factory_env.errors import InputError
from factory_env.presets import CONF, list_names, read_group

SHORT = {"scenario.horizon_days": 12, "scenario.demand.days": 5}
BASE = {"plant": "small", "set": SHORT}
NAMES = list_names("what")


def ask(content: dict[str, Any]) -> Asked:
    return read_question(read_question_file(content, "my.yaml"), "my", "my.yaml")


def question(*variants: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "A title", "base": BASE, "variants": list(variants), **more}


def faults(content: dict[str, Any]) -> str:
    with pytest.raises(InputError) as refused:
        ask(content)
    return str(refused.value)


def test_fifteen_questions_and_more_ship() -> None:
    assert len(NAMES) >= 15


@pytest.mark.slow_cases("other_policy")  # brings torch
@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_question_can_be_asked(name: str) -> None:
    asked = read_question(read_question_file(read_group("what", name), name), name, name)
    assert asked.question.variants
    names = [variant.name for variant in asked.question.variants]
    assert len(set(names)) == len(names)


@pytest.mark.slow_cases("other_policy")  # brings torch
@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_question_can_be_asked_of_the_small_plant(name: str) -> None:
    plain = read_group("what", name)
    asked = read_question(
        read_question_file(plain | {"base": plain["base"] | {"plant": "small"}}, name), name, name
    )
    assert asked.question.variants


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_question_names_the_schema(name: str) -> None:
    text = (CONF / "what" / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")


def test_the_schema_that_ships_is_that_of_the_types() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == json.loads(schema_text())


@pytest.mark.parametrize("name", NAMES)
def test_every_key_of_a_shipped_question_is_in_the_schema(name: str) -> None:
    schema = question_schema()
    content = read_group("what", name)
    assert set(content) <= set(schema["properties"])
    settings = schema["$defs"]["Settings"]["properties"]
    changes = [kind["title"] for kind in schema["$defs"]["Changes"]["items"]["oneOf"]]
    assert set(content["base"]) <= set(schema["$defs"]["Ground"]["properties"])
    new = {"plant.lines.polo-3", "plant.lines.shirt-3"}  # lines that the question adds
    for turn in (*content.get("variants", ()), {"set": content.get("vary", {})}):
        assert set(turn.get("set", {})) <= set(settings) | new
        for change in turn.get("changes", ()):
            assert len(set(change) & set(changes)) == 1


def test_a_variant_that_sets_nothing_has_the_scenario_and_the_book_of_the_base() -> None:
    asked = ask(question({"name": "the same"})).question
    assert asked.variants[0].scenario is asked.base.scenario
    assert asked.variants[0].orders is asked.base.orders


def test_settings_are_laid_over_the_base_and_the_book_stays() -> None:
    asked = ask(
        question(
            {"name": "small bundles", "set": {"scenario.flow.bundle_pieces": 10}},
            {"name": "fewer", "set": {"plant.lines.polo-1.operators": 20}},
            {"name": "rough", "set": {"disruptions": "rough"}},
            {"name": "edd", "set": {"agent": "edd"}},
        )
    ).question
    small, fewer, rough, edd = asked.variants
    assert small.scenario.flow.bundle_pieces == 10
    assert {line.name: line.operators for line in fewer.scenario.plant.lines}["polo-1"] == 20
    assert rough.scenario.disruptions != asked.base.scenario.disruptions
    assert (edd.agent, asked.base.agent) == ("edd", "atcs")
    assert all(variant.orders == asked.base.orders for variant in asked.variants)


def test_other_demand_draws_another_book() -> None:
    asked = ask(question({"name": "more", "set": {"scenario.demand.load": 1.2}})).question
    assert asked.variants[0].orders != asked.base.orders


def test_a_site_stays_what_it_is_where_lines_come_and_go() -> None:
    base = BASE | {"site": "pv_battery", "tariff": "us_demand", "energy": "always_on"}
    more = {"name": "more", "set": {"plant.lines.polo-9": {"like": "polo-1"}}}
    asked = ask(question(more) | {"base": base}).question
    assert asked.variants[0].scenario.energy == asked.base.scenario.energy
    assert len(asked.variants[0].scenario.plant.lines) == 4


def test_a_grid_has_each_key_alone_or_all_with_all() -> None:
    vary = {"scenario.flow.bundle_pieces": [10, 40], "agent": ["edd", "atcs"]}
    each = ask(question(vary=vary)).question
    assert [v.name for v in each.variants] == [
        "bundle_pieces=10",
        "bundle_pieces=40",
        "agent=edd",
        "agent=atcs",
    ]
    full = ask(question(vary=vary, grid="full")).question
    assert [v.name for v in full.variants][:2] == [
        "bundle_pieces=10, agent=edd",
        "bundle_pieces=10, agent=atcs",
    ]
    assert len(full.variants) == 4


def test_what_happens_in_the_base_happens_in_every_variant() -> None:
    down = {"line_down": "polo-1", "from": "day 2", "to": "day 3"}
    closed = {"closed_day": "day 4"}
    asked = ask(
        question({"name": "more", "changes": [closed]}) | {"base": BASE | {"changes": [down]}}
    ).question
    assert len(asked.base.changes) == 1
    assert asked.variants[0].changes[:1] == asked.base.changes
    assert len(asked.variants[0].changes) == 2


def test_all_faults_of_all_variants_are_told_at_once() -> None:
    told = faults(
        question(
            {"name": "one", "set": {"disruptios": "rough"}},
            {"name": "two", "set": {"scenario.flow.bundle_pieces": -3, "agent": "nobody"}},
            {"name": "three", "set": {"site.battery.capacity_kwh": 3}},
            {"name": "four", "changes": [{"line_down": "polo-7", "from": "day 2", "to": "day 3"}]},
            {"name": "five", "set": {"plant.lines.polo-7": None}},
        )
    )
    for part in (
        "variant 'one': set.disruptios: must be a known key; got 'disruptios'; "
        "did you mean disruptions?",
        "variant 'two': scenario.flow.bundle_pieces",
        "variant 'two': agent",
        "variant 'three': site.battery.capacity_kwh",
        "variant 'four': changes[0].line_down",
        "variant 'five': plant.lines.polo-7: must be a line of the plant",
    ):
        assert part in told


def test_the_form_of_a_file_is_checked_whole() -> None:
    twice = [{"name": "a"}, {"name": "a"}, {"name": "base"}]
    told = faults({"title": "x", "vaary": 1, "variants": twice, "replications": 1})
    assert "vaary" in told
    assert "replications" in told
    told = faults({"title": "x", "variants": twice})
    assert "got 'a'" in told
    assert "got 'base'" in told
    assert "must hold something to compare" in faults({"title": "x"})
    huge = {"scenario.flow.bundle_pieces": list(range(1, 90))}
    assert "at most 60 variants" in faults({"title": "x", "vary": huge})


@pytest.mark.parametrize("key", ["on", True])
def test_the_day_of_a_change_may_stand_behind_on_whoever_read_the_file(key: Any) -> None:
    row = {"cancel_order": "O0001", key: "day 1"}
    assert ask(question({"name": "a", "changes": [row]})).question.variants[0].changes


def test_a_line_is_added_like_another_one() -> None:
    files = {"plant": {"lines": [{"name": "a", "operators": 3}]}}
    laid = lay_over(files, "plant.lines.b", {"like": "a", "operators": 5}, "here")
    assert laid["plant"]["lines"][1] == {"name": "b", "operators": 5}
    assert files["plant"]["lines"] == [{"name": "a", "operators": 3}]
    with pytest.raises(InputError, match=r"b\.like: must be a line"):
        lay_over(files, "plant.lines.b", {"like": "c"}, "here")


def test_a_question_begins_with_the_floor_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "today.csv"
    file.write_text("place,order,since\nnow,,day 3 10:00\nshipped,O0001,\ncut,O0002,\n")
    content = {"title": "x", "base": {"plant": "small", "floor": str(file)}, "variants": []}
    content["variants"] = [{"name": "rough", "set": {"disruptions": "rough"}}]
    question = read_question(read_question_file(content, "q"), "q", "q").question
    for variant in (question.base, *question.variants):
        assert variant.opening is not None
        assert [cut.order_id for cut in variant.opening.cut] == ["O0002"]
        assert variant.orders is not None
        assert "O0001" not in {order.order_id for order in variant.orders}


def test_more_demand_draws_more_orders_into_a_book_that_all_runs_share() -> None:
    row = {"more_demand": 3.0, "from": "day 1"}
    longer = BASE | {"set": {"scenario.horizon_days": 30, "scenario.demand.days": 20}}
    asked = ask(question({"name": "more", "changes": [row]}) | {"base": longer}).question
    base, more = asked.base.orders, asked.variants[0].orders
    assert base is not None
    assert more is not None
    assert more[: len(base)] == base
    assert len(more) > len(base)
    assert not asked.variants[0].changes


def test_a_change_to_a_policy_that_is_nobody_is_refused() -> None:
    row = {"other_policy": "nobody", "on": "day 1"}
    assert "variant 'x': other_policy" in faults(question({"name": "x", "changes": [row]}))
