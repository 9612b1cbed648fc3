"""A day of September 2022 at 60 times its pace through the running bot: what it answers, what it leaves alone, and why.

``python -m bench.bot``; ``--times N`` for another pace, ``--write`` puts the counts into docs/bot.md. `verst bot` runs
with its polling, queue and limits on a clock that runs as fast, and talks to a Bot API server on loopback. The groups
of the archive's fullest day say to it what they said; what stood in channels and on pages is kept at its hour as other
ears keep it; what was said before lies in the store. Which of the messages ask, which of those could be answered from
what was known at that hour and with what, was written down by hand, beside this file (``bot_day.toml``); why a message
was left alone the bot itself says (``verst bot --json``).
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from bench import ROOT, markdown, write_block
from bench.bot_day import Said, fullest_day, keep, read_day, read_rest
from bench.fast_clock import make_clock
from bench.telegram import TOKEN, Telegram
from verst.errors import StoreBusy
from verst.model import Post
from verst.reading.reader import Reader
from verst.sources import Door
from verst.store import Store, open_store

PAGE, LABELS = ROOT / "docs" / "bot.md", Path(__file__).with_name("bot_day.toml")
TIMES = 60.0
STARTING, ENDING = 8.0, 6.0  # seconds for the bot to be up, and to say its last


@dataclass
class Case:
    """One message: what its label says, what the bot said to it, and by the bot's own word why it did or did not."""

    said: Said
    label: Mapping[str, Any]
    replies: list[str] = field(default_factory=list)
    why: str = "never told"

    @property
    def right(self) -> bool:
        """Whether what was answered is what the label says is right."""
        return bool(self.replies) and all(is_right(self.label, text) for text in self.replies)


def is_right(label: Mapping[str, Any], text: str) -> bool:
    """Whether an answer says what it must: some words, and of a figure ranges that have the true one.

    >>> is_right({"answerable": "yes", "says": "на машине", "figure": ["ч", 8, 9]}, "Ожидание, на машине: 7–12 ч.")
    True
    >>> is_right({"answerable": "no"}, "7–12 ч"), is_right({"answerable": "yes", "figure": ["ч", 8, 9]}, "1–2 ч")
    (False, False)
    """
    if label.get("answerable") != "yes" or not re.search(label.get("says", ""), text):
        return False
    if "figure" not in label:
        return True
    unit, low, high = label["figure"]
    ranges = re.findall(rf"([\d.]+)–([\d.]+) {unit}\b", text)
    return bool(ranges) and all(float(a) <= high and low <= float(b) for a, b in ranges)


def main() -> None:
    words = sys.argv[1:]
    times = float(words[words.index("--times") + 1]) if "--times" in words else TIMES
    with tempfile.TemporaryDirectory() as home:
        cases = asyncio.run(replay(Path(home), archive_day(), times))
    for case in cases:
        show(case)
    text = tabulate(cases)
    print(text)
    if "--write" in words:
        write_block(PAGE, "bench.bot", text)


class Day(Protocol):
    """A day to replay: when it begins (UTC), what is said to the bot, and what is known of it by the names of these."""

    @property
    def at(self) -> datetime: ...
    @property
    def said(self) -> list[Said]: ...
    @property
    def labels(self) -> Mapping[str, Mapping[str, Any]]: ...


@dataclass(frozen=True)
class ArchiveDay:
    """A day of the archive."""

    at: datetime
    said: list[Said]
    labels: Mapping[str, Mapping[str, Any]]


def archive_day() -> ArchiveDay:
    """The fullest day of the archive, with what was judged of it by hand."""
    at = fullest_day()
    return ArchiveDay(at, read_day(at), tomllib.loads(LABELS.read_text(encoding="utf-8"))["message"])


async def replay(home: Path, day: Day, times: float) -> list[Case]:
    """The day, said to the running bot."""
    store, reader = open_store(f"sqlite:///{home / 'verst.db'}"), Reader.load()
    posts = read_rest(Door.from_key_file(home / "key", about_of=reader.places.about))
    keep((post for post in posts if post.posted_at < day.at), store, reader, day.at)
    rest = [p for p in posts if day.at <= p.posted_at < day.at + timedelta(days=1) and p.chat.kind != "group"]
    began = time.time() + STARTING
    # nobody says anything in the night: the clock begins with the first word
    at = min([each.at for each in day.said] + [each.posted_at for each in rest])
    async with Telegram() as telegram:
        out = await run_bot(home, telegram.url, began, at, times)
        lines = asyncio.create_task(read_lines(out))
        await tell(telegram, day.said, rest, store, reader, make_clock(began, at, times), times)
        await asyncio.sleep(ENDING)
        out.terminate()
        judged = await lines
        if await out.wait():
            sys.exit("bench: the bot ended badly")
    store.close()
    return put_together(day, telegram.sent, judged)


