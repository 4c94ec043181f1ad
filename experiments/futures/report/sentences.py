"""The answer in three sentences, computed from its figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from experiments.futures.report.facts import Facts
from experiments.futures.report.look import TimeAxis
from experiments.futures.report.sections.bottleneck import rank_stations
from experiments.futures.report.words import (
    join_words,
    say_change,
    say_interval,
    say_number,
    say_share,
)
from experiments.futures.statistics.estimate import Estimate

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
    names = facts.variants
    lead = ""
    if len(names) > MOST_VARIANTS:
        ranked = sorted(names, key=lambda name: facts.money_difference(name).value)
        lead = f"Of {len(names)} variants the cheapest and the dearest: "
        names = (ranked[0], ranked[-1])
    words = [_say_one_money(facts, name) for name in names]
    return f"{lead}{'; '.join(words)} (the base costs {cost})."


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
    names = facts.variants[:MOST_VARIANTS]
    words = []
    for name in names:
        late = facts.orders.list_late(facts.base, name)
        saved = facts.orders.list_saved(facts.base, name)
        clauses = []
        if late:
            clauses.append(f"{_name_orders(facts, name, late)} turn{'s' * (len(late) == 1)} late")
        if saved:
            is_are = "is" if len(saved) == 1 else "are"
            clauses.append(f"{_name_orders(facts, name, saved)} {is_are} saved")
        new = [o for o in facts.orders.names if _is_new(facts, name, o)]
        if new:
            clauses.append(f"the new {_name_orders(facts, name, new, is_new=True)}")
        words.append(f"With {_quote(name)} {' and '.join(clauses)}" if clauses else "")
    quiet = [_quote(name) for name, word in zip(names, words, strict=True) if not word]
    if quiet:
        words.append(f"No order turns late or is saved with {join_words(quiet)}")
    return "; ".join(word for word in words if word) + "."


def _is_new(facts: Facts, name: str, order: str) -> bool:
    return facts.orders.is_there(name, order) and not facts.orders.is_there(facts.base, order)


def _name_orders(facts: Facts, name: str, orders: Sequence[str], is_new: bool = False) -> str:
    time = TimeAxis(facts.clock)
    words = []
    for order in orders:
        due = time.say_due(facts.orders.due_min(name, order))
        after = say_share(facts.orders.share(name, order))
        before = say_share(facts.orders.share(facts.base, order))
        chance = f"on time in {after} of the runs" if is_new else f"on time {before} → {after}"
        words.append(f"{order} (due {due}, {chance})")
    return join_words(words)


def _say_bottleneck(facts: Facts) -> str:
    """Where it is, and whither it moves."""
    ranked = rank_stations(facts, facts.base)
    if not ranked:
        return "These runs do not tell where the bottleneck is."
    station, busy, _ = ranked[0]
    here = f"The bottleneck is {station} ({say_share(busy)} busy)"
    if not facts.variants:
        return f"{here}."
    moves = []
    for name in facts.variants:
        other = rank_stations(facts, name)
        if other and other[0][0] != station:
            moves.append(f"to {other[0][0]} ({say_share(other[0][1])}) with {_quote(name)}")
    if not moves:
        many = "both" if len(facts.variants) == 2 else "all variants"
        with_what = _quote(facts.variants[0]) if len(facts.variants) == 1 else many
        return f"{here} and stays there with {with_what}."
    return f"{here}; it moves {join_words(moves, MOST_VARIANTS)}."


def _quote(name: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"
