"""What a rule would make of the orders in the house, against schedules worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.sim.planning.cost_to_go import (
    WAIT_MIN,
    MatchRule,
    Sketch,
    StyleFacts,
    cost_to_go_usd,
    scheduled_usd,
)
from factory_env.sim.planning.estimate import late_share
from tests.sim.planning.small_floor import DAY_MIN, book, floats, ints, lines, terms, times

RULE = MatchRule(k1=1.0, k2=1.0, k3=1.0, grace_min=0.0, hold_beyond=np.inf)
# rows of the change table: same, repeated, same product, same fabric, other fabric
CHANGES = np.array([[10.0, 1.0], [20.0, 0.9], [90.0, 0.5], [180.0, 0.2], [300.0, 0.0]])


def styles(**changes) -> StyleFacts:
    facts = StyleFacts(
        product_of=ints(0, 0, 1),
        kind_of=ints(0, 1, 2),
        group_of=ints(0, 0, 0),
        learn_loss=np.zeros(3),
        home=np.zeros((2, 3), dtype=np.bool_),
        home_share=0.0,
        setup_factor=np.ones((3, 3)),
        kept_factor=np.ones((3, 3)),
        changes=CHANGES,
    )
    return facts._replace(**changes)


def sketch(orders, busy_min, current) -> Sketch:
    shape = (len(busy_min), len(orders))
    return Sketch(
        orders=ints(*orders),
        left=np.ones(len(orders), dtype=np.bool_),
        busy_min=floats(*busy_min),
        current=ints(*current),
        learned=np.ones(len(busy_min)),
        sewing_min=np.empty(shape),
        lost_min=np.empty(shape),
        total_min=np.empty(shape),
    )


def cost(drawn, now_shift=0.0, rule=RULE, **facts) -> float:
    parts = {"book": book(), "times": times(), "styles": styles(), "terms": terms(), **facts}
    return float(scheduled_usd(drawn, now_shift, *parts.values(), rule))


def test_one_order_costs_its_lateness_and_the_labour_of_its_change() -> None:
    alone = times(capable=np.array([[True, True, True], [False, False, False]]))
    drawn = sketch([2], [60.0, 0.0], [0, 0])
    # another product of the fabric: 180 minutes for 30 people at 0.1; ends at 60 + 180 + 220
    late = 100.0 * late_share((2900.0 + 460.0 - 3000.0) / DAY_MIN, terms())
    assert cost(drawn, 2900.0, times=alone) == pytest.approx(late + 30 * 180 * 0.1)
    assert drawn.busy_min[0] == 460.0
    assert drawn.current[0] == 2
    assert not drawn.left.any()


def test_the_second_order_meets_the_line_as_the_first_has_left_it() -> None:
    alone = times(capable=np.array([[True, True, True], [False, False, False]]))
    drawn = sketch([0, 1], [0.0, 0.0], [0, 0])
    usd = cost(drawn, times=alone)
    # same style first: 10 minutes, then the product's other style: 90
    assert usd == pytest.approx(30 * 0.1 * (10.0 + 90.0) + late_of(230.0, 230.0 + 510.0))
    assert drawn.busy_min[0] == 740.0


def late_of(first_end: float, second_end: float) -> float:
    first = 1000.0 * late_share((first_end - 1000.0) / DAY_MIN, terms())
    return first + 500.0 * late_share((second_end - 2000.0) / DAY_MIN, terms())


def test_a_line_waits_where_another_ends_an_order_sooner() -> None:
    # line 0 is free first and could end style 1 at 90 + 420; line 1 at 10 + 10 + 210
    eager, patient = (sketch([1, 1], [0.0, 10.0], [0, 1]) for _ in range(2))
    cost(eager)
    assert eager.current.tolist() == [1, 1]  # each line has taken one
    assert eager.busy_min.tolist() == [510.0, 230.0]
    cost(patient, rule=RULE._replace(hold_beyond=0.5))
    assert patient.current.tolist() == [0, 1]  # line 1 has taken both
    assert patient.busy_min[1] == 450.0
    assert patient.busy_min[0] % WAIT_MIN == 0.0
    assert patient.busy_min[0] > 0.0


def test_learning_counts_as_lost_labour_and_a_home_style_is_learned_before() -> None:
    alone = times(capable=np.array([[True, True, True], [False, False, False]]))
    new = styles(learn_loss=np.full(3, 0.5))
    at_home = new._replace(home=np.ones((2, 3), dtype=np.bool_), home_share=1.0)
    plain = cost(sketch([2], [0.0, 0.0], [0, 0]), times=alone)
    assert cost(sketch([2], [0.0, 0.0], [0, 0]), times=alone, styles=at_home) == plain
    assert cost(sketch([2], [0.0, 0.0], [0, 0]), times=alone, styles=new) > plain + 30 * 50 * 0.1


def test_orders_that_nobody_can_sew_cost_nothing_and_end_the_sketch() -> None:
    nobody = times(capable=np.zeros((2, 3), dtype=np.bool_))
    drawn = sketch([0, 1], [0.0, 0.0], [0, 0])
    assert cost(drawn, times=nobody) == 0.0
    assert drawn.left.all()


def test_what_waits_in_the_house_is_scheduled_and_nothing_else() -> None:
    now = lines(free_in_min=floats(60.0, 0.0), current=ints(0, 0))
    facts = times(), now, styles(), terms(), RULE
    known = book(release_shift=floats(0.0, 5000.0, 0.0))  # order 1 is still to come
    taken = floats(1200.0, np.inf, np.inf)  # and order 0 is on a line
    nothing, never = np.zeros(3), np.full(3, np.inf)
    usd = cost_to_go_usd(taken, never, nothing, np.ones(2), 2900.0, known, *facts)
    # order 0 was due at 1000 and is planned to end before now
    late_usd = 1000.0 * late_share((2900.0 - 1000.0) / DAY_MIN, terms())
    assert usd == late_usd + cost(sketch([2], [60.0, 0.0], [0, 0]), 2900.0)
    assert usd > late_usd > 0.0
    assert now.free_in_min.tolist() == [60.0, 0.0]
    assert now.current.tolist() == [0, 0]
