"""Estimates as Parquet, for whoever has ``pyarrow`` installed beside Verst (``pip install verst[parquet]``)."""

from __future__ import annotations

import io
from importlib.util import find_spec

from verst.outputs import METHOD, Dataset, Output
from verst.outputs.columns import COLUMNS

_FLOATS = ("value", "p10", "p90")
_WHOLE = ("voices", "age_minutes")
_FLAGS = ("silent", "disputed", "derived")


def write(dataset: Dataset) -> bytes:
    """One row group, gaps as nulls; states stand in ``state``, amounts in ``value``. Without pyarrow: nothing."""
    if find_spec("pyarrow") is None:
        return b""
    import pyarrow as arrow
    import pyarrow.parquet

    fields = {column: arrow.string() for column in COLUMNS}
    fields |= {column: arrow.float64() for column in _FLOATS} | {column: arrow.int64() for column in _WHOLE}
    fields |= {column: arrow.bool_() for column in _FLAGS} | {"state": arrow.string()}
    schema = arrow.schema(list(fields.items()), metadata={"method": METHOD, "time": "UTC"})
    table = arrow.Table.from_pylist([_flat(row) for row in dataset.rows], schema=schema)
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _flat(row: dict[str, object]) -> dict[str, object]:
    value, odds = row.get("value"), row.get("odds")
    told = {"state": value if isinstance(value, str) else None, "value": None if isinstance(value, str) else value}
    spread = {"odds": " ".join(f"{o}={p:g}" for o, p in odds.items()) if isinstance(odds, dict) else None}
    return {column: row.get(column) for column in COLUMNS} | told | spread


OUTPUT = Output("estimates.parquet", "the same estimates, Parquet (where pyarrow is installed)", write)
