"""What plain learners reach on Scheduling-v1: `python benchmarks/plain_learners.py`.

`plain_ppo` and `plain_dqn`: examples/ppo_masked.py and examples/dqn_masked.py from nothing, their
mean cost over training seeds / that of the best of all tuned rules on the same held-out seeds;
`..._to_edd` the same / EDD. `sb3_survives`: how many of six learners of Stable-Baselines3 and
sb3-contrib, as their documentation has them, crash while they learn or are evaluated.

Options: only=plain|sb3, plant=small, decisions=50000, seeds=3, steps=10000 (of SB3's learners),
folder=runs/benchmarks/plain_learners. A training whose summary lies there is not run again.
"""

from __future__ import annotations

import json
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "examples")]

import gymnasium as gym  # noqa: E402
import pandas as pd  # noqa: E402
import torch  # noqa: E402
from closing import ENV_ID, HELD_OUT, play_rule  # noqa: E402

from agents import rules  # noqa: E402
from benchmarks.keeping import keep  # noqa: E402
from factory_env.catalogue import plug_names  # noqa: E402

EXAMPLES = {"plain_ppo": "ppo_masked", "plain_dqn": "dqn_masked"}
EPISODES = 50
DEFAULTS = {
    "only": "",
    "plant": "small",
    "decisions": "50000",
    "seeds": "3",
    "steps": "10000",
    "folder": "runs/benchmarks/plain_learners",
}
LEARNERS = ("DQN", "QRDQN", "A2C", "PPO", "RecurrentPPO", "MaskablePPO")


def main() -> None:
    """Measure and print."""
    given = dict(word.partition("=")[::2] for word in sys.argv[1:])
    if unknown := set(given) - set(DEFAULTS):
        raise SystemExit(
            f"plain_learners: no option {sorted(unknown)}; known: {', '.join(DEFAULTS)}"
        )
    options = DEFAULTS | given
    torch.set_num_threads(1)
    figures: dict[str, Any] = {}
    if options["only"] in ("", "plain"):
        figures |= measure_examples(options)
    if options["only"] in ("", "sb3"):
        figures |= measure_survivors(Path(options["folder"]), int(options["steps"]))
    keep("plain_learners", figures)
    print(json.dumps(figures))


def measure_examples(options: dict[str, str]) -> dict[str, Any]:
    """Ratios of the two single-file learners, means over training seeds."""
    plant, held_out = options["plant"], range(HELD_OUT, HELD_OUT + EPISODES)
    costs = {n: float(play_rule(plant, n, held_out).mean()) for n in sorted(plug_names(rules))}
    best = min(costs, key=lambda name: costs[name])
    figures: dict[str, Any] = {"best_rule": best, "best_rule_usd": round(costs[best], 2)}
    for key, example in EXAMPLES.items():
        seeds = range(1, int(options["seeds"]) + 1)
        summaries = [train(example, seed, options) for seed in seeds]
        usd = [summary["cost_usd"]["agent"] for summary in summaries]
        mean = sum(usd) / len(usd)
        figures |= {
            key: round(mean / costs[best], 4),
            f"{key}_to_edd": round(mean / costs["edd"], 4),
            f"{key}_by_seed": [round(each / costs[best], 4) for each in usd],
            f"{key}_minutes": [summary["minutes"] for summary in summaries],
        }
    draw_curves(Path(options["folder"]), plant)
    return figures


def train(example: str, seed: int, options: dict[str, str]) -> dict[str, Any]:
    """Summary of one training, which is run if it is not there yet."""
    out = Path(options["folder"]).resolve() / f"{example}-{seed}"
    summary = out / "summary.json"
    if not summary.is_file():
        words = ("--plant", options["plant"], "--decisions", options["decisions"])
        line = [sys.executable, str(ROOT / "examples" / f"{example}.py"), *words]
        subprocess.run([*line, "--seed", str(seed), "--out", str(out)], check=True, cwd=ROOT)
    read: dict[str, Any] = json.loads(summary.read_text(encoding="utf-8"))
    return read


def draw_curves(folder: Path, plant: str) -> None:
    """Every training's curve in one picture, ``curves.png``, with the rules on the same seeds."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 3.8), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for example, colour in zip(EXAMPLES.values(), ("#0072B2", "#CC79A7"), strict=True):
        for number, path in enumerate(sorted(folder.glob(f"{example}-*/curve.csv"))):
            table = pd.read_csv(path)
            label = f"{example}.py, a line a seed" if number == 0 else None
            axes.plot(table["decisions"], table["cost_usd"], color=colour, label=label)
    for rule, colour in (("edd", "#D55E00"), ("atcs_match", "#009E73")):
        axes.axhline(table[f"{rule}_usd"].iloc[0], color=colour, linestyle="--", label=rule)
    axes.set(ylim=(0.0, None), xlabel="decisions", ylabel="total cost (USD), validation seeds")
    axes.set_title(f"From nothing, plant {plant}", fontsize=10)
    axes.legend(fontsize=8)
    figure.savefig(folder / "curves.png")


def measure_survivors(folder: Path, steps: int) -> dict[str, Any]:
    """How many learners of SB3 crash; what each earns afterwards, or its traceback in a file."""
    crashes, returns = 0, {}
    for name in LEARNERS:
        try:
            returns[name] = survive(name, steps)
        except Exception:  # whatever it is, it is counted
            crashes += 1
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.txt").write_text(traceback.format_exc(), encoding="utf-8")
        print(f"{name:12} {returns.get(name, 'crashed')}", file=sys.stderr, flush=True)
    return {"sb3_survives": crashes, "sb3_returns": returns}


def survive(name: str, steps: int) -> float:
    """Learn and be evaluated as in the documentation; mean return of an episode."""
    import sb3_contrib
    import stable_baselines3
    from sb3_contrib.common.maskable.evaluation import evaluate_policy as evaluate_masked
    from stable_baselines3.common.evaluation import evaluate_policy

    evaluate: Callable[..., Any] = evaluate_policy
    if name == "MaskablePPO":
        evaluate = evaluate_masked
    policy = "MultiInputLstmPolicy" if name == "RecurrentPPO" else "MultiInputPolicy"
    home = sb3_contrib if hasattr(sb3_contrib, name) else stable_baselines3
    env = gym.make(ENV_ID, plant="small")
    model = getattr(home, name)(policy, env, seed=0)
    model.learn(total_timesteps=steps)
    mean, _ = evaluate(model, model.get_env(), n_eval_episodes=5)
    return round(float(mean), 1)


if __name__ == "__main__":
    main()
