"""Draws up the outlook of a question from book, standard times and the state of the lines."""

from __future__ import annotations

from heapq import heapify, heapreplace

import numpy as np

from factory_env.decisions.plans.outlook import Outlook
from factory_env.sim.planning.cost_to_go import StyleFacts
from factory_env.sim.planning.estimate import Bools, Floats, Ints, LinesNow, LineTimes, Terms
from factory_env.sim.plant.setups import (
    KEPT,
    OTHER_FABRIC,
    REPEAT_STYLE,
    SAME_FABRIC,
    SAME_PRODUCT,
    SAME_STYLE,
    STOP_MIN,
)
from factory_env.sim.world import World

DAYS_PER_YEAR = 365.0


def draw_outlook(
    world: World,
    unsewn: Bools,
    choices: Ints,
    asker: int,
    lines: LinesNow,
    times: LineTimes,
    terms: Terms,
    styles: StyleFacts,
) -> Outlook:
    """What is known now.

    Parameters
    ----------
    unsewn
        Which orders no line has taken, (orders,).
    choices
        Positions in the book of the orders that the question offers.
    """
    book, setups, scenario = world.book, world.setups, world.scenario
    known = np.flatnonzero(unsewn & (book.booked_min <= world.env.now))
    style = book.style[known]
    stop_min, kept_share = _changes(style, styles)
    full = book.cut[known] * times.piece_min[:, style] + times.fill_min[:, style]
    sewing_min = np.where(times.capable[:, style], full / terms.attendance, np.inf)
    per_min = scenario.costs.holding_share_per_year / DAYS_PER_YEAR * terms.days_per_min
    return Outlook(
        orders=known,
        choices=np.searchsorted(known, choices),
        asker=asker,
        ready_min=_ready_min(world, known),
        due_min=book.due_shift[known] - world.now_shift,
        weight_usd=book.weight_usd[known],
        holding_usd_per_min=book.value_usd[known] * scenario.costs.wip_value_share * per_min,
        sewing_min=sewing_min,
        free_min=lines.free_in_min,
        crew_usd_per_min=times.operators * terms.labour_usd_per_min,
        first_stop_min=lines.setup_min[:, style],
        first_loss=lines.loss[:, style],
        full_loss=styles.learn_loss[style],
        tau_min=times.learn_tau_min[style],
        home_share=np.where(styles.home[:, style], styles.home_share, 0.0),
        memory_share=setups.remembered(world.env.now)[:, style],
        repeat_stop_min=float(setups.changes[REPEAT_STYLE, STOP_MIN]),
        stop_min=stop_min,
        kept_share=kept_share,
        tail_min=terms.tail_min,
        days_per_min=terms.days_per_min,
        late_days=terms.late_days,
        late_shares=terms.late_shares,
    )


def _changes(style: Ints, styles: StyleFacts) -> tuple[Floats, Floats]:
    """Minutes of the stop and share kept from every order to every other, (n, n) each."""
    old, new = style[:, None], style[None, :]
    same_product = styles.product_of[old] == styles.product_of[new]
    same_group = styles.group_of[old] == styles.group_of[new]
    row = np.where(same_product, SAME_PRODUCT, np.where(same_group, SAME_FABRIC, OTHER_FABRIC))
    kinds = styles.kind_of[old], styles.kind_of[new]
    stop = styles.changes[row, STOP_MIN] * styles.setup_factor[kinds]
    kept = np.minimum(1.0, styles.changes[row, KEPT] * styles.kept_factor[kinds])
    is_same = old == new
    stop = np.where(is_same, styles.changes[SAME_STYLE, STOP_MIN], stop)
    return stop, np.where(is_same, styles.changes[SAME_STYLE, KEPT], kept)


def _ready_min(world: World, known: Ints) -> Floats:
    """Until every known order can be chosen: fabric, then the cutting tables, due date first."""
    book, rooms = world.book, world.scenario.plant.rooms
    ready = np.zeros(known.shape[0])
    fabric = np.maximum(0.0, book.release_shift[known] - world.now_shift)
    to_cut = np.flatnonzero(np.isinf(book.ready_shift[known]))
    free = [0.0] * rooms.cutting_tables
    heapify(free)
    for i in to_cut[np.lexsort((book.due_shift[known[to_cut]], fabric[to_cut]))].tolist():
        product = world.tables.styles[book.style[known[i]]].product
        minutes = book.cut[known[i]] * (product.cutting_min + product.fusing_min)
        end = max(free[0], float(fabric[i])) + float(minutes) / rooms.cutting_crew
        heapreplace(free, end)
        ready[i] = end
    return ready
