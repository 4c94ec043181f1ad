"""Units of daily records: overtime in hours or minutes, percents that are shares, dozens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from factory_env.door.daily_records import Records, read_daily_records
from factory_env.errors import InputError


def read(tmp_path: Path, header: str, cells: str) -> Records:
    """Twenty days of two lines with 40 operators, the same ``cells`` under ``header``."""
    lines = [f"date,line,smv,operators,{header}"]
    lines += [f"2026-01-{d:02},L{n},12,40,{cells}" for d in range(5, 26) for n in (1, 2)]
    path = tmp_path / "records.csv"
    path.write_text("\n".join(lines) + "\n")
    return read_daily_records(path, shift_min=480.0)


@pytest.mark.parametrize("name", ["Overtime (h)", "overtime hours", "OT (hrs)", "OT hours"])
def test_hours_of_overtime_are_hours(tmp_path: Path, name: str) -> None:
    records = read(tmp_path, f"{name},pieces", "2,1000")
    assert records.sewing.overtime_min[0] == pytest.approx(40 * 120.0)
    assert any("those of one person" in note for note in records.notes)


def test_hours_of_a_team_are_those_of_the_team(tmp_path: Path) -> None:
    assert read(tmp_path, "OT hours,pieces", "80,1000").sewing.overtime_min[0] == 4800.0
    assert read(tmp_path, "over_time,pieces", "4800,1000").sewing.overtime_min[0] == 4800.0


def test_a_small_overtime_without_a_unit_is_asked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="over_time: must say whether it is in hours or minutes"):
        read(tmp_path, "overtime,pieces", "2,1000")


def test_percents_of_a_spreadsheet_are_shares(tmp_path: Path) -> None:
    records = read(tmp_path, "efficiency %", "0.57")
    assert np.all(records.sewing.productivity == 0.57)
    assert any("so they are shares" in note for note in records.notes)
    assert np.all(read(tmp_path, "efficiency %", "57").sewing.productivity == 0.57)


def test_a_productivity_without_sense_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"must be about 0\.1 to 1\.5; got a median of 0\.0057"):
        read(tmp_path, "efficiency", "0.57 %")


def test_dozens_seconds_and_good_pieces_are_read(tmp_path: Path) -> None:
    records = read(tmp_path, "Output (dz),hours", "50,8")
    assert records.sewing.productivity[0] == pytest.approx(600 * 12 / (40 * 480))
    good = read(tmp_path, "Total Output,Good Output,hours", "1200,600,8")
    assert good.sewing.productivity[0] == pytest.approx(600 * 12 / (40 * 480))
