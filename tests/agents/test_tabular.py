"""Tables of rules: bins, values, how learners look ahead, evidence, and what is saved."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from agents import rules
from agents.card import CARD
from agents.tabular import learners
from agents.tabular.backup import Next
from agents.tabular.bins import Bins, bin_problems, make_bins
from agents.tabular.checkpoint import copy_learned, load_table, save_table
from agents.tabular.evidence import Evidence
from agents.tabular.linear import Tiles
from agents.tabular.make import make_policy, rule_params
from agents.tabular.policy import TabularPolicy
from agents.tabular.quantities import QUANTITIES
from agents.tabular.settings import BINS, RULES, TabularSettings
from agents.tabular.student import Student
from agents.tabular.values import Table
from factory_env import Factory, load_scenario, simulate
from factory_env.catalogue import load_plug, plug_names
from factory_env.decision import Policy
from factory_env.decisions.order_choice import OrderChoice
from factory_env.envs.episode import Episodes
from factory_env.envs.one_agent import AGENT
from factory_env.errors import ArtifactError

SHORT = {"demand.days": 4, "horizon_days": 6}
SETTINGS = TabularSettings(rules=("atcs_match", "edd", "least_setup"), least_seen=2)


def some_rules(settings: TabularSettings = SETTINGS) -> dict[str, Policy]:
    return {name: rules.load(name, "small") for name in settings.rules}


def first_question() -> OrderChoice:
    question = Factory(load_scenario("small", overrides=SHORT), 1).advance()
    assert isinstance(question, OrderChoice)
    return question


def taught(algorithm: str, runs: int = 3, settings: TabularSettings = SETTINGS) -> TabularPolicy:
    """A policy that has learned from a few short runs."""
    made = make_policy(algorithm, settings, some_rules(settings))
    student, rng = Student(made.policy, made.backup), np.random.default_rng(0)
    episodes = Episodes(load_scenario("small", overrides=SHORT), {AGENT: "foresight"}, 0.9)
    for seed in range(runs):
        assert student.live(episodes.start(10**9 + seed, rng), lambda _: 0.5, rng) > 0
    return made.policy


def played(policy: Policy, seed: int) -> list[float]:
    """When each order was shipped."""
    log = simulate(load_scenario("small", overrides=SHORT), policy, seed)
    return np.nan_to_num(log.tables["orders"]["shipped_min"], nan=-1.0).tolist()


def faults(name: str, given: object) -> str:
    return "; ".join(map(str, bin_problems({name: given})))


def test_a_value_on_an_edge_lies_above_it() -> None:
    bins = Bins(edges={"waiting_orders": (2.0, 5.0)})
    question = first_question()
    edge = float(len(question.table))
    assert bins.sizes == (3,)
    assert Bins(edges={"waiting_orders": (edge,)}).key(question) == (1,)
    assert Bins(edges={"waiting_orders": (edge + 0.5,)}).key(question) == (0,)
    assert bins.tell((0,)) == "waiting_orders below 2"
    assert bins.tell((2,)) == "waiting_orders 5 or more"


def test_edges_and_bins_from_end_to_end_mean_the_same() -> None:
    edges = make_bins({"late_share": [0.1, 0.4], "queue_days": [1, 3]})
    ends = make_bins(
        {"queue_days": [[0, 1], [1, 3], [3, None]], "late_share": [[0, 0.1], [0.1, 0.4], [0.4, 1]]}
    )
    assert edges == ends


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([[0, 1], [2, None]], "no holes; got [[0, 1], [2, None]]; nothing covers 1 to 2"),
        ([[0, 1], [1, 3]], "nothing covers 3 to the end"),
        ([[1, 3], [3, None]], "nothing covers 0 to 1"),
        ([[0, 2], [1, None]], "must not overlap"),
        ([[1, 3], [0, 1], [3, None]], "must not overlap, and must ascend"),
        ([[3, 0], [3, None]], "must go upwards"),
        ([[0, None], [1, None]], "null only at the ends"),
        ([3, 1], "must ascend, each once; got [3, 1]; e.g. [1.0, 3.0]"),
        ([1, 1], "must ascend, each once"),
        ([0, 1], "must lie between 0 and inf"),
        (["a"], "must be finite numbers"),
        ([math.nan], "must be finite numbers"),
        ([True], "must be finite numbers"),
        (3, "must be a list"),
        ([[0, 1], 3], "must be finite numbers, or all bins"),
    ],
    ids=str,
)
def test_bins_with_holes_or_in_disorder_are_refused(given: object, said: str) -> None:
    assert said in faults("queue_days", given)


def test_all_mistakes_of_bins_are_told_at_once() -> None:
    told = [*bin_problems({"queue": [1], "late_share": [0.5, 2], "queue_days": [2, 1]})]
    assert [p.field for p in told] == [
        "agent.bins.queue",
        "agent.bins.late_share",
        "agent.bins.queue_days",
    ]
    assert "known: queue_days" in str(told[0])
    assert next(bin_problems({})).rule == "must name at least one quantity"


def test_every_quantity_is_a_number_within_its_limits() -> None:
    question = first_question()
    for name, quantity in QUANTITIES.items():
        value = quantity.read(question)
        assert quantity.lowest <= value <= quantity.highest, name


def test_settings_that_do_not_fit_are_refused() -> None:
    strange = TabularSettings(
        rules=("edd", "edd"), explore=0.1, final_explore=0.2, discount_per_day=0.0, bins={}
    )
    fields = [problem.field for problem in strange.problems()]
    assert fields == [
        "agent.bins",
        "agent.rules",
        "agent.final_explore",
        "agent.discount_per_day",
    ]
    assert not [*TabularSettings().problems()]
    assert (TabularSettings().rules, TabularSettings().bins) == (RULES, BINS)


def test_exploration_falls_evenly_and_then_stays() -> None:
    settings = TabularSettings(explore=0.4, final_explore=0.1, explore_share=0.5)
    chances = [settings.chance(done, 1000) for done in (0, 250, 500, 1000)]
    assert chances == pytest.approx([0.4, 0.25, 0.1, 0.1])


def test_each_learner_looks_ahead_in_its_own_way() -> None:
    ahead = Next(
        values=np.array([1.0, 5.0, 9.0]),
        is_open=np.array([True, True, False]),
        best=1,
        taken=0,
        explore=0.5,
    )
    worth = {name: load_plug(learners, name).worth(ahead) for name in plug_names(learners)}
    assert worth == {
        "q_learning": 5.0,  # the best of those that are open
        "sarsa": 1.0,  # the one that is taken
        "linear_sarsa": 1.0,
        "expected_sarsa": pytest.approx(0.5 * 5.0 + 0.5 * 3.0),
    }


def test_a_table_is_the_mean_of_its_targets_until_the_rate_is_larger() -> None:
    table, first = Table(2, rate=0.25), np.array([1.0, 0.0])
    for target in (4.0, 8.0, 6.0, 6.0, 10.0):
        table.learn((3,), first, target)
    # the mean of the first four is 6; the fifth has weight 0.25, not 0.2
    assert table.read((3,)).tolist() == pytest.approx([7.0, 0.0])
    assert table.read((4,)).tolist() == [0.0, 0.0]


def test_tiles_share_what_they_learn_of_a_bin() -> None:
    tiles = Tiles(2, (2, 3), rate=1.0)
    tiles.learn((0, 2), np.array([1.0, 0.0]), 9.0)
    assert tiles.read((0, 2)).tolist() == pytest.approx([9.0, 0.0])  # the whole error, rate 1
    assert tiles.read((1, 2))[0] == pytest.approx(6.0)  # the common weight and one bin
    assert tiles.read((1, 1))[0] == pytest.approx(3.0)


def test_a_rarely_taken_action_is_not_worth_less_for_it() -> None:
    tiles = Tiles(2, (2,), rate=0.02)
    for _ in range(500):
        tiles.learn((0,), np.array([0.98, 0.02]), 100.0)
    assert tiles.read((0,)).tolist() == pytest.approx([100.0, 100.0], abs=1.0)


def test_only_questions_at_which_the_answers_differ_are_evidence() -> None:
    evidence, key = Evidence(3, least=2), (0,)
    agree = np.array([1, 1, 2])  # the second action answers as the first one does
    for target in (10.0, 12.0):
        evidence.note(key, agree, np.array([0.0, 0.0, 1.0]), target)
    for target in (1.0, 3.0):
        evidence.note(key, agree, np.array([1.0, 0.0, 0.0]), target)
    bound = evidence.lower_bound(key, 0.0)
    assert bound.tolist() == [0.0, -math.inf, 9.0]
    # both means of two numbers 2 apart: standard error sqrt(2 / 2 + 2 / 2)
    assert evidence.lower_bound(key, 2.0)[2] == pytest.approx(9.0 - 2.0 * math.sqrt(2.0))


def test_evidence_weighs_what_it_is_credited_for() -> None:
    evidence, answers = Evidence(2, least=2), np.array([1, 2])
    for target, share in ((10.0, 1.0), (40.0, 0.5), (40.0, 0.5)):
        evidence.note((0,), answers, np.array([0.0, share]), target)
        evidence.note((0,), answers, np.array([1.0, 0.0]), 0.0)
    assert evidence.lower_bound((0,), 0.0)[1] == pytest.approx(25.0)
    # variance 225 of the weighted targets; 2.67 questions' worth: 225 / 1.67
    error = math.sqrt(225.0 / (4.0 / 1.5 - 1.0))
    assert evidence.lower_bound((0,), 1.0)[1] == pytest.approx(25.0 - error)


def test_a_rule_is_credited_by_the_chance_that_it_answered() -> None:
    ahead = Next(values=np.zeros(3), is_open=np.ones(3, dtype=bool), best=0, taken=0, explore=0.3)
    assert ahead.chances.tolist() == pytest.approx([0.8, 0.1, 0.1])


def test_without_enough_evidence_nothing_is_better() -> None:
    evidence = Evidence(2, least=3)
    for target in (10.0, 12.0):
        evidence.note((0,), np.array([1, 2]), np.array([0.0, 1.0]), target)
        evidence.note((0,), np.array([1, 2]), np.array([1.0, 0.0]), 0.0)
    assert evidence.lower_bound((0,), 0.0).tolist() == [0.0, -math.inf]


def test_what_has_learned_nothing_plays_as_its_first_rule() -> None:
    for safe in (False, True):
        settings = TabularSettings(rules=SETTINGS.rules, safe=safe)
        policy = make_policy("sarsa", settings, some_rules(settings)).policy
        assert played(policy, 3) == played(rules.load("atcs_match", "small"), 3)


def test_a_safe_policy_leaves_the_first_rule_only_where_the_evidence_says_so() -> None:
    settings = TabularSettings(rules=SETTINGS.rules, safe=True, least_seen=2, errors=2.0)
    policy = make_policy("q_learning", settings, some_rules(settings)).policy
    answers, key = np.array([1, 2, 3]), (0,) * 4
    policy.values.learn(key, np.array([0.0, 1.0, 0.0]), 1000.0)  # no evidence of it
    assert policy.best(key, answers) == 0
    for target in (50.0, 51.0):
        policy.evidence.note(key, answers, np.array([0.0, 0.0, 1.0]), target)
        policy.evidence.note(key, answers, np.array([1.0, 0.0, 0.0]), target - 40.0)
    assert policy.best(key, answers) == 2


@pytest.mark.parametrize("algorithm", plug_names(learners))
def test_a_saved_table_plays_as_the_one_that_was_saved(algorithm: str, tmp_path: Path) -> None:
    policy = taught(algorithm)
    save_table(tmp_path, copy_learned(policy), card(algorithm, policy), {})
    again = load_table(tmp_path, lambda name, params: rules.load(name, "", params))
    left, right = copy_learned(policy), copy_learned(again)
    assert left.keys() == right.keys()
    assert all(np.array_equal(left[name], right[name]) for name in left)
    assert played(policy, 5) == played(again, 5)


def card(algorithm: str, policy: TabularPolicy) -> dict[str, object]:
    assert isinstance(policy.states, Bins)
    return {
        "algorithm": algorithm,
        "rules": [[n, n, rule_params(rule)] for n, rule in some_rules().items()],
        "bins": {name: list(edges) for name, edges in policy.states.edges.items()},
        "safe": False,
        "errors": 2.0,
        "least_seen": 2,
    }


@pytest.mark.parametrize(
    ("entry", "value", "said"),
    [
        ("kind", "energy_lookahead", "holds no table_of_rules"),
        ("algorithm", "q_lerning", "learner or bins of another version"),
        ("bins", {"queue_days": [3, 1]}, "learner or bins of another version"),
        ("bins", {"queue_days": [1, 3]}, "states of other bins"),
        ("rules", [["edd", "edd", {}], ["spt", "spt", {}]], "values of another table"),
        ("rules", [["edd", "ed", {}]], "no table of this version"),
        ("rules", [["edd"]], "no table of this version"),
        ("errors", None, "not as train.py wrote it: errors"),
    ],
    ids=str,
)
def test_a_damaged_table_is_refused_with_the_reason(
    entry: str, value: object, said: str, tmp_path: Path
) -> None:
    policy = taught("q_learning", runs=1)
    save_table(tmp_path, copy_learned(policy), card("q_learning", policy), {})
    content = json.loads((tmp_path / CARD).read_text())
    (tmp_path / CARD).write_text(json.dumps({**content, entry: value}))
    with pytest.raises(ArtifactError, match=said):
        load_table(tmp_path, lambda name, params: rules.load(name, "", params))


def test_values_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    policy = taught("q_learning", runs=1)
    learned = {k: v.copy() for k, v in copy_learned(policy).items()}
    learned["values.values"][0, 0] = np.nan
    save_table(tmp_path, learned, card("q_learning", policy), {})
    with pytest.raises(ArtifactError, match="values of another table"):
        load_table(tmp_path, lambda name, params: rules.load(name, "", params))
