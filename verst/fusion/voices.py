"""Who counts how much: one root once, repeated values little, communities, tiers and unknown people capped.

The budgets are per tier of standing (a budget shared by all would let fakes starve honest people) and per quantity.
Nothing here looks at how something is written, and nobody gains standing by agreeing with a majority: standing is
earned by time alone, the one thing that cannot be bought in a burst.
"""

from __future__ import annotations

from typing import Any

import numpy as np

FIRST = 16  # rows an array begins with; it doubles as people speak
RING = 256  # claims remembered per crossing; the oldest goes first
PEOPLE = 256  # people whose first appearance is remembered per crossing
HOUR = 60.0
COMMUNITY_CAP = 8.0  # units an hour
OPINION = 0.35  # figures closer than that (log units) draw on one budget
TIER_CAPS = (4.0, 8.0, 1.5, 0.5)  # units an hour: authorities, witnesses of standing, press, hearsay
UNPROVEN_CAP = 0.5  # units in two hours for all newcomers together while others of standing speak otherwise
UNPROVEN_TURN = 0.3  # … in a day, where it is about options such as open and closed
LEAST = 0.01  # weights below count as nothing
CONFIRMED = 1.5  # … and so much more for each unit an hour of people of standing who say the same
UNPROVEN_ALONE = 2.0  # … and while nobody of standing does: there is nobody else to ask
COMPANY = 4.0  # claims in two hours that make an opinion more than a stray figure
LONE_AT_LEAST = 0.3  # where budgets cut what many say, stray figures are cut alike, but never below this
HEARD_A_DAY = 0.5  # what is only heard, per figure and day, however many repeat it; the press double
PROVEN_AFTER = 24 * HOUR  # known that long, and heard at least PROVEN_CLAIMS times
PROVEN_CLAIMS = 3

NOTES = (
    None,
    "a copy of a post already counted",
    "the same figure was said before",
    "the same person said it before",
    "its chat has said enough this hour",
    "too many newcomers at once",
    "only heard, and heard before",
    "others speak against this figure",
    "its kind of source has said enough this hour",
    "nobody else says so while many speak",
)


class Voices:
    """What was said lately at one crossing, and by whom: three flat arrays, copied whole for a checkpoint."""

    __slots__ = ("figures", "next", "people", "who")

    def __init__(self) -> None:
        self.who = np.zeros((0, 4), np.int64)  # slot, root, author, community
        self.figures = np.zeros((0, 4), np.float64)  # minute, log value, weight, tier (+8 new, +16 denial)
        self.people = np.zeros((0, 4), np.int64)  # author, first minute, last minute, claims
        self.next = np.zeros(1, np.int64)

    def make_room(self, claims: int) -> None:
        """Let the arrays hold so many more claims, of as many people; at ``RING`` and ``PEOPLE`` the oldest go."""
        size = enough(len(self.who), int(self.next[0]) + claims, RING)
        self.who, self.figures = grown(self.who, size, 0), grown(self.figures, size, -1e18)
        known = int(np.count_nonzero(self.people[:, 0]))
        self.people = grown(self.people, enough(len(self.people), known + claims, PEOPLE), 0)

    def used(self) -> tuple[Any, ...]:
        """The rows that hold something, for a dump, and where the next claim goes."""
        told = self.who[:, 0] != 0
        return self.who[told], self.figures[told], self.people[self.people[:, 0] != 0], self.next

    def copy(self) -> Voices:
        """A checkpoint: shares nothing with this one."""
        twin = Voices.__new__(Voices)
        twin.who, twin.figures = self.who.copy(), self.figures.copy()
        twin.people, twin.next = self.people.copy(), self.next.copy()
        return twin


def enough(size: int, wanted: int, most: int) -> int:
    """How many rows hold one more than so many: doubled as often as needed, up to ``most``.

    >>> enough(0, 3, 256), enough(16, 16, 256), enough(64, 10, 256), enough(16, 900, 256)
    (16, 32, 64, 256)
    """
    while size <= wanted and size < most:
        size = min(most, max(FIRST, 2 * size))
    return size


def grown(rows: Any, size: int, empty: float) -> Any:
    """The rows with empty ones behind them; ``empty`` is what stands first in those."""
    if len(rows) >= size:
        return rows
    more = np.zeros((size, 4), rows.dtype)
    more[len(rows) :, 0] = empty
    more[: len(rows)] = rows
    return more
