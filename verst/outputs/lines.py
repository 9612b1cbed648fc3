"""Estimates as JSON Lines: one object to a line, gaps as null."""

from __future__ import annotations

import msgspec

from verst.outputs import Dataset, Output
from verst.outputs.columns import COLUMNS

_encode = msgspec.json.Encoder().encode


def write(dataset: Dataset) -> bytes:
    """UTF-8; every line has every column."""
    return b"".join(_encode({column: row.get(column) for column in COLUMNS}) + b"\n" for row in dataset.rows)


OUTPUT = Output("estimates.jsonl", "the same estimates, JSON Lines with gaps as null", write)
