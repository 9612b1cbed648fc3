"""What is to be sent, the most urgent first, within the platform's limits; of too much the least urgent goes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

ADMIN, ANSWER, ALERT, DIGEST = 0, 1, 2, 3  # how urgent: a digest that is edited anew is the least
MOST_WAITING = 500
A_SECOND = 25  # messages to everybody; Telegram allows about 30
A_MINUTE = 18  # messages to one group; Telegram allows 20
BETWEEN = 1.05  # seconds between messages to one private chat


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to send or edit. ``until``: after that, not at all."""

    chat: int
    text: str
    urgency: int
    to: int | None = None
    edits: int | None = None
    pins: bool = False
    until: float | None = None


@dataclass(slots=True)
class Outgoing:
    """The queue. Times are seconds of any clock that only goes forward."""

    waiting: list[Parcel] = field(default_factory=list)
    sent: deque[float] = field(default_factory=deque)
    sent_to: dict[int, deque[float]] = field(default_factory=dict)
    held: dict[int, float] = field(default_factory=dict)
    all_held: float = 0.0
    dropped: int = 0

    def put(self, parcel: Parcel) -> None:
        """Let a parcel wait; one that edits the same message takes the place of another that does."""
        if parcel.edits is not None:
            self.waiting = [each for each in self.waiting if (each.chat, each.edits) != (parcel.chat, parcel.edits)]
        self.waiting.append(parcel)
        while len(self.waiting) > MOST_WAITING:
            worst = max(each.urgency for each in self.waiting)
            self.waiting.remove(next(each for each in self.waiting if each.urgency == worst))
            self.dropped += 1

    def take(self, now: float) -> Parcel | None:
        """The most urgent that may be sent now; it counts as sent. None: nothing may."""
        self.waiting = [each for each in self.waiting if each.until is None or each.until > now]
        ready = [each for each in self.waiting if self._ready_at(each.chat, now) <= now]
        if not ready:
            return None
        best = min(ready, key=lambda each: each.urgency)  # of those alike, the one that waits longest
        self.waiting.remove(best)
        self.sent.append(now)
        self.sent_to.setdefault(best.chat, deque()).append(now)
        return best

    def rest(self, now: float) -> float | None:
        """Seconds until something may be sent; None: nothing waits."""
        times = [self._ready_at(chat, now) for chat in {each.chat for each in self.waiting}]
        return max(0.0, min(times) - now) if times else None

    def hold(self, chat: int | None, until: float) -> None:
        """The platform asks for patience, for one chat or all."""
        if chat is None:
            self.all_held = max(self.all_held, until)
        else:
            self.held[chat] = max(self.held.get(chat, 0.0), until)

    def _ready_at(self, chat: int, now: float) -> float:
        while self.sent and self.sent[0] <= now - 1.0:
            self.sent.popleft()
        own = self.sent_to.get(chat, deque())
        while own and own[0] <= now - 60.0:
            own.popleft()
        ready = max(self.all_held, self.held.get(chat, 0.0))
        if len(self.sent) >= A_SECOND:
            ready = max(ready, self.sent[-A_SECOND] + 1.0)
        if chat < 0 and len(own) >= A_MINUTE:
            ready = max(ready, own[-A_MINUTE] + 60.0)
        if chat > 0 and own:
            ready = max(ready, own[-1] + BETWEEN)
        return ready
