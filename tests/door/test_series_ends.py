"""Series whose times end their rows, of sun under its own name, with blanks and short changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from factory_env.domain.series import SeriesFormat
from factory_env.door.series_door import SeriesFile, read_series
from factory_env.errors import InputError


def read(folder: Path, header: str, rows: list[str], column: str, kind="price") -> SeriesFile:
    path = folder / "a.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return read_series(path, column, kind, SeriesFormat())


def ending(n: int) -> list[str]:
    return [f"{np.datetime64('2026-06-01T01:00', 'm') + 60 * i},{50 + i}" for i in range(n)]


@pytest.mark.parametrize("name", ["Hour Ending", "interval_end", "time end", "HE", "period_end"])
def test_times_that_end_their_rows_are_moved_to_their_beginnings(tmp_path, name) -> None:
    made = read(tmp_path, f"{name},EUR/MWh", ending(24), "EUR/MWh")
    assert (made.series.first_day, made.series.first_slot) == ("2026-06-01", 0)
    assert made.series.values[:5] == pytest.approx([0.05] * 4 + [0.051])
    assert any("times are the ends of their 60 min" in note for note in made.notes)


def test_clocks_of_a_column_of_their_own_may_end_their_rows_too(tmp_path) -> None:
    rows = [f"2026-06-01,{h:02d}:00,{49 + h}" for h in range(1, 24)]
    made = read(tmp_path, "date,Hour Ending,EUR/MWh", rows, "EUR/MWh")
    assert made.series.first_slot == 0
    numbered = [f"2026-06-01,{h},{49 + h}" for h in range(1, 25)]
    assert read(tmp_path, "date,HE,EUR/MWh", numbered, "EUR/MWh").series.first_slot == 0


SUN = [0, 0, 300, 700, 1000, 700, 300, 0]


@pytest.mark.parametrize(
    "name", ["GHI", "G(i)", "irradiance", "poa_global", "Globalstrahlung", "solar radiation"]
)
def test_sun_is_known_by_its_name(tmp_path, name) -> None:
    rows = [f"2026-06-01T{i:02d}:00,{w}" for i, w in enumerate(SUN)]
    made = read(tmp_path, f"time,{name}", rows, name, "pv")
    assert made.series.values.max() == pytest.approx(0.8)
    assert any("(solar.performance); taken as W/m2" in note for note in made.notes)


@pytest.mark.parametrize("name", ["DNI", "DNI W/m2", "diffuse radiation", "DHI"])
def test_a_part_of_the_sun_is_refused(tmp_path, name) -> None:
    rows = [f"2026-06-01T{i:02d}:00,{w}" for i, w in enumerate(SUN)]
    with pytest.raises(InputError, match="a part of the sun's light"):
        read(tmp_path, f"time,{name}", rows, name, "pv")


@pytest.mark.parametrize("blank", ["", "NaN", "-", "n/e"])
def test_a_file_half_of_blanks_is_told(tmp_path, blank) -> None:
    rows = [f"2026-06-0{1 + i // 24}T{i % 24:02d}:00,{blank if i % 2 else 50}" for i in range(48)]
    made = read(tmp_path, "time,EUR/MWh", rows, "EUR/MWh")
    assert any(note.startswith("50% of the rows have no number") for note in made.notes)


def test_a_change_of_step_near_the_end_is_no_gap(tmp_path) -> None:
    clocks = ["0:00", "0:15", "0:30", "0:45", "1:00", "2:00", "3:00"]
    prices = [35, 36, 75, 35, 50, 60, 70]
    rows = [f"2026-06-01T{c:0>5},{p}" for c, p in zip(clocks, prices, strict=True)]
    made = read(tmp_path, "time,EUR/MWh", rows, "EUR/MWh")
    right = [35, 36, 75, 35, *[50] * 4, *[60] * 4, *[70] * 4]
    assert made.series.values * 1000.0 == pytest.approx(right)
    assert any("then 60 min from 2026-06-01 01:00" in note for note in made.notes)
