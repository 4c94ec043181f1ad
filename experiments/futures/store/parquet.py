"""An outcome as one Parquet file with one row: its tables are lists of structs in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from experiments.futures.outcome import Column, Outcome
from experiments.futures.question import Variant
from experiments.futures.store.arrow import one_row, to_arrow, to_numpy
from experiments.futures.store.canonical import digest

TABLES: Final = ("orders", "stations", "days", "gantt")
FIGURES: Final = ("kpis", "money_usd")
HEAD: Final = b"seamline"


def write_outcome(path: Path, key: str, outcome: Outcome, about: Variant | None) -> None:
    """Write a file; ``about`` is for who looks into the store, and not read back."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = {name: getattr(outcome, name) for name in TABLES if getattr(outcome, name)}
    words = {"key": key, "variant": outcome.variant, **_tell(about)}
    columns: dict[str, Any] = {
        name: to_arrow(np.array([text], dtype=object)) for name, text in words.items()
    }
    columns["seed"] = to_arrow(np.array([outcome.seed], dtype=np.int64))
    columns["seconds"] = to_arrow(np.array([outcome.seconds], dtype=np.float64))
    for name in FIGURES:
        figures = getattr(outcome, name)
        values = np.fromiter(figures.values(), dtype=float, count=len(figures))
        columns[name] = _as_list({"name": np.array([*figures], dtype=object), "value": values})
    columns |= {name: _as_list(table) for name, table in tables.items()}
    columns["load_kw"] = one_row(to_arrow(outcome.load_kw))
    types = {name: {c: v.dtype.str for c, v in table.items()} for name, table in tables.items()}
    head = json.dumps({"key": key, "types": types, "sha256": digest(outcome)})
    table = pa.Table.from_arrays([*columns.values()], names=[*columns], metadata={HEAD: head})
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
        load_kw=to_numpy(_row(table, "load_kw"), "<f8"),
        **parts,
    )
    if digest(outcome) != head["sha256"]:  # pages have checksums, what stands around them has none
        raise ValueError("content is not what was written")
    return outcome


def _tell(about: Variant | None) -> dict[str, str]:
    """What was played, in words; the book as a hash."""
    if about is None:
        return dict.fromkeys(("scenario", "plant", "agent", "changes", "settings", "book"), "")
    return {
        "scenario": about.scenario.name,
        "plant": about.scenario.plant.name,
        "agent": about.agent,
        "changes": "; ".join(map(repr, about.changes)),
        "settings": json.dumps(dict(about.settings), default=str),
        "book": "drawn" if about.orders is None else digest(about.orders)[:16],
    }


def _as_list(table: Mapping[str, Column]) -> Any:
    import pyarrow as pa

    arrays = [to_arrow(values) for values in table.values()]
    return one_row(pa.StructArray.from_arrays(arrays, names=[*table]))


def _row(table: Any, name: str) -> Any:
    return table.column(name).combine_chunks().flatten()


def _read_list(table: Any, name: str, types: Mapping[str, str]) -> dict[str, Column]:
    rows = _row(table, name)
    return {column: to_numpy(rows.field(column), kind) for column, kind in types.items()}


def _read_figures(table: Any, name: str) -> dict[str, float]:
    rows = _row(table, name)
    return dict(zip(rows.field("name").to_pylist(), rows.field("value").to_pylist(), strict=True))
