"""How somebody proves to be who they are: a password, a second factor by the clock, recovery codes, random keys.

Passwords are kept by scrypt (RFC 7914) with a salt; the second factor is TOTP (RFC 6238: SHA-1, six digits, thirty
seconds), which every authenticator app knows. What is random enough to be guessed by nobody is kept as a plain hash.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime
from urllib.parse import quote

COST, BLOCK, LANES = 2**15, 8, 1  # of scrypt: 32 MiB and about a tenth of a second
MEMORY = 64 * 2**20
STEP_SECONDS, DIGITS = 30, 6
DRIFT = 1  # steps by which a clock may be off, either way
LEAST_LETTERS = 12  # of a password
SPARE_CODES = 8
NOBODY = f"{COST}${'00' * 16}${'00' * 32}"  # what a name without an account is held against, for the time it takes


def hash_password(password: str, salt: bytes | None = None) -> str:
    """A password as it is kept: cost, salt and hash."""
    salt = salt or secrets.token_bytes(16)
    return f"{COST}${salt.hex()}${_stretch(password, salt, COST).hex()}"


def is_password(password: str, kept: str) -> bool:
    """Whether a password is the kept one. Takes as long when it is not."""
    cost, salt, told = (kept or NOBODY).split("$")
    same = hmac.compare_digest(_stretch(password, bytes.fromhex(salt), int(cost)).hex(), told)
    return same and bool(kept) and kept != NOBODY


def _stretch(password: str, salt: bytes, cost: int) -> bytes:
    data = password[:1000].encode("utf-8", "replace")
    return hashlib.scrypt(data, salt=salt, n=cost, r=BLOCK, p=LANES, maxmem=MEMORY, dklen=32)


def new_factor() -> str:
    """The key of a second factor, in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def factor_address(factor: str, name: str) -> str:
    """The key as authenticator apps take it."""
    return f"otpauth://totp/Verst:{quote(name)}?secret={factor}&issuer=Verst"


def step_of(at: datetime) -> int:
    """The time step that an instant lies in."""
    return int(at.timestamp()) // STEP_SECONDS


def code_at(factor: str, step: int, digits: int = DIGITS) -> str:
    """The code of one time step (RFC 6238 over RFC 4226).

    >>> code_at(base64.b32encode(b"12345678901234567890").decode(), 59 // 30, 8)
    '94287082'
    """
    told = hmac.new(base64.b32decode(factor), step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = told[-1] & 0xF
    number = int.from_bytes(told[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def find_step(factor: str, code: str, at: datetime, used: int) -> int | None:
    """The time step that a code is of; None when it is of none near ``at``, or of one not after ``used``."""
    present, told = step_of(at), code.encode("utf-8", "replace")
    for step in range(present - DRIFT, present + DRIFT + 1):
        if step > used and hmac.compare_digest(code_at(factor, step).encode(), told):
            return step
    return None


def plain_code(text: str) -> str:
    """A code as it is meant: without spaces, its figures in whatever script they were written.

    >>> plain_code(" ١٢٣ 456 "), plain_code("0A1B2-c3d4e")
    ('123456', '0a1b2-c3d4e')
    """
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text.lower() if not sign.isspace())


def new_key() -> str:
    """A key that nobody can guess, as it stands in a link or a cookie."""
    return secrets.token_urlsafe(32)


def hash_key(key: str) -> str:
    """A key as it is kept."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def new_spare_codes() -> list[str]:
    """Recovery codes, each good once instead of the second factor."""
    return [f"{secrets.token_hex(5)}-{secrets.token_hex(5)}" for _ in range(SPARE_CODES)]


def form_key(key: str) -> str:
    """What a form of a session must bring along: only who holds the session's key can know it."""
    return hmac.new(key.encode("utf-8", "replace"), b"a form of the desk", hashlib.sha256).hexdigest()
