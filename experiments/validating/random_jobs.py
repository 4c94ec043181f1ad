"""Random lines and orders, and by how much the two sewing lines differ on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from factory_env.sim.work.line_flow import PassInput, run_pass
from factory_env.sim.work.plain_line import twin_pass


def random_jobs(seed: int, *, ties: bool, orders: int = 3) -> list[PassInput]:
    """Some orders for one line, one after the other.

    Every order brings its own style, crew, noise, stops and learning. ``free`` of each holds
    when operators come back from the changeover; the caller carries the rest. With ``ties``
    all times are small whole numbers, so that many things happen in the same minute.
    """
    rng = np.random.default_rng(seed)
    operators = int(rng.integers(1, 13))
    now = 0.0
    jobs = []
    for _ in range(int(rng.integers(1, orders + 1))):
        jobs.append(_job(rng, operators, now, ties))
        now += float(rng.integers(0, 200))
    return jobs


def _job(rng: np.random.Generator, operators: int, now: float, ties: bool) -> PassInput:
    stations = int(rng.integers(1, operators + 1))
    bundles = int(rng.integers(1, 16))
    people = rng.permutation(operators)[: int(rng.integers(stations, operators + 1))]
    cuts = np.sort(rng.choice(np.arange(1, len(people)), stations - 1, replace=False))
    pieces = rng.integers(1, 5 if ties else 31, bundles).astype(float)
    shape = (bundles, stations)
    if ties:
        smv = rng.integers(1, 4, stations).astype(float)
        efficiency = rng.choice([0.5, 1.0], operators)
        noise = np.ones(shape)
        free = now + rng.integers(0, 6, operators).astype(float)
        stop = rng.integers(0, 4, shape).astype(float)
        change = 2.0 * (rng.integers(0, 4, shape) == 0)
        pace = float(rng.integers(0, 3))
    else:
        smv = rng.uniform(0.1, 2.0, stations)
        efficiency = rng.uniform(0.3, 1.1, operators)
        noise = rng.lognormal(0.0, 0.3, shape)
        free = now + rng.uniform(0.0, 60.0, operators)
        stop = rng.exponential(20.0, shape) * (rng.random(shape) < 0.1)
        change = 10.0 * (rng.random(shape) < 0.1)
        pace = float(rng.uniform(0.0, 0.5)) * float(rng.integers(0, 2))
    return PassInput(
        pieces=pieces,
        smv_min=smv,
        crew=people.astype(np.int64),
        crew_start=np.array([0, *cuts, len(people)], dtype=np.int64),
        efficiency=efficiency,
        free=free,
        noise=noise,
        stop=stop if rng.random() < 0.6 else np.empty((0, 0)),
        change=change if rng.random() < 0.5 else np.empty((0, 0)),
        start_min=float(free[people[: int(cuts[0]) if stations > 1 else None]].min()),
        pace_min=pace,
        learn_loss=float(rng.uniform(0.1, 0.7)) if rng.random() < 0.6 and not ties else 0.0,
        learn_tau_min=float(rng.uniform(30.0, 800.0)),
    )


def largest_difference(cases: int) -> float:
    """Largest difference of any bundle's or operator's time in ``cases`` random lines [min]."""
    worst = 0.0
    for seed in range(cases):
        jobs = random_jobs(seed, ties=seed % 2 == 0)
        free = [jobs[0].free.copy(), jobs[0].free.copy()]
        for job in jobs:
            done = []
            for carried, engine in zip(free, (run_pass, twin_pass), strict=True):
                np.maximum(carried, job.free, out=carried)
                result = engine(replace(job, free=carried), False)
                by_bundle = np.empty(len(result.order))
                by_bundle[result.order] = result.done
                done.append(np.append(by_bundle, carried))
            worst = max(worst, float(np.abs(done[0] - done[1]).max()))
    return worst
