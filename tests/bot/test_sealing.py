"""Whom the bot writes to lies sealed: nothing of it can be read without the key."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verst.bot.sealing import SealedFile
from verst.bot.wishes import Person, Wish, Wishes
from verst.errors import BadSetting

CHATS = st.integers(10_000_000, 9_999_999_999)


@settings(max_examples=30)
@given(
    st.dictionaries(CHATS, st.sampled_from(["verkhny-lars", "ozinki-taskala"]), min_size=1),
    st.binary(min_size=16, max_size=32),
)
def test_no_chat_and_no_wish_can_be_read_without_the_key(people: dict[int, str], key: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "wishes"
        wishes = Wishes(SealedFile(file, key))
        wishes.people = {chat: Person(wishes=[Wish(crossing=crossing)]) for chat, crossing in people.items()}
        wishes.save()
        raw = file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0 and [each.name for each in Path(folder).iterdir()] == ["wishes"]
        assert not any(each.encode() in raw for each in (*map(str, people), "verkhny-lars", "ozinki-taskala"))
        assert Wishes(SealedFile(file, key)).people == wishes.people
        with pytest.raises(BadSetting, match="subscribers-key"):
            Wishes(SealedFile(file, key + b"other"))


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    sealed = SealedFile(tmp_path / "wishes", b"k" * 32)
    sealed.write(b'{"42":{}}')
    raw = bytearray((tmp_path / "wishes").read_bytes())
    raw[40] ^= 1
    (tmp_path / "wishes").write_bytes(bytes(raw))
    with pytest.raises(BadSetting):
        sealed.read()


def test_what_lay_open_before_is_sealed_and_taken_away(tmp_path: Path) -> None:
    plain = tmp_path / "wishes.json"
    plain.write_bytes(b'{"4242424242":{"lang":"ru","wishes":[{"crossing":"verkhny-lars"}]}}')
    wishes = Wishes(SealedFile(tmp_path / "wishes", b"k" * 32, plain=plain))
    assert wishes.people[4242424242].wishes[0].crossing == "verkhny-lars"
    assert not plain.exists() and b"4242424242" not in (tmp_path / "wishes").read_bytes()
    assert Wishes(SealedFile(tmp_path / "wishes", b"k" * 32, plain=plain)).people.keys() == {4242424242}
