"""Sound files of prices, weather and tariffs, and seeded ways to spoil them."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from factory_env.domain.series import SeriesFormat
from factory_env.door.series_door import read_series
from factory_env.door.series_verdict import Size
from factory_env.door.tariff_door import read_tariff
from factory_env.door.urdb import read_urdb
from factory_env.errors import InputError
from factory_env.kpi.bill import bill
from factory_env.presets import read_group

ODD_VALUES: tuple[Any, ...] = (
    *(
        0,
        1,
        -1,
        1e6,
        1e308,
        -1e308,
        1e-308,
        10**400,
        2**63,
        float("nan"),
        float("inf"),
        0.5,
        12,
        13,
    ),
    *("", "x", "1,5", "\x00", "é" * 300, "${x}", "2026-02-30", "all", "25:00-26:00", "0:00-0:00"),
    *(None, True, [], {}, [[]], [None], [[1]], {"rate": 1}, [{"rate": {}}], {"file": "/dev/zero"}),
)
ODD_TEXTS = (
    *(b"", b"\x00", b"\xff\xfe", b"\n", b"\r", b'"', b",", b";", b"\t", b"1e999", b"-", b"NaN"),
    *(b"9999-12-31T23:00", b"0001-01-01", b"2026-13-45", b"24:00", b"+99:99", b"1.000", b"1,000"),
    *("°F".encode(), "€/kWh".encode(), b"LOCATION,", b"sep=;\n", b"# ninja", b"#" * 70, b"[" * 99),
)
SCHEDULE = [[0] * 12 + [1] * 6 + [0] * 6] * 12
RATE: dict[str, Any] = {
    "label": "a",
    "name": "Service",
    "energyratestructure": [
        [{"rate": 0.1, "max": 900, "unit": "kWh"}, {"rate": 0.2}],
        [{"rate": 0.3, "adj": 0.01, "sell": 0.02}],
    ],
    "energyweekdayschedule": SCHEDULE,
    "energyweekendschedule": SCHEDULE,
    "energyattrs": [{"peak": "2"}],
    "flatdemandstructure": [[{"rate": 1, "max": 50}, {"rate": 14}]],
    "flatdemandmonths": [0] * 12,
    "flatdemandunit": "kW",
    "demandratestructure": [[{"rate": 0}], [{"rate": 9, "adj": 1}]],
    "demandweekdayschedule": SCHEDULE,
    "demandweekendschedule": SCHEDULE,
    "demandratchetpercentage": [80] * 12,
    "lookbackPercent": 50,
    "lookbackRange": 6,
    "fixedchargefirstmeter": 100,
    "fixedchargeunits": "$/month",
    "demandwindow": 30,
    "dgrules": "Net Metering",
}


def spoil(content: Any, luck: random.Random) -> Any:
    """A deep copy with one to three values replaced, removed or repeated."""
    content = copy.deepcopy(content)
    for _ in range(luck.randint(1, 3)):
        spots = list(_spots(content))
        if not spots:
            return content
        parent, key = luck.choice(spots)
        act = luck.random()
        if act < 0.7:
            parent[key] = copy.deepcopy(luck.choice(ODD_VALUES))
        elif act < 0.85:
            del parent[key]
        elif isinstance(parent, list):
            parent.insert(key, copy.deepcopy(parent[key]))
        else:
            parent[luck.choice(("max", "rate", "when", "file", "x" * 50))] = parent[key]
    return content


def _spots(content: Any) -> Iterator[tuple[Any, Any]]:
    keys: Any = ()
    if isinstance(content, dict):
        keys = list(content)
    elif isinstance(content, list):
        keys = range(len(content))
    for key in keys:
        yield content, key
        yield from _spots(content[key])


def garble(data: bytes, luck: random.Random) -> bytes:
    """Bytes with pieces replaced, cut out, put in or repeated."""
    for _ in range(luck.randint(1, 4)):
        at = luck.randrange(len(data) + 1)
        # the head of a file decides what it is: it is hit as often as the rest
        at = at if luck.random() < 0.5 else min(at, luck.randint(0, 200))
        end = min(len(data), at + luck.choice((0, 1, 3, 10, 60)))
        act = luck.random()
        if act < 0.5:
            data = data[:at] + luck.choice(ODD_TEXTS) + data[end:]
        elif act < 0.65:
            data = data[:at] + data[end:]
        elif act < 0.75:
            data = data[:at]
        elif act < 0.9:
            data = data[:end] + data[at:]
        else:
            data = data[:at] + bytes(luck.randrange(256) for _ in range(5)) + data[end:]
    return data


def try_rate(luck: random.Random, folder: Path) -> None:
    """A spoiled tariff of the database, and its bill if it is accepted."""
    text = json.dumps(spoil(RATE, luck))
    data = garble(text.encode(), luck) if luck.random() < 0.3 else text.encode()
    path = folder / "rate.json"
    path.write_bytes(data)
    _charge(lambda: read_urdb(path).tariff)


def try_tariff(luck: random.Random, folder: Path) -> None:
    """A spoiled tariff of our own form."""
    name = luck.choice(("bd_industry", "us_demand", "cn_zhejiang", "vn_2025"))
    raw = dict(read_group("tariff", name))
    if luck.random() < 0.3:
        path = folder / "price.csv"
        path.write_bytes(_series_text(luck))
        raw["spot"] = {"file": str(path), "column": "Price [ct/kWh]", "zone": "Europe/Berlin"}
    _charge(lambda: read_tariff(spoil(raw, luck), "t.yaml", folder).tariff)


def try_series(luck: random.Random, folder: Path) -> None:
    """A spoiled series or weather file."""
    is_weather = luck.random() < 0.3
    path = folder / ("weather.epw" if is_weather else "series.csv")
    path.write_bytes(garble(_weather_text(luck) if is_weather else _series_text(luck), luck))
    kind = luck.choice(("price", "carbon", "temperature", "pv", "plain"))
    how = SeriesFormat(
        zone=luck.choice(("UTC", "Asia/Dhaka", "Europe/Berlin", "+05:30", "+99:99", "Mars")),
        clock=luck.choice(("auto", "utc", "wall", "standard")),
        unit=luck.choice(("", "", "", "ct/kWh", "°F", "kW", "x/y")),
        dates=luck.choice(("", "", "dmy", "mdy")),
        decimal=luck.choice(("", "", "point", "comma")),
        skip=luck.choice((None, None, 0, 1, 7, 10**6)),
        repeats=luck.random() < 0.2,
        start=luck.choice(("", "", "", "2026-06-01T00:00", "9999-12-31T23:59")),
        step_min=luck.choice((60.0, 15.0, 1e308, 7.0)),
        max_gap_h=luck.choice((3.0, 0.0, 1e308)),
    )
    column = "" if is_weather else luck.choice(("Price [ct/kWh]", "x", "time", ""))
    try:
        read_series(path, column, kind, how, size=Size(kwp=luck.choice((0.0, 50.0, 1e-300))))
    except InputError:
        return


def _charge(read: Callable[[], Any]) -> None:
    try:
        tariff = read()
    except InputError:
        return
    if not tariff.series():
        tariff.with_contract_kw(280.0)
        assert (
            bill(tariff, "2026-06-01", [50.0] * 96).total_usd
            == bill(tariff, "2026-06-01", [50.0] * 96).total_usd
        )


def _series_text(luck: random.Random) -> bytes:
    mark = luck.choice((",", ";", "\t"))
    lines = [mark.join(("time", "Price [ct/kWh]", "x"))]
    form = luck.choice(("{y}-{m:02d}-{d:02d}T{h:02d}:00", "{d:02d}.{m:02d}.{y} {h:02d}:00"))
    for hour in range(60):
        time = form.format(y=2026, m=6, d=1 + hour // 24, h=hour % 24)
        lines.append(mark.join((time, f"{6 + hour % 24 / 7:.3f}", str(hour))))
    return "\n".join(lines).encode()


def _weather_text(luck: random.Random) -> bytes:
    if luck.random() < 0.5:
        rows = [f"2026,6,1,{h + 1},60,A7A7,26.1,20.0,70,100900,0,0,400,300,0" for h in range(24)]
        return "\n".join(["LOCATION,Dhaka,-,BGD,SRC,419230,23.78,90.38,6.0,9.0", *rows]).encode()
    rows = [f"20260601:{h:02d}11,{h * 900.0},{h * 20.0},0.0,25.0,1.0,0.0" for h in range(24)]
    head = ["Latitude (decimal degrees): 23.8", "Longitude (decimal degrees): 90.4"]
    head += ["Elevation (m): 10", "Radiation database: X", "Nominal power (kWp): 50.0", ""]
    return "\r\n".join([*head, "time,P,G(i),H_sun,T2m,WS10m,Int", *rows, ""]).encode()
