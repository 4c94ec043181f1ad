"""What the examples share: options, play on seeds, the closing table, the curve.

Nothing here learns. An agent is a function from an observation of one environment to an action.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

import factory_env  # noqa: F401  (registers the environments)
from agents import rules

ENV_ID = "GarmentFactory/Scheduling-v1"
HELD_OUT = 100_000  # the first of the held-out seeds, which are looked at once, at the end
VALIDATION = 210_000  # the first of the seeds for the curve
RULES = ("edd", "atcs", "atcs_match")  # as tuned for the plant
RESAMPLES = 2000
LEAST_APART = 1000  # decisions between two points of a curve, else a short run only validates

Observation = dict[str, NDArray[Any]]
Act = Callable[[Observation], int]


def read_options(description: str | None, **defaults: Any) -> argparse.Namespace:
    """The options of an example: plant, decisions, seed, and where the files go."""
    given = {"plant": "small", "decisions": 50_000, "seed": 1}
    given |= {"episodes": 50, "first_seed": HELD_OUT}  # of the closing table
    given |= {"validation": 20}  # runs behind a point of the curve
    parser = argparse.ArgumentParser(description=description)
    for name, value in (given | defaults).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    parser.add_argument("--out", type=Path, default=None, help="default: runs/examples/<file>")
    options = parser.parse_args()
    for name in ("decisions", "episodes", "validation"):
        if getattr(options, name) < 1:
            parser.error(f"--{name} must be at least 1, got {getattr(options, name)}")
    return options


def play(env: gym.Env[Any, Any], act: Act, seeds: Iterable[int]) -> NDArray[np.float64]:
    """Total cost of every seed [USD], shape (seeds,)."""
    costs = []
    for seed in seeds:
        seen, _ = env.reset(seed=seed)
        is_over = False
        while not is_over:
            seen, _, terminated, truncated, info = env.step(act(seen))
            is_over = terminated or truncated
        costs.append(info["kpis"]["total_cost_usd"])
    return np.array(costs)


def play_rule(plant: str, name: str, seeds: Iterable[int]) -> NDArray[np.float64]:
    """The same of a rule, with the values tuned for the plant."""
    env: Any = gym.make(ENV_ID, plant=plant, hold="free").unwrapped
    rule = rules.load(name, plant)
    costs = []
    for seed in seeds:
        env.reset(seed=seed)
        is_over = False
        while not is_over:
            action = env.answer_to_action(rule.choose(env.question))
            _, _, terminated, truncated, info = env.step(action)
            is_over = terminated or truncated
        costs.append(info["kpis"]["total_cost_usd"])
    return np.array(costs)


@dataclass
class Course:
    """How an agent comes along: its cost on validation seeds after so many decisions.

    ``env`` is one like those in which the agent learns.
    """

    env: gym.Env[Any, Any]
    options: argparse.Namespace
    points: int = 8
    rows: list[tuple[int, float]] = field(default_factory=list)
    played: int = 0  # decisions so far
    began_s: float = field(default_factory=time.perf_counter)
    watched_s: float = 0.0

    def look(self, done: int, act: Act) -> None:
        """Play the validation seeds if it is time for it, and print how it goes."""
        self.played = done
        apart = max(LEAST_APART, self.options.decisions / self.points)
        if len(self.rows) * apart <= done <= self.options.decisions - apart / 2:
            self._play(done, act)

    def finish(self, done: int, act: Act) -> None:
        """The last point, after all decisions that were played."""
        self.played = done
        if not self.rows or self.rows[-1][0] < done:
            self._play(done, act)

    def _play(self, done: int, act: Act) -> None:
        begin = time.perf_counter()
        usd = float(play(self.env, act, self.seeds).mean())
        self.watched_s += time.perf_counter() - begin
        self.rows.append((done, usd))
        spent = time.perf_counter() - self.began_s
        print(f"{done:7,} decisions  {spent:5.0f} s  {usd:9,.0f} USD on validation", flush=True)

    @property
    def seeds(self) -> range:
        """Those of the curve."""
        return range(VALIDATION, VALIDATION + self.options.validation)

    @property
    def trained_s(self) -> float:
        """Seconds since the start without those of the validation."""
        return time.perf_counter() - self.began_s - self.watched_s


def close(name: str, course: Course, agent: Act, start: Act) -> dict[str, Any]:
    """Play agent, start and rules on held-out seeds; print the table, write curve and summary."""
    minutes, options, plant = course.trained_s / 60.0, course.options, course.options.plant
    seeds = range(options.first_seed, options.first_seed + options.episodes)
    costs = {who: play(course.env, act, seeds) for who, act in (("agent", agent), ("start", start))}
    costs |= {rule: play_rule(plant, rule, seeds) for rule in RULES}
    best = min(RULES, key=lambda rule: costs[rule].mean())
    print(f"\n{'policy':12} {'cost (USD)':>10} {'/ EDD':>7} {'/ ' + best:>13}")
    for who, usd in costs.items():
        ratios = usd.mean() / costs["edd"].mean(), usd.mean() / costs[best].mean()
        print(f"{who:12} {usd.mean():10,.0f} {ratios[0]:7.3f} {ratios[1]:13.3f}")
    low, high = ratio_interval(costs["agent"], costs[best])
    summary = {
        "example": name,
        "plant": plant,
        "decisions": course.played,
        "seed": options.seed,
        "episodes": len(seeds),
        "minutes": round(minutes, 2),
        "cost_usd": {who: round(float(usd.mean()), 2) for who, usd in costs.items()},
        "best_rule": best,
        "to_edd": round(float(costs["agent"].mean() / costs["edd"].mean()), 4),
        "to_best_rule": round(float(costs["agent"].mean() / costs[best].mean()), 4),
        "to_best_rule_95": [round(low, 4), round(high, 4)],
        "to_start": round(float(costs["agent"].mean() / costs["start"].mean()), 4),
    }
    folder = options.out or Path("runs") / "examples" / name
    folder.mkdir(parents=True, exist_ok=True)
    write_curve(folder, course, name)
    (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(summary))
    return summary


def ratio_interval(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> tuple[float, float]:
    """95 % interval of the ratio of two means, by paired bootstrap over seeds."""
    drawn = np.random.default_rng(0).integers(0, len(ours), (RESAMPLES, len(ours)))
    ratios = ours[drawn].mean(axis=1) / theirs[drawn].mean(axis=1)
    low, high = np.quantile(ratios, (0.025, 0.975))
    return float(low), float(high)


def write_curve(folder: Path, course: Course, title: str) -> None:
    """The curve as ``curve.csv`` and ``curve.png``, with two rules on the same seeds."""
    plant = course.options.plant
    lines = {
        rule: float(play_rule(plant, rule, course.seeds).mean()) for rule in ("edd", "atcs_match")
    }
    with (folder / "curve.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("decisions", "cost_usd", *(f"{rule}_usd" for rule in lines)))
        rules_usd = [round(usd, 2) for usd in lines.values()]
        writer.writerows((done, round(usd, 2), *rules_usd) for done, usd in course.rows)
    draw_curve(folder / "curve.png", course.rows, lines, f"{title}, plant {plant}")


def draw_curve(
    path: Path, rows: Sequence[tuple[int, float]], lines: dict[str, float], title: str
) -> None:
    """Cost on validation seeds over decisions, from zero."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 3.6), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.plot(
        [r[0] for r in rows], [r[1] for r in rows], marker="o", color="#0072B2", label="agent"
    )
    for (rule, usd), colour in zip(lines.items(), ("#D55E00", "#009E73"), strict=True):
        axes.axhline(usd, color=colour, linestyle="--", label=rule)
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("decisions")
    axes.set_ylabel("total cost (USD), validation seeds")
    axes.set_title(title, fontsize=10)
    axes.legend(fontsize=8)
    figure.savefig(path)
