"""The bundled archive: what ships is what its source says, and what it says rests on facts."""

from __future__ import annotations

import csv
import json
import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive_src.build import TARGET, build, facts

LABEL = "reconstructed from dated public facts"
ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("VERST_SHARED", ROOT.parent / "shared"))
_AMOUNT = re.compile(
    r"\d[\d,. -]*(км\b|километр|час|сут|машин|фур|km\b|hours|cars|kilometr|Stunden|годин|тыс|тысяч|руб|евро)", re.I
)


def _told() -> list[dict[str, Any]]:
    """Every post of the groups and of the single posts, with the time it was posted at."""
    posts = []
    for path in sorted(TARGET.glob("telegram/*/result.json")):
        for message in json.loads(path.read_text("utf-8"))["messages"]:
            if message["type"] == "message":
                words = message["text"]
                text = (
                    words if isinstance(words, str) else "".join(x if isinstance(x, str) else x["text"] for x in words)
                )
                at = int(message["date_unixtime"])
                posts.append({**message, "text": text, "at": at, "local": datetime.fromisoformat(message["date"])})
    for line in (TARGET / "posts.jsonl").read_text("utf-8").splitlines():
        post = json.loads(line)
        at = datetime.fromisoformat(post["posted_at"])
        posts.append({**post, "at": int(at.timestamp()), "local": at.replace(tzinfo=None)})
    return posts


def test_what_ships_is_what_the_source_builds() -> None:
    made = build()
    assert {path.relative_to(TARGET).as_posix() for path in TARGET.rglob("*") if path.is_file()} == set(made)
    for name, text in made.items():
        assert (TARGET / name).read_text("utf-8") == text, name


def test_it_is_large_and_labelled() -> None:
    posts = _told()
    assert len(posts) >= 1_500
    assert all(post["label"] == LABEL for post in posts)
    assert LABEL in (TARGET / "README.md").read_text("utf-8")
    assert LABEL in (TARGET / "counts.toml").read_text("utf-8")
    assert all(LABEL in page.read_text("utf-8") for page in TARGET.glob("pages/*.html"))


def test_it_speaks_many_languages() -> None:
    lines = (TARGET / "posts.jsonl").read_text("utf-8").splitlines()
    spoken = {json.loads(line)["lang"] for line in lines}
    assert {"ru", "uk", "en", "fi", "kk", "de", "fr", "ar"} <= spoken


def test_every_fact_is_known_and_names_its_page() -> None:
    known = facts()
    for post in _told():
        for number in post.get("facts", ()):
            assert number in known, post["text"]
        if post.get("facts"):
            assert (post.get("source_url") or post.get("url")) == known[post["facts"][0]]["url"]


def test_facts_are_those_of_the_published_list() -> None:
    published = SHARED / "data" / "exodus_2022" / "facts.jsonl"
    if not published.exists():
        pytest.skip("the published facts are not beside this repository")
    told = {fact["id"]: fact["url"] for fact in map(json.loads, published.read_text("utf-8").splitlines())}
    assert {number: row["url"] for number, row in facts().items()} == told


def test_amounts_rest_on_facts() -> None:
    bare = [post["text"] for post in _told() if _AMOUNT.search(post["text"]) and not post.get("facts")]
    assert [text for text in bare if "?" not in text and "35" not in text] == []


def test_no_post_speaks_before_its_fact() -> None:
    """A fact of an hour is told at that hour or later; one of a day on that day or a day or two later."""
    known, wrong = facts(), []
    for post in _told():
        for number in post.get("facts", ()):
            fact = known[number]
            if fact["precision"] != "approx":
                since = datetime.fromisoformat(fact["time"])
                rule = fact["kind"] == "entry_rule"  # announced a day ahead, spoken of as long as it holds
                early, late = (timedelta(days=1), timedelta(days=14)) if rule else (timedelta(), timedelta(days=4))
                if not since - early <= post["local"] <= since + late:
                    wrong.append((number, fact["time"], str(post["local"]), post["text"]))
    assert wrong == []


def test_official_counts_are_facts() -> None:
    known = facts()
    with (TARGET / "counts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 25
    for row in rows:
        assert float(row["value"]) == float(known[row["fact"]]["value"])
        assert row["date"] == known[row["fact"]]["time"][:10]


def test_planted_contacts_are_invented() -> None:
    for post in _told():
        assert all("example" in handle for handle in re.findall(r"@\w{4,}", post["text"])), post["text"]
        assert all(phone.startswith("+7 900 000-00") for phone in re.findall(r"\+7[\d -]+", post["text"])), post["text"]
