"""The examples in the language files are tests: each is read as its file says."""

from __future__ import annotations

import pytest

from verst.reading.examples import misses
from verst.reading.reader import Reader
from verst.shelves import data_shelf

LEAST = {"ru": 60, "uk": 40, "en": 40}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


@pytest.mark.parametrize("lang", sorted(data_shelf("languages")))
def test_examples_are_read_as_written(reader: Reader, lang: str) -> None:
    shelf = data_shelf("languages")
    missed = list(misses(reader, {lang: shelf[lang]}))
    assert not missed, "\n".join(f"{m.text}\n   want {m.want}\n   got  {m.got}" for m in missed)


@pytest.mark.parametrize("lang", sorted(data_shelf("languages")))
def test_every_language_brings_enough_examples(lang: str) -> None:
    examples = data_shelf("languages")[lang].get("examples", [])
    assert len(examples) >= LEAST.get(lang, 15)
    silent = [e for e in examples if not e.get("claims") and not e.get("question") and not e.get("ad")]
    assert silent, "no counter-example"
