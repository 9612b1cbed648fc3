"""No text makes reading or the door raise or go on without end; what it costs is ``bench.hostile``'s to measure."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.hostile import (
    LANGUAGES,
    POSTED,
    WORST,
    find_all,
    find_growth,
    find_wrong,
    invent,
    labelled,
    make_post,
    make_steps,
    patterns,
    repeat,
)
from verst.model import Post
from verst.reading.reader import Reader
from verst.sources.door import LONGEST_TEXT, Door, RawPost, clean

READER, OTHER = Reader.load(), Reader.load()
STEPS = make_steps(READER)
POSTS = labelled()


def test_growth_is_told_from_quadratic() -> None:
    assert find_growth(lambda text: len(text) ** 2 / 1e6, "a") == 16
    assert find_growth(lambda text: len(text) / 1e3, "ab") == 4
    assert find_growth(lambda text: len(text) / 1e4, "a") is None  # too quick to be measured


def test_every_pattern_ends_on_every_worst_text() -> None:
    found = patterns()
    assert {"reading.text._TOKEN", "reading.offers._ROUTE", "sources.scrub._MAIL", "sources.people._PAIR"} <= set(found)
    for name, piece in product(found, WORST.values()):
        assert find_all(found[name], repeat(piece, 10_000)) <= 10_001


@pytest.mark.parametrize(
    ("step", "length"),
    [("clean", 100_000), ("scrub", 10_000), ("admit", 10_000), ("read", 4_000), ("read Latin", 4_000)],
)
def test_every_step_ends_on_every_worst_text(step: str, length: int) -> None:
    for piece in WORST.values():
        assert STEPS[step](repeat(piece, length)) is not None


@pytest.mark.parametrize("piece", WORST.values(), ids=WORST)
def test_a_hundred_thousand_characters_are_read(piece: str) -> None:
    text = repeat(piece, 100_000)
    post = make_post(text, "ru-Latn" if piece == WORST["Latin Russian"] else None)
    assert find_wrong(post, READER.read(post), READER.read(post)) is None


def test_marks_over_a_letter_are_thinned_and_the_rest_stays() -> None:
    assert len(clean("e" + "\u0315\u0300" * 50_000)) < 10
    spoken = "Tiếng Việt, ёй, עִבְרִית, عَرَبِيّ"
    assert clean(spoken + "😀" * 40) == clean(spoken) + "😀" * 40


def test_half_a_sign_is_read_and_does_not_pass_the_door() -> None:
    READER.read(make_post("\ud935 stoimy 5 hours"))
    assert admit("5 часов \ud935").text == "5 часов "


def admit(text: str, lang: str | None = None, reply: str | None = None) -> Post:
    raw = RawPost(
        id="1", chat_title="Ларс", chat_kind="group", posted_at=POSTED, text=text, lang=lang, reply_text=reply
    )
    post = Door(b"k" * 32).admit(raw)[0]
    assert isinstance(post, Post) and len(post.text) <= 2 * LONGEST_TEXT
    return post


def test_a_denial_of_the_words_answered_claims_no_words_of_its_own() -> None:
    denied = READER.read(
        make_post("неправда, стоит колом", reply="На Ларсе уже два дня очередь 300 машин, полный затор")
    )
    assert all(claim.span is None or claim.span[1] <= len("неправда, стоит колом") for claim in denied.denials)
    assert any(claim.span is None for claim in denied.denials)


pieces = st.one_of(
    st.sampled_from(list(WORST.values())),
    st.builds(lambda piece, times: piece * times, st.sampled_from(list(WORST.values())), st.integers(2, 12)),
    st.text(st.characters(), max_size=8),
)
splices = st.integers(0, 2**32).map(lambda seed: invent(random.Random(seed), POSTS))
texts = st.one_of(st.lists(pieces, max_size=12).map("".join), splices)


@settings(max_examples=400)
@given(text=texts, lang=st.sampled_from(LANGUAGES), reply=st.none() | texts)
def test_any_text_is_read_the_same_twice_and_claims_its_own_words(
    text: str, lang: str | None, reply: str | None
) -> None:
    past_the_door = make_post(text, lang, reply)
    assert find_wrong(past_the_door, READER.read(past_the_door), OTHER.read(past_the_door)) is None
    post = admit(text, lang, reply)
    OTHER.read(make_post(text[::-1]))  # what was read before plays no part
    assert find_wrong(post, READER.read(post), OTHER.read(post)) is None
