"""What a command does beside its main work, in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread


@contextmanager
def beside(name: str, work: Callable[[Event], object], patience: float | None = None) -> Iterator[Event]:
    """While this lasts, a thread does ``work``, which is to end when the event that it is given is set.

    ``patience``: seconds that its end is waited for; None: however long it takes.
    """
    ended = Event()
    thread = Thread(target=work, args=(ended,), name=name, daemon=True)
    thread.start()
    try:
        yield ended
    finally:
        ended.set()
        thread.join(patience)
