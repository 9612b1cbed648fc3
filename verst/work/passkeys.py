"""Passkeys (WebAuthn): a device proves by finger, face or PIN who somebody is, instead of password and code.

Kept are the public half of a key, the name of the site it is for, and a number that only grows; what proves the rest
stays on the device. What a device is asked is sealed and good once: nothing is remembered of questions that nobody
answered. Needs the package fido2 (``pip install 'verst[passkeys]'``).
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from verst.desk import Account, Passkey
from verst.errors import NotAllowed
from verst.store.desk import Desk
from verst.work.accounts import begin_session, change
from verst.work.proofs import is_password

if TYPE_CHECKING:
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData

LASTS = timedelta(hours=1)  # of a question, so that a page may stand open for a while
MOST = 8  # passkeys of an account
LONGEST_ANSWER = 20_000  # letters
LONGEST_LABEL = 24
_TIME, _CHANCE = 8, 16  # bytes
VERIFIED = "required"  # a finger, a face or a PIN: the device alone is not enough
State = dict[str, Any]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Site:
    """Where a browser sees the board: its host, and the origins its pages can have."""

    host: str
    origins: tuple[str, ...]

    @property
    def takes_passkeys(self) -> bool:
        """Whether a passkey can be for it: a name, no bare address, and the package is there."""
        return find_spec("fido2") is not None and not _is_address(self.host)


class Questions:
    """What devices are asked to sign. Whom one is for, and when it was asked, is sealed in it; used ones are told."""

    def __init__(self) -> None:
        self._secret, self._lock = secrets.token_bytes(32), Lock()
        self._used: dict[bytes, datetime] = {}

    def ask(self, whose: str, at: datetime) -> bytes:
        """A question for one account, or for whoever comes (empty)."""
        told = int(at.timestamp()).to_bytes(_TIME, "big") + secrets.token_bytes(_CHANCE)
        return told + self._seal(told, whose)

    def is_open(self, question: bytes, whose: str, at: datetime) -> bool:
        """Whether that was asked here of them, lately, and was not answered yet."""
        told, seal = question[: _TIME + _CHANCE], question[_TIME + _CHANCE :]
        age = at.timestamp() - int.from_bytes(told[:_TIME], "big")
        asked = hmac.compare_digest(seal, self._seal(told, whose))
        return asked and 0 <= age + 1 <= LASTS.total_seconds() and question not in self._used

    def use(self, question: bytes, at: datetime) -> bool:
        """Note that it was answered rightly; False where somebody was faster."""
        with self._lock:
            self._used = {each: then for each, then in self._used.items() if at - then <= LASTS}
            first = question not in self._used
            self._used.setdefault(question, at)
        return first

    def _seal(self, told: bytes, whose: str) -> bytes:
        return hmac.digest(self._secret, told + whose.encode(), "sha256")


def ask_to_make(account: Account, password: str, site: Site, questions: Questions, at: datetime) -> State:
    """What a device is asked, to make a passkey for an account, as WebAuthn's JSON.

    Raises NotAllowed: a session alone, which somebody may have got hold of, adds no way in.
    """
    if not is_password(password, account.password):
        raise NotAllowed("that is not the password of this account", key="not_password")
    if len(account.passkeys) >= MOST:
        raise NotAllowed(f"an account has {MOST} passkeys at most; take one away first", key="many_passkeys")
    user: Any = {"id": sha256(account.name.encode()).digest(), "name": account.name, "displayName": account.name}
    known: Any = [{"type": "public-key", "id": _bytes(each.id)} for each in account.passkeys if each.site == site.host]
    options, _ = _server(site).register_begin(
        user, known, "required", VERIFIED, challenge=questions.ask(account.name, at)  # type: ignore[arg-type]
    )  # fmt: skip
    return dict(options)


def keep_made(
    desk: Desk, account: Account, answer: str, label: str, site: Site, questions: Questions, at: datetime
) -> None:
    """Keep the passkey that a device made. Raises NotAllowed."""
    from fido2.webauthn import RegistrationResponse

    def check(told: State) -> Passkey:
        response = RegistrationResponse.from_dict(told)
        asked = response.response.client_data.challenge
        made = _server(site).register_complete(_state(asked, account.name, questions, at), response)
        if made.credential_data is None or not questions.use(asked, at):
            raise ValueError("no key, or it was answered already")
        return Passkey(
            id=_text(made.credential_data.credential_id), site=site.host, key=_text(bytes(made.credential_data)),
            count=made.counter, label=label[:LONGEST_LABEL], added=at,
        )  # fmt: skip

    passkey = _checked(check, answer)
    if find_passkey(desk, passkey.id) is not None:
        raise NotAllowed("this passkey is there already", key="passkey")
    change(desk, account, replace(account, passkeys=(*account.passkeys, passkey)))


def ask_who(site: Site, questions: Questions, at: datetime) -> State:
    """What a device is asked of whoever wants to log in, as WebAuthn's JSON; it names no account."""
    options, _ = _server(site).authenticate_begin(
        user_verification=VERIFIED, challenge=questions.ask("", at)  # type: ignore[arg-type]
    )  # fmt: skip
    return dict(options)


