"""How often somebody may try: wrong log-ins by account and by a salted hash of the address, in memory alone."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

MOST_KEPT = 10_000


class Patience:
    """Counts attempts by key within a time. Nothing of it is kept or logged; the salt is gone with the process."""

    def __init__(self, most: int, within: timedelta) -> None:
        self.most, self.within = most, within
        self._salt, self._lock = secrets.token_bytes(16), Lock()
        self._tries: OrderedDict[bytes, list[datetime]] = OrderedDict()

    def try_at(self, key: str, at: datetime) -> timedelta | None:
        """Count one attempt; gives how long to wait where there were too many, None where it may be made."""
        name = self._name(key)
        with self._lock:
            lately = [then for then in self._tries.pop(name, []) if at - then < self.within]
            wait = lately[-self.most] + self.within - at if len(lately) >= self.most else None
            self._tries[name] = lately if wait is not None else [*lately, at]
            while len(self._tries) > MOST_KEPT:
                self._tries.popitem(last=False)
        return wait

    def forgive(self, key: str) -> None:
        """Forget the attempts of a key: the last one was right."""
        with self._lock:
            self._tries.pop(self._name(key), None)

    def _name(self, key: str) -> bytes:
        return hashlib.blake2b(key.encode("utf-8", "replace"), key=self._salt, digest_size=16).digest()
