"""Section 19: a line without variation puts out workers x minutes x efficiency / SMV, exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agents.rules.fifo import Fifo
from factory_env import Factory
from tests.laws.tiny_plant import line, order, product, scenario
from tests.play import fingerprint, play


def lot_minutes(factory: Factory) -> tuple[np.ndarray, np.ndarray]:
    """When lots left the line, and with how many pieces; in order of time."""
    lots = play(factory, Fifo()).tables["lots"]
    by = np.argsort(lots["sewn_min"], kind="stable")
    return lots["sewn_min"][by], lots["pieces"][by]


@pytest.mark.parametrize(("workers", "smv"), [(1, 2.0), (4, 0.5), (10, 0.25)])
def test_a_balanced_line_puts_out_workers_times_efficiency_over_smv(workers, smv) -> None:
    toy = scenario(
        [line("only", workers, tee=1.0)], [product("tee", [smv] * workers)], 20, efficiency=0.78
    )
    books = [order(f"O{i}", "tee-01", 1000, 100.0, 1000.0) for i in range(3)]
    minutes, pieces = lot_minutes(Factory(toy, 0, orders=books))
    rate = workers * 0.78 / (workers * smv)  # pieces a minute, e.g. 4 x 0.78 / 2.0 = 1.56
    assert pieces.tolist() == [200] * 15
    # steady from the first lot to the last: no gap between orders either
    np.testing.assert_allclose(np.diff(minutes), 200 / rate, rtol=1e-9)


def test_the_first_bundle_needs_the_whole_line_and_the_rest_follow() -> None:
    # 4 stations x 20 pieces x 0.5 min at 100 %: the first bundle leaves at 40, the tenth (the
    # first lot of 200) at 40 + 9 x 10
    toy = scenario([line("only", 4, tee=1.0)], [product("tee", [0.5] * 4)], 3)
    minutes, _ = lot_minutes(Factory(toy, 0, orders=[order("A", "tee-01", 400, 9.0, 1.0)]))
    assert minutes.tolist() == [130.0, 230.0]


def test_an_absent_tenth_costs_a_tenth_of_the_output() -> None:
    toy = scenario([line("only", 4, tee=1.0)], [product("tee", [0.5] * 4)], 5)
    book = [order("A", "tee-01", 4000, 9.0, 1.0)]
    full, _ = lot_minutes(Factory(toy, 0, orders=book))
    factory = Factory(toy, 0, orders=book)
    factory.lines[0].clock.set_factor("a tenth absent", 0.9)
    fewer, _ = lot_minutes(factory)
    np.testing.assert_allclose(np.diff(fewer), np.diff(full) / 0.9, rtol=1e-9)


def test_a_deterministic_scenario_runs_alike_under_every_seed(short) -> None:
    flat = short.deterministic()
    books = [
        order(f"O{i}", style, 1000 + 100 * i, 9.0, 1000.0)
        for i, style in enumerate(("tee-01", "polo-01", "shirt-01", "tee-02", "shirt-03"))
    ]
    logs = [play(Factory(flat, seed, orders=books), Fifo()) for seed in (1, 2)]
    tables = [{k: v.tolist() for k, v in log.tables["lots"].items()} for log in logs]
    assert tables[0] == tables[1]
    orders = logs[0].tables["orders"]
    for name in ("defective", "false_alarms", "seconds", "setup_min", "learning_lost_min"):
        assert not orders[name].any(), name
    assert (logs[0].tables["attendance"]["present_share"] == 1.0).all()


def test_the_same_book_with_variation_differs_by_seed(short) -> None:
    books = [order("O1", "tee-01", 1000, 9.0, 1000.0), order("O2", "tee-02", 900, 9.0, 1000.0)]
    prints = {fingerprint(play(Factory(short, seed, orders=books), Fifo())) for seed in (1, 2)}
    assert len(prints) == 2


def with_changeovers(workers: int, operations: int, book: list) -> list[float]:
    """When each order of ``book`` leaves a line that changes over by the default table."""
    toy = scenario([line("only", workers, tee=1.0)], [product("tee", [1.0] * operations)], 5)
    toy = toy.replace(changeover=replace(toy.changeover, enabled=True))
    return play(Factory(toy, 0, orders=book), Fifo()).tables["orders"]["shipped_min"].tolist()


def test_a_change_stops_the_line_for_the_minutes_of_the_table() -> None:
    book = [order("A", "tee-01", 480, 9.0, 1.0), order("B", "tee-02", 500, 9.0, 1.0)]
    # the line stands on tee-01: 10 min, then 480; the new style of the product takes 90 min and
    # 1.06 min a piece: 490 + 90 + 530
    assert with_changeovers(1, 1, book) == pytest.approx([490.0, 1110.0])


def test_each_place_changes_over_when_its_own_last_bundle_is_done() -> None:
    book = [order("A", "tee-01", 40, 9.0, 1.0), order("B", "tee-02", 40, 9.0, 1.0)]
    # A: two bundles of 20. Place 1 sews 10-30, 30-50, place 2 30-50, 50-70. B at 21.2 a bundle:
    # place 1 is ready at 50 + 90 = 140 and place 2 at 70 + 90 = 160, before the first bundle
    # comes at 161.2; the second leaves at 140 + 3 x 21.2 = 203.6
    assert with_changeovers(2, 2, book) == pytest.approx([70.0, 203.6])
