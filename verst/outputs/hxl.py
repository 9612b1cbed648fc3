"""Estimates as CSV with a row of HXL tags under the heads, as relief agencies merge it (hxlstandard.org)."""

from __future__ import annotations

import csv
import io

from verst.outputs import Dataset, Output
from verst.outputs.columns import COLUMNS


def write(dataset: Dataset) -> bytes:
    """UTF-8, comma, CRLF as RFC 4180 has it; a gap is an empty cell."""
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(COLUMNS)
    out.writerow(tag for tag, _ in COLUMNS.values())
    for row in dataset.rows:
        out.writerow(_cell(row.get(column)) for column in COLUMNS)
    return text.getvalue().encode()


def _cell(value: object) -> object:
    """A cell: nothing for a gap, odds in one text, figures as short as they can be."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return " ".join(f"{option}={share:g}" for option, share in value.items())
    return f"{value:.10g}" if isinstance(value, float) else value


OUTPUT = Output("estimates.csv", "estimates by the hour, CSV with HXL tags", write)
