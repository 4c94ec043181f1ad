"""Simulated annealing of plans, compiled: an order moves to another place, or two change places."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled, inlined
from factory_env.decisions.plans.shop import Floats, Ints, Shop, line_usd

Dice = NDArray[np.uint64]  # (1,) the state of a stream of numbers

SWAPS = 0.35  # share of moves in which two orders change places


class Draft(NamedTuple):
    """A plan that is worked on."""

    seq: Ints  # (L, n) orders of every line
    length: Ints  # (L,) of each sequence
    at: Ints  # (n, 2) line and place of every order
    usd: Floats  # (L,) of every line


@inlined
def roll(dice: Dice) -> float:
    """The next number of a stream, uniform on [0, 1): splitmix64; ``dice`` (1,) is its state."""
    dice[0] += np.uint64(0x9E3779B97F4A7C15)
    z = dice[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return float(z >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def empty_draft(n_lines: int, n: int) -> Draft:
    """Nothing is placed yet."""
    return Draft(
        np.zeros((n_lines, max(n, 1)), dtype=np.int64),
        np.zeros(n_lines, dtype=np.int64),
        np.full((n, 2), -1, dtype=np.int64),
        np.zeros(n_lines),
    )


@inlined
def copy_draft(source: Draft, target: Draft) -> None:
    """The same plan once more."""
    target.seq[:] = source.seq
    target.length[:] = source.length
    target.at[:] = source.at
    target.usd[:] = source.usd


@compiled
def take_out(o: int, draft: Draft) -> None:
    """An order leaves its line."""
    line, place = draft.at[o, 0], draft.at[o, 1]
    draft.length[line] -= 1
    for i in range(place, draft.length[line]):
        draft.seq[line, i] = draft.seq[line, i + 1]
        draft.at[draft.seq[line, i], 1] = i
    draft.at[o, 0] = -1


@compiled
def put_in(o: int, line: int, place: int, draft: Draft) -> None:
    """An order joins a line at a place."""
    for i in range(draft.length[line], place, -1):
        draft.seq[line, i] = draft.seq[line, i - 1]
        draft.at[draft.seq[line, i], 1] = i
    draft.seq[line, place] = o
    draft.at[o, 0], draft.at[o, 1] = line, place
    draft.length[line] += 1


@compiled
def reckon(draft: Draft, shop: Shop) -> float:
    """What every line costs, and all together [USD]."""
    total = 0.0
    for line in range(draft.length.shape[0]):
        draft.usd[line] = line_usd(line, draft.seq[line], draft.length[line], shop)
        total += draft.usd[line]
    return total


@compiled
def place_best(o: int, draft: Draft, shop: Shop, pinned_line: int) -> bool:
    """Put an order where it costs least; nowhere if no line can sew it.

    ``pinned_line`` keeps its first order; -1 = every place is free.
    """
    best_usd, best_line, best_place = np.inf, -1, -1
    for line in range(draft.length.shape[0]):
        if shop.sewing_min[line, o] == np.inf:
            continue
        for place in range(1 if line == pinned_line else 0, draft.length[line] + 1):
            put_in(o, line, place, draft)
            more = line_usd(line, draft.seq[line], draft.length[line], shop) - draft.usd[line]
            take_out(o, draft)
            if more < best_usd:
                best_usd, best_line, best_place = more, line, place
    if best_line < 0:
        return False
    put_in(o, best_line, best_place, draft)
    draft.usd[best_line] += best_usd
    return True


@compiled
def anneal(
    draft: Draft,
    best: Draft,
    shop: Shop,
    pinned_line: int,
    moves: int,
    hot_usd: float,
    cold_usd: float,
    seed: int,
) -> float:
    """Improve ``draft``; the best plan met goes into ``best``, its cost [USD] is the result.

    The first order of ``pinned_line`` stays where it is; -1 = every order may move.
    """
    dice = np.array([seed], dtype=np.uint64)
    n = draft.at.shape[0]
    total = reckon(draft, shop)
    least = total
    copy_draft(draft, best)
    if n < 2:
        return least
    cooling = (cold_usd / hot_usd) ** (1.0 / max(moves, 1))
    heat = hot_usd
    for _ in range(moves):
        heat *= cooling
        o = int(roll(dice) * n)
        line, place = draft.at[o, 0], draft.at[o, 1]
        if line < 0 or (line == pinned_line and place == 0):
            continue
        if roll(dice) < SWAPS:
            total += _try_swap(o, draft, shop, pinned_line, heat, dice)
        else:
            total += _try_shift(o, draft, shop, pinned_line, heat, dice)
        if total < least - 1e-6:
            least = total
            copy_draft(draft, best)
    return least


@inlined
def _try_swap(o: int, draft: Draft, shop: Shop, pinned_line: int, heat: float, dice: Dice) -> float:
    """Two orders change places, if that is taken; what the plan costs more [USD]."""
    p = int(roll(dice) * draft.at.shape[0])
    line, to, there = draft.at[o, 0], draft.at[p, 0], draft.at[p, 1]
    if p == o or to < 0 or (to == pinned_line and there == 0):
        return 0.0
    if shop.sewing_min[to, o] == np.inf or shop.sewing_min[line, p] == np.inf:
        return 0.0
    _exchange(o, p, draft)
    more = _judge(line, to, draft, shop)
    if more <= 0.0 or roll(dice) < np.exp(-more / heat):
        _accept(line, to, draft, shop)
        return more
    _exchange(o, p, draft)
    return 0.0


@inlined
def _try_shift(
    o: int, draft: Draft, shop: Shop, pinned_line: int, heat: float, dice: Dice
) -> float:
    """An order goes to another place, if that is taken; what the plan costs more [USD]."""
    line, place = draft.at[o, 0], draft.at[o, 1]
    to = int(roll(dice) * draft.length.shape[0])
    if shop.sewing_min[to, o] == np.inf:
        return 0.0
    lowest = 1 if to == pinned_line else 0
    top = draft.length[to] + (0 if to == line else 1)
    if top <= lowest:
        return 0.0
    there = lowest + int(roll(dice) * (top - lowest))
    if to == line and there == place:
        return 0.0
    take_out(o, draft)
    put_in(o, to, there, draft)
    more = _judge(line, to, draft, shop)
    if more <= 0.0 or roll(dice) < np.exp(-more / heat):
        _accept(line, to, draft, shop)
        return more
    take_out(o, draft)
    put_in(o, line, place, draft)
    return 0.0


@inlined
def _exchange(o: int, p: int, draft: Draft) -> None:
    """Two orders change places."""
    line, place, to, there = draft.at[o, 0], draft.at[o, 1], draft.at[p, 0], draft.at[p, 1]
    draft.seq[line, place], draft.seq[to, there] = p, o
    draft.at[o, 0], draft.at[o, 1] = to, there
    draft.at[p, 0], draft.at[p, 1] = line, place


@compiled
def _judge(line: int, to: int, draft: Draft, shop: Shop) -> float:
    """What the plan costs more than before on two lines [USD]."""
    more = line_usd(line, draft.seq[line], draft.length[line], shop) - draft.usd[line]
    if to != line:
        more += line_usd(to, draft.seq[to], draft.length[to], shop) - draft.usd[to]
    return float(more)


@compiled
def _accept(line: int, to: int, draft: Draft, shop: Shop) -> None:
    """The two lines cost what they cost now."""
    draft.usd[line] = line_usd(line, draft.seq[line], draft.length[line], shop)
    if to != line:
        draft.usd[to] = line_usd(to, draft.seq[to], draft.length[to], shop)