async def run_bot(home: Path, api: str, began: float, day: datetime, times: float) -> asyncio.subprocess.Process:
    """`verst bot --json`, on the fast clock."""
    file = home / "verst.toml"
    file.write_text(f'[telegram]\ntoken = "{TOKEN}"\napi = "{api}"\n', encoding="utf-8")
    file.chmod(0o600)
    words = ["-m", "bench.fast_clock", str(began), day.isoformat(), str(times), "bot", "--json"]
    environment = {**os.environ, "VERST_HOME": str(home)}
    return await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
    )


async def read_lines(out: asyncio.subprocess.Process) -> list[dict[str, Any]]:
    assert out.stdout is not None
    return [json.loads(line) async for line in out.stdout]


async def tell(
    telegram: Telegram, said: list[Said], rest: list[Post], store: Store, reader: Reader, clock: Any, times: float
) -> None:
    """Everything at its time: messages to the bot, all else into the store."""
    mixed: list[Said | Post] = [*said, *rest]
    for each in sorted(mixed, key=lambda item: item.at if isinstance(item, Said) else item.posted_at):
        at = each.at if isinstance(each, Said) else each.posted_at
        await asyncio.sleep(max(0.0, (at - clock()).total_seconds() / times))
        if isinstance(each, Said):
            telegram.tell(message=each.update)
        else:
            await keep_patiently(each, store, reader)


async def keep_patiently(post: Post, store: Store, reader: Reader) -> None:
    """Keep one post as soon as the bot lets the store go."""
    for _ in range(100):
        with suppress(StoreBusy):
            await asyncio.to_thread(keep, [post], store, reader)
            return
        await asyncio.sleep(0.05)
    sys.exit("bench: the store was never free")


def put_together(day: Day, sent: list[dict[str, Any]], judged: list[dict[str, Any]]) -> list[Case]:
    """Each message with what was sent as an answer to it and what the bot said of it."""
    unknown = set(day.labels) - {each.name for each in day.said}
    if unknown:
        sys.exit(f"bench: {min(unknown)} is labelled, and nobody said it on that day")
    cases = {each.post: Case(each, day.labels.get(each.name, {})) for each in day.said}
    for line in judged:
        cases[line["post"]].why = line["why"] or "answered"
    for each in sent:
        to = (each.get("reply_parameters") or {}).get("message_id")
        case = cases.get(f"tgbot-{each['chat_id']}-{to}")
        if case is None:
            sys.exit("bench: the bot said something to nobody")
        case.replies.append(each["text"])
    return list(cases.values())


def show(case: Case) -> None:
    """A message that asks or was answered, in three lines."""
    if not case.label and not case.replies:
        return
    label = case.label.get("answerable", "no question")
    print(f"{case.said.at:%H:%M} {case.said.name} [{label}] {case.said.text[:160]!r}")
    if case.label.get("right"):
        print(f"      right: {case.label['right']}")
    print(f"      {'right' if case.right else 'WRONG' if case.replies else 'left alone'}: {case.why}")
    for text in case.replies:
        print("      " + text.replace("\n", " / "))


def tabulate(cases: list[Case]) -> str:
    """The counts, and why the bot left alone what it did."""
    asked = [case for case in cases if case.label]
    could = [case for case in asked if case.label["answerable"] == "yes"]
    told = [case for case in cases if case.replies]
    rows = [
        ["messages of groups", len(cases)],
        ["that ask something, by hand", len(asked)],
        ["that could be answered from what was known then, by hand", len(could)],
        ["answered, of those", sum(bool(case.replies) for case in could)],
        ["answered rightly", sum(case.right for case in told)],
        ["answered wrongly", sum(not case.right for case in told)],
        ["answers to a joke, to a question to somebody, or to no question",
         sum(case.label.get("answerable") not in ("yes", "no") for case in told)],
        ["answered twice", sum(len(case.replies) > 1 for case in told)],
        ["answered by the bot's word, and never sent",
         sum(case.why == "answered" and not case.replies for case in cases)],
    ]  # fmt: skip
    whys = sorted({case.why for case in cases if not case.replies})
    for why in whys:
        left = [case for case in cases if case.why == why and not case.replies]
        questions = sum(bool(case.label) for case in left)
        rows.append([f"left alone: `{why}` (of these, questions by hand: {questions})", len(left)])
    return markdown(["", ""], [[str(name), f"{count:,}"] for name, count in rows])


if __name__ == "__main__":
    main()
