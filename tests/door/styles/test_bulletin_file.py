"""A user's operation bulletins: every way to keep one, and what is wrong with the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory_env.door.styles.bulletin_file import Bulletins, read_bulletins
from factory_env.errors import InputError
from tests.conftest import ROOT
from tests.door.styles.own_files import BOMBER, TEE

SHARED = ROOT.parent / "shared" / "data" / "operation_bulletins"


def read(tmp_path: Path, text: str, name: str = "bomber.csv") -> Bulletins:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_bulletins(path)


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    return [str(p) for p in caught.value.problems]


def test_a_file_is_a_bulletin_of_its_name(tmp_path) -> None:
    lists = read(tmp_path, BOMBER)
    (bulletin,) = lists.bulletins
    assert bulletin.name == "bomber"
    knit, woven = bulletin.operations["knit"], bulletin.operations["woven"]
    assert [o.machine for o in knit] == ["SNLS", "OL4", "SNLS", "OL4", "MAN"]
    assert [o.machine for o in woven] == ["SNLS", "OL5", "SNLS", "OL4", "MAN"]
    assert sum(o.smv_min for o in knit) == pytest.approx(4.6)  # the total is no operation
    assert [o.grade for o in knit] == ["C", "C", "B", "C", "E"]  # of the house's on OL4 and by hand
    assert "Over-Lock M/C OL4 on knits and OL5 on wovens" in lists.notes[0]
    assert "2 operations without a skill grade" in lists.notes[1]
    assert "bomber.csv:7: a total, not an operation" in lists.notes[2]


@pytest.mark.parametrize("header", ["seconds", "SMV (sec)", "Time [s]", "standard time (seconds)"])
def test_seconds_are_minutes_times_sixty(tmp_path, header) -> None:
    if header.startswith("Time"):
        header = "Std time [s]"
    (bulletin,) = read(tmp_path, TEE.replace("seconds", header)).bulletins
    assert sum(o.smv_min for o in bulletin.operations["knit"]) == pytest.approx(1.5)


def test_a_unit_beside_the_digits_counts(tmp_path) -> None:
    (bulletin,) = read(tmp_path, "operation,machine,smv\na,SNLS,15 s\nb,SNLS,0.5 min\n").bulletins
    assert [o.smv_min for o in bulletin.operations["knit"]] == [0.25, 0.5]
    (one,) = problems(tmp_path, "operation,machine,smv\na,SNLS,0.5 h\n")
    assert "smv_min: must be in a known unit; got 'h'; known: min" in one


def test_a_table_holds_many_bulletins(tmp_path) -> None:
    text = "style;operation;machine;smv\nA-1;sew;SNLS;0,45\nA-2;sew;SNLS;0,5\na-1;trim;MAN;0,25\n"
    lists = read(tmp_path, text).bulletins
    assert [(b.name, len(b.operations["knit"])) for b in lists] == [("A-1", 2), ("A-2", 1)]
    assert lists[0].operations["knit"][0].smv_min == 0.45


def test_a_column_of_codes_says_what_a_word_does_not(tmp_path) -> None:
    text = "operation,machine,machine_code,smv\nweld,ultrasonic welder,SNLS,0.5\n"
    (bulletin,) = read(tmp_path, text).bulletins
    assert bulletin.operations["woven"][0].machine == "SNLS"


def test_machines_that_nobody_knows_are_one_error(tmp_path) -> None:
    text = "operation,machine,smv\nweld,welder,0.5\nglue,gluer,0.5\nweld,welder,0.2\n"
    (one,) = problems(tmp_path, text)
    assert "machine: must be a known machine; got 'welder' (" in one
    assert "'gluer' (" in one
    assert "codes: SNLS, DNLS," in one
    assert "a column machine_code" in one


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("operation,machine\nsew,SNLS\n", ["smv_min: the column must be there"]),
        ("machine,smv\nSNLS,1\n", ["operation: the column must be there"]),
        ("operation,smv\nsew,1\n", ["machine: the column must be there"]),
        ("operation,machine,cycle time\nsew,SNLS,24\n", ["to smv_min (minutes) or seconds"]),
        ("operation,machine,smv\nsew,SNLS,0\n", ["bomber.csv:2: smv_min: must be more than 0"]),
        ("operation,machine,smv\nsew,SNLS,-1\n", ["must be more than 0 to 20"]),
        ("operation,machine,smv\nsew,SNLS,24\n", ["a column in seconds is called seconds"]),
        ("operation,machine,smv\nsew,SNLS,x\n", ["smv_min: must be a number; got 'x'"]),
        ("operation,machine,smv\nsew,SNLS,\n", ["smv_min: must be given"]),
        ("operation,machine,smv\nsew,,0.4\n", ["machine: must be given"]),
        ("operation,machine,smv\n,SNLS,0.4\n", ["operation: must be given"]),
        ("operation,machine,smv,grade\nsew,SNLS,0.4,Z\n", ["grade: must be a grade; got 'Z'"]),
        ("operation,machine,smv (h)\nsew,SNLS,0.4\n", ["must be in a known unit; got smv (h)"]),
        ("operation,machine,smv\n" + "sew,SNLS,19\n" * 16, ["must be at most 300 min"]),
        ("operation,machine,smv\n" + "sew,SNLS,0.1\n" * 401, ["in 400 operations"]),
        ("operation,machine,smv\n", ["must hold operations"]),
    ],
)
def test_a_wrong_bulletin_is_named(tmp_path, text, words) -> None:
    found = problems(tmp_path, text)
    assert all(any(w in p for p in found) for w in words), found


def test_a_folder_without_bulletins_is_refused(tmp_path) -> None:
    (tmp_path / "notes.md").write_text("nothing")
    with pytest.raises(InputError, match="must hold 1 to 1000 files of bulletins"):
        read_bulletins(tmp_path)
    with pytest.raises(InputError, match="nowhere"):
        read_bulletins(tmp_path / "nowhere.csv")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data lies beside the checkout")
def test_published_bulletins_are_read_as_they_are() -> None:
    lists = {b.name: b.operations["knit"] for b in read_bulletins(SHARED).bulletins}
    # README of the folder: 28 operations and 12.70 min, 16 operations and 5.08 min
    assert {name: len(rows) for name, rows in lists.items()} == {
        "polo_shirt": 28,
        "tshirt_basic": 16,
    }
    totals = {name: sum(o.smv_min for o in rows) for name, rows in lists.items()}
    assert totals == pytest.approx({"polo_shirt": 12.70, "tshirt_basic": 5.08})
