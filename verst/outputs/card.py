"""The dataset card: what it is, how it was made, what every column says, what it must not be used for."""

from __future__ import annotations

from verst.clock import iso
from verst.outputs import METHOD, Dataset, Output, outputs
from verst.outputs.columns import COLUMNS

_SAYS = """\
## What it says and what it does not

- Every figure has a range (`p10` to `p90`), its age, and how many independent voices it rests on (`voices`).
- A gap is empty or null: nobody said anything lately. It is no zero, no "open" and no "free".
- The voices are those who posted, not those who crossed: people with phones and a chat are heard more.
- Formal rules are not in it: what people were let do is practice.
- Nothing in it is about a person: no names, authors, words or ids of posts.
- Not for deciding which crossing somebody takes without looking at the newest board.
"""


def write(dataset: Dataset) -> bytes:
    """Markdown in English."""
    gaps = sum(bool(row["silent"]) for row in dataset.rows)
    label = f"Label: {'; '.join(dataset.labels)}.\n\n" if dataset.labels else ""
    counts = f"{len(dataset.rows):,} rows, {gaps:,} of them gaps; {len(dataset.rumours):,} rumours"
    files = "".join(f"- `{output.file}`: {output.what}\n" for output in outputs().values())
    columns = "".join(f"| `{name}` | `{tag}` | {what} |\n" for name, (tag, what) in COLUMNS.items())
    return (
        f"# Border crossings, {iso(dataset.since)} to {iso(dataset.until)}\n\n{label}"
        "Queues, waits, passage and prices at border crossings by the hour, estimated from what people post.\n\n"
        f"Method `{METHOD}`. {counts}.\n\n{files}\n{_SAYS}\n"
        f"## Columns\n\n| column | HXL | what |\n|---|---|---|\n{columns}"
    ).encode()


OUTPUT = Output("README.md", "this card", write)
