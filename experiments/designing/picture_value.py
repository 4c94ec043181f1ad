"""Does the picture matter? A schedule's cost predicted from pictures, true and shuffled.

What an order costs in operator minutes (sewing, change, learning) is regressed, over the runs of
some seeds, on its product, its quantity, what its picture measures, and how unlike its predecessor
on the line it looks. The regression then predicts the runs of other seeds. Shuffled pictures
are those of other styles of the same product in the same season.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env import Factories, Scenario, play
from factory_env.decision import Policy
from factory_env.domain.product import Style
from factory_env.styling.distance import relative_distance

Floats = NDArray[np.float64]
READ: Final = ("complexity", "fabric_factor", "defect_factor")  # off the picture
RIDGE: Final = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sewn:
    """The orders of one run: what they cost and who they were; positions are those of styles."""

    styles: tuple[Style, ...]
    style: NDArray[np.int64]  # (n,)
    before: NDArray[np.int64]  # (n,) style sewn before on the same line
    quantity: Floats
    cost_usd: Floats  # (n,) wages for sewing, change and learning


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureValue:
    """Relative errors of predicted costs, means over orders and over whole runs."""

    order_error: dict[str, float]  # "true", "shuffled", "none" -> mean absolute relative error
    run_error: dict[str, float]
    r2: dict[str, float]  # of the logarithm of an order's cost per piece


def sewn_orders(scenario: Scenario, policy: Policy, seeds: Sequence[int]) -> list[Sewn]:
    """Play the seeds and gather the orders that were sewn."""
    make = Factories(scenario)
    return [_sewn(make, seed, policy) for seed in seeds]


def _sewn(make: Factories, seed: int, policy: Policy) -> Sewn:
    factory = make(seed)
    log, styles = play(factory, policy), factory.tables.styles
    orders = log.tables["orders"]
    position = {s.style_id: i for i, s in enumerate(styles)}
    done = np.flatnonzero(np.isfinite(orders["sewn_min"]))
    done = done[np.argsort(orders["taken_min"][done], kind="stable")]
    last = [line.first_style for line in factory.lines]
    before = np.zeros(len(done), dtype=np.int64)
    own = np.array([position[s] for s in orders["style"][done]], dtype=np.int64)
    for i, (line, style) in enumerate(zip(orders["line"][done], own, strict=True)):
        before[i], last[line] = last[line], style
    people = np.array(log.operators)[orders["line"][done]]
    minutes = orders["work_min"][done] + orders["setup_min"][done] * people
    return Sewn(
        styles=styles,
        style=own,
        before=before,
        quantity=orders["quantity"][done].astype(np.float64),
        cost_usd=minutes * log.facts["labour_usd_per_min"],
    )


def picture_value(runs: Sequence[Sewn], rng: np.random.Generator) -> PictureValue:
    """Fit on every other run and predict the rest, with true, shuffled and no pictures."""
    orders, whole, r2 = {}, {}, {}
    for kind in ("true", "shuffled", "none"):
        rows = [_features(run, kind, rng) for run in runs]
        wanted = [np.log(run.cost_usd / run.quantity) for run in runs]
        x, y = np.concatenate(rows[::2]), np.concatenate(wanted[::2])
        weights = np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ y)
        spread = float(np.exp((y - x @ weights) ** 2 / 2.0).mean())  # mean of exp of the rest
        found = [row @ weights for row in rows[1::2]]
        usd = [np.exp(f) * spread * run.quantity for f, run in zip(found, runs[1::2], strict=True)]
        true = [run.cost_usd for run in runs[1::2]]
        orders[kind] = _error(np.concatenate(usd), np.concatenate(true))
        whole[kind] = _error(np.array([u.sum() for u in usd]), np.array([t.sum() for t in true]))
        rest = np.concatenate(wanted[1::2]) - np.concatenate(found)
        r2[kind] = 1.0 - float(rest.var() / np.concatenate(wanted[1::2]).var())
    return PictureValue(order_error=orders, run_error=whole, r2=r2)


def _features(run: Sewn, kind: str, rng: np.random.Generator) -> Floats:
    """Product, quantity, and what the (true, shuffled or no) pictures say, (n, columns)."""
    names = [s.product.name for s in run.styles]
    products = sorted(set(names))
    own = np.array([products.index(name) for name in names])
    shown = np.arange(len(names))
    if kind == "shuffled":
        for k in range(len(products)):
            shown[own == k] = rng.permutation(shown[own == k])
    columns = [np.eye(len(products))[own[run.style]], 1000.0 / run.quantity[:, None]]
    is_other = (run.style != run.before).astype(np.float64)
    is_product = (own[run.style] != own[run.before]).astype(np.float64)
    share = 1000.0 / run.quantity
    columns.append(np.column_stack([is_other * share, is_product * share]))
    if kind != "none":
        apart = relative_distance([run.styles[i] for i in shown])
        read = [[getattr(run.styles[i].design, key) for key in READ] for i in shown]
        columns.append(np.array(read)[run.style])
        columns.append((apart[run.style, run.before] * share * is_other)[:, None])
    return np.hstack(columns)


def _error(found: Floats, true: Floats) -> float:
    return float((np.abs(found - true) / true).mean())
