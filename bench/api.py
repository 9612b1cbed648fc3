"""The API held to its own description by schemathesis, for N minutes: ``python -m bench.api --minutes 60``.

The app is that of `verst up` over the bundled archive, at noon of a day of September 2022. Round after round, each with
a seed of its own, every operation of `openapi.json` is asked what its description allows, and what it does not. Every
answer must be one that is described (status, type, shape); what is allowed may be refused for what it means (a time
before anything was kept), and nothing else. What is not as described is printed with the round that makes it again
(``--round``), and the run fails.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

import msgspec
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from bench import markdown
from verst.cli.serving import archive_files, load_demo
from verst.geography import load_kinds, load_regions
from verst.store import open_store
from verst.web import make_app
from verst.work.settling import CROSSINGS

NOON = datetime.fromisoformat("2022-09-26T12:00+03:00")
PATIENCE = 60.0  # seconds for an answer, on however busy a machine
CASES = 20  # of each operation, allowed and not, in a round


def main() -> None:
    read = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    read.add_argument("--minutes", type=float, default=1.0)
    read.add_argument("--round", type=int, help="this round alone")
    told = read.parse_args()
    assert archive_files(), "the archive is not bundled here"
    with tempfile.TemporaryDirectory() as folder:
        rows, faults, rounds = fuzz(Path(folder), 60 * told.minutes, told.round)
    print(markdown(("operation", "asked", "answers by status"), rows), end="")
    asked = sum(int(row[1].replace(",", "")) for row in rows)
    print(f"{asked:,} questions in {rounds} rounds of {told.minutes:g} minutes, {len(faults)} not as described")
    sys.exit("\n".join(faults) if faults else 0)


def fuzz(folder: Path, seconds: float, only: int | None) -> tuple[list[tuple[str, str, str]], list[str], int]:
    """Rounds until the time is over: rows of the table, faults, and how many rounds there were."""
    store = open_store(f"sqlite:///{folder}/verst.db")
    load_demo(store)
    app = make_app(store, load_regions(), load_kinds(), clock=lambda: NOON)
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    known = {"crossings": msgspec.json.decode(store.state(CROSSINGS) or b"[]"),
             "posts": [post.id for post, _, _ in islice(store.every_post(), 20)]}  # fmt: skip
    answers: dict[str, Counter[int]] = {each.label: Counter() for each in operations}
    faults, done, until = [], 0, time.monotonic() + seconds
    for number in count(1) if only is None else [only]:
        if time.monotonic() > until or len(faults) >= 10:
            break
        for each in operations:
            for mode in GenerationMode:
                faults += ask(each, mode, number, known, answers[each.label])
        done += 1
    store.close()
    rows = [(name, f"{sum(told.values()):,}", ", ".join(f"{n:,} × {code}" for code, n in sorted(told.items())))
            for name, told in answers.items()]  # fmt: skip
    return rows, faults, done


def ask(
    operation: Any, mode: GenerationMode, number: int, known: dict[str, list[str]], told: Counter[int]
) -> list[str]:
    """One operation in one round, of half the questions with an id that is there; what was not as described."""
    names = next((some for what, some in known.items() if f"/{what}/{{id}}" in operation.path), [])

    @seed(number)
    @settings(max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck),
              phases=[Phase.explicit, Phase.generate])  # fmt: skip
    @given(
        case=operation.as_strategy(generation_mode=mode),
        name=strategies.none() | strategies.sampled_from(names) if names else strategies.none(),
    )
    def hold(case: Any, name: str | None) -> None:
        if name is not None:
            case.path_parameters["id"] = name
        answer = case.call(timeout=PATIENCE)
        told[answer.status_code] += 1
        case.validate_response(answer, excluded_checks=[CHECKS.get_one("positive_data_acceptance")])

    try:
        hold()
    except Unsatisfiable:
        return []  # what takes no parameter cannot be asked wrongly
    except Exception:
        return [f"--round {number} ({operation.label}, {mode.value}):\n{traceback.format_exc(limit=-2)}"]
    return []


if __name__ == "__main__":
    main()
