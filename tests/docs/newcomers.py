"""What the table of `docs/extending.md` promises: the files to write, and who notices them.

`test_extending.py` writes the files into a copy of the house and runs this file there, with the
word ``quick`` or ``slow`` and the names of table rows; it prints, row by row, what went wrong.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path.cwd()
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from agents import energy as site_rules  # noqa: E402
from agents import rules  # noqa: E402
from agents.rules.edd import Edd  # noqa: E402
from agents.team import Team  # noqa: E402
from experiments import fitting  # noqa: E402
from experiments.report import pictures  # noqa: E402
from experiments.validating import checks  # noqa: E402
from factory_env import Factory, RunLog, load_scenario, simulate  # noqa: E402
from factory_env.catalogue import load_plug, plug_names  # noqa: E402
from factory_env.domain.scenario import Scenario  # noqa: E402
from factory_env.envs.scheduling.encoder import BLOCKS, Encoder  # noqa: E402
from factory_env.envs.scheduling.env import SchedulingEnv  # noqa: E402

NEW = "newcomer"  # the name of every new file
SHORT = {"horizon_days": 8, "demand.days": 6}

SITE_RULE = '''"""Half the lines at most, as a site that nobody would want."""

from __future__ import annotations

from dataclasses import dataclass, replace

from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfTheLines:
    """As usual, with every second line standing."""

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        return replace(choice.usual(), lines_allowed=choice.lines // 2)


PLUG = HalfTheLines
'''

CHECK = '''"""Halves: one half and one half are one."""

from __future__ import annotations

from typing import ClassVar

from experiments.validating.check import CheckResult, Context, Figure


class Halves:
    """Adds two halves."""

    title: ClassVar[str] = "Halves"
    place: ClassVar[int] = 1
    seconds: ClassVar[float] = 0.1
    needs_data: ClassVar[bool] = False
    keys: ClassVar[tuple[str, ...]] = ("halves_sum",)

    def run(self, context: Context) -> CheckResult:
        figure = Figure(
            key="halves_sum", what="sum", target="1", measured="1", value=0.5 + 0.5, met=True
        )
        return CheckResult(
            what="Adds.", how="By hand.", expected="One.", found="One.", figures=(figure,)
        )


PLUG = Halves
'''

ROOM = '''"""The folding table: one minute a piece, four people at it."""

from __future__ import annotations

from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.lot_station import LotStation
from factory_env.sim.work.station import Then
from factory_env.sim.world import World


class Folding(LotStation):
    """Four people, a lot each."""

    columns = ("fold_start_min", "folded_min")
    needs_steam = False

    def __init__(self, world: World, clock: WorkingClock, then: Then | None) -> None:
        super().__init__("newcomer", clock, 4, self._fold_min, then, None)

    def _fold_min(self, lot: Lot) -> float:
        return float(lot.good)


PLUG = Folding
'''

PICTURE = '''"""The run's number of orders, as a picture without a picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from experiments.report.finished_run import FinishedRun


def draw(run: FinishedRun, folder: Path) -> Iterator[Path]:
    """``newcomer.txt``."""
    path = folder / "newcomer.txt"
    path.write_text(str(len(run.log.tables["orders"]["order"])), encoding="utf-8")
    yield path


PLUG = draw
'''

LEARNER = '''"""``agent=newcomer``: PPO under another name."""

from experiments.training.recipe import ppo_recipe
from experiments.training.scheduling import lines_learner

PLUG = lines_learner(ppo_recipe("newcomer"))
'''

NETWORK = '''"""A network without weights, fitted at once."""

from __future__ import annotations

from typing import Any


def fit_nothing(options: Any, run: Any, gather: Any) -> dict[str, Any]:
    """Nothing to learn."""
    gather.done()
    return {"parameters": 0, "folder": str(run.path)}


