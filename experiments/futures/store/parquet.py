"""An outcome as one Parquet file with one row: its tables are lists of structs in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from experiments.futures.outcome import Column, Outcome
from experiments.futures.question import Variant
from experiments.futures.store.canonical import digest

TABLES: Final = ("orders", "stations", "days", "gantt")
FIGURES: Final = ("kpis", "money_usd")
HEAD: Final = b"seamline"


def write_outcome(path: Path, key: str, outcome: Outcome, about: Variant | None) -> None:
    """Write a file; ``about`` is for who looks into the store, and not read back."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = {name: getattr(outcome, name) for name in TABLES if getattr(outcome, name)}
    columns: dict[str, Any] = {"key": [key], "variant": [outcome.variant], "seed": [outcome.seed]}
    columns |= {name: [text] for name, text in _tell(about).items()}
    columns["seconds"] = pa.array([outcome.seconds], pa.float64())
    for name in FIGURES:
        figures = getattr(outcome, name)
        values = np.fromiter(figures.values(), dtype=float, count=len(figures))
        columns[name] = _as_list({"name": np.array([*figures], dtype=object), "value": values})
    columns |= {name: _as_list(table) for name, table in tables.items()}
    columns["load_kw"] = _as_row(pa.array(outcome.load_kw, pa.float64()))
    types = {name: {c: v.dtype.str for c, v in table.items()} for name, table in tables.items()}
    head = json.dumps({"key": key, "types": types, "sha256": digest(outcome)})
    table = pa.table(columns).replace_schema_metadata({HEAD: head})
    pq.write_table(table, path, compression="zstd", write_page_checksum=True)


def read_outcome(path: Path, key: str) -> Outcome:
    """The outcome in a file; raises an error of Python or PyArrow if it is damaged."""
    import pyarrow.parquet as pq

    # read_table would load PyArrow's data sets first
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        table = file.read(use_threads=False)
    head = json.loads(table.schema.metadata[HEAD])
    if head["key"] != key or table.num_rows != 1:
        raise ValueError(f"{path}: not the run of its name")
    parts: dict[str, Any] = {name: _read_figures(table, name) for name in FIGURES}
    parts |= {name: {} for name in TABLES}
    parts |= {name: _read_list(table, name, types) for name, types in head["types"].items()}
    outcome = Outcome(
        variant=table.column("variant")[0].as_py(),
        seed=table.column("seed")[0].as_py(),
        seconds=table.column("seconds")[0].as_py(),
        load_kw=_row(table, "load_kw").to_numpy(),
        **parts,
    )
    if digest(outcome) != head["sha256"]:  # pages have checksums, what stands around them has none
        raise ValueError("content is not what was written")
    return outcome


def _tell(about: Variant | None) -> dict[str, str | None]:
    """What was played, in words; the book as a hash."""
    if about is None:
        return dict.fromkeys(("scenario", "plant", "agent", "changes", "settings", "book"))
    return {
        "scenario": about.scenario.name,
        "plant": about.scenario.plant.name,
        "agent": about.agent,
        "changes": "; ".join(map(repr, about.changes)),
        "settings": json.dumps(dict(about.settings), default=str),
        "book": "drawn" if about.orders is None else digest(about.orders)[:16],
    }


def _as_row(values: Any) -> Any:
    import pyarrow as pa

    return pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), values)


def _as_list(table: Mapping[str, Column]) -> Any:
    import pyarrow as pa

    arrays = [_as_arrow(values) for values in table.values()]
    return _as_row(pa.StructArray.from_arrays(arrays, names=[*table]))


def _as_arrow(values: Column) -> Any:
    import pyarrow as pa

    if values.dtype.kind in "OU":
        return pa.array(values.tolist(), pa.string())
    return pa.array(values)


def _row(table: Any, name: str) -> Any:
    return table.column(name).combine_chunks().flatten()


def _read_list(table: Any, name: str, types: Mapping[str, str]) -> dict[str, Column]:
    rows = _row(table, name)
    return {
        column: rows.field(column).to_numpy(zero_copy_only=False).astype(np.dtype(kind), copy=False)
        for column, kind in types.items()
    }


def _read_figures(table: Any, name: str) -> dict[str, float]:
    rows = _row(table, name)
    return dict(zip(rows.field("name").to_pylist(), rows.field("value").to_pylist(), strict=True))
