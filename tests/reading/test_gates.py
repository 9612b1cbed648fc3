"""What is left early, is left for nothing: with every gate of reading held open, the readings are the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bench.reading import _post
from tests.house import ROOT
from verst.model import Post
from verst.reading.reader import Reader

CORPUS = ROOT / "tests" / "corpus"


def posts(shared: Path) -> list[Post]:
    """The labelled posts, and each again in a chat that is about no crossing, where places must be named."""
    files = [*sorted((shared / "eval").glob("dev*.jsonl")), *sorted(CORPUS.glob("round*.jsonl"))]
    told = [_post(json.loads(line)) for file in files for line in file.read_text("utf-8").splitlines()]
    return told + [replace(post, chat=replace(post.chat, about=None, title="talk")) for post in told]


def test_no_gate_of_reading_loses_anything(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = posts(shared)
    reader = Reader.load()
    gated = [reader.read(post) for post in told]
    monkeypatch.setattr("verst.reading.reader.may_sell", lambda _: True)
    monkeypatch.setattr("verst.reading.times.may_tell_time", lambda _: True)
    monkeypatch.setattr("verst.reading.amounts._DIGIT", re.compile(""))
    lost = [post.text for post, reading in zip(told, gated, strict=True) if reader.read(post) != reading]
    assert lost == []
    assert sum(bool(reading.claims) for reading in gated) > 500