def log_in_with(desk: Desk, answer: str, site: Site, questions: Questions, at: datetime) -> str:
    """Begin a session for whose device that was; gives its key. Raises NotAllowed, without saying what is wrong.

    A number that does not grow says that the key was copied: then it is refused (devices that do not count say 0).
    """
    from fido2.webauthn import AuthenticationResponse

    def check(told: State) -> tuple[Account, Passkey]:
        response = AuthenticationResponse.from_dict(told)
        asked, found = response.response.client_data.challenge, find_passkey(desk, _text(response.raw_id))
        if found is None or found[0].closed or found[1].site != site.host:
            raise ValueError("nobody's")
        state = _state(asked, "", questions, at)
        _server(site).authenticate_complete(state, [_credential(found[1])], response)
        count = response.response.authenticator_data.counter
        if (count or found[1].count) and count <= found[1].count:
            raise ValueError("it was copied")
        if not questions.use(asked, at):
            raise ValueError("answered already")
        return found[0], replace(found[1], count=count, used=at)

    account, passkey = _checked(check, answer)
    others = [passkey if each.id == passkey.id else each for each in account.passkeys]
    change(desk, account, replace(account, passkeys=tuple(others)))
    return begin_session(desk, account.name, at)


def take_away(desk: Desk, account: Account, name: str) -> None:
    """End a passkey of an account. Raises NotAllowed where it has none of that id."""
    left = tuple(each for each in account.passkeys if each.id != name)
    if len(left) == len(account.passkeys):
        raise NotAllowed("this passkey is gone already", key="undone")
    change(desk, account, replace(account, passkeys=left))


def find_passkey(desk: Desk, name: str) -> tuple[Account, Passkey] | None:
    """The account that has the passkey of that id."""
    return next(((one, each) for one in desk.accounts() for each in one.passkeys if each.id == name), None)


def _checked(check: Callable[[State], Found], answer: str) -> Found:
    """What is found in an answer. Whatever is wrong with it is one and the same NotAllowed."""
    try:
        if len(answer) > LONGEST_ANSWER:
            raise ValueError("longer than a device answers")
        return check(json.loads(answer))
    except NotAllowed:
        raise
    except Exception as error:  # what stands in an answer of a stranger makes a decoder raise of every kind
        raise NotAllowed("this passkey was not taken; open the page again, or use password and code",
                         key="passkey") from error  # fmt: skip


def _state(asked: bytes, whose: str, questions: Questions, at: datetime) -> State:
    """What the answer is held against. Raises ValueError where that was not asked here."""
    if not questions.is_open(asked, whose, at):
        raise ValueError("not asked, too old, or answered already")
    return {"challenge": _text(asked), "user_verification": VERIFIED}


def _server(site: Site) -> Fido2Server:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    rp = PublicKeyCredentialRpEntity(name="Verst", id=site.host)
    return Fido2Server(rp, verify_origin=lambda origin: origin in site.origins)


def _credential(passkey: Passkey) -> AttestedCredentialData:
    from fido2.webauthn import AttestedCredentialData

    return AttestedCredentialData(_bytes(passkey.key))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return not host
    return True


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