PLUG = fit_nothing
'''


def short(**changes: object) -> Scenario:
    """The small plant for eight days."""
    return load_scenario("small", overrides={**SHORT, **changes})


def use_rule() -> None:
    assert NEW in plug_names(rules)
    answers = simulate(short(), load_plug(rules, NEW)(), 1).tables["decisions"]
    assert answers["answer"].max() > 0


def use_site_rule() -> None:
    assert NEW in plug_names(site_rules)
    overrides = {**SHORT, "control.mode": "agent"}
    scenario = load_scenario("small", overrides=overrides, site="pv_battery", tariff="us_demand")
    policy = Team(lines=Edd(), site=load_plug(site_rules, NEW)())
    allowed = simulate(scenario, policy, 1).tables["slots"]["lines_allowed"]
    assert set(allowed.tolist()) == {len(scenario.plant.lines) // 2}


def use_inspector() -> None:
    # it sees every fifth defect only
    counts = orders(simulate(short(inspector=NEW), Edd(), 1))
    assert 0 < counts["caught"] < 0.3 * counts["defective"]


def use_designs() -> None:
    factory = Factory(short(designs=NEW), 1)
    assert len({o.style_id for o in factory.book.orders}) > 1


def use_network() -> None:
    assert command("fit", "model=newcomer")["parameters"] == 0


def use_learner() -> None:
    words = ["agent=newcomer", "plant=small", "steps=64", "pool.size=2", "validation.episodes=2"]
    words += ["agent.envs=2", "agent.workers=1", "agent.n_steps=32", "eval.episodes=2"]
    words += ["eval.workers=1", "scenario.horizon_days=8", "scenario.demand.days=5"]
    command("train", *words)


def find_network() -> None:
    assert callable(load_plug(fitting, NEW))
    assert Path(f"conf/model/{NEW}.yaml").is_file()


def find_learner() -> None:
    from experiments.training.choice import FILES

    assert FILES["scheduling"][NEW] == NEW  # its file of conf/agent


def find_check() -> None:
    assert load_plug(checks, NEW).keys == ("halves_sum",)


def find_picture() -> None:
    assert callable(load_plug(pictures, NEW))


def use_plant() -> None:
    assert load_scenario(NEW).plant.name == NEW


def use_scenario() -> None:
    assert load_scenario("small", NEW).name == NEW


def use_disruptions() -> None:
    assert load_scenario("small", disruptions=NEW).disruptions.name == NEW


def use_site() -> None:
    setup = load_scenario("small", site=NEW, tariff="us_demand").energy
    assert setup is not None
    assert setup.site.name == NEW


def use_tariff() -> None:
    setup = load_scenario("small", site="pv_battery", tariff=NEW).energy
    assert setup is not None
    assert setup.tariff.name == NEW


def use_check() -> None:
    assert command("validate", "only=[newcomer]")["halves_sum"] == 1.0


def use_reward() -> None:
    env = SchedulingEnv(scenario=short(), reward=NEW)
    env.reset(seed=1)
    total, over = 0.0, False
    while not over:
        _, reward, done, cut, _ = env.step(env.answer_to_action(Edd().choose(env.question)))
        total, over = total + float(reward), done or cut
    parts = env.unwrapped.factory.cost_parts_usd
    assert total < 0.0
    assert abs(total + parts["changeover"] + parts["learning"]) < 1e-6


def use_block() -> None:
    question = Factory(short(), 1).advance()
    encoder = Encoder(blocks=(*BLOCKS, NEW))
    shown = encoder.encode(question, encoder.visible(question))
    assert encoder.space().contains(shown)
    assert shown[NEW].shape == (2,)
    assert (shown[NEW] > 0.0).all()


def use_room() -> None:
    plant = Path("conf/plant/small.yaml").read_text(encoding="utf-8")
    plant, count = re.subn(r"(?m)^stations:.*$", rf"\g<0>\n  {NEW}: {{}}", plant)
    assert count == 1
    Path("with_room.yaml").write_text(plant, encoding="utf-8")
    route = {"routes.tee": ["pressing", NEW, "packing"]}
    log = simulate(load_scenario("with_room.yaml", overrides={**SHORT, **route}), Edd(), 1)
    lots = log.tables["lots"]
    is_folded = ~np.isnan(lots["folded_min"])
    assert 0 < is_folded.sum() < is_folded.shape[0]  # tees and no others
    assert (lots["fold_start_min"] >= lots["pressed_min"])[is_folded].all()
    assert (lots["folded_min"] <= lots["packed_min"])[is_folded].all()


def use_picture() -> None:
    with tempfile.TemporaryDirectory() as folder:
        words = ["agent=edd", "plant=small", f"hydra.run.dir={folder}/run"]
        words += ["scenario.horizon_days=8", "scenario.demand.days=6"]
        subprocess.run(
            [sys.executable, "experiments/simulate.py", *words], check=True, capture_output=True
        )
        drawn = list(Path(folder).rglob("newcomer.txt"))
        assert len(drawn) == 1
        assert int(drawn[0].read_text(encoding="utf-8")) > 0


class Buyer(Edd):
    """Buys ten metres of everything, and runs the lines by due date."""

    def buy(self, choice: Any) -> Any:
        usual = choice.usual()
        return replace(usual, metres=usual.metres + 10.0)


def use_question() -> None:
    log = simulate(short(), Buyer(), 1)
    table = log.tables["answers_purchase"]
    days = int(log.end_min // 1440.0)
    assert len(table["serial"]) == days // 2 > 1  # every other day
    events = log.tables["events"]
    bought = events["amount"][events["kind"] == "bought"]
    assert bought.tolist() == [20.0 * (i + 1) for i in range(days // 2)]  # two articles


def orders(log: RunLog) -> dict[str, float]:
    """Totals of the columns of orders that are numbers."""
    table = log.tables["orders"]
    return {name: float(table[name].sum()) for name in ("defective", "caught")}


def command(name: str, *words: str) -> Mapping[str, object]:
    """The summary of a command."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, f"experiments/{name}.py", *words, f"hydra.run.dir={folder}/run"],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads((Path(folder) / "run" / "summary.json").read_text(encoding="utf-8"))


USES: Mapping[str, Callable[[], None]] = {
    "rule": use_rule,
    "rule that runs the site": use_site_rule,
    "inspector": use_inspector,
    "design source": use_designs,
    "network to fit": use_network,
    "learner": use_learner,
    "plant": use_plant,
    "scenario": use_scenario,
    "level of disruptions": use_disruptions,
    "site": use_site,
    "tariff": use_tariff,
    "check of the validation": use_check,
    "reward": use_reward,
    "observation block": use_block,
    "room between gate and lorry": use_room,
    "picture of a run": use_picture,
    "kind of question": use_question,
}
# rows whose Python file stands neither here nor on the page: a shipped one under a new name
PYTHON = {
    "rule that runs the site": SITE_RULE,
    "network to fit": NETWORK,
    "learner": LEARNER,
    "check of the validation": CHECK,
    "room between gate and lorry": ROOM,
    "picture of a run": PICTURE,
}
# files that another test has as well, under another name
COPIED = {
    "factory_env/decisions/<name>_choice.py": "tests/contracts/new_kind/purchase_choice.py",
    "factory_env/sim/questions/<name>.py": "tests/sim/questions/new_kind/purchase.py",
}
# rows whose YAML is a shipped one under a new name: group and file
YAML = {
    "network to fit": ("model", "stain"),
    "learner": ("agent", "ppo"),
    "plant": ("plant", "small"),
    "scenario": ("scenario", "default"),
    "level of disruptions": ("disruptions", "normal"),
    "site": ("site", "pv_battery"),
    "tariff": ("tariff", "us_demand"),
}
# rows that a command takes: found is quick, taken is slow
COMMANDS: Mapping[str, Callable[[], None]] = {
    "network to fit": find_network,
    "learner": find_learner,
    "check of the validation": find_check,
    "picture of a run": find_picture,
}


def main() -> None:
    wrong = {}
    is_slow, *named = sys.argv[1:]
    for row in named:
        try:
            (USES[row] if is_slow == "slow" else COMMANDS.get(row, USES[row]))()
        except BaseException:
            wrong[row] = traceback.format_exc()
    sys.stdout.write(json.dumps(wrong) + "\n")


if __name__ == "__main__":
    main()
