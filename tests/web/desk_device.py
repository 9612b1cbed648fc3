"""A device that makes passkeys and answers with them, as a browser hands its answers to a page."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Device:
    """Holds one key. ``count``: how often it says it was used; ``flags``: what it says of who held it."""

    def __init__(self, host: str = "localhost", origin: str = "http://localhost") -> None:
        self.host, self.origin, self.count = host, origin, 0
        self.flags = PRESENT | VERIFIED
        self.id, self._key = b"device-1" * 4, ec.generate_private_key(ec.SECP256R1())

    def make(self, asked: Any) -> str:
        """What it answers when it is asked to make a passkey."""
        assert asked["rp"]["id"] == self.host and asked["authenticatorSelection"]["userVerification"] == "required"
        public = cbor.encode(dict(ES256.from_cryptography_key(self._key.public_key())))
        attested = b"\0" * 16 + len(self.id).to_bytes(2, "big") + self.id + public
        told = self._told(ATTESTED) + attested
        object_ = cbor.encode({"fmt": "none", "attStmt": {}, "authData": told})
        return self._answer("webauthn.create", asked, attestationObject=_text(object_))[0]

    def get(self, asked: Any) -> str:
        """What it answers when it is asked who is there."""
        self.count += 1
        told = self._told(0)
        _, data = self._answer("webauthn.get", asked)
        signed = self._key.sign(told + hashlib.sha256(data).digest(), ec.ECDSA(hashes.SHA256()))
        more = {"authenticatorData": _text(told), "signature": _text(signed)}
        return self._answer("webauthn.get", asked, **more)[0]

    def _told(self, more: int) -> bytes:
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _answer(self, kind: str, asked: Any, **more: str) -> tuple[str, bytes]:
        data = json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()
        response = {"clientDataJSON": _text(data), **more}
        name = _text(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response}), data


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
