"""The answer in three sentences, computed from its figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from experiments.futures.report.facts import Facts
from experiments.futures.report.look import TimeAxis
from experiments.futures.report.sections.bottleneck import find_bottleneck, rank_stations
from experiments.futures.report.words import (
    join_words,
    say_change,
    say_interval,
    say_number,
    say_share,
)
from experiments.futures.statistics.estimate import Estimate

MOST_ORDERS: Final = 4  # named with their dates, of one variant alone
LEAST_WAIT_H: Final = 0.5  # that is worth a word
MOST_VARIANTS: Final = 3  # named one by one; of more the cheapest and the dearest


def say_answer(facts: Facts) -> tuple[str, ...]:
    """Money, orders, bottleneck."""
    if not facts.variants:
        return (_say_base(facts), _say_bottleneck(facts))
    return (_say_money(facts), _say_orders(facts), _say_bottleneck(facts))


def _say_base(facts: Facts) -> str:
    cost = say_number(float(facts.money(facts.base).mean()), "USD")
    share = say_share(float(facts.kpi(facts.base, "on_time_share").mean()))
    return f"The run costs {cost} on average; {share} of the orders are on time."


def _say_money(facts: Facts) -> str:
    """What changes, with its interval and its largest part."""
    cost = say_number(float(facts.money(facts.base).mean()), "USD")
    names = pick_variants(facts)
    words = [_say_one_money(facts, name) for name in names]
    count = len(facts.variants)
    is_long = count > len(names)
    lead = f"Of {count} variants the cheapest and the dearest: " if is_long else ""
    text = f"{lead}{'; '.join(words)}"
    return f"{text}. The base costs {cost}."


def pick_variants(facts: Facts) -> tuple[str, ...]:
    """All of a few; of more the cheapest and the dearest."""
    if len(facts.variants) <= MOST_VARIANTS:
        return facts.variants
    ranked = sorted(facts.variants, key=lambda name: facts.money_difference(name).value)
    return ranked[0], ranked[-1]


def _say_one_money(facts: Facts, name: str) -> str:
    total = facts.money_difference(name)
    ends = f"95 % interval {say_interval(total, 'USD')}"
    if total.is_alike and total.value == 0.0:
        return f"{_quote(name)} costs the same as the base in every run"
    if not total.has_interval:
        return f"{_quote(name)} costs {_more(total)} than the base in the one run played"
    if total.holds_zero:
        return (
            f"{_quote(name)} makes no difference in cost that {facts.count} runs can tell "
            f"({say_change(total.value, 'USD')}, {ends})"
        )
    parts = {part: facts.money_difference(name, part).value for part in facts.money_parts}
    main = max(parts, key=lambda part: parts[part] * (1 if total.value > 0 else -1), default="")
    why = f", mostly {main.replace('_', ' ')} ({say_change(parts[main], 'USD')})" if main else ""
    return f"{_quote(name)} costs {_more(total)} than the base ({ends}){why}"


def _more(total: Estimate) -> str:
    amount = say_number(abs(total.value), "USD")
    return f"{amount} {'more' if total.value > 0 else 'less'}"


def _say_orders(facts: Facts) -> str:
    """Which orders turn late, and which are saved, by name and due date."""
    names = pick_variants(facts)
    most = MOST_ORDERS if len(names) == 1 else MOST_ORDERS // 2
    words, quiet = [], []
    for name in names:
        clauses = _list_clauses(facts, name, most)
        if clauses:
            words.append(f"with {_quote(name)} {', '.join(clauses)}")
        else:
            quiet.append(_quote(name))
    if quiet:
        words.append(f"no order turns late or is saved with {join_words(quiet)}")
    text = "; ".join(words)
    rest = len(facts.variants) - len(names)
    more = f" (the other {rest} variants: see below)" if rest else ""
    return f"{text[:1].upper()}{text[1:]}{more}."


def _list_clauses(facts: Facts, name: str, most: int) -> list[str]:
    late = facts.orders.list_late(facts.base, name)
    saved = facts.orders.list_saved(facts.base, name)
    new = facts.orders.list_new(facts.base, name)
    clauses = []
    if late:
        clauses.append(f"{_name_orders(facts, name, late, most)} turn{'s' * (len(late) == 1)} late")
    if saved:
        is_are = "is" if len(saved) == 1 else "are"
        clauses.append(f"{_name_orders(facts, name, saved, most)} {is_are} saved")
    time = TimeAxis(facts.clock)
    clauses += [
        f"the new {order}, due {time.say_due(facts.orders.due_min(name, order))}, is on time in "
        f"{say_share(facts.orders.share(name, order))} of the runs"
        for order in new[:most]
    ]
    return clauses


def _name_orders(facts: Facts, name: str, orders: Sequence[str], most: int) -> str:
    """With due date, and the share of runs in which it is on time before and after."""
    time = TimeAxis(facts.clock)
    words = [
        f"{order} (due {time.say_due(facts.orders.due_min(name, order))}, on time "
        f"{say_share(facts.orders.share(facts.base, order))} \N{RIGHTWARDS ARROW} "
        f"{say_share(facts.orders.share(name, order))})"
        for order in orders[:most]
    ]
    return join_words([*words, *orders[most:]], most)


def _say_bottleneck(facts: Facts) -> str:
    """Where it is, and whither it moves."""
    ranked = rank_stations(facts, facts.base)
    if not ranked:
        return "These runs do not tell where the bottleneck is."
    station, busy, wait = ranked[0]
    waits = (
        f", work waits {say_number(wait, 'shift hours')} before it" if wait >= LEAST_WAIT_H else ""
    )
    here = f"The bottleneck is {station} ({say_share(busy)} busy{waits})"
    if not facts.variants:
        return f"{here}."
    moves = []
    for name in facts.variants:
        other = find_bottleneck(facts, name, station)
        if other != station:
            share = next(b for s, b, _ in rank_stations(facts, name) if s == other)
            moves.append(f"to {other} ({say_share(share)}) with {_quote(name)}")
    if not moves:
        many = "both variants" if len(facts.variants) == 2 else "all variants"
        with_what = _quote(facts.variants[0]) if len(facts.variants) == 1 else many
        return f"{here} and stays there with {with_what}."
    return f"{here}; it moves {join_words(moves, MOST_VARIANTS)}."


def _quote(name: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"
