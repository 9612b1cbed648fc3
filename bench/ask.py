"""How people's questions are answered over the replay of September 2022: ``python -m bench.ask``.

The 101 questions of ../shared/eval/questions.jsonl were learnt from; those of tests/ask/questions2.jsonl to
questions4.jsonl were written without looking at the word lists, and tests/ask/rounds.toml keeps what each gave before
anything was learnt from it.
``--show`` prints every answer that falls short, ``--all`` every answer, ``--write`` puts the table into docs/asking.md.

A question counts as understood when its topic (or the intent behind it), place and means are those its writer names,
and as kept when the answer keeps what is promised of all: it is in the language of the question, every figure has an
age, voices and the words behind it or is called stale, and what nobody has said is not answered.
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench import ROOT, markdown, write_block
from verst.ask import Answer, answer
from verst.ask.answering import load_reader
from verst.ask.wish import Wish, understand
from verst.cli.serving import archive_files
from verst.clock import parse_instant
from verst.geography import load_kinds, load_regions
from verst.sources import Door
from verst.store import Store, open_store
from verst.work import load_inputs, settle

SHARED = ROOT.parent / "shared" / "eval" / "questions.jsonl"
FRESH = ROOT / "tests" / "ask"
PAGE = ROOT / "docs" / "asking.md"
HOUR = "2022-09-26T12:00+03:00"  # of the questions that name none
SHOWN = ("questions", "topic", "place", "means", "language", "kept", "right")

# What the writers of the questions call a topic, where the program calls it otherwise: intents, topics and tags.
SAME = {
    "refuse": ("contact", "bribe", "bypass", "forgery", "persons", "ride", "prepay"),
    "rumour": ("rumour", "rumours"),
    "best_time": ("predict",),
    "no_place": ("stranger",),
    # the later sets have no topic for counts, for how many an hour, for the best hour, nor for the whole in short
    "queue_length": ("queue_length", "queue_count"),
    "wait": ("wait", "throughput", "predict"),
    "passage": ("passage", "digest"),
    "after": ("after", "stay"),
    "hours": ("passage", "hours"),
    "queue_count": ("queue_count", "queue_length"),
    "compare": ("compare", "official_compare", "wait"),
    "trust": ("trust", "rumour"),
    # where care comes first, and the facts of the topic after it
    "service": ("service", "medical", "cold", "water"),
    "price": ("price", "prepay", "bribe"),
    "event": ("event", "robbed", "road_money"),
    "rule": ("rule", "debts", "entry_stay", "exit_military"),
    # what the annotation guide has no topic for: other subjects, what is declined, getting on, a swindle
    "other": (
        "off_topic",
        "bypass",
        "forgery",
        "contact",
        "persons",
        "order",
        "ride",
        "robbed",
        "prepay",
        "onward",
        "phone",
        "bribe",
        "trust",
        "privacy",
        "offline",
        "sources",
        "ads",
        "export",
    ),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One question and what became of it; ``wrong`` names the parts that fall short."""

    asked: dict[str, Any]
    got: Answer
    wish: Wish
    wrong: tuple[str, ...]


def main() -> None:
    sets = {file.stem: read_questions(file) for file in sorted(FRESH.glob("questions[0-9].jsonl"))}
    if SHARED.exists():
        sets = {"questions": read_questions(SHARED), **sets}
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/ask.db")
        load_inputs(archive_files(), store, Door(b"bench" * 4), load_reader())  # type: ignore[arg-type]
        settle(store, load_regions(), {kind.id: kind for kind in load_kinds()})
        judged = {name: [judge(store, asked) for asked in rows] for name, rows in sets.items()}
        store.close()
    for name, rows in judged.items():
        for each in rows:
            if "--all" in sys.argv or ("--show" in sys.argv and each.wrong):
                show(name, each)
    first = tomllib.loads((FRESH / "rounds.toml").read_text(encoding="utf-8"))
    table = tabulate(judged, first)
    print(table)
    if "--write" in sys.argv:
        write_block(PAGE, "bench.ask", table)


