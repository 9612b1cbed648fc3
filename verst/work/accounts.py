"""Accounts of the desk and their sessions: who is invited, joins, logs in, and for how long."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from verst.desk import ROLES, Account, Role, Session
from verst.errors import BadSetting, NotAllowed, NotFound
from verst.store.desk import Desk
from verst.work.proofs import (
    LEAST_LETTERS,
    find_step,
    hash_key,
    hash_password,
    is_password,
    new_factor,
    new_key,
    new_spare_codes,
    plain_code,
)

NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,23}")
LINK_LASTS = timedelta(days=2)
IDLE, LONGEST = timedelta(hours=1), timedelta(hours=12)  # of a session
SEEN_EVERY = timedelta(minutes=1)  # how exactly it is kept when a session was seen last


def invite(desk: Desk, name: str, role: Role, at: datetime) -> str:
    """Make an account, or one anew that has lost its password or factor; gives the key of the link to join by.

    Raises BadSetting for a name or a role that cannot be.
    """
    if not NAME.fullmatch(name):
        raise BadSetting(f"{name!r} is no name for an account; write 2 to 24 of a-z, 0-9 and -, nobody's real name")
    if role not in ROLES:
        raise BadSetting(f"no role is called {role!r}; there are {', '.join(ROLES)}")
    key = new_key()
    account = Account(
        name=name, role=role, factor=new_factor(), invited=hash_key(key), invited_until=at + LINK_LASTS
    )  # fmt: skip
    change(desk, desk.account(name), account)
    desk.end(account=name)
    return key


def close(desk: Desk, name: str) -> None:
    """End an account and its sessions; what was decided stays. Raises NotFound and NotAllowed."""
    account = desk.account(name)
    if account is None:
        raise NotFound(f"nobody is called {name!r} at the desk; verst desk list says who is")
    change(desk, account, replace(account, closed=True, password="", spare=(), invited="", passkeys=()))
    desk.end(account=name)
    desk.release(name)


def change(desk: Desk, was: Account | None, now: Account) -> None:
    """Keep an account. Raises NotAllowed when somebody else changed it in the meantime."""
    if not desk.put_account(now, was):
        raise NotAllowed(f"the account {now.name} was changed by somebody else just now; look again")


def invited(desk: Desk, name: str, key: str, at: datetime) -> Account:
    """The account that a link is for. Raises NotAllowed when the link is used, too old or none."""
    account = desk.account(name)
    good = account is not None and account.invited == hash_key(key) and not account.closed
    if account is None or not good or account.invited_until is None or account.invited_until < at:
        raise NotAllowed("this link was used, is too old or is none; ask for a new one: verst desk add", key="link")
    return account


def join(desk: Desk, name: str, key: str, password: str, code: str, at: datetime) -> list[str]:
    """Choose a password and show that the second factor works; gives the recovery codes, which are told this once.

    Raises NotAllowed.
    """
    account = invited(desk, name, key, at)
    if len(password) < LEAST_LETTERS:
        raise NotAllowed(
            f"a password has at least {LEAST_LETTERS} letters; a few words in a row are good", key="password"
        )
    step = find_step(account.factor, plain_code(code), at, 0)
    if step is None:
        raise NotAllowed(
            "the code is not of this key or not of now; see whether the clock is right and try the next", key="code"
        )
    codes = new_spare_codes()
    spare = tuple(map(hash_key, codes))
    kept = hash_password(password)
    change(desk, account, replace(account, password=kept, step=step, spare=spare, invited="", invited_until=None))
    return codes


def log_in(desk: Desk, name: str, password: str, code: str, at: datetime) -> str:
    """Begin a session; gives its key, which only the browser holds. Raises NotAllowed, without saying what is wrong."""
    account = desk.account(name)
    known = is_password(password, account.password if account else "")
    if account is None or not known or account.closed:
        raise NotAllowed("name, password and code do not belong together", key="wrong")
    code = plain_code(code)
    step = find_step(account.factor, code, at, account.step)
    if step is None and hash_key(code) not in account.spare:
        raise NotAllowed("name, password and code do not belong together", key="wrong")
    spare = tuple(each for each in account.spare if step is not None or each != hash_key(code))
    change(desk, account, replace(account, step=step or account.step, spare=spare))
    return begin_session(desk, name, at)


def begin_session(desk: Desk, name: str, at: datetime) -> str:
    """Begin a session of an account that has proved who it is; gives its key, which only the browser holds."""
    key = new_key()
    desk.end(seen_before=at - LONGEST)
    desk.begin(Session(key=hash_key(key), account=name, began=at, seen=at))
    return key


def find_account(desk: Desk, key: str, at: datetime) -> Account | None:
    """Who holds a session of that key; None: nobody does any more. That it was seen is kept."""
    session = desk.session(hash_key(key))
    if session is None:
        return None
    account = desk.account(session.account)
    if account is None or account.closed or at - session.seen > IDLE or at - session.began > LONGEST:
        desk.end(key=session.key)
        return None
    if at - session.seen >= SEEN_EVERY:
        desk.begin(replace(session, seen=at))
    return account
