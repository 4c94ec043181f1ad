"""Sound files of every kind that the product reads, small ones."""

from __future__ import annotations

import gzip
import io
import json
import struct
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import Workbook
from PIL import Image

from agents.card import SHIPPED
from factory_env.learned.weights_file import SHIPPED as WEIGHTS
from factory_env.presets import CONF

ROOT = Path(__file__).resolve().parents[2]
Files = Mapping[str, bytes]  # name -> content; the suffix says the kind

ORDERS = (ROOT / "examples" / "orders.csv").read_text(encoding="utf-8").splitlines()[:12]
_DAYS = [date(2026, 6, 1) + timedelta(days=i) for i in range(28)]


def order_books() -> Files:
    """Comma, semicolon, tab, an export with a title, day numbers, a workbook."""
    text = "\n".join(ORDERS) + "\n"
    export = (ROOT / "examples" / "june_export.csv").read_bytes()
    numbered = "order_id,style,quantity,release,due,price\nA,polo-01,200,0,9,4.1\nB,tee-02,90,1,8,2"
    return {
        "comma.csv": text.encode(),
        "semicolon.csv": text.replace(",", ";").encode(),
        "tab.txt": text.replace(",", "\t").encode("utf-16"),
        "export.csv": export,
        "numbered.csv": numbered.encode(),
        "book.xlsx": workbook([line.split(",") for line in ORDERS]),
    }


def records() -> Files:
    """Daily records with productivity, and as a factory keeps them."""
    head = (
        "date,day,quarter,department,team,no_of_workers,no_of_style_change,targeted_productivity,"
        "smv,wip,over_time,incentive,idle_time,idle_men,actual_productivity"
    )
    rows = [
        f"{day:%m/%d/%Y},{day:%A},Quarter1,sewing,{team},{50 + team},0,0.75,22.5,900,3000,40,0,0,"
        f"{0.7 + 0.01 * team + 0.002 * i:.3f}"
        for i, day in enumerate(_DAYS)
        for team in (1, 2, 3)
    ]
    kept = ["date,team,smv,pieces,minutes,people"]
    kept += [
        f"{day},{team},9.5,{400 + i},480,{40 + team}"
        for i, day in enumerate(_DAYS)
        for team in (1, 2)
    ]
    text = "\n".join([head, *rows])
    return {
        "uci.csv": text.encode(),
        "kept.csv": "\n".join(kept).encode(),
        "records.xlsx": workbook([line.split(",") for line in [head, *rows]]),
    }


def series() -> Files:
    """Hourly temperatures of a fortnight: with times, of another country, with an offset."""
    times = [datetime(2026, 6, 1) + timedelta(hours=i) for i in range(24 * 14)]
    plain = [f"{t:%Y-%m-%d %H:%M},{25 + t.hour / 4:g}" for t in times]
    other = [f"{t:%d.%m.%Y %H:%M};{25 + t.hour / 4:g}".replace(".5", ",5") for t in times]
    return {
        "plain.csv": ("time,t\n" + "\n".join(plain)).encode(),
        "german.csv": ("Zeit;t\n" + "\n".join(other)).encode(),
        "zoned.csv": (
            "time,t\n" + "\n".join(f"{t:%Y-%m-%dT%H:%M:%S}+06:00,30" for t in times)
        ).encode(),
    }


def urdb_tariffs() -> Files:
    """Two periods, demand charges, a ratchet."""
    schedule = [[0] * 17 + [1] * 5 + [0] * 2] * 12
    flat: dict[str, Any] = {
        "label": "abc",
        "name": "Two periods",
        "energyratestructure": [[{"rate": 0.10, "unit": "kWh"}], [{"rate": 0.18, "adj": 0.02}]],
        "energyweekdayschedule": schedule,
        "energyweekendschedule": [[0] * 24] * 12,
    }
    demand = {
        **flat,
        "flatdemandstructure": [[{"rate": 4.0}], [{"rate": 6.0, "max": 50}, {"rate": 7.5}]],
        "flatdemandmonths": [0] * 6 + [1] * 6,
        "demandratchetpercentage": [80] * 12,
        "lookbackPercent": 50,
        "lookbackRange": 11,
        "fixedchargefirstmeter": 30.0,
        "fixedchargeunits": "$/month",
    }
    return {"flat.json": json.dumps(flat).encode(), "demand.json": json.dumps(demand).encode()}


def config_files(*groups: str) -> Files:
    """Shipped files of some folders of ``conf/``."""
    return {p.name: p.read_bytes() for group in groups for p in (CONF / group).glob("*.yaml")}


def pictures() -> Files:
    """A garment as PNG, JPEG, GIF and with 16 bits."""
    grey = np.zeros((28, 28), np.uint8)
    grey[4:24, 8:20] = 180
    files: dict[str, bytes] = {}
    for name, mode in (
        ("a.png", "L"),
        ("a.jpg", "RGB"),
        ("a.gif", "P"),
        ("a.tif", "L"),
        ("a.bmp", "L"),
    ):
        out = io.BytesIO()
        Image.fromarray(grey).convert(mode).save(
            out, Image.registered_extensions()[Path(name).suffix]
        )
        files[name] = out.getvalue()
    return files


def fabric_photos() -> Files:
    """Five clean ones and five with a stain, as PNG."""
    files = {}
    for folder, shade in (("defect_free", 120), ("stain", 60)):
        for number in range(5):
            grey = np.full((224, 224), shade + number, np.uint8)
            out = io.BytesIO()
            Image.fromarray(grey).save(out, "png")
            files[f"{folder}/{number}.png"] = out.getvalue()
    return files


def designs() -> Files:
    """Three garments as PNG of the right size."""
    return {f"{name}.png": pictures()["a.png"] for name in ("a", "b", "c")}


def idx_files() -> Files:
    """Twelve pictures and labels as Fashion-MNIST packs them."""
    images = struct.pack(">IIII", 2051, 12, 28, 28) + bytes(range(256)) * (12 * 784 // 256 + 1)
    labels = struct.pack(">II", 2049, 12) + bytes([0, 1, 2, 3, 4, 6] * 2)
    files = {"images-idx3-ubyte": images[: 16 + 12 * 784], "labels-idx1-ubyte": labels}
    return {
        f"{part}-{name}{end}": content if not end else gzip.compress(content)
        for part, end in (("train", ""), ("t10k", ".gz"))
        for name, content in files.items()
    }


def agent_files(kind: str) -> Files:
    """A shipped agent."""
    return {p.name: p.read_bytes() for p in (SHIPPED / kind).iterdir() if p.suffix != ".md"}


def weights() -> Files:
    """Networks of the world, and the table of verdicts."""
    names = ("stain.safetensors", "inspection_bank.npz")
    return {name: (WEIGHTS / name).read_bytes() for name in names}


def workbook(rows: list[list[str]]) -> bytes:
    """Rows as a sheet of an Excel file."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([_cell(text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text
