"""How right reading is: the development sets, and the rounds of posts written from the guide alone.

``python -m bench.reading`` prints the figures of today beside those of each round's first measurement
(tests/corpus/rounds.toml); ``--write`` puts the tables into docs/reading.md. The scorer is ../shared/eval/score.py.
"""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

from bench import ROOT, write_block
from verst.clock import parse_instant
from verst.model import Chat, Claim, Post, Reply
from verst.reading.reader import Reader

SHARED = ROOT.parent / "shared" / "eval"
CORPUS = ROOT / "tests" / "corpus"
PAGE = ROOT / "docs" / "reading.md"
SHOWN = ("all_fields", "core_f1", "tag_f1", "toward", "bound", "stance", "question_f1", "ad_f1", "false_alarm")


def main() -> None:
    if not (SHARED / "score.py").exists():
        sys.exit("bench.reading: the scorer ../shared/eval/score.py is not there")
    scorer, reader = _scorer(), Reader.load()
    sets = [SHARED / f"{name}.jsonl" for name in ("dev", "dev2", "dev3")] + sorted(CORPUS.glob("round*.jsonl"))
    today = {path.stem: _measure(scorer, reader, path) for path in sets if path.exists()}
    first = tomllib.loads((CORPUS / "rounds.toml").read_text(encoding="utf-8"))
    text = _tables(today, first)
    print(text)
    if "--write" in sys.argv:
        write_block(PAGE, "bench.reading", text)


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", SHARED / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _measure(scorer: ModuleType, reader: Reader, path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    gold = scorer.load(path)
    made = {}
    for id_, row in gold.items():
        read = reader.read(_post(row))
        made[id_] = {
            "claims": [_claim(claim) for claim in read.claims],
            "question": {"topic": read.question.topic, "crossing": read.question.crossing} if read.question else None,
            "ad": read.ad,
        }
    report, _, languages = scorer.score(gold, made)
    return report, languages


def _post(row: dict[str, Any]) -> Post:
    posted_at, offset = parse_instant(row["posted_at"])
    chat, reply = row["chat"], row["reply_to"]
    return Post(
        id=row["id"],
        chat=Chat(title=chat["title"], kind=chat["kind"], about=chat["about"]),
        posted_at=posted_at,
        offset_minutes=offset,
        text=row["text"],
        lang=row["lang"],
        reply_to=Reply(text=reply["text"]) if reply else None,
    )


def _claim(claim: Claim) -> dict[str, Any]:
    fields = "kind crossing toward mode value low high bound stance currency service tag"
    return {field: getattr(claim, field) for field in fields.split()}


def _tables(today: dict[str, Any], first: dict[str, Any]) -> str:
    rows = ["| set | measured | posts | " + " | ".join(SHOWN) + " |", "|---" * (len(SHOWN) + 3) + "|"]
    for name, (report, _) in today.items():
        if name in first:
            rows.append(_row(name, f"first, at {first[name]['commit']}", first[name]))
        rows.append(_row(name, "now", report))
    parts = ["\n".join(rows), _by_language(today, first)]
    return "\n\n".join(parts) + "\n"


def _row(name: str, when: str, report: dict[str, Any]) -> str:
    return f"| {name} | {when} | {report['posts']} | " + " | ".join(f"{report[key]:.3f}" for key in SHOWN) + " |"


def _by_language(today: dict[str, Any], first: dict[str, Any]) -> str:
    codes = sorted({code for _, languages in today.values() for code in languages})
    rows = [
        "All fields right, by language:",
        "",
        "| set | measured | " + " | ".join(codes) + " |",
        "|---" * (len(codes) + 2) + "|",
    ]
    for name, (_, languages) in today.items():
        if name in first:
            told = first[name]["languages"]
            rows.append(f"| {name} | first | " + " | ".join(_share(told.get(code)) for code in codes) + " |")
        shares = {code: languages[code]["all_fields"] for code in languages}
        rows.append(f"| {name} | now | " + " | ".join(_share(shares.get(code)) for code in codes) + " |")
    return "\n".join(rows)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main()
