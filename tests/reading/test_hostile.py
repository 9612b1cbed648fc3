"""No text makes reading or the door slow out of proportion, and none makes them raise.

Growth is measured, not the clock: four times the text may cost four times as much, sixteen times it may not.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.hostile import (
    LANGUAGES,
    POSTED,
    WORST,
    cpu_ms,
    find_all,
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

MOST_GROWTH = 8.0  # between 4, which is in proportion, and 16, which is quadratic
TOO_QUICK_MS = 20.0  # what ends within this is quick whatever its growth, and too short to be measured
READER, OTHER = Reader.load(), Reader.load()
STEPS = make_steps(READER)
POSTS = labelled()


def grows_too_fast(act: Callable[[str], object], piece: str, length: int) -> str | None:
    """The growth from ``length`` to four times as much, when it is nearer to quadratic; the best of three rounds."""
    longer = repeat(piece, 4 * length)
    if cpu_ms(act, longer) < TOO_QUICK_MS:
        return None
    growth = cpu_ms(act, longer, 3) / cpu_ms(act, repeat(piece, length), 3)
    return f"{piece!r} x{growth:.1f}" if growth > MOST_GROWTH else None


def test_growth_is_told_from_quadratic() -> None:
    assert grows_too_fast(lambda text: [len(text[at:].replace("a", "b")) for at in range(len(text))], "a", 6_000)
    assert not grows_too_fast(lambda text: [sign.upper() for sign in text * 20], "a", 10_000)


def test_every_pattern_grows_with_the_text() -> None:
    found = patterns()
    assert {"reading.text._TOKEN", "reading.offers._ROUTE", "sources.scrub._MAIL", "sources.people._PAIR"} <= set(found)
    grown = {
        (name, grows_too_fast(partial(find_all, p), piece, 2_500))
        for name, p in found.items()
        for piece in WORST.values()
    }
    assert {(name, growth) for name, growth in grown if growth} == set()


@pytest.mark.parametrize(
    ("step", "length"), [("clean", 25_000), ("scrub", 2_500), ("admit", 2_500), ("read", 1_000), ("read Latin", 1_000)]
)
def test_every_step_grows_with_the_text(step: str, length: int) -> None:
    grown = [grows_too_fast(STEPS[step], piece, length) for piece in WORST.values()]
    assert [growth for growth in grown if growth] == []


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
