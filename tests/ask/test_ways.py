"""Ways of asking: each line of ways.txt has a language, what is asked (topics or intents, any will do), a question."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.ask import SAME
from verst.ask.answering import load_reader
from verst.ask.wish import understand
from verst.geography import load_regions

WAYS = Path(__file__).with_name("ways.txt").read_text(encoding="utf-8").splitlines()
ASKED = datetime(2022, 9, 26, 9, tzinfo=UTC)


@pytest.mark.parametrize("line", WAYS)
def test_what_is_asked_is_understood(line: str) -> None:
    lang, topics, question = line.split(" ", 2)
    wish = understand(question, ASKED, load_regions(), load_reader())
    meant = {name for topic in topics.split("|") for name in (topic, *SAME.get(topic, ()))}
    assert meant & {wish.intent, wish.topic, wish.tag}, (wish.intent, wish.topic, wish.tag)
    assert wish.lang == lang.removesuffix("-Latn")
