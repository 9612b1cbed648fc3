"""A week of September 2022 said to the bot, message by message at its hour: what it answers and what it does not.

`python -m bench.bot` prints every question of the week with what became of it, and counts; `--write` puts the counts
into docs/bot.md. A question counts as one that can be answered when asking it at that hour (`verst ask`) gives
something fresh, or a rule with its source.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import ROOT, write_block
from verst.bot import talk
from verst.bot.memory import Chat, recall
from verst.bot.world import World
from verst.cli.serving import archive_files
from verst.geography import load_kinds, load_regions
from verst.model import Post
from verst.reading.reader import Reader
from verst.sources import Door
from verst.store import Store, open_store
from verst.work import load_inputs, settle

PAGE = ROOT / "docs" / "bot.md"
SINCE = datetime(2022, 9, 22, 0, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=7)


@dataclass(frozen=True)
class Case:
    """One message of the day and what became of it."""

    post: Post
    asks: bool
    answerable: bool
    reply: str | None


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'verst.db'}")
        cases = replay(store)
        store.close()
    for case in cases:
        if case.asks or case.reply:
            print(f"{case.post.posted_at:%H:%M} {case.post.chat.title}: {case.post.text[:160]!r}")
            told = case.reply.replace("\n", " / ") if case.reply else "(could have)" if case.answerable else "-"
            print(f"      {told[:400]}")
    text = tabulate(cases)
    print(text)
    if "--write" in sys.argv:
        write_block(PAGE, "bench.bot", text)


def replay(store: Store) -> list[Case]:
    """The messages of the week's groups, each said to the bot at its hour in a group of its own chat's title."""
    reader = Reader.load()
    regions, kinds = load_regions(), {kind.id: kind for kind in load_kinds()}
    load_inputs(archive_files(), store, Door(b"k" * 32, about_of=reader.places.about), reader)
    settle(store, regions, kinds)
    world, memories, cases = World(store, regions, kinds, reader), dict[str, Chat](), []
    said = store.posts_near([SINCE + (UNTIL - SINCE) / 2], (UNTIL - SINCE) / 2)
    for number, post in enumerate(post for post in said if post.chat.kind == "group"):
        title = post.chat.title
        memory = memories.setdefault(title, recall(store, -number - 1))
        memory.crossing = memory.crossing or post.chat.about
        to = number if post.reply_to is not None else None
        message = talk.Message(chat=-1, id=number, text=post.text, title=title, answers=to)
        reply = talk.answer_question(world, memory, message, post.posted_at)
        read = reader.read(post)
        asked = world.ask(post.text, memory.crossing, post.posted_at) if read.question and not read.ad else None
        good = asked is not None and talk.is_good(asked) and to is None and not talk.asks_otherwise(post.text)
        cases.append(Case(post, read.question is not None, good, reply.text if reply else None))
    return cases


def tabulate(cases: list[Case]) -> str:
    """How many messages, questions, answers, and of those that could be answered how many were, or had been lately."""
    count = Counter({"messages of groups": len(cases)})
    count["questions among them"] = sum(case.asks for case in cases)
    count["that could be answered"] = sum(case.answerable for case in cases)
    count["answered"] = sum(case.reply is not None for case in cases)
    count["left alone because it was answered in the last 15 minutes"] = sum(
        case.answerable and case.reply is None for case in cases
    )
    count["answers to what was no question"] = sum(case.reply is not None and not case.asks for case in cases)
    rows = ["| | |", "| --- | --- |", *(f"| {name} | {number:,} |" for name, number in count.items())]
    return "\n".join(rows)


if __name__ == "__main__":
    main()
