"""Who somebody is: TOTP as RFC 6238 says, scrypt, links good once, and patience that ends."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.store.samples import NOON, at
from verst.errors import BadSetting, NotAllowed
from verst.store import open_store
from verst.store.desk import Desk, desk_of
from verst.work.accounts import invite, join
from verst.work.patience import Patience
from verst.work.proofs import code_at, find_step, hash_password, is_password, step_of

KEY = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert code_at(KEY, step_of(datetime.fromtimestamp(seconds, UTC)), 8) == code


def test_a_code_is_good_near_its_time_and_once() -> None:
    step = step_of(NOON)
    for off in (-1, 0, 1):
        assert find_step(KEY, code_at(KEY, step + off), NOON, 0) == step + off
    assert find_step(KEY, code_at(KEY, step - 2), NOON, 0) is None
    assert find_step(KEY, code_at(KEY, step + 2), NOON, 0) is None
    assert find_step(KEY, code_at(KEY, step), NOON, step) is None
    for none in ("", "12345", "١٢٣٤٥٦", "x" * 5000):
        assert find_step(KEY, none, NOON, 0) is None


def test_passwords_are_kept_salted_and_none_is_right_for_nobody() -> None:
    one, other = hash_password("geese at the gate"), hash_password("geese at the gate")
    assert one != other and "geese" not in one
    assert is_password("geese at the gate", one) and not is_password("geese at the door", one)
    assert not is_password("", "") and not is_password("geese at the gate", "")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_of(open_store(f"sqlite:///{tmp_path / 'verst.db'}"))


def test_a_link_is_good_once_and_for_two_days(desk: Desk) -> None:
    key = invite(desk, "owl", "editor", NOON)
    factor = desk.account("owl").factor  # type: ignore[union-attr]
    right = code_at(factor, step_of(NOON))
    for name, link, password, code, when in (
        ("lynx", key, "x" * 12, right, NOON),
        ("owl", "wrong", "x" * 12, right, NOON),
        ("owl", key, "too short", right, NOON),
        ("owl", key, "x" * 12, "000000", NOON),
        ("owl", key, "x" * 12, code_at(factor, step_of(at(2881))), at(2881)),
    ):
        with pytest.raises(NotAllowed):
            join(desk, name, link, password, code, when)
    assert len(set(join(desk, "owl", key, "x" * 12, right, NOON))) == 8
    with pytest.raises(NotAllowed):
        join(desk, "owl", key, "y" * 12, code_at(factor, step_of(NOON) + 1), NOON)


@pytest.mark.parametrize(("name", "role"), [("Анна", "editor"), ("a", "editor"), ("a b", "editor"), ("owl", "king")])
def test_names_and_roles_are_held_to_what_there_is(desk: Desk, name: str, role: str) -> None:
    with pytest.raises(BadSetting):
        invite(desk, name, role, NOON)  # type: ignore[arg-type]


def test_patience_ends_and_comes_back() -> None:
    patience = Patience(3, timedelta(minutes=15))
    assert [patience.try_at("a", at(n)) for n in range(3)] == [None] * 3
    assert patience.try_at("a", at(3)) == timedelta(minutes=12) and patience.try_at("b", at(3)) is None
    assert patience.try_at("a", at(15)) is None  # the first is long ago
    patience.forgive("a")
    assert patience.try_at("a", at(15)) is None