def read_questions(file: Path) -> list[dict[str, Any]]:
    """The questions of a file, one a line."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def judge(store: Store, asked: dict[str, Any]) -> Judged:
    """Answer one question at its hour and hold the answer to what its writer says."""
    at, _ = parse_instant(asked.get("at", HOUR))
    regions = load_regions()
    got = answer(asked["q"], at, store, regions, load_kinds(), load_reader())
    wish = understand(asked["q"], at, regions, load_reader())
    wrong = [part for part, well in find_parts(asked, got, wish, at).items() if not well]
    return Judged(asked, got, wish, tuple(wrong))


def find_parts(asked: dict[str, Any], got: Answer, wish: Wish, at: datetime) -> dict[str, bool]:
    """Whether topic, place, means, language and promises are right; what a writer leaves open cannot be wrong."""
    found = {"kept": keeps_promises(got, at), "language": got.lang == asked["lang"].split("-")[0]}
    topics = asked.get("topic")
    if isinstance(topics, list):
        meant = {name for topic in topics for name in SAME.get(topic, (topic,))}
        found["topic"] = bool(meant & said_topics(wish))
        places = asked.get("crossing") or []
        found["place"] = not places or bool(set(places) & {*wish.crossings, *wish.countries, *borders(wish)})
        found["means"] = asked.get("mode") in (None, wish.mode) or wish.topic in ("price", "flow")
    return found


def said_topics(wish: Wish) -> set[str]:
    """What a question was taken to be about."""
    plain = (
        wish.topic if wish.intent in (None, "rumour") else None
    )  # a rumour is told of its topic, and its state with it
    names = {wish.intent, plain, wish.tag, "stranger" if wish.stranger else None}
    return {name for name in names if name}


def borders(wish: Wish) -> Iterable[str]:
    """Borders that a country names while people flee Russia or Ukraine."""
    return (f"{hub}-{country}" for hub in ("RU", "UA") for country in wish.countries)


def keeps_promises(got: Answer, at: datetime) -> bool:
    """Whether every figure has an age and words behind it, or is called stale, and nothing comes from later."""
    practice = [line for line in got.lines if line.what == "practice"]
    aged = all(line.newest is not None and line.newest <= at for line in practice)
    grounded = all(line.stale or line.derived or (line.voices and line.sources) for line in practice)
    return bool(got.lines) and aged and grounded and not (got.outcome == "nobody" and practice)


def tabulate(judged: dict[str, list[Judged]], first: dict[str, Any]) -> str:
    """One line a set: as it was at first sight, and now."""
    lines = []
    for name, rows in judged.items():
        if name in first:
            lines.append([name, f"first, at {first[name]['commit']}", *(str(first[name][part]) for part in SHOWN)])
        lines.append([name, "now", *count(rows)])
    return markdown(["set", "measured", *SHOWN], lines)


def count(rows: list[Judged]) -> list[str]:
    """How many questions, and how many of them are right in each part and in all."""
    parts = SHOWN[1:-1]
    told = isinstance(rows[0].asked.get("topic"), list)
    judged = [part for part in parts if told or part in ("language", "kept")]
    good = [str(sum(part not in each.wrong for each in rows)) if part in judged else "–" for part in parts]
    return [str(len(rows)), *good, str(sum(not each.wrong for each in rows))]


def show(name: str, each: Judged) -> None:
    """One question, what it was taken for, and the answer."""
    wish, asked = each.wish, each.asked
    wanted = {part: asked.get(part) for part in ("topic", "crossing", "mode", "must", "must_not")}
    taken = {
        part: getattr(wish, part) for part in ("intent", "topic", "tag", "crossings", "countries", "mode", "stranger")
    }
    print(f"{name} {asked['id']} {asked['lang']} {asked['q']}")
    print(f"   wanted {wanted}")
    print(f"   wrong: {', '.join(each.wrong) or '–'}; taken for {taken}; {each.got.lang} {each.got.outcome}")
    for line in each.got.lines:
        print(f"      {line.what}: {line.text}")


if __name__ == "__main__":
    main()
