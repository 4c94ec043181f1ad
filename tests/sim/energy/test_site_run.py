"""The site of a run on recorded work: it pays for what the tape says, however it is asked."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env import load_scenario
from factory_env.decisions.energy_choice import EnergyAnswer
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.series import SLOTS_PER_DAY
from factory_env.domain.site import BOILER_OFF, BOILER_ON
from factory_env.sim.energy.site_run import SiteRun, Tape
from factory_env.sim.energy.slot_engine import FEED

DAYS = 3
N = DAYS * SLOTS_PER_DAY


class Purse:
    """What has been paid."""

    def __init__(self) -> None:
        self.usd = np.zeros(4)
        self.times = 0

    def pay(self, *usd: float) -> None:
        self.usd += usd
        self.times += 1


@pytest.fixture(scope="module")
def work() -> np.ndarray:
    """Every working quarter the same: 40 machines at 12 kW, 12 presses, 100 people."""
    calendar = load_scenario("small").calendar
    shifts = ShiftTable(calendar, DAYS + 1)
    opens = np.diff(shifts.shift_at_many(np.arange(N + 1) * 15.0)) / 15.0
    rows = np.zeros(N, FEED)
    for name, value in {
        "open_share": 1.0,
        "people": 100.0,
        "machines_running": 40.0,
        "run_kw": 12.0,
        "press_busy": 8.0,
    }.items():
        rows[name] = opens * value
    return rows


def site(work: np.ndarray, purse: Purse) -> SiteRun:
    scenario = load_scenario("small", site="pv_battery", tariff="us_demand")
    assert scenario.energy is not None
    shifts = ShiftTable(scenario.calendar, DAYS + 1)
    luck = np.random.default_rng(0)
    return SiteRun(scenario.energy, DAYS, 3, shifts, luck, Tape(work), purse.pay)


def test_it_pays_the_same_at_one_go_and_slot_by_slot(work: np.ndarray) -> None:
    once, often = Purse(), Purse()
    site(work, once).account(N)
    run = site(work, often)
    for slot in range(N):
        run.account(slot + 1)
    assert (once.times, often.times) == (1, N)
    assert often.usd == pytest.approx(once.usd, rel=1e-9)
    assert once.usd[0] > 0.0
    assert once.usd[1] > 0.0


def test_what_has_been_accounted_for_is_never_paid_twice(work: np.ndarray) -> None:
    purse = Purse()
    run = site(work, purse)
    run.account(N)
    paid = purse.usd.copy()
    run.account(N)
    run.account(N // 2)
    assert purse.times == 1
    assert (purse.usd == paid).all()
    assert run.at == N
    assert run.bill().total_usd == pytest.approx(paid[0])


def test_the_table_holds_what_was_used_and_rooms_only_if_they_used_any(work: np.ndarray) -> None:
    run = site(work, Purse())
    run.account(N)
    table = run.table()
    assert "process_kw" not in table
    assert table["sewing_run_kw"].max() == 12.0
    machines = work.copy()
    machines["process_kw"] = machines["open_share"] * 5.0
    machines["process_steam_kg_h"] = machines["open_share"] * 20.0
    more = site(machines, Purse())
    more.account(N)
    with_rooms = more.table()
    more_kw = (with_rooms["load_kw"] - table["load_kw"])[machines["open_share"] == 1.0]
    assert np.median(more_kw) == pytest.approx(5.0, abs=2.0)  # the fans answer to their heat
    steam = with_rooms["process_steam_kg"]
    assert 0.0 < steam.max() <= 20.0 * 0.25 + 1e-12
    assert with_rooms["fuel_kwh"].sum() > table["fuel_kwh"].sum()


def test_a_decision_holds_for_its_slots(work: np.ndarray) -> None:
    run = site(work, Purse())
    lit = int(np.argmax(run.is_lit))
    assert run.factors(lit)[2] < 1.0  # a cold boiler
    answer = EnergyAnswer(
        battery_kw=0.0, set_point_c=28.0, boiler_mode=BOILER_OFF, lines_allowed=1, standby=True
    )
    run.decide(lit, answer)
    last = lit + run.setup.control.decision_slots
    assert run.lines_allowed(lit) == run.lines_allowed(last - 1) == 1
    assert run.lines_allowed(last) == 3
    assert run.act["boiler_mode"][last] == BOILER_ON
    assert run.factors(lit)[2] == 0.0


def test_a_dark_hour_takes_the_grid_away_in_its_slots(work: np.ndarray) -> None:
    run = site(work, Purse())
    run.blow_out(100.0, 20.0)  # 100 to 120: 5 minutes of slot 6, all of slot 7
    assert run.outside["grid_share"][5:9].tolist() == pytest.approx([1.0, 2 / 3, 0.0, 1.0])
