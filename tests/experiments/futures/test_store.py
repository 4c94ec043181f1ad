"""The store of runs: what is kept is found as it was, whoever writes, dies, or changes the code."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.futures.answer import answer
from experiments.futures.outcome import Outcome
from experiments.futures.question import Question, Variant
from experiments.futures.store import naming
from experiments.futures.store.__main__ import main as ask
from experiments.futures.store.canonical import digest
from experiments.futures.store.folder import RunFiles
from experiments.futures.store.naming import name_run, name_variant
from experiments.futures.store.query import query_runs
from experiments.futures.store.runs import RunStore, open_store
from factory_env import load_scenario
from factory_env.domain.changes import LineDown, LineSpeed, OtherPolicy
from factory_env.errors import InputError
from factory_env.whole_file import name_part
from tests.conftest import ROOT

NAN = float("nan")


def outcome(seed: int = 0, orders: int = 3, **other: object) -> Outcome:
    rng = np.random.default_rng(seed)
    names = np.array([f"PO-{i} Größe" for i in range(orders)], dtype=object)
    values = {
        "variant": "base",
        "seed": seed,
        "kpis": {"total_cost_usd": rng.random(), "on_time_share": NAN},
        "money_usd": {"lateness": 0.1, "labour": 1e9},
        "orders": {
            "order_id": names,
            "quantity": rng.integers(1, 9000, orders),
            "ship_min": np.where(rng.random(orders) < 0.5, NAN, rng.random(orders)),
            "is_cancelled": rng.random(orders) < 0.5,
        },
        "stations": {"name": np.array(["a", "b"]), "waiting_min": np.array([1, 2], np.float32)},
        "days": {"day": np.arange(5), "peak_kw": np.full(5, NAN)},
        "load_kw": rng.random(672),
        "gantt": {},
        "seconds": 0.25,
    }
    return Outcome(**{**values, **other})


def assert_same(got: Outcome | None, kept: Outcome) -> None:
    assert got is not None
    for name in ("variant", "seed", "seconds", "money_usd"):
        assert getattr(got, name) == getattr(kept, name)
    assert repr(got.kpis) == repr(kept.kpis)  # NaN is no NaN
    assert got.load_kw.tobytes() == kept.load_kw.tobytes()
    for name in ("orders", "stations", "days", "gantt"):
        ours, theirs = getattr(got, name), getattr(kept, name)
        assert [*ours] == [*theirs]
        for column in theirs:
            assert ours[column].dtype == theirs[column].dtype
            if theirs[column].dtype == object:
                assert ours[column].tolist() == theirs[column].tolist()
            else:
                assert ours[column].tobytes() == theirs[column].tobytes()


def key_of(number: int) -> str:
    return name_run("a variant", number)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def store(tmp_path: Path, told: list[str]) -> RunFiles:
    return RunFiles(tmp_path / "store", tell=told.append)


def test_what_is_kept_is_found_to_the_last_bit(store) -> None:
    empty = {"line": np.array([], dtype=object), "begin_min": np.array([])}
    cases = [outcome(0), outcome(1, orders=0), outcome(2, gantt=empty, load_kw=np.array([]))]
    for number, kept in enumerate(cases):
        assert store.find(key_of(number)) is None
        store.keep(key_of(number), kept)
        assert_same(store.find(key_of(number)), kept)
    assert (store.hits, store.misses) == (3, 3)


def test_a_run_is_kept_and_found_without_pandas(tmp_path) -> None:
    program = (
        "import sys; from pathlib import Path; import numpy as np\n"
        "from experiments.futures.outcome import Outcome\n"
        "from experiments.futures.store.folder import RunFiles\n"
        "text = {'name': np.array(['a'], dtype=object)}\n"
        "run = Outcome(variant='v', seed=1, kpis={'a': 1.0}, money_usd={}, orders=text,\n"
        "    stations={}, days={}, load_kw=np.zeros(3), gantt={}, seconds=1.0)\n"
        "files = RunFiles(Path(sys.argv[1])); files.keep('ab', run)\n"
        "assert files.find('ab') is not None\n"
        "assert not {'pandas', 'pyarrow.dataset', 'duckdb', 'scipy.stats'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, cwd=ROOT)


def test_a_damaged_file_is_a_miss_that_is_told_once_and_played_anew(store, told) -> None:
    for number in range(3):
        store.keep(key_of(number), outcome(number))
    paths = sorted(store.folder.glob("*/*.parquet"))
    paths[0].write_bytes(paths[0].read_bytes()[:-100])  # cut off
    content = bytearray(paths[1].read_bytes())
    content[len(content) // 3] ^= 0xFF  # one byte of a page is another
    paths[1].write_bytes(bytes(content))
    paths[2].write_bytes(b"")
    assert [store.find(key_of(n)) for n in range(3)] == [None] * 3
    assert len(told) == 1
    assert "played anew" in told[0]
    store.keep(key_of(0), outcome(0))
    assert_same(store.find(key_of(0)), outcome(0))


def test_whatever_bit_is_another_no_run_comes_out_as_another(store) -> None:
    kept = outcome(0, orders=6)
    store.keep(key_of(0), kept)
    (path,) = store.folder.glob("*/*.parquet")
    content, rng, misses = path.read_bytes(), np.random.default_rng(0), 0
    for place in rng.integers(0, len(content), 200):
        damaged = bytearray(content)
        damaged[place] ^= 1 << int(rng.integers(0, 8))
        path.write_bytes(damaged)
        if (got := store.find(key_of(0))) is None:
            misses += 1
        else:  # it stands where nothing is read
            assert_same(got, kept)
    assert misses > 100


def test_a_run_under_another_name_is_not_that_run(store, told) -> None:
    store.keep(key_of(0), outcome(0))
    (path,) = store.folder.glob("*/*.parquet")
    other = store.folder / key_of(1)[:2] / f"{key_of(1)}.parquet"
    other.parent.mkdir(exist_ok=True)
    path.rename(other)
    assert store.find(key_of(1)) is None
    assert "not the run of its name" in told[0]


def test_the_oldest_go_where_there_is_no_room(tmp_path) -> None:
    store = RunFiles(tmp_path, most_mb=0.1)
    for number in range(30):
        store.keep(key_of(number), outcome(number))
        if number:
            assert_same(store.find(key_of(0)), outcome(0))  # asked for: never the oldest
        time.sleep(0.002)
    files = list(tmp_path.glob("*/*.parquet"))
    assert sum(f.stat().st_size for f in files) <= 0.1e6
    assert 3 < len(files) < 30
    assert_same(store.find(key_of(29)), outcome(29))
    assert store.find(key_of(1)) is None


def test_a_disk_that_takes_nothing_costs_no_answer(tmp_path, told) -> None:
    (tmp_path / "store").write_text("a file")
    store = RunFiles(tmp_path / "store", tell=told.append)
    for number in range(2):
        store.keep(key_of(number), outcome(number))
    assert len(told) == 1
    assert "not kept" in told[0]


def keep_many(folder: Path, first: int) -> None:
    store = RunFiles(folder)
    for number in range(40):
        store.keep(key_of(number), outcome(number))
    store.keep(key_of(1000 + first), outcome(first))


def test_two_processes_write_the_same_runs_at_once(tmp_path) -> None:
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=keep_many, args=(tmp_path, n)) for n in (0, 1)]
    for writer in writers:
        writer.start()
    store, seen = RunFiles(tmp_path), 0
    while any(writer.is_alive() for writer in writers):
        for number in range(40):  # a reader sees whole files or none
            if (got := store.find(key_of(number))) is not None:
                assert_same(got, outcome(number))
                seen += 1
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert len(list(tmp_path.glob("*/*"))) == 42
    for number in range(40):
        assert_same(store.find(key_of(number)), outcome(number))


def keep_for_ever(folder: Path) -> None:
    store = RunFiles(folder)
    for number in range(100_000):
        store.keep(key_of(number % 50), outcome(number % 50, orders=500))


def test_whoever_is_killed_while_writing_leaves_whole_files_only(tmp_path) -> None:
    fork = multiprocessing.get_context("fork")
    for number in range(5):
        writer = fork.Process(target=keep_for_ever, args=(tmp_path,))
        writer.start()
        time.sleep(0.15 + 0.013 * number)
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
    told: list[str] = []
    store = RunFiles(tmp_path, tell=told.append)
    got = [n for n in range(50) if store.find(key_of(n)) is not None]
    assert not told
    assert len(got) == len(list(tmp_path.glob("*/[0-9a-f]*.parquet"))) > 0
    assert len(query_runs(tmp_path, "select key from runs")) == len(got)


def test_half_a_file_of_a_dead_writer_is_nobodys_run_and_goes(tmp_path) -> None:
    RunFiles(tmp_path).keep(key_of(0), outcome(0))
    (path,) = tmp_path.glob("*/*.parquet")
    part = name_part(path)
    part = part.with_name(part.name.replace(str(os.getpid()), "999999999"))
    part.write_bytes(b"PAR1 half")
    assert len(query_runs(tmp_path, "select key from runs")) == 1
    RunFiles(tmp_path).keep(key_of(1), outcome(1))
    assert not part.exists()


@pytest.fixture(scope="module")
def variant() -> Variant:
    return Variant(name="base", scenario=load_scenario("small"), agent="edd")


def test_equal_data_have_equal_names_and_other_data_others(variant) -> None:
    again = Variant(name="other name", scenario=load_scenario("small"), agent="edd")
    assert name_variant(again) == name_variant(variant)
    scenario = variant.scenario
    changed = [
        replace(variant, scenario=scenario.replace(horizon_days=61)),
        replace(variant, orders=()),
        replace(variant, agent="spt"),
        replace(variant, site="always_on"),
        replace(variant, changes=(LineDown(from_min=1.0, to_min=2.0, line="a"),)),
        replace(variant, changes=(LineSpeed(from_min=1.0, to_min=2.0, line="a", factor=1.0),)),
        replace(variant, changes=(LineSpeed(from_min=1.0, line="a", factor=1.0),)),
    ]
    assert len({name_variant(v) for v in (variant, *changed)}) == len(changed) + 1


def test_another_version_of_the_code_is_a_miss(variant, store, monkeypatch) -> None:
    store.keep(name_run(name_variant(variant), 0), outcome())
    assert store.find(name_run(name_variant(variant), 0)) is not None
    monkeypatch.setattr(naming, "hash_code", lambda: "another")
    assert store.find(name_run(name_variant(variant), 0)) is None


def test_a_run_is_found_by_what_was_played_whatever_the_question_called_it(variant, store) -> None:
    runs = RunStore(store)
    runs.keep(variant, 3, outcome(3))
    renamed = replace(variant, name="rush", settings={"a": 1})
    assert_same(RunStore(store).find(renamed, 3), outcome(3))
    assert runs.find(variant, 4) is None
    assert runs.find(replace(variant, agent="spt"), 3) is None


def test_an_answer_is_played_once(store, variant) -> None:
    scenario = variant.scenario.replace(horizon_days=6)
    question = Question(
        name="q",
        title="Who is faster?",
        base=replace(variant, scenario=scenario),
        variants=(replace(variant, name="spt", agent="spt", scenario=scenario),),
        replications=2,
    )
    first = answer(question, workers=1, store=RunStore(store))
    again = answer(question, workers=1, store=RunStore(store))
    more = answer(replace(question, replications=3), workers=1, store=RunStore(store))
    assert (first.played, again.played, more.played) == (4, 0, 2)
    for name, outcomes in first.outcomes.items():
        for one, other in zip(outcomes, again.outcomes[name], strict=True):
            assert_same(other, one)


def test_a_policys_files_belong_to_the_name(variant, tmp_path, monkeypatch) -> None:
    code, folder = tmp_path / "my.py", tmp_path / "agent"
    folder.mkdir()
    code.write_text("class Mine: ...")
    (folder / "card.json").write_text("{}")
    monkeypatch.syspath_prepend(str(tmp_path))
    words = (f"{code}:Mine@k:2", "my:Mine", str(folder), f"plan:{folder / 'card.json'}")
    before = [name_variant(replace(variant, agent=w)) for w in words]
    code.write_text("class Mine: pass")
    (folder / "card.json").write_text("{ }")
    after = [name_variant(replace(variant, agent=w)) for w in words]
    assert not set(before) & set(after)
    later = replace(variant, changes=(OtherPolicy(at_min=9.0, agent=words[0]),))
    name = name_variant(later)
    (tmp_path / "beside.py").write_text("imported = True")
    assert name_variant(later) != name


def test_what_has_no_lasting_text_is_refused() -> None:
    with pytest.raises(TypeError, match="function"):
        digest((1, assert_same))
    assert digest({"a": 1, "b": 2}) != digest({"b": 2, "a": 1})  # order draws luck
    assert digest(np.float64(1.5)) == digest(1.5)
    assert digest(np.zeros(2)) != digest(np.zeros((2, 1)))


def test_a_query_sees_all_runs(store, variant, capsys) -> None:
    for number in range(4):
        run = outcome(number, variant=("base", "rush")[number % 2])
        store.keep(key_of(number), run, variant)
    costs = query_runs(
        store.folder,
        "select variant, count(*) n, avg(value) usd from kpis where name = 'total_cost_usd' "
        "group by variant order by variant",
    )
    assert costs["n"].tolist() == [2, 2]
    wanted = np.mean([outcome(n).kpis["total_cost_usd"] for n in (0, 2)])
    assert costs["usd"][0] == pytest.approx(wanted)
    orders = query_runs(store.folder, "select seed, order_id, quantity from orders order by 1, 2")
    assert orders["quantity"][:3].tolist() == outcome(0).orders["quantity"].tolist()
    assert ask(["select distinct plant, agent from runs", str(store.folder)]) == 0
    assert capsys.readouterr().out == "plant,agent\nsmall,edd\n"


def test_a_query_that_is_none_says_what_is_wrong(store, capsys) -> None:
    with pytest.raises(InputError, match="must hold runs"):
        query_runs(store.folder, "select 1")
    store.keep(key_of(0), outcome())
    assert ask(["select nothing from nowhere", str(store.folder)]) == 2
    assert "must be SQL" in capsys.readouterr().err


def test_a_store_is_a_folder_or_none(tmp_path) -> None:
    assert open_store(None) is None
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="must be a folder"):
        open_store(str(tmp_path / "file"))
    with pytest.raises(InputError, match="store_mb"):
        open_store(str(tmp_path / "new"), most_mb=0.0)
    assert not (tmp_path / "new").exists()
